import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/index.js";

export async function run(): Promise<unknown> {
  const adapter = new PrismaPg(
    { connectionString: process.env["DATABASE_URL"], max: 1 },
    { statementNameGenerator: ({ sql }) => `length_${String(sql.length)}` },
  );
  const prisma = new PrismaClient({ adapter });
  try {
    const seen: unknown[] = [];
    for (const id of [1, 2, 3]) seen.push(await prisma.$queryRaw`SELECT 'query-1', ${id}::int AS id`);
    return seen;
  } finally {
    await prisma.$disconnect();
  }
}
