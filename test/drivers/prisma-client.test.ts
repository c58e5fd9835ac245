import { testDriver } from "../support/driver-cases.ts";

testDriver("@prisma/client", [
  {
    title: "raw queries, both kinds of transaction",
    code: `
        import { Prisma, PrismaClient } from "@prisma/client";
        const prisma = new PrismaClient();
        export async function work(id: string) {
          await prisma.$queryRaw\`select \${id}\`;
          await prisma.$executeRawUnsafe("set role app");
          await prisma.$queryRaw(Prisma.sql\`select 1 where \${Prisma.raw("true")}\`);
          await prisma.$transaction([prisma.$executeRaw\`select set_config('a.b', \${id}, true)\`, prisma.user.findMany()]);
          await prisma.$transaction(async (tx) => { await tx.$executeRaw\`set local role app\`; await prisma.$queryRaw\`select 2\`; });
        }
        export const inside = (tx: Prisma.TransactionClient) => tx.$queryRaw\`select 3\`;
        export const omitted = (tx: Omit<PrismaClient, "$connect" | "$transaction">) => tx.$queryRaw\`select 4\`;`,
    sites: [
      "select $ | pool | autocommit | extended",
      "set role app | pool | autocommit | extended",
      "select 1 where true | pool | autocommit | extended",
      "select set_config('a.b', $, true) | transaction | in-transaction | extended",
      "set local role app | transaction | in-transaction | extended",
      "select 2 | pool | autocommit | extended",
      "select 3 | transaction | in-transaction | extended",
      "select 4 | transaction | in-transaction | extended",
    ],
  },
  {
    title: "a generated client, a Nest service, an extension",
    code: `
        import { PrismaClient } from "../generated/prisma/client";
        export class PrismaService extends PrismaClient {
          async tenant(id: string) { await this.$executeRaw\`select set_config('a', \${id}, false)\`; }
        }
        export class Repo {
          constructor(private readonly prisma: PrismaService) {}
          lock() { return this.prisma.$queryRaw\`select pg_advisory_lock(1)\`; }
        }
        const forGlobal = globalThis as unknown as { prisma?: PrismaClient };
        export const prisma = forGlobal.prisma ?? new PrismaClient().$extends({});
        export const f = () => prisma.$queryRaw\`select 1\`;`,
    sites: [
      "select set_config('a', $, false) | pool | autocommit | extended",
      "select pg_advisory_lock(1) | pool | autocommit | extended",
      "select 1 | pool | autocommit | extended",
    ],
  },
]);
