import type { Driver, ExportShape, HandleShape, QueryOperation } from "./driver.ts";

/** @databases/pg. Run: 6.1.0. A list of queries given to `query` runs in one transaction. */

const query: QueryOperation = { does: "query", sql: 0, protocol: "extended" };

const methods = { query, queryStream: query, queryNodeStream: query } as const;

const handles = {
  pool: {
    title: "pool",
    scope: "pool",
    methods: {
      ...methods,
      tx: { does: "transaction", parameter: 0, gives: "transaction" },
      task: { does: "checkout", gives: "task", callbackParameter: 0 },
      dispose: { does: "nothing" },
    },
  },
  task: {
    title: "task",
    scope: "client",
    methods: { ...methods, tx: { does: "transaction", parameter: 0, gives: "transaction" } },
  },
  transaction: {
    title: "transaction",
    scope: "transaction",
    methods: {
      ...methods,
      tx: { does: "nested", parameter: 0, gives: "transaction" },
      task: { does: "nested", parameter: 0, gives: "transaction" },
    },
  },
  either: {
    title: "pool or transaction",
    scope: "unknown",
    methods: { ...methods, tx: { does: "transaction", parameter: 0, gives: "transaction" } },
  },
} satisfies Record<string, HandleShape>;

const maker: ExportShape = {
  is: "handle-maker",
  makes: "pool",
  options: {
    argument: 0,
    startupParameters: {},
    connectionString: "connectionString",
    connectStatements: { schema: "SET search_path TO …" },
  },
};

const sql: ExportShape = {
  is: "tag",
  exports: {
    __dangerous__rawValue: { is: "message", sql: 0, protocol: "by-values" },
    ident: { is: "identifier" },
    join: { is: "join" },
    value: { is: "identifier" },
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
      types: { ConnectionPool: "pool", Connection: "either", Transaction: "transaction", Queryable: "either" },
    },
    "@databases/sql": { exports: { default: sql, sql } },
  },
};
