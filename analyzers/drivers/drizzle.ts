import { bunOptions } from "./bun.ts";
import type { ConnectOptions, Driver, ExportShape, HandleShape, ModuleShape, Operation } from "./driver.ts";
import { pgClient, pgMakers, pgPool } from "./pg.ts";
import { postgresOptions } from "./postgres-js.ts";

/**
 * drizzle-orm. Run: 0.45.4 on node-postgres and postgres-js; read: 0.45.4 pg-core/db.js and session.js of every PostgreSQL entry point,
 * and 1.0.0-beta.1 for what it adds. `.prepare(name)` names the statement where the driver below is pg or speaks its interface; on
 * postgres.js the name is ignored, its own naming counts. A query without values is a simple one.
 */

const common: Readonly<Record<string, Operation>> = {
  execute: { does: "query", sql: 0, lazy: {} },
  $with: { does: "same", gives: "builder" },
  $count: { does: "same", gives: "builder" },
};

const inside: HandleShape = {
  title: "transaction",
  scope: "transaction",
  others: "builder",
  methods: {
    ...common,
    transaction: { does: "nested", parameter: 0, gives: "transaction" },
    setTransaction: { does: "query", sql: -1, text: "set transaction …" },
    rollback: { does: "end", how: "rollback", throws: true },
  },
};

const database: HandleShape = {
  title: "pool",
  scope: "pool",
  others: "builder",
  // `withReplicas(primary, replicas)` sends what is no SELECT to the primary, as the database itself does.
  views: { $client: "", $primary: "database", session: "nothing", _: "nothing" },
  methods: {
    ...common,
    transaction: { does: "transaction", parameter: 0, gives: "transaction" },
    batch: { does: "transaction", parameter: 0, gives: "transaction", lists: true },
    $withAuth: { does: "same" },
  },
};

/** `prepare(name)` is a named statement. */
const naming: HandleShape = {
  title: "query builder",
  scope: "pool",
  others: "builder",
  methods: { prepare: { does: "query", sql: -1, text: "", name: 0 } },
};

const plain: HandleShape = { ...naming, methods: { prepare: { does: "nothing" } } };

/** `below` is the kind of what `drizzle(url)` made itself. */
const handlesWith = (
  builder: HandleShape,
  below: Readonly<Record<string, HandleShape>> = {},
): Readonly<Record<string, HandleShape>> => {
  const [kind] = Object.keys(below);
  const overIt = { ...database, ...(kind === undefined ? {} : { below: kind }) };
  return {
    ...below,
    database: overIt,
    transaction: inside,
    /** The types of databases are written for transactions too. */
    either: { ...overIt, title: "pool or transaction", scope: "unknown" },
    /** It calls a function of the program's for each query (pg-proxy/session.js); what that does is not known. */
    proxy: { ...overIt, title: "proxy", scope: "unknown" },
    builder,
    nothing: { title: "session", scope: "pool", methods: {} },
  };
};

const entry = (prefix: string, options: ConnectOptions, makes = "database"): ModuleShape => ({
  exports: {
    drizzle: {
      is: "handle-maker",
      makes,
      over: { argument: 0, properties: ["client", "pool"] },
      options,
      exports: { mock: { is: "other-database" } },
    },
  },
  types: { [`${prefix}Database`]: "either", [`${prefix}Transaction`]: "transaction" },
});

const http: ConnectOptions = { argument: [0, 1], startupParameters: {} };

const { options: poolOptions } = pgMakers.Pool;

/** A connection string, or settings in `connection`. */
const onPg: ConnectOptions = {
  ...http,
  startupParameters: {},
  inUrl: poolOptions,
  poolSize: { options: ["connection.max"], default: 10, source: "pg-pool 3.14" },
  nested: { connection: { ...poolOptions, argument: 0 } },
};

/** The keys of `connection` are the driver's options, besides `url` (postgres-js/driver.js, bun-sql/driver.js). */
const onPostgres = (driver: ConnectOptions): ConnectOptions => {
  const { namesStatements, ...options } = driver;
  return {
    ...http,
    ...(options.poolSize === undefined ? {} : { poolSize: { ...options.poolSize, options: ["connection.max"] } }),
    inUrl: options,
    nested: { connection: { ...options, argument: 0, connectionString: "url" } },
    ...(namesStatements === undefined ? {} : { namesStatements: { ...namesStatements, inside: "connection" } }),
  };
};

