import { sql } from "drizzle-orm";
import { pgTable, text } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";

const notes = pgTable("notes", { mark: text() });

export async function run(): Promise<unknown> {
  const client = postgres(process.env["DATABASE_URL"] ?? "", { prepare: false });
  const db = drizzle(client);
  try {
    await db.execute("SELECT 'text-1'");
    await db.execute(sql`SELECT 'tag-1'`);
    await db.execute(sql`SELECT 'values-1', ${1}::int`);
    await db.execute(sql.raw("SELECT 'raw-1'"));
    await db
      .select()
      .from(notes)
      .where(sql`pg_notify('where-1', '') IS NULL`);
    await db.$client`SELECT 'client-1'`;

    for (const round of [1, 2, 3]) {
      await db.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO notes VALUES ('transaction-1' || ${round}::int)`);
        await db.execute(sql`SELECT 'outer-1'`);
        await tx.transaction(async (nested) => {
          await nested.execute(sql`INSERT INTO notes VALUES ('savepoint-1')`);
        });
      });
    }

    return await db.execute(sql`SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark`);
  } finally {
    await client.end();
  }
}
