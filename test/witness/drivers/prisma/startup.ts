import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/index.js";

export async function run(): Promise<unknown> {
  const adapter = new PrismaPg({ connectionString: process.env["DATABASE_URL"], statement_timeout: 5000 });
  const prisma = new PrismaClient({ adapter });
  try {
    return await prisma.$queryRaw`SELECT current_setting('statement_timeout') AS timeout, 'startup-1' AS mark`;
  } finally {
    await prisma.$disconnect();
  }
}
