import type { ConnectOptions, Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgClient, pgOptions } from "./pg.ts";

/**
 * knex, and objection and lucid on top of it. Run: knex 3.3.0, 1.0.7 and 0.21.21, objection 3.1.5, @adonisjs/lucid 22.4.2. Builders and
 * raw queries are sent when somebody waits for them. knex has no temporary tables in its schema builder.
 */

/** Values of `client` (and of lucid's) that mean PostgreSQL. */
const POSTGRES = ["pg", "postgres", "postgresql", "pgnative", "pg-native", "cockroachdb", "redshift"];

export const knexOptions: ConnectOptions = {
  argument: 0,
  startupParameters: {},
  connectionString: "connection",
  nested: {
    connection: { ...pgOptions, argument: 0 },
    pool: { argument: 0, startupParameters: {}, hooks: { afterCreate: { parameter: 0, gives: "rawClient" } } },
  },
  connectStatements: { searchPath: "SET search_path TO …" },
  dialect: { option: "client", postgres: POSTGRES },
};

const raw: QueryOperation = {
  does: "query",
  sql: 0,
  values: 1,
  placeholders: "question-mark",
  lazy: {
    transacting: { does: "switch", argument: 0 },
    connection: { does: "switch", argument: 0 },
    useTransaction: { does: "switch", argument: 0 },
  },
};

const builder: Operation = { does: "same", gives: "builder" };

const common: Readonly<Record<string, Operation>> = {
  raw,
  ref: { does: "identifier" },
  withSchema: builder,
  queryBuilder: builder,
  destroy: { does: "nothing" },
  on: { does: "subscribe", event: 0, events: {} },
};

const views = { schema: "schema", client: "internals", context: "database" };

const database: HandleShape = {
  title: "pool",
  scope: "pool",
  call: builder,
  views,
  others: "builder",
  methods: {
    ...common,
    transaction: { does: "transaction", parameter: 0, gives: "transaction", manual: true },
    transactionProvider: { does: "nothing" },
    withUserParams: { does: "same" },
  },
};

const transaction: HandleShape = {
  title: "transaction",
  scope: "transaction",
  call: builder,
  views,
  others: "builder",
  methods: {
    ...common,
    commit: { does: "end", how: "commit" },
    rollback: { does: "end", how: "rollback" },
    transaction: { does: "nested", parameter: 0, gives: "transaction" },
    savepoint: { does: "nested", parameter: 0, gives: "transaction" },
    isCompleted: { does: "nothing" },
  },
};

const handles = {
  database,
  transaction,
  builder: {
    title: "query builder",
    scope: "pool",
    others: "builder",
    methods: { transacting: { does: "switch", argument: 0 }, connection: { does: "switch", argument: 0 } },
  },
  schema: { title: "schema builder", scope: "pool", others: "schema", methods: { raw } },
  internals: {
    title: "client",
    scope: "pool",
    methods: {
      acquireConnection: { does: "checkout", gives: "rawClient", callbackParameter: 0 },
      acquireRawConnection: { does: "checkout", gives: "rawClient", callbackParameter: 0 },
      releaseConnection: { does: "nothing" },
    },
  },
  rawClient: pgClient,
  /** `Knex` is the type of transactions too. */
  either: { ...database, title: "pool or transaction", scope: "unknown" },
} satisfies Record<string, HandleShape>;

const maker: ExportShape = {
  is: "handle-maker",
  makes: "database",
  options: knexOptions,
};

const knexTypes = {
  Knex: "either",
  default: "either",
  "Knex.Transaction": "transaction",
  "knex.Transaction": "transaction",
  "knex.Knex": "either",
  Transaction: "transaction",
};

const migrations = [
  { functions: ["up", "down"], parameters: ["knex", "Knex"], gives: "transaction" },
  { functions: ["seed"], parameters: ["knex", "Knex"], gives: "database" },
];

export const knex: Driver = {
  name: "knex",
  source: "knex 3.3.0",
  severalDialects: true,
  handles,
  conventions: migrations,
  modules: { knex: { exports: { default: maker, knex: maker, Knex: maker }, types: knexTypes } },
};

/** A class whose static members work on the connection the models were bound to. */
const model: HandleShape = {
  title: "model",
  scope: "pool",
  others: "builder",
  methods: {
    knex: { does: "same", gives: "database" },
    bindKnex: { does: "same" },
    raw: { does: "identifier" },
    query: { does: "switch", argument: 0 },
    $query: { does: "switch", argument: 0 },
    relatedQuery: builder,
    transaction: { does: "transaction", parameter: 0, gives: "transaction" },
    startTransaction: { does: "transaction", parameter: 0, gives: "transaction", manual: true },
  },
};

