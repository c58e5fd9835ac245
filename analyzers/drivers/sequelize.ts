import type { ConnectOptions, Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { nestModule } from "./nest-module.ts";
import { pgClient } from "./pg.ts";

/**
 * Sequelize 6, sequelize-typescript over it, and @sequelize/core 7. Run: 6.37.8 and 5.22.5; read: 6.37.8, sequelize-typescript 2.1.6,
 * @sequelize/core 7.0.0-alpha.48. A query is in a transaction when its options say so; without them it is outside, also in the callback
 * of `sequelize.transaction()`, unless `Sequelize.useCLS()` was called (6) or not forbidden by `disableClsTransactions` (7). On each
 * client connection it sends SET client_min_messages and SET TIME ZONE, which do no harm.
 */

/** The values of `dialect` for PostgreSQL; in 7 it is a class of a package. */
const POSTGRES = ["postgres", "postgresql"];

const OTHER_URLS = ["mysql:", "mariadb:", "mssql:", "sqlite:", "oracle:", "db2:", "ibmi:", "snowflake:"];

/** `SET search_path to …;` in front of the text, when `dialectOptions.prependSearchPath` is on (lib/dialects/postgres/query.js). */
const searchPath = { property: "searchPath", text: "SET search_path to …;" };

const query: QueryOperation = {
  does: "query",
  sql: 0,
  values: { argument: 1, property: "bind" },
  config: { text: "query", values: "bind" },
  placeholders: "colon",
  on: { argument: 1, property: "transaction" },
  prefix: { argument: 1, ...searchPath },
};

const hook = { parameter: 0, gives: "rawClient" } as const;
const onAcquire = { ...hook, repeats: true } as const;
const hooks = { afterConnect: hook, afterPoolAcquire: onAcquire };

const model: Operation = { does: "same", gives: "model" };

/** What becomes part of the query that a model makes. */
const fragments: Readonly<Record<string, Operation>> = {
  literal: { does: "message", sql: 0 },
  fn: { does: "message", sql: -1, text: "{0}(…)" },
  col: { does: "identifier" },
};

/** A method of a model, by the position of its options: it sends a query of its own making. */
const modelQuery = (argument: number): QueryOperation => ({
  does: "query",
  sql: -1,
  text: "SET search_path to …; select 1",
  when: { argument, property: "searchPath" },
  on: { argument, property: "transaction" },
});

/** lib/model.js: static methods and, where they have the same name, methods of instances with their options in the same place. */
const modelMethods: Readonly<Record<string, Operation>> = {
  findAll: modelQuery(0),
  findOne: modelQuery(0),
  findAndCountAll: modelQuery(0),
  findOrCreate: modelQuery(0),
  findOrBuild: modelQuery(0),
  count: modelQuery(0),
  destroy: modelQuery(0),
  truncate: modelQuery(0),
  restore: modelQuery(0),
  save: modelQuery(0),
  reload: modelQuery(0),
  findByPk: modelQuery(1),
  create: modelQuery(1),
  bulkCreate: modelQuery(1),
  update: modelQuery(1),
  upsert: modelQuery(1),
  increment: modelQuery(1),
  decrement: modelQuery(1),
  max: modelQuery(1),
  min: modelQuery(1),
  sum: modelQuery(1),
  aggregate: modelQuery(2),
};

const database: HandleShape = {
  title: "pool",
  scope: "pool",
  followsFlow: true,
  others: "model",
  saysDialect: { getDialect: POSTGRES },
  methods: {
    ...fragments,
    query,
    transaction: { does: "transaction", parameter: 0, gives: "transaction", manual: true, ambient: "declared" },
    getQueryInterface: { does: "same", gives: "queryInterface" },
    addHook: { does: "subscribe", event: 0, events: hooks },
    hook: { does: "subscribe", event: 0, events: hooks },
    afterConnect: { does: "subscribe", event: -1, events: { afterConnect: hook } },
    afterPoolAcquire: { does: "subscribe", event: -1, events: { afterPoolAcquire: onAcquire } },
    define: model,
    close: { does: "nothing" },
  },
  views: { connectionManager: "connectionManager", options: "settings", queryInterface: "queryInterface" },
};

const handles = {
  database,
  transaction: {
    title: "transaction",
    scope: "transaction",
    views: { sequelize: "database" },
    methods: {
      commit: { does: "end", how: "commit" },
      rollback: { does: "end", how: "rollback" },
      afterCommit: { does: "nothing" },
    },
  },
  queryInterface: {
    title: "query interface",
    scope: "pool",
    followsFlow: true,
    views: { sequelize: "database" },
    others: "model",
    methods: { quoteIdentifier: { does: "identifier" }, escape: { does: "identifier" } },
  },
  model: {
    title: "model",
    scope: "pool",
    followsFlow: true,
    views: { sequelize: "database" },
    others: "model",
    methods: modelMethods,
  },
  connectionManager: {
    title: "connection manager",
    scope: "pool",
    methods: {
      getConnection: { does: "checkout", gives: "rawClient", callbackParameter: 0 },
      releaseConnection: { does: "nothing" },
    },
  },
  settings: { title: "settings", scope: "pool", saysDialect: { dialect: POSTGRES }, methods: {} },
  rawClient: pgClient,
} satisfies Record<string, HandleShape>;

/** What `connect()` picks from `dialectOptions`, among them what was in the query of the URL (lib/dialects/postgres/connection-manager.js). */
const connection: ConnectOptions = {
  argument: 0,
  startupParameters: {
    application_name: "application_name",
    client_encoding: "client_encoding",
    statement_timeout: "statement_timeout",
    lock_timeout: "lock_timeout",
    idle_in_transaction_session_timeout: "idle_in_transaction_session_timeout",
  },
  optionsText: "options",
};

const hooksOption: ConnectOptions = { argument: 0, startupParameters: {}, hooks };

const options: ConnectOptions = {
  argument: [0, 1, 2, 3],
  startupParameters: {},
  inUrl: connection,
  poolSize: { options: ["pool.max"], default: 5, source: "sequelize 6" },
  nested: { dialectOptions: connection, hooks: hooksOption },
  dialect: { option: "dialect", postgres: POSTGRES, otherUrls: OTHER_URLS },
};

const literal: ExportShape = { is: "message", sql: 0, protocol: "simple" };
const fn: ExportShape = { is: "message", sql: -1, text: "{0}(…)", protocol: "simple" };
const named: ExportShape = { is: "identifier" };
const modelClass: ExportShape = { is: "handle", makes: "model" };

const statics = { literal, fn, col: named, Model: modelClass };

const maker: ExportShape = {
  is: "handle-maker",
  makes: "database",
  options,
  exports: { ...statics, Sequelize: { is: "handle-maker", makes: "database", options, exports: statics } },
};

const exports = { ...statics, Sequelize: maker };

const types = {
  default: "database",
  Sequelize: "database",
  Transaction: "transaction",
  QueryInterface: "queryInterface",
  "Sequelize.Transaction": "transaction",
  "Sequelize.Sequelize": "database",
  "Sequelize.QueryInterface": "queryInterface",
  Model: "model",
  ModelStatic: "model",
  ModelCtor: "model",
};

/** Names by which migrations know what sequelize-cli and umzug pass to them. */
const MIGRATED = ["queryInterface", "query", "qi", "migration"];

export const sequelize: Driver = {
  name: "sequelize",
  source: "sequelize 6.37.8",
  severalDialects: "by-package",
  handles,
  flowDeclaredBy: "useCLS",
  conventions: [
    { functions: ["up", "down"], parameters: MIGRATED, gives: "queryInterface" },
    { functions: ["up", "down"], parameters: MIGRATED, property: "context", gives: "queryInterface" },
  ],
  modules: {
    sequelize: { exports: { ...exports, default: maker }, types },
    "sequelize-typescript": { exports, types },
    "sequelize/types": { exports: {}, types },
    "@nestjs/sequelize": {
      exports: {
        SequelizeModule: nestModule("database", { ...options, connectionString: "uri" }, "createSequelizeOptions"),
        InjectConnection: { is: "injector", gives: "database" },
      },
    },
  },
};

const coreOptions: ConnectOptions = {
  ...connection,
  argument: [0, 1],
  connectionString: "url",
  nested: { hooks: hooksOption },
  dialect: { option: "dialect", postgres: POSTGRES, otherUrls: OTHER_URLS },
};

const coreMaker: ExportShape = { is: "handle-maker", makes: "database", options: coreOptions };

/** Version 7: queries in the callback of a transaction are in it by themselves; connection options stand beside the others. */
export const sequelizeCore: Driver = {
  name: "@sequelize/core",
  source: "@sequelize/core 7.0.0-alpha.48",
  severalDialects: "by-package",
  handles: {
    ...handles,
    database: {
      ...database,
      methods: {
        ...database.methods,
        queryRaw: query,
        transaction: { does: "transaction", parameter: 0, gives: "transaction", ambient: true },
        startUnmanagedTransaction: { does: "transaction", parameter: 0, gives: "transaction", manual: true },
        withConnection: { does: "checkout", gives: "rawClient", callbackParameter: 0 },
      },
    },
  },
  modules: {
    "@sequelize/core": {
      exports: { ...exports, default: coreMaker, Sequelize: coreMaker, sql: { is: "tag", exports: { literal, fn } } },
      types,
    },
  },
};
