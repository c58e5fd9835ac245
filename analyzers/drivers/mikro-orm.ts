import type { Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgClient, pgOptions } from "./pg.ts";

/**
 * MikroORM. Run: 7.2.1 and 6.6.7. It writes values into the text and sends the simple protocol. The entity manager that runs a
 * `transactional()` callback is in the transaction too, by AsyncLocalStorage.
 */

const execute: QueryOperation = {
  does: "query",
  sql: 0,
  protocol: "simple",
  placeholders: "question-mark",
};

const common: Readonly<Record<string, Operation>> = {
  execute,
  getConnection: { does: "same", gives: "connection" },
  getEntityManager: { does: "same" },
  commit: { does: "end", how: "commit" },
  rollback: { does: "end", how: "rollback" },
};

const handles = {
  orm: {
    title: "MikroORM",
    scope: "pool",
    views: { em: "manager", schema: "builder", migrator: "builder" },
    methods: { connect: { does: "same" }, close: { does: "nothing" } },
  },
  manager: {
    title: "entity manager",
    scope: "pool",
    others: "builder",
    methods: {
      ...common,
      transactional: { does: "transaction", parameter: 0, gives: "transaction", ambient: true },
      begin: { does: "begin" },
      fork: { does: "same" },
    },
  },
  either: {
    title: "entity manager",
    scope: "unknown",
    others: "builder",
    methods: {
      ...common,
      transactional: { does: "transaction", parameter: 0, gives: "transaction", ambient: true },
      begin: { does: "begin" },
      fork: { does: "same" },
    },
  },
  transaction: {
    title: "entity manager in a transaction",
    scope: "transaction",
    others: "builder",
    methods: {
      ...common,
      transactional: { does: "nested", parameter: 0, gives: "transaction" },
      begin: { does: "nothing" },
    },
  },
  connection: { title: "connection", scope: "pool", others: "builder", methods: { execute } },
  migration: {
    title: "migration",
    scope: "transaction",
    others: "builder",
    methods: {
      addSql: { does: "query", sql: 0, protocol: "simple" },
      execute,
      getEntityManager: { does: "same", gives: "transaction" },
    },
  },
  builder: { title: "query builder", scope: "pool", others: "builder", methods: {} },
  rawClient: pgClient,
} satisfies Record<string, HandleShape>;

const options = {
  argument: 0,
  startupParameters: {},
  connectionString: "clientUrl",
  hooks: { onCreateConnection: { parameter: 0, gives: "rawClient" } },
  nested: {
    driverOptions: { ...pgOptions, argument: 0, nested: { connection: { ...pgOptions, argument: 0 } } },
    pool: { argument: 0, startupParameters: {} },
  },
  dialect: { option: "type", postgres: ["postgresql"] },
} as const;

const maker: ExportShape = {
  is: "handle-maker",
  makes: "orm",
  options,
  exports: {
    init: { is: "handle-maker", makes: "orm", options },
    initSync: { is: "handle-maker", makes: "orm", options },
  },
};

const types = {
  MikroORM: "orm",
  EntityManager: "either",
  SqlEntityManager: "either",
  EntityRepository: "builder",
};

const module = {
  exports: {
    MikroORM: maker,
    defineConfig: { is: "handle-maker", makes: "orm", options } as const,
    raw: { is: "message", sql: 0, protocol: "simple" } as const,
    sql: { is: "tag" } as const,
  },
  types,
};

export const mikroOrm: Driver = {
  name: "@mikro-orm/postgresql",
  source: "@mikro-orm/postgresql 7.2.1 and 6.6.7",
  severalDialects: true,
  handles,
  modules: {
    "@mikro-orm/core": module,
    "@mikro-orm/postgresql": module,
    "@mikro-orm/knex": { exports: {}, types },
    "@mikro-orm/sql": { exports: {}, types },
    "@mikro-orm/nestjs": { exports: {}, types: {} },
    "@mikro-orm/migrations": { exports: { Migration: { is: "handle", makes: "migration" } } },
  },
};
