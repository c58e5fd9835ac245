import type {
  ConnectOptions,
  Driver,
  ExportShape,
  HandleShape,
  Operation,
  PendingOperation,
  QueryOperation,
  SwitchOperation,
} from "./driver.ts";
import { nestModule } from "./nest-module.ts";
import { pgClient, pgOptions } from "./pg.ts";

/**
 * knex. Read from 3.3.0 and 0.95.15; run: 3.3.0, 1.0.7, 0.21.21. Builders and raw queries are sent when somebody waits for them. A raw
 * query with bindings travels in the extended protocol, unnamed. The schema builder has no temporary tables.
 */

/** Values of `client` that mean PostgreSQL (lib/constants.js, CLIENT_ALIASES), and what speaks its protocol. */
const POSTGRES = ["pg", "postgres", "postgresql", "pgnative", "pg-native", "cockroachdb", "redshift"];

/** Beginnings of connection strings that lead elsewhere; a string that is no URL is the name of an SQLite file. */
const OTHER_URLS = ["mysql:", "mysql2:", "mariadb:", "mssql:", "sqlite:", "sqlite3:", "oracle:", "oracledb:"];

const pool: ConnectOptions = {
  argument: 0,
  startupParameters: {},
  hooks: {
    afterCreate: { parameter: 0, gives: "rawClient" },
    validate: { parameter: 0, gives: "rawClient", repeats: true },
  },
};

export const knexOptions: ConnectOptions = {
  argument: 0,
  startupParameters: {},
  connectionString: "connection",
  inUrl: pgOptions,
  poolSize: { options: ["pool.max"], default: 10, source: "knex 3.3" },
  nested: { connection: { ...pgOptions, argument: 0 }, pool },
  connectStatements: { searchPath: "SET search_path TO …" },
  dialect: { option: "client", postgres: POSTGRES, otherUrls: OTHER_URLS },
};

const switches: Readonly<Record<string, SwitchOperation>> = {
  transacting: { does: "switch", argument: 0 },
  connection: { does: "switch", argument: 0 },
};

/** `.timeout(ms, { cancel: true })` cancels by the process id that the driver was told, on another connection. */
const timeout: QueryOperation = {
  does: "query",
  sql: -1,
  text: "SELECT pg_cancel_backend(…);",
  when: { argument: 1, property: "cancel" },
  lazy: switches,
};

/** `.options({ name })` reaches pg with the query, which is sent under that name. */
const options: QueryOperation = {
  does: "query",
  sql: -1,
  text: "SELECT …",
  when: { argument: 0, property: "name" },
  name: { argument: 0, property: "name" },
  lazy: switches,
};

/** Changes to a query that is not sent yet. */
const lazy: Readonly<Record<string, PendingOperation>> = { ...switches, timeout, options };

export const knexRaw: QueryOperation = { does: "query", sql: 0, values: 1, placeholders: "question-mark", lazy };

export const builder: Operation = { does: "same", gives: "builder" };

const part: Operation = { does: "same", gives: "builder", part: 0, placeholders: "question-mark" };

/** Methods of a builder whose first argument is SQL. */
export const knexParts: Readonly<Record<string, Operation>> = {
  whereRaw: part,
  andWhereRaw: part,
  orWhereRaw: part,
  havingRaw: part,
  andHavingRaw: part,
  orHavingRaw: part,
  orderByRaw: part,
  groupByRaw: part,
  joinRaw: part,
  fromRaw: part,
};

const common: Readonly<Record<string, Operation>> = {
  ...knexParts,
  raw: knexRaw,
  ref: { does: "identifier" },
  withSchema: builder,
  queryBuilder: builder,
  destroy: { does: "nothing" },
  initialize: { does: "nothing" },
  on: { does: "subscribe", event: 0, events: {} },
  once: { does: "subscribe", event: 0, events: {} },
};

const views = { schema: "schema", context: "database", migrate: "tool", seed: "tool", fn: "functions" };

const database: HandleShape = {
  title: "pool",
  scope: "pool",
  call: builder,
  views: { ...views, client: "internals" },
  others: "builder",
  asksForTransaction: ["isTransaction"],
  methods: {
    ...common,
    transaction: { does: "transaction", parameter: 0, gives: "transaction", manual: true },
    transactionProvider: { does: "same", gives: "provider" },
    withUserParams: { does: "same" },
  },
};

const transaction: HandleShape = {
  title: "transaction",
  scope: "transaction",
  call: builder,
  views: { ...views, context: "transaction", client: "transactionInternals", parentTransaction: "transaction" },
  others: "builder",
  asksForTransaction: ["isTransaction"],
  methods: {
    ...common,
    commit: { does: "end", how: "commit" },
    rollback: { does: "end", how: "rollback" },
    transaction: { does: "nested", parameter: 0, gives: "savepoint" },
    savepoint: { does: "nested", parameter: 0, gives: "savepoint" },
    transactionProvider: { does: "nothing" },
    isCompleted: { does: "nothing" },
  },
};

