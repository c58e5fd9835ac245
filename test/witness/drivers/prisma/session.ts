import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/index.js";

export async function run(): Promise<unknown> {
  const adapter = new PrismaPg({ connectionString: process.env["DATABASE_URL"], max: 1 });
  const prisma = new PrismaClient({ adapter });
  try {
    await prisma.$executeRaw`SELECT set_config('app.mark', 'set-1', false)`;
    return await prisma.$queryRaw`SELECT current_setting('app.mark', true) AS mark, 'read-1' AS read`;
  } finally {
    await prisma.$disconnect();
  }
}
