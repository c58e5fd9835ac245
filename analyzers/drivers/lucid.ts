import type { ConnectOptions, Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { builder, knexHandles, knexOptions, knexParts, knexRaw } from "./knex.ts";

/**
 * @adonisjs/lucid, over knex. Read from 22.4.2, 20.6.0 and 18.4.2 (whose names begin with `@ioc:`); run: 22.4.2. Its advisory locks are
 * session locks that any client connection of the pool takes and any other one releases.
 */

const rawQuery: QueryOperation = {
  ...knexRaw,
  lazy: { useTransaction: { does: "switch", argument: 0 }, transacting: { does: "switch", argument: 0 } },
};

/** src/dialects/pg.js, getAdvisoryLock and releaseAdvisoryLock. */
const advisoryLock = (call: string): QueryOperation => ({
  does: "query",
  sql: -1,
  text: `SELECT ${call}('{0}') as lock_status;`,
});

const common: Readonly<Record<string, Operation>> = {
  rawQuery,
  knexRawQuery: knexRaw,
  raw: { does: "message", sql: 0, placeholders: "question-mark" },
  ref: { does: "identifier" },
  query: builder,
  from: builder,
  table: builder,
  insertQuery: builder,
  modelQuery: builder,
  knexQuery: { does: "same", gives: "knexBuilder" },
  getAdvisoryLock: advisoryLock("PG_TRY_ADVISORY_LOCK"),
  releaseAdvisoryLock: advisoryLock("PG_ADVISORY_UNLOCK"),
  on: { does: "subscribe", event: 0, events: {} },
  once: { does: "subscribe", event: 0, events: {} },
};

const transaction: HandleShape = {
  title: "transaction",
  scope: "transaction",
  others: "builder",
  views: { schema: "schema", knexClient: "knexTransaction", dialect: "dialect" },
  asksForTransaction: ["isTransaction"],
  methods: {
    ...common,
    commit: { does: "end", how: "commit" },
    rollback: { does: "end", how: "rollback" },
    transaction: { does: "nested", parameter: 0, gives: "savepoint" },
    after: { does: "subscribe", event: 0, events: {} },
    getReadClient: { does: "same", gives: "knexTransaction" },
    getWriteClient: { does: "same", gives: "knexTransaction" },
  },
};

const database: HandleShape = {
  title: "pool",
  scope: "pool",
  others: "builder",
  views: { schema: "schema", manager: "manager", dialect: "dialect" },
  asksForTransaction: ["isTransaction"],
  methods: {
    ...common,
    connection: { does: "same" },
    transaction: { does: "transaction", parameter: 0, gives: "transaction", manual: true },
    getReadClient: { does: "same", gives: "knexClient" },
    getWriteClient: { does: "same", gives: "knexClient" },
    beginGlobalTransaction: { does: "begin" },
    commitGlobalTransaction: { does: "end", how: "commit" },
    rollbackGlobalTransaction: { does: "end", how: "rollback" },
  },
};

const replica: ConnectOptions = { ...knexOptions, connectStatements: {} };

const connection: ConnectOptions = {
  ...knexOptions,
  nested: {
    ...knexOptions.nested,
    replicas: { argument: 0, startupParameters: {}, nested: { read: replica, write: replica } },
  },
};

const configuration: ExportShape = {
  is: "handle-maker",
  makes: "database",
  options: {
    argument: 0,
    startupParameters: {},
    nested: { connections: { argument: 0, startupParameters: {}, nested: { "*": connection } } },
  },
};

const migration: HandleShape = {
  title: "migration",
  scope: "transaction",
  views: { schema: "schema", db: "transaction" },
  ofClass: { member: "disableTransactions", says: true, gives: "migrationOutside" },
  methods: {
    raw: { does: "message", sql: 0, placeholders: "question-mark" },
    now: { does: "identifier" },
    knex: { does: "same", gives: "knexBuilder" },
    defer: { does: "nested", parameter: 0, gives: "transaction" },
  },
};

const migrationOutside: HandleShape = {
  title: "migration",
  scope: "pool",
  views: { schema: "schema", db: "database" },
  methods: { ...migration.methods, defer: { does: "nested", parameter: 0, gives: "database" } },
};

const handles = {
  ...knexHandles,
  database,
  transaction,
  savepoint: {
    ...transaction,
    methods: { ...transaction.methods, commit: { does: "nothing" }, rollback: { does: "nothing" } },
  },
  either: { ...database, title: "pool or transaction", scope: "unknown" },
  builder: {
    title: "query builder",
    scope: "pool",
    others: "builder",
    methods: { ...knexParts, useTransaction: { does: "switch", argument: 0 } },
  },
  knexBuilder: { ...knexHandles.builder, others: "knexBuilder" },
  knexClient: {
    ...knexHandles.database,
    methods: {
      ...knexHandles.database.methods,
      transaction: { does: "transaction", parameter: 0, gives: "knexTransaction", manual: true },
    },
  },
  knexTransaction: knexHandles.transaction,
  manager: { title: "manager", scope: "pool", methods: {} },
  dialect: {
    title: "dialect",
    scope: "pool",
    saysDialect: { name: ["postgres"] },
    methods: {
      getAdvisoryLock: advisoryLock("PG_TRY_ADVISORY_LOCK"),
      releaseAdvisoryLock: advisoryLock("PG_ADVISORY_UNLOCK"),
    },
  },
  model: {
    title: "model",
    scope: "pool",
    others: "builder",
    methods: {
      query: { does: "switch", argument: 0, property: "client" },
      transaction: { does: "transaction", parameter: 0, gives: "transaction", manual: true },
    },
  },
  migration,
  migrationOutside,
  seeder: { title: "seeder", scope: "pool", views: { client: "database" }, methods: {} },
} satisfies Record<string, HandleShape>;

const handle = (makes: keyof typeof handles): ExportShape => ({ is: "handle", makes });

const types = {
  default: "database",
  Database: "database",
  DatabaseContract: "database",
  TransactionClientContract: "transaction",
  TransactionClient: "transaction",
  QueryClientContract: "either",
  QueryClient: "either",
};

/** What runs a callback in the transaction it is given, or in one of its own. */
const managedTransaction: ExportShape = { is: "handle", makes: "managed" };

export const lucid: Driver = {
  name: "@adonisjs/lucid",
  source: "@adonisjs/lucid 22.4.2",
  severalDialects: "by-package",
  handles: {
    ...handles,
    managed: {
      title: "pool",
      scope: "pool",
      call: { does: "transaction", parameter: 0, gives: "transaction" },
      methods: {},
    },
  },
  modules: {
    "@adonisjs/lucid": { exports: { defineConfig: configuration } },
    "@adonisjs/lucid/services/db": { exports: { default: handle("database") } },
    "@adonisjs/lucid/database": { exports: {}, types },
    "@adonisjs/lucid/types/database": { exports: {}, types },
    "@adonisjs/lucid/schema": { exports: { BaseSchema: handle("migration") } },
    "@adonisjs/lucid/seeders": { exports: { BaseSeeder: handle("seeder") } },
    "@adonisjs/lucid/orm": { exports: { BaseModel: handle("model") } },
    "@adonisjs/lucid/utils": { exports: { managedTransaction } },
    "@ioc:Adonis/Lucid/Database": { exports: { default: handle("database") }, types },
    "@ioc:Adonis/Lucid/Schema": { exports: { default: handle("migration") } },
    "@ioc:Adonis/Lucid/Seeder": { exports: { default: handle("seeder") } },
    "@ioc:Adonis/Lucid/Orm": { exports: { BaseModel: handle("model") } },
  },
};
