import type { Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgClient, pgMakers } from "./pg.ts";

/**
 * kysely. Run: 0.29.9, 0.28.19, 0.27.6, kysely-postgres-js 4.0.0 and 5.0.0; read: 0.29.9 dist/kysely.d.ts,
 * dialect/postgres/postgres-driver.js (a query without parameters is a simple one), migration/migrator.js (PostgreSQL migrations run in
 * one transaction unless `disableTransactions`), kysely-neon 3.0.0 and 2.0.2 (one HTTP request a query) and 1.3.0 (a pool over
 * WebSockets), @vercel/postgres-kysely 0.10.0, nestjs-kysely 3.1.3. A ``sql`…` `` does nothing until it is executed on a database, a
 * connection or a transaction.
 */

const compiled: QueryOperation = {
  does: "query",
  sql: 0,
  config: { text: "sql", values: "parameters" },
};

const common: Readonly<Record<string, Operation>> = {
  executeQuery: compiled,
  withSchema: { does: "same" },
  withPlugin: { does: "same" },
  withoutPlugins: { does: "same" },
  withTables: { does: "same" },
  $extendTables: { does: "same" },
  $omitTables: { does: "same" },
  $pickTables: { does: "same" },
  getExecutor: { does: "same", gives: "executor" },
  destroy: { does: "nothing" },
};

const views = { schema: "schema", fn: "builder", introspection: "builder", dynamic: "builder" };

const database: HandleShape = {
  title: "pool",
  scope: "pool",
  views,
  others: "builder",
  asksForTransaction: ["isTransaction"],
  methods: {
    ...common,
    transaction: { does: "same", gives: "transactionBuilder" },
    startTransaction: { does: "same", gives: "controlledBuilder" },
    connection: { does: "same", gives: "connectionBuilder" },
  },
};

const command: Operation = { does: "same", gives: "command" };

const transaction: HandleShape = {
  title: "transaction",
  scope: "transaction",
  views,
  others: "builder",
  asksForTransaction: ["isTransaction"],
  methods: {
    ...common,
    // They do it when the command that they give is executed, which nobody leaves out.
    commit: { does: "end", how: "commit" },
    rollback: { does: "end", how: "rollback" },
    savepoint: command,
    rollbackToSavepoint: command,
    releaseSavepoint: command,
  },
};

const executor: HandleShape = {
  title: "query executor",
  scope: "pool",
  methods: {
    executeQuery: compiled,
    stream: compiled,
    provideConnection: { does: "checkout", gives: "hooked", callbackParameter: 0 },
    withPlugin: { does: "same" },
    withPlugins: { does: "same" },
    withPluginAtFront: { does: "same" },
    withoutPlugins: { does: "same" },
  },
};

/** A step of a query builder; those of expressions are functions too. */
const builder: HandleShape = {
  title: "query builder",
  scope: "pool",
  others: "builder",
  call: { does: "same" },
  methods: {},
};

const handles = {
  database,
  transaction,
  executor,
  builder,
  /** `Kysely<DB>` is the type of transactions too. */
  either: { ...database, title: "pool or transaction", scope: "unknown" },
  connection: {
    ...database,
    title: "connection of its own",
    scope: "client",
    methods: { ...database.methods, connection: { does: "same", gives: "heldConnectionBuilder" } },
  },
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
  command: { title: "transaction", scope: "pool", methods: { execute: { does: "same", gives: "transaction" } } },
  connectionBuilder: {
    title: "connection",
    scope: "pool",
    others: "connectionBuilder",
    methods: { execute: { does: "checkout", gives: "connection", callbackParameter: 0 } },
  },
  heldConnectionBuilder: {
    title: "connection",
    scope: "pool",
    others: "heldConnectionBuilder",
    methods: { execute: { does: "nested", parameter: 0, gives: "connection" } },
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
  /** `DatabaseConnection`: one client connection, as hooks, drivers and executors see it. */
  hooked: { title: "client", scope: "client", methods: { executeQuery: compiled, streamQuery: compiled } },
  client: pgClient,
} satisfies Record<string, HandleShape>;

const message: ExportShape = {
  is: "message",
  sql: 0,
  values: 1,
  protocol: "by-values",
  sentBy: { method: "execute", argument: 0 },
};

const literal: ExportShape = { is: "literal" };
const identifier: ExportShape = { is: "identifier" };

const sql: ExportShape = {
  is: "tag",
  sentBy: { method: "execute", argument: 0 },
  exports: {
    raw: message,
    lit: literal,
    // Its name up to 0.23.
    literal,
    ref: identifier,
    table: identifier,
    id: identifier,
    column: identifier,
    join: { is: "join" },
  },
};

const hook = { parameter: 0, gives: "hooked" } as const;

const postgresDialect: ExportShape = {
  is: "handle-maker",
  makes: "dialect",
  over: { argument: 0, properties: ["pool", "postgres", "neon", "client"] },
  options: {
    argument: 0,
    startupParameters: {},
    hooks: { onCreateConnection: hook, onReserveConnection: { ...hook, repeats: true } },
  },
};

/** Up to 1.3.0 it made its own pool, of the options it was given. */
const neonDialect: ExportShape = {
  ...postgresDialect,
  options: {
    ...pgMakers.Pool.options,
    ...postgresDialect.options,
    startupParameters: pgMakers.Pool.options.startupParameters,
  },
};

const other: ExportShape = { is: "other-database" };

const types = {
  Kysely: "either",
  Transaction: "transaction",
  ControlledTransaction: "transaction",
  QueryCreator: "either",
  QueryExecutorProvider: "either",
  QueryExecutor: "executorOfEither",
  DatabaseConnection: "hooked",
};

export const kysely: Driver = {
  name: "kysely",
  source: "kysely 0.29.9",
  severalDialects: "by-package",
  handles: { ...handles, executorOfEither: { ...executor, scope: "unknown" } },
  conventions: [{ functions: ["up", "down"], parameters: ["db", "kysely"], gives: "transaction", shownBy: "import" }],
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
        PGliteDialect: other,
      },
      types,
    },
    // Up to 4.0.0 it sends by `unsafe(text, values)`, which has no names; 5.0.0 names every statement, `begin` and `commit` too.
    "kysely-postgres-js": { exports: { PostgresJSDialect: { ...postgresDialect, namesNothing: "sometimes" } } },
    "@vercel/postgres-kysely": {
      exports: {
        createKysely: {
          is: "handle-maker",
          makes: "database",
          options: { ...pgMakers.Pool.options, environment: "POSTGRES_URL" },
        },
      },
    },
    "nestjs-kysely": { exports: { InjectKysely: { is: "injector", gives: "database" } } },
    "kysely-neon": { exports: { NeonDialect: neonDialect, NeonHTTPDialect: postgresDialect } },
    "@neondatabase/kysely": { exports: { NeonDialect: neonDialect } },
  },
};