const queryBuilder: HandleShape = {
  title: "query builder",
  scope: "pool",
  others: "builder",
  methods: { ...knexParts, ...switches, timeout, options },
};

/** `schema.raw(a).raw(b)` sends both, one after the other. */
const schemaRaw: QueryOperation = {
  ...knexRaw,
  lazy: {
    ...lazy,
    get raw() {
      return schemaRaw;
    },
  },
};

const schemaBuilder: HandleShape = {
  title: "schema builder",
  scope: "pool",
  others: "schema",
  methods: { raw: schemaRaw },
};

/** What `client.config.client`, `client.dialect` and `client.driverName` may be for PostgreSQL. */
const saysDialect = { client: POSTGRES, dialect: POSTGRES, driverName: POSTGRES };

const internals: HandleShape = {
  title: "client",
  scope: "pool",
  views: { config: "settings" },
  saysDialect,
  methods: {
    acquireConnection: { does: "checkout", gives: "rawClient", callbackParameter: 0 },
    acquireRawConnection: { does: "checkout", gives: "rawClient", callbackParameter: 0 },
    releaseConnection: { does: "nothing" },
    raw: knexRaw,
    query: { does: "query", sql: 1, config: { text: "sql", values: "bindings" }, on: { argument: 0 } },
  },
};

/** A transaction inside another one: its end is the end of a savepoint. */
const savepoint: HandleShape = {
  ...transaction,
  methods: { ...transaction.methods, commit: { does: "nothing" }, rollback: { does: "nothing" } },
};

/** Handles that other packages over knex give too. */
export const knexHandles = {
  database,
  transaction,
  savepoint,
  provider: {
    title: "pool",
    scope: "pool",
    call: { does: "transaction", parameter: 0, gives: "transaction", manual: true },
    methods: {},
  },
  builder: queryBuilder,
  schema: schemaBuilder,
  internals,
  transactionInternals: {
    ...internals,
    methods: { ...internals.methods, acquireConnection: { does: "same", gives: "rawClient" } },
  },
  settings: { title: "settings", scope: "pool", saysDialect, methods: {} },
  tool: { title: "migrator", scope: "pool", methods: {} },
  functions: { title: "functions", scope: "pool", methods: {} },
  rawClient: pgClient,
  /** `Knex` is the type of transactions too. */
  either: { ...database, title: "pool or transaction", scope: "unknown" },
  someBuilder: { ...queryBuilder, scope: "unknown" },
  someSchema: { ...schemaBuilder, scope: "unknown" },
} satisfies Record<string, HandleShape>;

export const knexMaker: ExportShape = {
  is: "handle-maker",
  makes: "database",
  options: knexOptions,
  over: { argument: 0, properties: ["connectionPool"] },
};

export const knexTypes = {
  Knex: "either",
  default: "either",
  "Knex.Transaction": "transaction",
  "knex.Transaction": "transaction",
  "knex.Knex": "either",
  "knex.Knex.Transaction": "transaction",
  Transaction: "transaction",
  "Knex.TransactionProvider": "provider",
  "Knex.QueryBuilder": "someBuilder",
  "Knex.QueryInterface": "either",
  "Knex.SchemaBuilder": "someSchema",
  "Knex.Client": "internals",
  QueryBuilder: "someBuilder",
  SchemaBuilder: "someSchema",
};

const injected: ExportShape = { is: "injector", gives: "database" };

/** nest-knexjs 0.0.34 and nestjs-knex 2.0: what is injected is the pool. */
const nest: Readonly<Record<string, ExportShape>> = {
  KnexModule: nestModule(
    "database",
    { argument: 0, startupParameters: {}, nested: { config: knexOptions } },
    "createKnexOptions",
  ),
  InjectConnection: injected,
  InjectKnex: injected,
};

export const knex: Driver = {
  name: "knex",
  source: "knex 3.3.0",
  severalDialects: "by-package",
  handles: knexHandles,
  settingsFiles: [{ name: "knexfile", module: "knex", maker: "knex" }],
  conventions: [
    {
      functions: ["up", "down"],
      parameters: ["knex", "Knex"],
      gives: "transaction",
      unless: { path: ["config", "transaction"], gives: "database" },
    },
    { functions: ["seed"], parameters: ["knex", "Knex"], gives: "database" },
  ],
  modules: {
    knex: { exports: { default: knexMaker, knex: knexMaker, Knex: knexMaker }, types: knexTypes },
    "knex/types": { exports: {}, types: knexTypes },
    "nest-knexjs": { exports: nest },
    "nestjs-knex": { exports: nest },
  },
};