const other: ModuleShape = { exports: { drizzle: { is: "other-database" } } };

const others = (names: readonly string[]): Record<string, ModuleShape> =>
  Object.fromEntries(names.map((name) => [`drizzle-orm/${name}`, other]));

/** Functions whose result is a part of a query that holds their arguments: sql/expressions and sql/functions. */
const operators = [
  ...[
    "and",
    "or",
    "not",
    "eq",
    "ne",
    "gt",
    "gte",
    "lt",
    "lte",
    "inArray",
    "notInArray",
    "isNull",
    "isNotNull",
    "exists",
  ],
  ...[
    "notExists",
    "between",
    "notBetween",
    "like",
    "notLike",
    "ilike",
    "notIlike",
    "asc",
    "desc",
    "count",
    "countDistinct",
  ],
  ...["avg", "avgDistinct", "sum", "sumDistinct", "max", "min", "arrayContains", "arrayContained", "arrayOverlaps"],
];

const sql: ExportShape = {
  is: "tag",
  // `sql.param()` and `sql.placeholder()` are bind values, as everything else is that is put into a template.
  exports: {
    raw: { is: "message", sql: 0, protocol: "by-values" },
    identifier: { is: "identifier" },
    join: { is: "join" },
    empty: { is: "message", sql: -1, text: "", protocol: "by-values" },
  },
};

export const drizzle: Driver = {
  name: "drizzle-orm",
  source: "drizzle-orm 0.45.4",
  handles: handlesWith(naming, { pool: pgPool, client: pgClient }),
  modules: {
    "drizzle-orm": {
      exports: { ...Object.fromEntries(operators.map((name) => [name, { is: "parts" } as const])), sql },
    },
    "drizzle-orm/sql": { exports: { sql } },
    "drizzle-orm/node-postgres": entry("NodePg", onPg),
    "drizzle-orm/neon-serverless": entry("Neon", onPg),
    "drizzle-orm/vercel-postgres": entry("VercelPg", { ...http, environment: "POSTGRES_URL" }),
    ...others([
      "pglite",
      "better-sqlite3",
      "bun-sqlite",
      "bun-sql/mysql",
      "bun-sql/sqlite",
      "durable-sqlite",
      "expo-sqlite",
      "op-sqlite",
      "sql-js",
      "sqlite-proxy",
      "libsql",
      "tursodatabase",
      "d1",
      "mysql2",
      "mysql-proxy",
      "planetscale-serverless",
      "tidb-serverless",
      "singlestore",
      "singlestore-proxy",
      "node-mssql",
      "gel",
      // PostgreSQL over an interface of the host's, where no pooler of the user's stands: the Data API of RDS, and Xata.
      "aws-data-api/pg",
      "xata-http",
    ]),
  },
};

/** Entry points on which a name that is given to `prepare()` does nothing, and types that are of all entry points. */
export const drizzleWithoutNames: Driver = {
  name: "drizzle-orm",
  source: "drizzle-orm 0.45.4",
  handles: handlesWith(plain),
  modules: {
    "drizzle-orm/postgres-js": entry("PostgresJs", onPostgres(postgresOptions)),
    "drizzle-orm/bun-sql": entry("BunSQL", onPostgres(bunOptions)),
    "drizzle-orm/bun-sql/postgres": entry("BunSQL", onPostgres(bunOptions)),
    "drizzle-orm/neon-http": entry("NeonHttp", http),
    "drizzle-orm/netlify-db": entry("NetlifyDb", { ...http, environment: "NETLIFY_DATABASE_URL" }),
    "drizzle-orm/pg-proxy": entry("PgRemote", http, "proxy"),
    "drizzle-orm/pg-core": {
      exports: {
        withReplicas: { is: "handle-maker", makes: "database", over: { argument: 0, properties: [] } },
      },
      types: {
        PgDatabase: "either",
        PgTransaction: "transaction",
        PgAsyncDatabase: "either",
        PgAsyncTransaction: "transaction",
      },
    },
  },
};
