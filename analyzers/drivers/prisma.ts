import type { Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgOptions } from "./pg.ts";

/**
 * Prisma. Run: 7.10 and 6.19 with @prisma/adapter-pg; read: the documentation of the Rust engine (up to 6). Raw queries are sent when
 * somebody waits for them; a list given to `$transaction` runs in one transaction.
 */

const raw: QueryOperation = { does: "query", sql: 0, protocol: "extended", lazy: {} };

const common: Readonly<Record<string, Operation>> = {
  $queryRaw: raw,
  $executeRaw: raw,
  $queryRawUnsafe: raw,
  $executeRawUnsafe: raw,
  $queryRawTyped: { does: "nothing" },
  $extends: { does: "same" },
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

const handles = {
  client: { title: "client", scope: "pool", others: "model", methods: { ...common, $transaction: transaction } },
  transaction: { title: "transaction", scope: "transaction", others: "model", methods: common },
  /** What is only known by its methods: a client, or a transaction that was passed on. */
  either: {
    title: "client or transaction",
    scope: "unknown",
    others: "model",
    methods: { ...common, $transaction: transaction },
  },
  model: { title: "model", scope: "pool", others: "model", methods: {} },
  adapter: { title: "pool", scope: "pool", methods: {} },
} satisfies Record<string, HandleShape>;

const adapter: ExportShape = {
  is: "handle-maker",
  makes: "adapter",
  over: { argument: 0, properties: [] },
  options: { ...pgOptions, argument: 0 },
};

const client: ExportShape = {
  is: "handle-maker",
  makes: "client",
  over: { argument: 0, properties: ["adapter"] },
};

const Prisma: ExportShape = {
  is: "namespace",
  exports: {
    sql: { is: "tag" },
    raw: { is: "message", sql: 0, protocol: "by-values" },
    join: { is: "join" },
    empty: { is: "identifier" },
  },
};

export const prisma: Driver = {
  name: "@prisma/client",
  source: "@prisma/client 7.10 and 6.19",
  severalDialects: true,
  handles,
  knownByMethods: {
    names: ["$queryRaw", "$executeRaw", "$queryRawUnsafe", "$executeRawUnsafe", "$transaction"],
    kind: "either",
  },
  generated: { module: "@prisma/client", exports: ["PrismaClient", "Prisma"] },
  modules: {
    "@prisma/client": {
      exports: { PrismaClient: client, Prisma },
      types: {
        PrismaClient: "client",
        "Prisma.TransactionClient": "transaction",
        "Prisma.DefaultPrismaClient": "client",
      },
    },
    "@prisma/adapter-pg": { exports: { PrismaPg: adapter } },
    "@prisma/adapter-neon": { exports: { PrismaNeon: adapter } },
  },
};
