import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { pgTable, text } from "drizzle-orm/pg-core";
import { Pool } from "pg";

const notes = pgTable("notes", { mark: text() });

export async function run(): Promise<unknown> {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"] });
  const db = drizzle({ client: pool });
  try {
    await db.execute("SELECT 'text-1'");
    await db.execute(sql`SELECT 'tag-1'`);
    await db.execute(sql`SELECT 'values-1', ${1}::int`);
    await db.execute(sql.raw("SELECT 'raw-1'"));
    const where = sql`mark = ${"a"}`;
    await db.execute(sql`SELECT 'fragment-1' FROM notes WHERE ${where}`);
    await db.execute(sql.join([sql`SELECT 'join-1'`, sql`FROM notes`], sql` `));
    await db
      .select()
      .from(notes)
      .where(sql`pg_notify('where-1', '') IS NULL`);
    await db.$client.query("SELECT 'client-1'");

    await db.transaction(async (tx) => {
      await tx.execute(sql`INSERT INTO notes VALUES ('transaction-1')`);
      await db.execute(sql`SELECT 'outer-1'`);
      await tx.transaction(async (nested) => {
        await nested.execute(sql`INSERT INTO notes VALUES ('savepoint-1')`);
      });
      await tx
        .select()
        .from(notes)
        .where(sql`pg_notify('where-2', '') IS NULL`);
    });
    await db.transaction((tx) => tx.execute(sql`SELECT 'serializable-1'`), { isolationLevel: "serializable" });

    return (await db.execute(sql`SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark`)).rows;
  } finally {
    await pool.end();
  }
}
