import type {
  ConnectOptions,
  Driver,
  ExportShape,
  HandleShape,
  ModuleShape,
  NamesStatements,
  Operation,
  PendingOperation,
  QueryOperation,
} from "./driver.ts";

/**
 * postgres (postgres.js). Run: 3.4.9 and 3.0.5; read: 3.4.9 src/index.js (parseOptions, Sql, begin, reserve) and src/query.js for what is
 * a query, what is a part of one and how it travels, src/subscribe.js, src/connection.js (StartupMessage).
 */

/** Keys of a URL's query that are options of the driver; every other one becomes a startup parameter, `sslrootcert` too. */
const urlOptions = [
  "sslmode",
  "ssl",
  "sslnegotiation",
  "max",
  "idle_timeout",
  "connect_timeout",
  "max_lifetime",
  "max_pipeline",
  "backoff",
  "keep_alive",
  "prepare",
  "debug",
  "fetch_types",
  "publications",
  "target_session_attrs",
];

/** Measured with 3.4.9 on 1.18.0: 35 to 38 of 48 transactions were lost, 5 of 24 concurrent queries never settled. */
export const namesStatements: NamesStatements = {
  option: "prepare",
  symptom: "`sql.begin` reports success for transactions that were rolled back, and queries fail or never settle",
  effect: "silent",
};

export const postgresOptions: ConnectOptions = {
  argument: [0, 1],
  startupParameters: {},
  urlOptions,
  optionsText: "options",
  environment: "PGHOST",
  poolSize: { options: ["max"], default: 10, source: "postgres 3.4" },
  nested: { connection: { argument: 0, startupParameters: "every", optionsText: "options" } },
  namesStatements,
};

/** What the methods of a query make of it before it is sent; the others (`values`, `raw`) leave it what it is. */
const lazy: Readonly<Record<string, PendingOperation>> = {
  simple: { does: "protocol", protocol: "simple" },
  readable: { does: "protocol", protocol: "simple", sends: true },
  writable: { does: "protocol", protocol: "simple", sends: true },
  execute: { does: "protocol", sends: true },
  forEach: { does: "protocol", sends: true },
  cursor: { does: "protocol", protocol: "extended" },
  describe: { does: "protocol", protocol: "extended" },
};

/** Tagged templates are sent when somebody waits for them; inside another one they are a part of it. */
const tag: QueryOperation = { does: "query", sql: 0, protocol: "extended", lazy };

const common: Readonly<Record<string, Operation>> = {
  unsafe: { does: "query", sql: 0, values: 1, lazy },
  file: { does: "query", sql: -1, file: 0, values: 1, lazy },
  notify: { does: "query", sql: -1, text: "select pg_notify('{0}', …)", protocol: "extended" },
  json: { does: "nothing" },
  array: { does: "nothing" },
  typed: { does: "nothing" },
};

const call: Operation = { does: "identifier" };
const begin: Operation = { does: "transaction", parameter: 0, gives: "transaction" };
/** It opens a connection of its own with the same settings. */
const listen: Operation = { does: "query", sql: -1, text: 'listen "{0}"' };

const database: HandleShape = {
  title: "pool",
  scope: "pool",
  tag,
  call,
  methods: {
    ...common,
    begin,
    beginDistributed: begin,
    distributed: begin,
    transaction: begin,
    reserve: { does: "checkout", gives: "reserved", callbackParameter: 0 },
    listen,
    subscribe: { does: "connect", startupParameters: { replication: "database" } },
    largeObject: { does: "nothing" },
    end: { does: "nothing" },
    close: { does: "nothing" },
  },
};

const transaction: HandleShape = {
  title: "transaction",
  scope: "transaction",
  tag,
  call,
  methods: {
    ...common,
    savepoint: { does: "nested", parameter: 0, gives: "transaction" },
    prepare: { does: "nothing" },
    listen,
  },
};

const reserved: HandleShape = {
  title: "reserved connection",
  scope: "client",
  tag,
  call,
  methods: { ...common, begin, transaction: begin, listen, release: { does: "release" } },
};

export const postgresHandles = {
  database,
  transaction,
  reserved,
  /** With `max: 1` there is one client connection, and BEGIN by hand is allowed. */
  single: { ...database, title: "client connection", scope: "client" },
  /** What a type says may be a pool or a transaction that was passed on: up to 3.4.4 `TransactionSql extends Sql`. */
  either: { ...database, title: "pool or transaction", scope: "unknown" },
} satisfies Record<string, HandleShape>;

const maker: ExportShape = {
  is: "handle-maker",
  makes: "database",
  typed: "either",
  single: { option: "max", value: 1, makes: "single" },
  options: postgresOptions,
};

const module: ModuleShape = {
  exports: { default: maker, postgres: maker },
  types: {
    Sql: "either",
    ISql: "either",
    TransactionSql: "transaction",
    ReservedSql: "reserved",
    "postgres.Sql": "either",
    "postgres.ISql": "either",
    "postgres.TransactionSql": "transaction",
    "postgres.ReservedSql": "reserved",
  },
};

export const postgresJs: Driver = {
  name: "postgres",
  source: "postgres 3.4.9",
  handles: postgresHandles,
  modules: { postgres: module, "https://deno.land/x/postgresjs/mod.js": module },
};
