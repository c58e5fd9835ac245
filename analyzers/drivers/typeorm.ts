import type {
  ConnectOptions,
  Driver,
  ExportShape,
  HandleShape,
  ModuleShape,
  Operation,
  QueryOperation,
  SameOperation,
} from "./driver.ts";
import { nestModule } from "./nest-module.ts";
import { pgClient, pgMakers, pgPool } from "./pg.ts";

/**
 * TypeORM. Run: 1.1.1 and 0.3.31; read: 1.1.1 and 0.3.31 data-source/DataSource, driver/postgres/PostgresDriver (createPool) and
 * PostgresQueryRunner, migration/MigrationExecutor (all migrations in one transaction, or one each, unless `transaction` says `false`),
 * @nestjs/typeorm 12.0.2, typeorm-transactional 0.5.0 (the data source and repositories are in the transaction of the decorated method).
 * A query runner keeps one client connection and begins nothing before `startTransaction()`; the data source and injected repositories
 * stay outside a transaction that a manager or query runner is in.
 */

const query: QueryOperation = { does: "query", sql: 0, values: 1 };

const builder: Operation = { does: "same", gives: "builder" };
const repository: Operation = { does: "same", gives: "repository" };

const managing: Readonly<Record<string, Operation>> = {
  query,
  sql: query,
  getRepository: repository,
  getTreeRepository: repository,
  getCustomRepository: repository,
  withRepository: repository,
  createQueryBuilder: builder,
};

const transaction: Operation = { does: "transaction", parameter: 0, gives: "transaction" };

/** The data source of a manager, a query runner or an event, which is in no transaction of theirs. */
const outside = { connection: "dataSource", dataSource: "dataSource" };

const manager: HandleShape = {
  title: "entity manager",
  scope: "pool",
  followsFlow: true,
  views: { queryRunner: "queryRunner" },
  outside,
  others: "builder",
  methods: { ...managing, transaction },
};

const queryRunner: HandleShape = {
  title: "query runner",
  scope: "client",
  views: { manager: "manager" },
  outside,
  others: "builder",
  asksForTransaction: ["isTransactionActive"],
  methods: {
    query,
    sql: query,
    stream: query,
    // It gives the client of pg.
    connect: { does: "same", gives: "client" },
    startTransaction: { does: "begin" },
    commitTransaction: { does: "end", how: "commit" },
    rollbackTransaction: { does: "end", how: "rollback" },
    release: { does: "release" },
  },
};

const part: SameOperation = { does: "same", part: 0 };

const handles = {
  dataSource: {
    title: "data source",
    scope: "pool",
    followsFlow: true,
    views: { manager: "manager", driver: "internals" },
    others: "builder",
    methods: {
      ...managing,
      query: { ...query, on: { argument: 2 } },
      transaction,
      createQueryRunner: { does: "checkout", gives: "queryRunner", callbackParameter: 0 },
      createEntityManager: { does: "same", gives: "manager" },
      initialize: { does: "same" },
      connect: { does: "same" },
      destroy: { does: "nothing" },
      close: { does: "nothing" },
      // The query runner of a migration is its own.
      runMigrations: { does: "nothing" },
      undoLastMigration: { does: "nothing" },
    },
  },
  manager,
  /** `EntityManager` is the type of managers in a transaction too. */
  either: { ...manager, scope: "unknown" },
  transaction: {
    ...manager,
    title: "entity manager in a transaction",
    scope: "transaction",
    methods: { ...managing, transaction: { does: "nested", parameter: 0, gives: "transaction" } },
  },
  repository: {
    title: "repository",
    scope: "unknown",
    followsFlow: true,
    views: { manager: "manager", queryRunner: "queryRunner" },
    others: "builder",
    methods: { query, sql: query, createQueryBuilder: builder, extend: { does: "same", later: true } },
  },
  /** A repository that NestJS makes of the data source. */
  injected: {
    title: "injected repository",
    scope: "pool",
    followsFlow: true,
    views: { manager: "manager" },
    others: "builder",
    methods: { query, sql: query, createQueryBuilder: builder, extend: { does: "same", later: true } },
  },
  /** The static members of a class that extends BaseEntity. */
  entity: {
    title: "entity",
    scope: "pool",
    followsFlow: true,
    others: "builder",
    methods: { query, getRepository: repository, createQueryBuilder: builder, useDataSource: { does: "nothing" } },
  },
  queryRunner,
  /** The query runner of a migration, which runs in a transaction unless somebody says otherwise. */
  migration: { ...queryRunner, title: "migration", scope: "transaction" },
  migrationAlone: { ...queryRunner, title: "migration", isFresh: true },
  /** What subscribers are given. */
  event: {
    title: "event",
    scope: "unknown",
    views: { manager: "manager", queryRunner: "queryRunner" },
    outside,
    methods: {},
  },
  builder: {
    title: "query builder",
    scope: "pool",
    others: "builder",
    methods: {
      setQueryRunner: { does: "switch", argument: 0 },
      select: part,
      addSelect: part,
      where: part,
      andWhere: part,
      orWhere: part,
      having: part,
    },
  },
  connectionManager: {
    title: "connection manager",
    scope: "pool",
    methods: { get: { does: "same", gives: "dataSource" } },
  },
  internals: {
    title: "driver",
    scope: "pool",
    views: { master: "pool" },
    methods: { createQueryRunner: { does: "checkout", gives: "queryRunner", callbackParameter: 0 } },
  },
  pool: pgPool,
  client: pgClient,
} satisfies Record<string, HandleShape>;

