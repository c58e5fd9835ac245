import type { Driver, HandleShape } from "./driver.ts";
import { drizzle } from "./drizzle.ts";
import { prisma } from "./prisma.ts";
import { typeorm } from "./typeorm.ts";

/**
 * Transactions of NestJS applications that follow the flow of control. Read: @nestjs-cls/transactional 3.3.0 (transaction-host.js,
 * transactional.decorator.js), its adapters for Prisma 1.4.1, TypeORM 1.4.1 and Drizzle 1.2.1. `host.tx` is the transaction of the
 * decorated method that runs, else what transactions are begun on.
 */

const NAME = "@nestjs-cls/transactional";

const host: HandleShape = {
  title: "transaction host",
  scope: "unknown",
  followsFlow: true,
  views: { tx: "either" },
  methods: {
    withTransaction: { does: "transaction", parameter: 0, gives: "host", ambient: true },
    withoutTransaction: { does: "nothing" },
    isTransactionActive: { does: "nothing" },
  },
};

const over = (driver: Driver, module: string, adapter: string): Driver => ({
  name: NAME,
  source: `${NAME} 3.3.0`,
  handles: { ...driver.handles, host },
  modules: { [module]: { exports: {}, types: { [adapter]: "host" } } },
});

export const nestjsCls: readonly Driver[] = [
  over(prisma, `${NAME}-adapter-prisma`, "TransactionalAdapterPrisma"),
  over(typeorm, `${NAME}-adapter-typeorm`, "TransactionalAdapterTypeOrm"),
  over(drizzle, `${NAME}-adapter-drizzle-orm`, "TransactionalAdapterDrizzleOrm"),
  {
    name: NAME,
    source: `${NAME} 3.3.0`,
    handles: {},
    modules: {
      [NAME]: {
        exports: { Transactional: { is: "decorator" } },
        wrappers: { TransactionHost: {}, Transaction: { property: "tx" } },
      },
    },
  },
];
