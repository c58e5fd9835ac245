import type { Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";

/**
 * @databases/pg. Run: 6.1.0; read: 6.1.0 lib/index.js, lib/Driver.js, lib/Transaction.js and @databases/shared 3.2 lib/utils.js. A list of
 * queries, and a text of several statements, run in one transaction.
 */

const query: QueryOperation = { does: "query", sql: 0 };
const stream: QueryOperation = { does: "query", sql: 0, protocol: "extended" };

const lock = (name: string): Operation => ({
  does: "query",
  sql: -1,
  text: `SELECT ${name}(…) AS acquired`,
  protocol: "extended",
});

/** Outside a transaction: each use of `query` with several statements is one. */
const outside: Readonly<Record<string, Operation>> = {
  query: { ...query, list: "transaction" },
  queryStream: stream,
  queryNodeStream: stream,
  tx: { does: "transaction", parameter: 0, gives: "transaction" },
  task: { does: "checkout", gives: "task", callbackParameter: 0 },
  addPostCommitStep: { does: "nothing" },
  dispose: { does: "nothing" },
};

const exports = { module: "@databases/pg", names: ["sql"] };

const handles = {
  pool: { title: "pool", scope: "pool", methods: outside, exports },
  task: {
    title: "task",
    scope: "client",
    methods: { ...outside, task: { does: "nested", parameter: 0, gives: "task" } },
    exports,
  },
  transaction: {
    title: "transaction",
    scope: "transaction",
    methods: {
      query: { ...query, list: "" },
      queryStream: stream,
      queryNodeStream: stream,
      tx: { does: "nested", parameter: 0, gives: "transaction" },
      task: { does: "nested", parameter: 0, gives: "transaction" },
      advisoryTxLock: lock("pg_advisory_xact_lock"),
      advisoryTxLockShared: lock("pg_advisory_xact_lock_shared"),
      tryAdvisoryTxLock: lock("pg_try_advisory_xact_lock"),
      tryAdvisoryTxLockShared: lock("pg_try_advisory_xact_lock_shared"),
      addPostCommitStep: { does: "nothing" },
    },
    exports,
  },
  either: { title: "pool, connection or transaction", scope: "unknown", methods: outside, exports },
} satisfies Record<string, HandleShape>;

/** `transactionTimeoutMilliseconds` is handed to pg, which knows no such option; `queryTimeoutMilliseconds` is a clock of pg's own. */
const maker: ExportShape = {
  is: "handle-maker",
  makes: "pool",
  options: {
    argument: 0,
    startupParameters: {
      statementTimeoutMilliseconds: "statement_timeout",
      idleInTransactionSessionTimeoutMilliseconds: "idle_in_transaction_session_timeout",
      lockTimeoutMilliseconds: "lock_timeout",
      applicationName: "application_name",
      fallbackApplicationName: "application_name",
    },
    connectionString: "connectionString",
    environment: "DATABASE_URL",
    poolSize: { options: ["poolSize"], default: 10, source: "@databases/pg 5" },
    connectStatements: { schema: "SET search_path TO …" },
  },
};

const sql: ExportShape = {
  is: "tag",
  exports: {
    __dangerous__rawValue: { is: "message", sql: 0, protocol: "by-values" },
    ident: { is: "identifier" },
    join: { is: "join" },
    file: { is: "message", sql: -1, file: 0, protocol: "by-values" },
  },
};

export const databasesPg: Driver = {
  name: "@databases/pg",
  source: "@databases/pg 6.1.0",
  handles,
  modules: {
    "@databases/pg": {
      exports: { default: maker, createConnectionPool: maker, sql },
      types: { ConnectionPool: "pool", Connection: "task", Transaction: "transaction", Queryable: "either" },
    },
    "@databases/sql": { exports: { default: sql, sql } },
  },
};