const { options: poolOptions } = pgMakers.Pool;

const credentials: ConnectOptions = {
  argument: 0,
  startupParameters: { applicationName: "application_name" },
  connectionString: "url",
  inUrl: poolOptions,
};

const options: ConnectOptions = {
  ...credentials,
  poolSize: { options: ["poolSize", "extra.max"], default: 10, source: "typeorm with pg-pool 3.14" },
  nested: {
    extra: { ...poolOptions, argument: 0 },
    replication: {
      argument: 0,
      startupParameters: {},
      nested: { master: credentials, slaves: credentials },
    },
  },
  // `aurora-postgres` is PostgreSQL over an interface of the host's.
  dialect: { option: "type", postgres: ["postgres", "cockroachdb"] },
};

const dataSource: ExportShape = { is: "handle-maker", makes: "dataSource", options };

const made = (makes: string): ExportShape => ({ is: "handle-maker", makes });

/** Classes that programs extend: which manager an instance works with, only its maker knows. */
const repositoryClass: ExportShape = { is: "handle", makes: "repository" };

const events = ["Insert", "Update", "Remove", "SoftRemove", "Recover", "TransactionStart", "TransactionCommit"];

const module: ModuleShape = {
  exports: {
    DataSource: dataSource,
    Connection: dataSource,
    createConnection: dataSource,
    getConnection: made("dataSource"),
    getConnectionManager: made("connectionManager"),
    getManager: made("manager"),
    getRepository: made("injected"),
    getTreeRepository: made("injected"),
    getCustomRepository: made("injected"),
    EntityManager: { is: "handle-maker", makes: "manager", over: { argument: 1, properties: [] } },
    Repository: repositoryClass,
    TreeRepository: repositoryClass,
    AbstractRepository: repositoryClass,
    BaseEntity: { is: "handle", makes: "entity" },
    PostgresDriver: made("internals"),
    PostgresQueryRunner: made("queryRunner"),
  },
  types: {
    DataSource: "dataSource",
    Connection: "dataSource",
    EntityManager: "either",
    QueryRunner: "queryRunner",
    PostgresDriver: "internals",
    PostgresQueryRunner: "queryRunner",
    Repository: "repository",
    TreeRepository: "repository",
    ...Object.fromEntries(events.map((name) => [`${name}Event`, "event"])),
  },
};

/** Files of the package that older code imports from, each with the same names. */
const files = [
  "data-source/DataSource",
  "connection/Connection",
  "entity-manager/EntityManager",
  "query-runner/QueryRunner",
  "repository/Repository",
  "repository/BaseEntity",
  "driver/postgres/PostgresDriver",
  "driver/postgres/PostgresQueryRunner",
];

const transactional: ModuleShape = {
  exports: {
    Transactional: { is: "decorator" },
    runInTransaction: { is: "decorator" },
    wrapInTransaction: { is: "decorator" },
    addTransactionalDataSource: { is: "same" },
    getDataSourceByName: made("dataSource"),
    BaseRepository: repositoryClass,
  },
};

export const typeorm: Driver = {
  name: "typeorm",
  source: "typeorm 1.1.1 and 0.3.31",
  severalDialects: "by-package",
  handles,
  conventions: [
    {
      functions: ["up", "down"],
      parameters: ["queryRunner"],
      gives: "migration",
      unless: { path: ["transaction"], gives: "migrationAlone" },
    },
  ],
  modules: {
    typeorm: module,
    ...Object.fromEntries(files.map((file) => [`typeorm/${file}`, module])),
    "@nestjs/typeorm": {
      exports: {
        TypeOrmModule: nestModule("dataSource", options, "createTypeOrmOptions"),
        InjectRepository: { is: "injector", gives: "injected" },
        InjectEntityManager: { is: "injector", gives: "manager" },
      },
    },
    "typeorm-transactional": transactional,
    "typeorm-transactional-cls-hooked": transactional,
  },
};
