import type { ConnectOptions, Driver, ExportShape, HandleShape, ModuleShape, Operation } from "./driver.ts";
import { pgOptions } from "./pg.ts";
import { namesStatements } from "./postgres-js.ts";

/**
 * drizzle-orm. Run: 0.45.4 on node-postgres and postgres-js; read: neon-http, neon-serverless, vercel-postgres. `.prepare(name)` names the
 * statement where the driver below is pg or speaks its interface; on postgres.js the name is ignored, its own naming counts.
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
    rollback: { does: "end", how: "rollback" },
  },
};

const database: HandleShape = {
  title: "pool",
  scope: "pool",
  others: "builder",
  views: { $client: "", session: "nothing" },
  methods: {
    ...common,
    transaction: { does: "transaction", parameter: 0, gives: "transaction" },
    batch: { does: "transaction", parameter: 0, gives: "transaction", lists: true },
    prepare: { does: "nothing" },
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

const handlesWith = (builder: HandleShape): Readonly<Record<string, HandleShape>> => ({
  database,
  transaction: inside,
  /** The types of databases are written for transactions too. */
  either: { ...database, title: "pool or transaction", scope: "unknown" },
  builder,
  nothing: { title: "session", scope: "pool", methods: {} },
});

const maker = (options: ConnectOptions): ExportShape => ({
  is: "handle-maker",
  makes: "database",
  over: { argument: 0, properties: ["client", "pool"] },
  options,
});

const withConnection: ConnectOptions = {
  argument: [0, 1],
  startupParameters: {},
  optionsText: "options",
  nested: { connection: { ...pgOptions, argument: 0 } },
};

const module = (options: ConnectOptions, prefix: string): ModuleShape => ({
  exports: { drizzle: maker(options) },
  types: {
    [`${prefix}Database`]: "either",
    [`${prefix}Transaction`]: "transaction",
  },
});

const onPg = { ...withConnection, startupParameters: pgOptions.startupParameters };

const other = { exports: { drizzle: { is: "other-database" } } } as const satisfies ModuleShape;

export const drizzle: Driver = {
  name: "drizzle-orm",
  source: "drizzle-orm 0.45.4",
  handles: handlesWith(naming),
  modules: {
    "drizzle-orm": {
      exports: {
        sql: {
          is: "tag",
          exports: {
            raw: { is: "message", sql: 0, protocol: "by-values" },
            identifier: { is: "identifier" },
            join: { is: "join" },
            empty: { is: "identifier" },
          },
        },
      },
    },
    "drizzle-orm/node-postgres": module(onPg, "NodePg"),
    "drizzle-orm/neon-serverless": module(onPg, "Neon"),
    "drizzle-orm/neon-http": module({ argument: [0, 1], startupParameters: {} }, "NeonHttp"),
    "drizzle-orm/vercel-postgres": module(onPg, "VercelPg"),
    "drizzle-orm/pg-core": { exports: {}, types: { PgDatabase: "either", PgTransaction: "transaction" } },
    "drizzle-orm/pglite": other,
    "drizzle-orm/better-sqlite3": other,
    "drizzle-orm/bun-sqlite": other,
    "drizzle-orm/libsql": other,
    "drizzle-orm/mysql2": other,
    "drizzle-orm/planetscale-serverless": other,
    "drizzle-orm/d1": other,
    "drizzle-orm/singlestore": other,
  },
};

export const drizzleOnPostgresJs: Driver = {
  name: "drizzle-orm",
  source: "drizzle-orm 0.45.4",
  handles: handlesWith(plain),
  modules: {
    "drizzle-orm/postgres-js": module(
      {
        argument: [0, 1],
        startupParameters: {},
        nested: {
          connection: {
            argument: 0,
            startupParameters: {},
            nested: { connection: { argument: 0, startupParameters: "every" } },
          },
        },
        namesStatements: { ...namesStatements, inside: "connection" },
      },
      "PostgresJs",
    ),
  },
};
