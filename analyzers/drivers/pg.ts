import type { ConnectOptions, Driver, ExportShape, HandleShape, QueryOperation } from "./driver.ts";

/**
 * node-postgres and the packages that ride on it. Checked by running pg 8.23.1, 8.11.6 and 8.0.3, pg-pool 3.14, pg-native 3.9.0,
 * pg-cursor 2.22.0, pg-query-stream and pg-copy-streams against PgBouncer 1.18.0, 1.21.0 and 1.25.2. Read: pg-pool 3.14 index.js for its
 * events, pg-native 3.9.0 index.js for its own methods.
 */

/** Keys of the configuration that lib/connection-parameters.js puts into the startup packet, each with the parameter's name. */
export const pgOptions: ConnectOptions = {
  argument: 0,
  startupParameters: {
    statement_timeout: "statement_timeout",
    lock_timeout: "lock_timeout",
    idle_in_transaction_session_timeout: "idle_in_transaction_session_timeout",
    application_name: "application_name",
    fallback_application_name: "application_name",
    client_encoding: "client_encoding",
    replication: "replication",
  },
  optionsText: "options",
  connectionString: "connectionString",
  environment: "PGHOST",
};

const poolOptions: ConnectOptions = {
  ...pgOptions,
  hooks: {
    onConnect: { parameter: 0, gives: "client" },
    verify: { parameter: 0, gives: "client" },
  },
  clientClass: "Client",
  poolSize: { options: ["max", "poolSize"], default: 10, source: "pg-pool 3.14" },
};

/** libpq's packet holds none of the timeouts: pg-native drops them, on a direct connection too. */
const nativeOptions = { startupParameters: { application_name: "application_name" } };

export const pgQuery: QueryOperation = {
  does: "query",
  sql: 0,
  values: 1,
  config: { text: "text", values: "values", name: "name", extended: ["rows", "queryMode"] },
};

export const pgClient: HandleShape = {
  title: "client",
  scope: "client",
  methods: {
    query: pgQuery,
    connect: { does: "nothing" },
    release: { does: "release" },
    end: { does: "release" },
    on: { does: "subscribe", event: 0, events: {} },
    once: { does: "subscribe", event: 0, events: {} },
    addListener: { does: "subscribe", event: 0, events: {} },
    removeListener: { does: "nothing" },
    off: { does: "nothing" },
    removeAllListeners: { does: "nothing" },
    escapeIdentifier: { does: "nothing" },
    escapeLiteral: { does: "nothing" },
    setTypeParser: { does: "nothing" },
    getTypeParser: { does: "nothing" },
  },
};

const connected = { parameter: 0, gives: "client" } as const;
const handedOver = { gives: "client", repeats: true } as const;

/** `connect` comes with new clients, `acquire` and `release` with every check-out. A client that is removed is closed. */
const events = {
  connect: connected,
  acquire: { ...handedOver, parameter: 0 },
  release: { ...handedOver, parameter: 1 },
};

export const pgPool: HandleShape = {
  title: "pool",
  scope: "pool",
  methods: {
    query: pgQuery,
    connect: { does: "checkout", gives: "client", callbackParameter: 1 },
    end: { does: "nothing" },
    on: { does: "subscribe", event: 0, events },
    once: { does: "subscribe", event: 0, events },
    addListener: { does: "subscribe", event: 0, events },
    removeListener: { does: "nothing" },
    off: { does: "nothing" },
    removeAllListeners: { does: "nothing" },
  },
};

const message: ExportShape = { is: "message", sql: 0, values: 1, protocol: "by-values" };

export const pgMakers = {
  Pool: { is: "handle-maker", makes: "pool", options: poolOptions },
  Client: { is: "handle-maker", makes: "client", options: pgOptions },
  Query: message,
} satisfies Record<string, ExportShape>;

const native: ExportShape = {
  is: "namespace",
  exports: {
    Pool: { is: "handle-maker", makes: "pool", options: { ...poolOptions, ...nativeOptions } },
    Client: { is: "handle-maker", makes: "client", options: { ...pgOptions, ...nativeOptions } },
    Query: message,
  },
};

export const pgTypes = {
  Pool: "pool",
  PoolClient: "client",
  Client: "client",
  ClientBase: "client",
};

/** The client of pg-native itself, which has methods of its own for waiting and for named statements. */
const nativeClient: HandleShape = {
  title: "client",
  scope: "client",
  methods: {
    query: { does: "query", sql: 0, values: 1 },
    querySync: { does: "query", sql: 0, values: 1 },
    prepare: { does: "query", sql: 1, name: 0, protocol: "extended" },
    prepareSync: { does: "query", sql: 1, name: 0, protocol: "extended" },
    execute: { does: "nothing" },
    executeSync: { does: "nothing" },
    connect: { does: "nothing" },
    connectSync: { does: "nothing" },
    end: { does: "release" },
    on: { does: "subscribe", event: 0, events: {} },
  },
};

const cursor: ExportShape = { is: "message", sql: 0, values: 1, protocol: "extended" };
const copy: ExportShape = { is: "message", sql: 0, protocol: "simple" };

export const pg: Driver = {
  name: "pg",
  source: "pg 8.23.1",
  handles: { pool: pgPool, client: pgClient, native: nativeClient },
  modules: {
    pg: {
      exports: { ...pgMakers, native, defaults: { is: "defaults", options: pgOptions } },
      types: pgTypes,
    },
    "pg-pool": { exports: { default: pgMakers.Pool }, types: { default: "pool" } },
    "pg-native": {
      exports: { default: { is: "handle-maker", makes: "native" } },
      types: { default: "native" },
    },
    "pg-cursor": { exports: { default: cursor } },
    "pg-query-stream": { exports: { default: cursor } },
    "pg-copy-streams": { exports: { from: copy, to: copy, both: copy } },
  },
};
