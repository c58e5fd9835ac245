import type { ConnectOptions, Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";

/**
 * slonik. Run: 49.10.9, 37.6.0, 23.9.0; read: 49.10.9 (factories, binders, @slonik/pg-driver, @slonik/sql-tag), and 24.2.0 to 46.8.0 for
 * what changed. From 25.1 on two timeouts go into the startup packet unless they are disabled (commented out in 25.0.0
 * createPoolConfiguration.js, there in 25.1.1). `DISCARD ALL` follows each user of a connection in 40.2.1 (createDriverFactory.js) and later
 * (`resetConnection` from 43.0.8 on), and not in 38.0.0, the version published before. Before 29 or so the tag itself makes queries, and
 * types end in `Type`.
 */

const query: QueryOperation = { does: "query", sql: 0 };

const methods: Readonly<Record<string, Operation>> = {
  ...Object.fromEntries(
    [
      "any",
      "anyFirst",
      "exists",
      "many",
      "manyFirst",
      "maybeOne",
      "maybeOneFirst",
      "one",
      "oneFirst",
      "query",
      "record",
    ].map((name) => [name, query]),
  ),
  stream: { ...query, protocol: "extended" },
  copyFromBinary: { ...query, protocol: "simple" },
};

const transaction: Operation = { does: "transaction", parameter: 0, gives: "transaction" };

const handles = {
  pool: {
    title: "pool",
    scope: "pool",
    methods: {
      ...methods,
      transaction,
      connect: { does: "checkout", gives: "connection", callbackParameter: 0 },
      end: { does: "nothing" },
    },
  },
  connection: { title: "connection of its own", scope: "client", methods: { ...methods, transaction } },
  transaction: {
    title: "transaction",
    scope: "transaction",
    methods: { ...methods, transaction: { does: "nested", parameter: 0, gives: "transaction" } },
  },
  either: {
    title: "pool, connection or transaction",
    scope: "unknown",
    methods: {
      ...methods,
      transaction,
      connect: { does: "checkout", gives: "connection", callbackParameter: 0 },
    },
  },
  /** What `resetConnection` is given: it takes a plain text. */
  basic: { title: "connection", scope: "client", methods: { query } },
} satisfies Record<string, HandleShape>;

const options: ConnectOptions = {
  argument: [0, 1],
  startupParameters: {},
  poolSize: { options: ["maximumPoolSize"], default: 10, source: "slonik 47" },
  optionsText: "options",
  sentByDefault: [
    {
      parameter: "statement_timeout",
      value: "60000",
      option: "statementTimeout",
      offBy: "DISABLE_TIMEOUT",
      versions: [{ from: "25.1.0" }],
    },
    {
      parameter: "idle_in_transaction_session_timeout",
      value: "60000",
      option: "idleInTransactionSessionTimeout",
      offBy: "DISABLE_TIMEOUT",
      versions: [{ from: "25.1.0" }],
    },
  ],
  hooks: { resetConnection: { parameter: 0, gives: "basic", repeats: true } },
  statementsByDefault: [{ sql: "DISCARD ALL", unless: "resetConnection", versions: [{ from: "40.0.0" }] }],
  nested: {
    interceptors: {
      argument: 0,
      startupParameters: {},
      hooks: {
        afterPoolConnection: { parameter: 1, gives: "connection", repeats: true },
        beforePoolConnectionRelease: { parameter: 1, gives: "connection", repeats: true },
      },
    },
  },
};

/** Lists of bind values. */
const list: ExportShape = { is: "message", sql: -1, text: "…", values: 0, protocol: "by-values" };

/** Values of other kinds (`sql.array`, `sql.json`, `sql.date`) are bind values. */
const sql: ExportShape = {
  is: "tag",
  exports: {
    unsafe: { is: "tag" },
    fragment: { is: "tag" },
    type: { is: "namespace", call: { is: "tag" } },
    typeAlias: { is: "namespace", call: { is: "tag" } },
    prepared: { is: "namespace", call: { is: "tag", named: true } },
    identifier: { is: "identifier" },
    identifierList: { is: "identifier" },
    unnest: list,
    valueList: list,
    tupleList: list,
    literalValue: { is: "message", sql: 0, protocol: "simple" },
    raw: { is: "message", sql: 0, protocol: "simple" },
    join: { is: "join" },
  },
};

const types = Object.fromEntries(
  Object.entries({
    DatabasePool: "pool",
    DatabaseConnection: "either",
    DatabasePoolConnection: "connection",
    DatabaseTransactionConnection: "transaction",
    CommonQueryMethods: "either",
  }).flatMap(([name, kind]) => [
    [name, kind],
    [`${name}Type`, kind],
  ]),
);

export const slonik: Driver = {
  name: "slonik",
  source: "slonik 49.10.9",
  handles,
  modules: {
    slonik: {
      exports: {
        createPool: { is: "handle-maker", makes: "pool", options },
        sql,
        createSqlTag: { is: "namespace", call: sql },
      },
      types,
    },
    "@slonik/sql-tag": { exports: { createSqlTag: { is: "namespace", call: sql } } },
    "slonik-sql-tag-raw": { exports: { raw: { is: "message", sql: 0, protocol: "simple" } } },
  },
};