export const objection: Driver = {
  name: "objection",
  source: "objection 3.1.5",
  severalDialects: true,
  handles: {
    ...handles,
    model,
    transactions: {
      title: "transactions",
      scope: "pool",
      call: { does: "transaction", parameter: 0, gives: "transaction", manual: true },
      methods: { start: { does: "transaction", parameter: 0, gives: "transaction", manual: true } },
    },
  },
  modules: {
    objection: {
      exports: {
        Model: { is: "handle", makes: "model" },
        raw: { is: "message", sql: 0, values: 1, protocol: "by-values", placeholders: "question-mark" },
        ref: { is: "identifier" },
        transaction: { is: "handle", makes: "transactions" },
      },
      types: { Transaction: "transaction", TransactionOrKnex: "either" },
    },
  },
};

const rawQuery: QueryOperation = { ...raw };

const lucidCommon: Readonly<Record<string, Operation>> = {
  rawQuery,
  knexRawQuery: rawQuery,
  raw: { does: "message", sql: 0, placeholders: "question-mark" },
  connection: { does: "same" },
  query: builder,
  from: builder,
  table: builder,
  insertQuery: builder,
  modelQuery: builder,
  ref: { does: "identifier" },
  knexQuery: builder,
};

const lucidTransaction: HandleShape = {
  title: "transaction",
  scope: "transaction",
  others: "builder",
  views: { schema: "schema" },
  methods: {
    ...lucidCommon,
    commit: { does: "end", how: "commit" },
    rollback: { does: "end", how: "rollback" },
    transaction: { does: "nested", parameter: 0, gives: "transaction" },
    getReadClient: { does: "same" },
    getWriteClient: { does: "same" },
  },
};

const lucidDatabase: HandleShape = {
  title: "pool",
  scope: "pool",
  others: "builder",
  views: { schema: "schema", manager: "nothing" },
  methods: {
    ...lucidCommon,
    transaction: { does: "transaction", parameter: 0, gives: "transaction", manual: true },
    getReadClient: { does: "same", gives: "knexClient" },
    getWriteClient: { does: "same", gives: "knexClient" },
    beginGlobalTransaction: { does: "begin" },
    commitGlobalTransaction: { does: "end", how: "commit" },
    rollbackGlobalTransaction: { does: "end", how: "rollback" },
  },
};

const lucidConfig: ExportShape = {
  is: "handle-maker",
  makes: "database",
  options: {
    argument: 0,
    startupParameters: {},
    nested: {
      connections: {
        argument: 0,
        startupParameters: {},
        nested: { "*": knexOptions },
      },
    },
  },
};

export const lucid: Driver = {
  name: "@adonisjs/lucid",
  source: "@adonisjs/lucid 22.4.2",
  severalDialects: true,
  handles: {
    database: lucidDatabase,
    transaction: lucidTransaction,
    either: { ...lucidDatabase, title: "pool or transaction", scope: "unknown" },
    builder: {
      title: "query builder",
      scope: "pool",
      others: "builder",
      methods: { useTransaction: { does: "switch", argument: 0 } },
    },
    schema: handles.schema,
    knexClient: database,
    rawClient: pgClient,
    nothing: { title: "manager", scope: "pool", methods: {} },
    model: {
      title: "model",
      scope: "pool",
      others: "builder",
      methods: { query: { does: "switch", argument: 0, property: "client" } },
    },
    migration: {
      title: "migration",
      scope: "transaction",
      views: { schema: "schema", db: "transaction" },
      methods: {
        raw: { does: "message", sql: 0, placeholders: "question-mark" },
        now: { does: "identifier" },
        defer: { does: "nested", parameter: 0, gives: "transaction" },
      },
    },
  },
  modules: {
    "@adonisjs/lucid/services/db": { exports: { default: { is: "handle", makes: "database" } } },
    "@ioc:Adonis/Lucid/Database": {
      exports: { default: { is: "handle", makes: "database" } },
      types: { TransactionClientContract: "transaction", QueryClientContract: "either" },
    },
    "@adonisjs/lucid/database": { exports: {}, types: { Database: "database" } },
    "@adonisjs/lucid": { exports: { defineConfig: lucidConfig } },
    "@adonisjs/lucid/types/database": {
      exports: {},
      types: { TransactionClientContract: "transaction", QueryClientContract: "either" },
    },
    "@adonisjs/lucid/schema": { exports: { BaseSchema: { is: "handle", makes: "migration" } } },
    "@ioc:Adonis/Lucid/Schema": { exports: { default: { is: "handle", makes: "migration" } } },
    "@adonisjs/lucid/orm": { exports: { BaseModel: { is: "handle", makes: "model" } } },
    "@ioc:Adonis/Lucid/Orm": { exports: { BaseModel: { is: "handle", makes: "model" } } },
  },
};
