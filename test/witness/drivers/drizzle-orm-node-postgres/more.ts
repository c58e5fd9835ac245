import { and, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { pgTable, text, withReplicas } from "drizzle-orm/pg-core";
import { Pool } from "pg";

const notes = pgTable("notes", { mark: text() });

export async function run(): Promise<unknown> {
  const db = drizzle(process.env["DATABASE_URL"] ?? "");
  const other = new Pool({ connectionString: process.env["DATABASE_URL"] });
  const both = withReplicas(db, [drizzle(other)]);
  try {
    await db.transaction(async (tx) => {
      await tx.setTransaction({ isolationLevel: "serializable" });
      await tx.execute(sql`SELECT 'transaction-1'`);
    });
    await db
      .transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO notes VALUES ('rolled-back-1')`);
        tx.rollback();
      })
      .catch(() => undefined);
    await both.execute(sql`SELECT 'primary-1'`);
    await both.$primary.execute(sql`SELECT 'primary-2'`);
    await db.insert(notes).values({ mark: sql`pg_notify('insert-1', '')::text` });
    await db
      .update(notes)
      .set({ mark: sql`pg_notify('set-1', '')::text` })
      .where(and(eq(notes.mark, "a"), sql`pg_notify('and-1', '') IS NULL`));
    await db.delete(notes).where(sql`pg_notify('delete-1', '') IS NOT NULL`);
    return (await db.execute(sql`SELECT mark FROM notes WHERE mark <> 'result-1'`)).rows;
  } finally {
    await db.$client.end();
    await other.end();
  }
}
