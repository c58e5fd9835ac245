import type { Driver, ExportShape, HandleMaker, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgClient } from "./pg.ts";

/**
 * kysely. Run: 0.29.9, 0.28.19, 0.27.6. A ``sql`…` `` does nothing until it is executed on a database, a connection or a transaction.
 * Migrations of PostgreSQL run in a transaction.
 */

const compiled: QueryOperation = { does: "query", sql: 0 };

const builder: Operation = { does: "same", gives: "builder" };

const common: Readonly<Record<string, Operation>> = {
  executeQuery: compiled,
  withSchema: { does: "same" },
  withPlugin: { does: "same" },
  withoutPlugins: { does: "same" },
  withTables: { does: "same" },
  $extendTables: { does: "same" },
  getExecutor: { does: "same" },
  destroy: { does: "nothing" },
};

const views = { schema: "schema", fn: "builder", introspection: "builder", dynamic: "builder" };

const database: HandleShape = {
  title: "pool",
  scope: "pool",
  views,
  others: "builder",
  methods: {
    ...common,
    transaction: { does: "same", gives: "transactionBuilder" },
    startTransaction: { does: "same", gives: "controlledBuilder" },
    connection: { does: "same", gives: "connectionBuilder" },
  },
};

const transaction: HandleShape = {
  title: "transaction",
  scope: "transaction",
  views,
  others: "builder",
  methods: {
    ...common,
    commit: { does: "end", how: "commit" },
    rollback: { does: "end", how: "rollback" },
    savepoint: builder,
    rollbackToSavepoint: builder,
    releaseSavepoint: builder,
  },
};

const handles = {
  database,
  transaction,
  /** `Kysely<DB>` is the type of transactions too. */
  either: { ...database, title: "pool or transaction", scope: "unknown" },
  connection: { ...database, title: "connection of its own", scope: "client" },
  builder: { title: "query builder", scope: "pool", others: "builder", methods: {} },
  transactionBuilder: {
    title: "transaction",
    scope: "pool",
    others: "transactionBuilder",
    methods: { execute: { does: "transaction", parameter: 0, gives: "transaction" } },
  },
  controlledBuilder: {
    title: "transaction",
    scope: "pool",
    others: "controlledBuilder",
    methods: { execute: { does: "transaction", parameter: 0, gives: "transaction", manual: true } },
  },
  connectionBuilder: {
    title: "connection",
    scope: "pool",
    others: "connectionBuilder",
    methods: { execute: { does: "checkout", gives: "connection", callbackParameter: 0 } },
  },
  schema: {
    title: "schema builder",
    scope: "pool",
    others: "builder",
    views: {},
    methods: {
      withSchema: { does: "same" },
      withPlugin: { does: "same" },
      createTable: { does: "same", gives: "createTable" },
      createView: { does: "same", gives: "createView" },
    },
  },
  createTable: {
    title: "schema builder",
    scope: "pool",
    others: "createTable",
    methods: {
      temporary: {
        does: "query",
        sql: -1,
        text: "create temporary table … ()",
        lazy: { onCommit: { does: "append", text: " on commit {0}" } },
      },
    },
  },
  createView: {
    title: "schema builder",
    scope: "pool",
    others: "createView",
    methods: {
      temporary: { does: "query", sql: -1, text: "create temporary view … as select 1", lazy: {} },
    },
  },
  dialect: { title: "pool", scope: "pool", methods: {} },
  hooked: { title: "client", scope: "client", methods: { executeQuery: compiled } },
  rawClient: pgClient,
} satisfies Record<string, HandleShape>;

const message: ExportShape = {
  is: "message",
  sql: 0,
  values: 1,
  protocol: "by-values",
  sentBy: { method: "execute", argument: 0 },
};

const sql: ExportShape = {
  is: "tag",
  sentBy: { method: "execute", argument: 0 },
  exports: {
    raw: message,
    lit: { is: "identifier" },
    ref: { is: "identifier" },
    table: { is: "identifier" },
    id: { is: "identifier" },
    column: { is: "identifier" },
    join: { is: "join" },
  },
};

const hook = { parameter: 0, gives: "hooked" } as const;

const postgresDialect: HandleMaker = {
  is: "handle-maker",
  makes: "dialect",
  over: { argument: 0, properties: ["pool", "postgres", "client"] },
  options: {
    argument: 0,
    startupParameters: {},
    hooks: { onCreateConnection: hook, onReserveConnection: hook },
  },
};

const other: ExportShape = { is: "other-database" };

export const kysely: Driver = {
  name: "kysely",
  source: "kysely 0.29.9",
  severalDialects: true,
  handles,
  conventions: [{ functions: ["up", "down"], parameters: ["db", "kysely"], gives: "transaction" }],
  modules: {
    kysely: {
      exports: {
        Kysely: { is: "handle-maker", makes: "database", over: { argument: 0, properties: ["dialect"] } },
        sql,
        CompiledQuery: { is: "namespace", exports: { raw: message } },
        PostgresDialect: postgresDialect,
        MysqlDialect: other,
        SqliteDialect: other,
        MssqlDialect: other,
      },
      types: {
        Kysely: "either",
        Transaction: "transaction",
        ControlledTransaction: "transaction",
        QueryCreator: "either",
        DatabaseConnection: "hooked",
        QueryExecutorProvider: "either",
      },
    },
    "kysely-postgres-js": { exports: { PostgresJSDialect: { ...postgresDialect, namesNothing: true } } },
    "kysely-neon": { exports: { NeonDialect: postgresDialect } },
    "@neondatabase/kysely": { exports: { NeonDialect: postgresDialect } },
  },
};
