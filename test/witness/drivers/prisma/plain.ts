import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "./generated/index.js";

export async function run(): Promise<unknown> {
  const adapter = new PrismaPg({ connectionString: process.env["DATABASE_URL"] });
  const prisma = new PrismaClient({ adapter });
  try {
    await prisma.$queryRaw`SELECT 'query-1'`;
    await prisma.$queryRaw`SELECT 'values-1', ${1}::int`;
    await prisma.$queryRaw(Prisma.sql`SELECT 'sql-1', ${1}::int`);
    await prisma.$queryRaw`SELECT 'raw-1' ${Prisma.raw("FROM notes")}`;
    await prisma.$queryRawUnsafe("SELECT 'unsafe-1'");
    await prisma.$queryRawUnsafe("SELECT 'unsafe-2', $1::int", 1);
    await prisma.$executeRaw`INSERT INTO notes VALUES ('execute-1')`;
    await prisma.$executeRawUnsafe("INSERT INTO notes VALUES ('execute-2')");

    await prisma.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO notes VALUES ('transaction-1')`;
      await tx.$queryRawUnsafe("SELECT 'transaction-2'");
      await prisma.$queryRaw`SELECT 'outer-1'`;
    });
    await prisma.$transaction([
      prisma.$executeRaw`INSERT INTO notes VALUES ('list-1')`,
      prisma.$queryRaw`SELECT 'list-2', ${1}::int`,
    ]);

    return await prisma.$queryRaw`SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark`;
  } finally {
    await prisma.$disconnect();
  }
}
