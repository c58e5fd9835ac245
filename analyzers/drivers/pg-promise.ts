import type { Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgClient, pgOptions } from "./pg.ts";

/**
 * pg-promise. Run: 12.7.1 and 10.15.4. It fills values into the text itself and sends the simple protocol; `task` and `connect` keep a
 * client connection and begin nothing, `tx` begins a transaction.
 */

const query: QueryOperation = {
  does: "query",
  sql: 0,
  config: { text: "text", values: "values", name: "name", extended: ["rowMode"] },
  protocol: "simple",
  placeholders: "pg-promise",
};

const methods: Readonly<Record<string, Operation>> = {
  query,
  none: query,
  one: query,
  oneOrNone: query,
  many: query,
  manyOrNone: query,
  any: query,
  result: query,
  multi: query,
  multiResult: query,
  each: query,
  map: query,
  stream: query,
  func: { does: "nothing" },
  proc: { does: "nothing" },
};

const inside: Readonly<Record<string, Operation>> = {
  ...methods,
  batch: { does: "same" },
  page: { does: "nothing" },
  sequence: { does: "nothing" },
  task: { does: "nested", parameter: 0, gives: "task" },
  taskIf: { does: "nested", parameter: 0, gives: "task" },
};

const handles = {
  main: {
    title: "pg-promise",
    scope: "pool",
    methods: { end: { does: "nothing" } },
    call: {
      does: "make",
      maker: {
        is: "handle-maker",
        makes: "database",
        options: { ...pgOptions, argument: 0 },
      },
    },
    exports: { module: "pg-promise", names: ["PreparedStatement", "ParameterizedQuery", "QueryFile", "as"] },
  },
  database: {
    title: "pool",
    scope: "pool",
    methods: {
      ...methods,
      task: { does: "checkout", gives: "task", callbackParameter: 0 },
      taskIf: { does: "checkout", gives: "task", callbackParameter: 0 },
      tx: { does: "transaction", parameter: 0, gives: "transaction" },
      txIf: { does: "transaction", parameter: 0, gives: "transaction" },
      connect: { does: "checkout", gives: "connection", callbackParameter: 0 },
    },
  },
  connection: {
    title: "connection of its own",
    scope: "client",
    methods: {
      ...inside,
      tx: { does: "transaction", parameter: 0, gives: "transaction" },
      txIf: { does: "transaction", parameter: 0, gives: "transaction" },
      done: { does: "release" },
    },
    views: { client: "client" },
  },
  task: {
    title: "task",
    scope: "client",
    methods: {
      ...inside,
      tx: { does: "transaction", parameter: 0, gives: "transaction" },
      txIf: { does: "transaction", parameter: 0, gives: "transaction" },
    },
  },
  transaction: {
    title: "transaction",
    scope: "transaction",
    methods: {
      ...inside,
      tx: { does: "nested", parameter: 0, gives: "transaction" },
      txIf: { does: "nested", parameter: 0, gives: "transaction" },
    },
  },
  /** `ITask` is the type of tasks and of transactions. */
  either: { title: "task or transaction", scope: "unknown", methods: inside },
  client: pgClient,
} satisfies Record<string, HandleShape>;

const prepared: ExportShape = { is: "message", sql: 1, name: 0, protocol: "extended" };
const parameterized: ExportShape = { is: "message", sql: 0, values: 1, protocol: "extended" };
const file: ExportShape = { is: "message", sql: -1, file: 0, protocol: "simple", placeholders: "pg-promise" };
const as: ExportShape = {
  is: "namespace",
  exports: { format: { is: "message", sql: 0, protocol: "simple", placeholders: "pg-promise" } },
};

const members = { PreparedStatement: prepared, ParameterizedQuery: parameterized, QueryFile: file, as };

const types = Object.fromEntries(
  Object.entries({
    IDatabase: "database",
    ITask: "either",
    IConnected: "connection",
    IBaseProtocol: "either",
    IMain: "main",
  }).flatMap(([name, kind]) => [
    [name, kind],
    [`pgPromise.${name}`, kind],
    [`pgp.${name}`, kind],
  ]),
);

export const pgPromise: Driver = {
  name: "pg-promise",
  source: "pg-promise 12.7.1",
  handles,
  modules: {
    "pg-promise": {
      exports: {
        default: {
          is: "handle-maker",
          makes: "main",
          options: {
            argument: 0,
            startupParameters: {},
            hooks: { connect: { parameter: 0, property: "client", gives: "client" } },
            connectStatements: { schema: "SET search_path TO …" },
          },
          exports: members,
        },
        ...members,
      },
      types,
    },
  },
};
