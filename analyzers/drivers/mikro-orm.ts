import type { ConnectOptions, Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { knexHandles, knexMaker, knexTypes } from "./knex.ts";
import { nestModule } from "./nest-module.ts";
import { pgOptions } from "./pg.ts";

/**
 * MikroORM. Run: 7.2.1 and 6.6.7; read: 7.2.5, 6.6.7 and 5.9.8. It writes values into the text and sends the simple protocol. A
 * transaction belongs to an entity manager: the one its callback is given, and by AsyncLocalStorage those that are no fork. Whatever
 * runs on the connection without its context is outside.
 */

const execute: QueryOperation = { does: "query", sql: 0, protocol: "simple", placeholders: "question-mark" };

/** A query as kysely compiles it. */
const compiled: QueryOperation = { does: "query", sql: 0, config: { text: "sql", values: "parameters" } };

const builder: Operation = { does: "same", gives: "queryBuilder" };
const fork: Operation = { does: "checkout", gives: "fork", callbackParameter: 0 };
const connection: Operation = { does: "checkout", gives: "connection", callbackParameter: 0 };

const common: Readonly<Record<string, Operation>> = {
  execute,
  getConnection: connection,
  getDriver: connection,
  getTransactionContext: { does: "same", gives: "transaction" },
  getKysely: { does: "same", gives: "kysely" },
  getKnex: { does: "checkout", gives: "database", callbackParameter: 0 },
  getRepository: { does: "same", gives: "repository" },
  getEntityManager: { does: "same" },
  raw: { does: "message", sql: 0, placeholders: "question-mark" },
  isInTransaction: { does: "nothing" },
  fork,
  begin: { does: "begin" },
  commit: { does: "end", how: "commit" },
  rollback: { does: "end", how: "rollback" },
};

const manager: HandleShape = {
  title: "entity manager",
  scope: "pool",
  followsFlow: true,
  others: "queryBuilder",
  methods: {
    ...common,
    transactional: { does: "transaction", parameter: 0, gives: "transactionManager", ambient: true },
  },
};

const migrating: Readonly<Record<string, Operation>> = {
  addSql: { does: "query", sql: 0, protocol: "simple" },
  execute,
  getKnex: { does: "checkout", gives: "database", callbackParameter: 0 },
};

const handles = {
  ...knexHandles,
  orm: {
    title: "MikroORM",
    scope: "pool",
    followsFlow: true,
    views: { em: "manager", schema: "tool", migrator: "tool", seeder: "tool" },
    methods: { connect: { does: "same" }, close: { does: "nothing" }, reconnect: { does: "nothing" } },
  },
  manager,
  /** `EntityManager` is the type of forks and of managers in a transaction too. */
  someManager: { ...manager, scope: "unknown" },
  /** A manager of its own, which no transaction of another one reaches. */
  fork: {
    title: "entity manager",
    scope: "pool",
    others: "queryBuilder",
    methods: {
      ...common,
      transactional: { does: "transaction", parameter: 0, gives: "transactionManager", ambient: true },
    },
  },
  transactionManager: {
    title: "entity manager in a transaction",
    scope: "transaction",
    others: "queryBuilder",
    methods: {
      ...common,
      transactional: { does: "nested", parameter: 0, gives: "transactionManager" },
      begin: { does: "nothing" },
    },
  },
  repository: {
    title: "repository",
    scope: "unknown",
    followsFlow: true,
    views: { em: "someManager" },
    others: "queryBuilder",
    methods: {
      getEntityManager: { does: "same", gives: "someManager" },
      getKnex: { does: "checkout", gives: "database", callbackParameter: 0 },
      createQueryBuilder: builder,
      qb: builder,
    },
  },
  connection: {
    title: "connection",
    scope: "pool",
    others: "queryBuilder",
    methods: {
      execute: { ...execute, on: { argument: 3 } },
      executeDump: { does: "query", sql: 0, protocol: "simple" },
      loadFile: { does: "query", sql: 0, file: 0, protocol: "simple" },
      getKnex: { does: "same", gives: "database" },
      getClient: { does: "same", gives: "kysely" },
      getConnection: { does: "same" },
      transactional: { does: "transaction", parameter: 0, gives: "transaction" },
      begin: { does: "transaction", parameter: 0, gives: "transaction", manual: true },
      commit: { does: "nothing" },
      rollback: { does: "nothing" },
    },
  },
  migration: {
    title: "migration",
    scope: "transaction",
    others: "queryBuilder",
    views: { ctx: "transactionManager", driver: "connection" },
    ofClass: { member: "isTransactional", says: false, gives: "migrationOutside" },
    methods: { ...migrating, getEntityManager: { does: "same", gives: "transactionManager" } },
  },
  migrationOutside: {
    title: "migration",
    scope: "pool",
    others: "queryBuilder",
    views: { driver: "connection" },
    methods: { ...migrating, getEntityManager: { does: "same", gives: "fork" } },
  },
  queryBuilder: { title: "query builder", scope: "pool", others: "queryBuilder", methods: {} },
  kysely: {
    title: "pool",
    scope: "pool",
    others: "queryBuilder",
    methods: { executeQuery: compiled },
  },
  /** What kysely gives a hook: a client of its own make, with one method. */
  hooked: { title: "client", scope: "client", methods: { executeQuery: compiled } },
} satisfies Record<string, HandleShape>;

const hook = { parameter: 0, gives: "hooked" } as const;

const options: ConnectOptions = {
  argument: 0,
  startupParameters: {},
  poolSize: { options: ["pool.max"], default: 10, source: "@mikro-orm/postgresql 6" },
  hooks: { onCreateConnection: hook, onReserveConnection: { ...hook, repeats: true } },
  connectStatements: { sessionContext: { sql: "SELECT set_config(…, …, false)", value: "connection" } },
  nested: {
    // The options of pg in 7, those of knex before, which had `connection` in them.
    driverOptions: {
      ...pgOptions,
      argument: 0,
      connectStatements: { searchPath: "SET search_path TO …" },
      nested: { connection: { ...pgOptions, argument: 0 } },
    },
    pool: { argument: 0, startupParameters: {}, hooks: { afterCreate: { parameter: 0, gives: "rawClient" } } },
  },
  dialect: {
    option: "type",
    postgres: ["postgresql"],
    otherUrls: ["mysql:", "mariadb:", "mongodb:", "mongodb+srv:", "mssql:", "sqlite:", "file:", "libsql:"],
  },
  connectionString: "clientUrl",
  inUrl: { argument: 0, startupParameters: {} },
};

const made = { is: "handle-maker", makes: "orm", options } as const;

const maker: ExportShape = { ...made, exports: { init: made, initSync: made } };

/** The query part of a tagged template or of `raw()`; `sql.ref()` and its kind stand for names. */
const raw: ExportShape = { is: "message", sql: 0, values: 1, protocol: "simple", placeholders: "question-mark" };
const sql: ExportShape = {
  is: "tag",
  exports: {
    ref: { is: "identifier" },
    now: { is: "identifier" },
    lower: { is: "identifier" },
    upper: { is: "identifier" },
  },
};

const entityManager: ExportShape = { is: "handle", makes: "someManager" };

const types = {
  MikroORM: "orm",
  EntityManager: "someManager",
  SqlEntityManager: "someManager",
  PostgreSqlEntityManager: "someManager",
  EntityRepository: "repository",
  SqlEntityRepository: "repository",
  PostgreSqlEntityRepository: "repository",
  AbstractSqlConnection: "connection",
  PostgreSqlConnection: "connection",
  PostgreSqlDriver: "connection",
  AbstractSqlDriver: "connection",
};

const exports: Readonly<Record<string, ExportShape>> = {
  MikroORM: maker,
  defineConfig: made,
  raw,
  sql,
  EntityManager: entityManager,
  SqlEntityManager: entityManager,
  EntityRepository: { is: "handle", makes: "repository" },
  SqlEntityRepository: { is: "handle", makes: "repository" },
  Transactional: { is: "decorator" },
  RequestContext: {
    is: "namespace",
    exports: { getEntityManager: { is: "handle-maker", makes: "manager" } },
  },
};

const module = { exports, types };

/** Versions 5 and 6 export all of knex beside their own. */
const withKnex = {
  exports: { ...exports, knex: knexMaker },
  types: { ...knexTypes, ...types },
};

export const mikroOrm: Driver = {
  name: "@mikro-orm/postgresql",
  source: "@mikro-orm/postgresql 7.2.5 and 6.6.7",
  severalDialects: "by-package",
  handles,
  modules: {
    "@mikro-orm/core": module,
    "@mikro-orm/postgresql": withKnex,
    "@mikro-orm/knex": withKnex,
    "@mikro-orm/sql": module,
    "@mikro-orm/nestjs": {
      exports: {
        MikroOrmModule: nestModule("orm", options, "createMikroOrmOptions"),
        InjectMikroORM: { is: "injector", gives: "orm" },
        InjectEntityManager: { is: "injector", gives: "manager" },
        InjectRepository: { is: "injector", gives: "repository" },
      },
    },
    "@mikro-orm/decorators": { exports: { Transactional: { is: "decorator" } } },
    "@mikro-orm/decorators/legacy": { exports: { Transactional: { is: "decorator" } } },
    "@mikro-orm/decorators/es": { exports: { Transactional: { is: "decorator" } } },
    "@mikro-orm/migrations": { exports: { Migration: { is: "handle", makes: "migration" } } },
  },
};
