import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";

export async function run(): Promise<unknown> {
  const db = drizzle(process.env["DATABASE_URL"] ?? "");
  try {
    for (const round of [1, 2, 3, 4]) {
      await db.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO notes VALUES ('transaction-1' || ${round}::int)`);
      });
    }
    return await db.execute(sql`SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark`);
  } finally {
    await db.$client.end({ timeout: 1 });
  }
}
