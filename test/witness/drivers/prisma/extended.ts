import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/index.js";

export async function run(): Promise<unknown> {
  const adapter = new PrismaPg({ connectionString: process.env["DATABASE_URL"] });
  const prisma = new PrismaClient({ adapter });
  const ofTenant = prisma.$extends({
    query: {
      $allModels: {
        async $allOperations({ args, query }) {
          const [, result] = await prisma.$transaction([
            prisma.$executeRaw`SELECT set_config('app.mark', 'tenant-1', true)`,
            query(args),
          ]);
          return result;
        },
      },
    },
  });
  try {
    await ofTenant.note.findMany();
    await ofTenant.$queryRaw`SELECT 'extended-1'`;
    await ofTenant.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO notes VALUES ('extended-2')`;
    });
    return await prisma.$queryRaw`SELECT mark FROM notes WHERE mark <> 'result-1'`;
  } finally {
    await prisma.$disconnect();
  }
}
