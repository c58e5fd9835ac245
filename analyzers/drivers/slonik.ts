import type { Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";

/**
 * slonik. Run: 49.10.9, 37.6.0, 23.9.0. Since 24 or so it puts two timeouts into the startup packet unless they are disabled, and 49
 * sends DISCARD ALL each time a connection is given back.
 */

const query: QueryOperation = { does: "query", sql: 0, protocol: "extended" };

const methods: Readonly<Record<string, Operation>> = Object.fromEntries(
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
    "stream",
    "copyFromBinary",
  ].map((name) => [name, query]),
);

const handles = {
  pool: {
    title: "pool",
    scope: "pool",
    methods: {
      ...methods,
      connect: { does: "checkout", gives: "connection", callbackParameter: 0 },
      transaction: { does: "transaction", parameter: 0, gives: "transaction" },
      end: { does: "nothing" },
    },
  },
  connection: {
    title: "connection of its own",
    scope: "client",
    methods: { ...methods, transaction: { does: "transaction", parameter: 0, gives: "transaction" } },
  },
  transaction: {
    title: "transaction",
    scope: "transaction",
    methods: { ...methods, transaction: { does: "nested", parameter: 0, gives: "transaction" } },
  },
  either: {
    title: "pool, connection or transaction",
    scope: "unknown",
    methods: { ...methods, transaction: { does: "transaction", parameter: 0, gives: "transaction" } },
  },
} satisfies Record<string, HandleShape>;

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
    unnest: { is: "identifier" },
    valueList: { is: "identifier" },
    tupleList: { is: "identifier" },
    literalValue: { is: "message", sql: 0, protocol: "simple" },
    raw: { is: "message", sql: 0, protocol: "simple" },
    join: { is: "join" },
  },
};

export const slonik: Driver = {
  name: "slonik",
  source: "slonik 49.10.9",
  handles,
  modules: {
    slonik: {
      exports: {
        createPool: {
          is: "handle-maker",
          makes: "pool",
          options: {
            argument: [0, 1],
            startupParameters: {},
            optionsText: "options",
            sentByDefault: [
              {
                parameter: "statement_timeout",
                value: "60000",
                option: "statementTimeout",
                offBy: "DISABLE_TIMEOUT",
              },
              {
                parameter: "idle_in_transaction_session_timeout",
                value: "60000",
                option: "idleInTransactionSessionTimeout",
                offBy: "DISABLE_TIMEOUT",
              },
            ],
          },
        },
        sql,
        createSqlTag: { is: "namespace", call: sql },
      },
      types: {
        DatabasePool: "pool",
        DatabasePoolType: "pool",
        DatabaseConnection: "either",
        DatabasePoolConnection: "connection",
        DatabaseTransactionConnection: "transaction",
        CommonQueryMethods: "either",
      },
    },
  },
};
