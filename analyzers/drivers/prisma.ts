import type { Driver, ExportShape, HandleShape, ModuleShape, Operation, QueryOperation } from "./driver.ts";
import { pgClient, pgMakers, pgPool } from "./pg.ts";

/**
 * Prisma. Run: 7.10 and 6.19 with @prisma/adapter-pg; read: 7.10.0 runtime/client.d.ts, @prisma/adapter-pg 7.10.1 (a query goes to
 * `pg.query({ text, values })`, named only by `statementNameGenerator`), @prisma/adapter-neon 7.10.0, and the documentation of the Rust
 * engine (up to 6). Raw queries are sent when somebody waits for them; a list given to `$transaction` runs in one transaction.
 */

/** Without values the Rust engine prepares it all the same, and an adapter makes it a simple query, which may hold several statements. */
const raw: QueryOperation = { does: "query", sql: 0, withoutValues: "unknown", lazy: {} };
const unsafe: QueryOperation = { ...raw, values: 1, spread: true };

const common: Readonly<Record<string, Operation>> = {
  $queryRaw: raw,
  $executeRaw: raw,
  $queryRawUnsafe: unsafe,
  $executeRawUnsafe: unsafe,
  // Its SQL stands in a file of its own (prisma/sql/*.sql), which is read as such.
  $queryRawTyped: { does: "nothing" },
  $extends: { does: "same", later: true },
  // @prisma/extension-read-replicas 0.5.0
  $primary: { does: "same" },
  $replica: { does: "same" },
  $on: { does: "nothing" },
  $use: { does: "nothing" },
  $connect: { does: "nothing" },
  $disconnect: { does: "nothing" },
};

const transaction: Operation = {
  does: "transaction",
  parameter: 0,
  gives: "transaction",
  lists: true,
};

const client: HandleShape = {
  title: "client",
  scope: "pool",
  others: "model",
  // drizzle-orm/prisma/pg
  views: { $drizzle: "drizzle" },
  methods: { ...common, $transaction: transaction },
};

const handles = {
  prisma: client,
  transaction: { title: "transaction", scope: "transaction", others: "model", methods: common },
  /** What is only known by its methods, or is a type of both: a client, or a transaction that was passed on. */
  either: { ...client, title: "client or transaction", scope: "unknown" },
  model: { title: "model", scope: "pool", others: "model", methods: {} },
  drizzle: {
    title: "database",
    scope: "pool",
    others: "model",
    methods: { execute: { does: "query", sql: 0, lazy: {} } },
  },
  /** nestjs-prisma 0.27.0 */
  held: { title: "client", scope: "pool", views: { client: "prisma" }, methods: {} },
  adapter: { title: "pool", scope: "pool", methods: {} },
  pool: pgPool,
  client: pgClient,
} satisfies Record<string, HandleShape>;

/** A pool, its settings or its connection string, and settings of the adapter. */
const adapter: ExportShape = {
  is: "handle-maker",
  makes: "adapter",
  over: { argument: 0, properties: [] },
  options: {
    ...pgMakers.Pool.options,
    argument: [0, 1],
    namesStatements: {
      option: "statementNameGenerator",
      onlyWith: true,
      symptom: "queries fail or another statement of that name runs",
      effect: "error",
    },
  },
};

const maker: ExportShape = {
  is: "handle-maker",
  makes: "prisma",
  over: { argument: 0, properties: ["adapter"] },
  options: {
    argument: 0,
    startupParameters: {},
    poolSize: { options: [], source: "prisma 6: connection_limit in the URL, else twice the processors and one" },
    connectionString: "datasourceUrl",
    inUrl: { argument: 0, startupParameters: {}, optionsText: "options" },
    nested: {
      datasources: {
        argument: 0,
        startupParameters: {},
        nested: {
          "*": {
            argument: 0,
            startupParameters: {},
            connectionString: "url",
            inUrl: { argument: 0, startupParameters: {}, optionsText: "options" },
          },
        },
      },
    },
  },
};

const Prisma: ExportShape = {
  is: "namespace",
  exports: {
    sql: { is: "tag" },
    raw: { is: "message", sql: 0, protocol: "by-values" },
    join: { is: "join" },
    empty: { is: "empty" },
    defineExtension: { is: "extension", gives: "prisma" },
    getExtensionContext: { is: "same" },
  },
};

const other = (...names: readonly string[]): ModuleShape => ({
  exports: Object.fromEntries(names.map((name) => [name, { is: "other-database" } as const])),
});

export const prisma: Driver = {
  name: "@prisma/client",
  source: "@prisma/client 7.10 and 6.19",
  severalDialects: "by-schema",
  handles,
  knownByMethods: {
    names: ["$queryRaw", "$executeRaw", "$queryRawUnsafe", "$executeRawUnsafe", "$transaction"],
    kind: "either",
  },
  generated: { module: "@prisma/client", exports: ["PrismaClient", "Prisma"] },
  modules: {
    "@prisma/client": {
      exports: { PrismaClient: maker, Prisma },
      types: {
        PrismaClient: "prisma",
        "Prisma.TransactionClient": "transaction",
        "Prisma.DefaultPrismaClient": "prisma",
      },
    },
    "@prisma/client/extension": { exports: { Prisma, PrismaClient: maker }, types: { PrismaClient: "prisma" } },
    // The methods that a transaction has not: `Omit<PrismaClient, ITXClientDenyList>`.
    "@prisma/client/runtime/library": { exports: {}, types: { ITXClientDenyList: "transaction" } },
    "@prisma/client/runtime/client": { exports: {}, types: { ITXClientDenyList: "transaction" } },
    "@prisma/adapter-pg": { exports: { PrismaPg: adapter } },
    "@prisma/adapter-pg-worker": { exports: { PrismaPgWorker: adapter } },
    "@prisma/adapter-neon": {
      exports: {
        PrismaNeon: adapter,
        PrismaNeonHttp: { is: "handle-maker", makes: "adapter" },
        // Its name up to 6.5.
        PrismaNeonHTTP: { is: "handle-maker", makes: "adapter" },
      },
    },
    "@prisma/adapter-ppg": { exports: { PrismaPostgresAdapter: { is: "handle-maker", makes: "adapter" } } },
    "@prisma/adapter-mariadb": other("PrismaMariaDb"),
    "@prisma/adapter-mssql": other("PrismaMssql"),
    "@prisma/adapter-planetscale": other("PrismaPlanetScale"),
    "@prisma/adapter-libsql": other("PrismaLibSQL", "PrismaLibSql"),
    "@prisma/adapter-d1": other("PrismaD1", "PrismaD1Http", "PrismaD1HTTP"),
    "@prisma/adapter-better-sqlite3": other("PrismaBetterSQLite3", "PrismaBetterSqlite3"),
    "@prisma/adapter-bun-sqlite": other("PrismaBunSQLite", "PrismaBunSqlite"),
    // PostgreSQL inside the program.
    "pglite-prisma-adapter": other("PrismaPGlite"),
    "nestjs-prisma": {
      exports: { PrismaService: maker },
      types: { PrismaService: "prisma", CustomPrismaService: "held" },
    },
  },
};
