import type { ConnectOptions, Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgClient, pgMakers, pgOptions, pgPool } from "./pg.ts";

/**
 * pg-promise. Run: 12.7.1 and 10.15.4; read: 12.7.1 lib/query.js, lib/database.js, lib/task.js, lib/connect.js and its declarations. It
 * fills values into the text itself and sends the simple protocol; objects that carry SQL go to pg as they are. `task` and `connect` keep
 * a client connection and begin nothing, `tx` begins a transaction.
 */

const query: QueryOperation = {
  does: "query",
  sql: 0,
  values: 1,
  config: { text: "text", values: "values", name: "name" },
  protocol: "simple",
  placeholders: "pg-promise",
  objectsAsTheyAre: true,
};

/** It calls the function or the procedure of that name: lib/formatting.js, formatEntity. */
const func: QueryOperation = { does: "query", sql: -1, text: "select * from {0}(…)", protocol: "simple" };
const proc: QueryOperation = { does: "query", sql: -1, text: "call {0}(…)", protocol: "simple" };

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
  func,
  proc,
  callProc: proc,
};

const tx: Operation = { does: "transaction", parameter: 0, gives: "transaction" };
const task: Operation = { does: "nested", parameter: 0, gives: "task" };

/** What works on one connection: `batch` is given queries that run already, `page` and `sequence` call a function for each. */
const inside: Readonly<Record<string, Operation>> = {
  ...methods,
  batch: { does: "nothing" },
  page: { does: "nested", parameter: -1, gives: "" },
  sequence: { does: "nested", parameter: -1, gives: "" },
  task,
  taskIf: task,
};

const outside: Readonly<Record<string, Operation>> = {
  ...methods,
  task: { does: "checkout", gives: "task", callbackParameter: 0 },
  taskIf: { does: "checkout", gives: "task", callbackParameter: 0 },
  tx,
  txIf: tx,
  connect: { does: "checkout", gives: "connection", callbackParameter: 0 },
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
        options: {
          ...pgOptions,
          argument: 0,
          poolSize: { options: ["max", "poolSize"], default: 10, source: "pg-pool 3.14" },
        },
      },
    },
    exports: {
      module: "pg-promise",
      names: ["PreparedStatement", "ParameterizedQuery", "QueryFile", "as", "helpers", "pg"],
    },
  },
  database: {
    title: "pool",
    scope: "pool",
    methods: outside,
    views: { $pool: "pool", $config: "config" },
  },
  /** What is typed as a database, or extended with repositories, may be a task or a transaction: their protocol includes a database's. */
  extended: {
    title: "database, task or transaction",
    scope: "unknown",
    methods: outside,
    views: { $pool: "pool", $config: "config" },
  },
  /** `db.$config`, through which functions reach the library's root. */
  config: { title: "configuration", scope: "pool", methods: {}, views: { pgp: "main" } },
  connection: {
    title: "connection of its own",
    scope: "client",
    methods: { ...inside, tx, txIf: tx, done: { does: "release" } },
    views: { client: "client" },
  },
  task: { title: "task", scope: "client", methods: { ...inside, tx, txIf: tx } },
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
  either: { title: "task or transaction", scope: "unknown", methods: { ...inside, tx, txIf: tx } },
  pool: pgPool,
  client: pgClient,
} satisfies Record<string, HandleShape>;

const prepared: ExportShape = { is: "message", sql: 1, name: 0, protocol: "extended" };
const parameterized: ExportShape = { is: "message", sql: 0, values: 1, protocol: "by-values" };
const file: ExportShape = { is: "message", sql: -1, file: 0, protocol: "simple", placeholders: "pg-promise" };
const as: ExportShape = {
  is: "namespace",
  exports: {
    format: { is: "message", sql: 0, protocol: "simple", placeholders: "pg-promise" },
    name: { is: "identifier" },
    alias: { is: "identifier" },
  },
};
const made = (text: string): ExportShape => ({ is: "message", sql: -1, text, protocol: "simple" });
const helpers: ExportShape = {
  is: "namespace",
  exports: {
    insert: made("insert into …(…) values (…)"),
    update: made("update … set …"),
    values: { is: "identifier" },
    sets: { is: "identifier" },
    concat: { is: "identifier" },
  },
};

const members = {
  PreparedStatement: prepared,
  ParameterizedQuery: parameterized,
  QueryFile: file,
  as,
  helpers,
  pg: { is: "namespace", exports: { ...pgMakers, defaults: { is: "defaults", options: pgOptions } } },
} satisfies Record<string, ExportShape>;

/** `pgPromise(initOptions)`: hooks and `schema` act on each new client connection; `extend` is given every database, task and transaction. */
const initOptions: ConnectOptions = {
  argument: 0,
  startupParameters: {},
  hooks: {
    connect: { parameter: 0, property: "client", gives: "client" },
    extend: { parameter: 0, gives: "extended" },
  },
  connectStatements: { schema: "SET search_path TO …" },
};

const types = Object.fromEntries(
  Object.entries({
    IDatabase: "extended",
    ITask: "either",
    IConnected: "connection",
    IBaseProtocol: "extended",
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
        default: { is: "handle-maker", makes: "main", options: initOptions, exports: members },
        ...members,
      },
      types,
    },
    "pg-promise/typescript/pg-subset": { exports: {}, types: { IClient: "client", IPool: "pool" } },
  },
};
