import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { pgTable, text } from "drizzle-orm/pg-core";
import { Pool } from "pg";

const notes = pgTable("notes", { mark: text() });

export async function run(): Promise<unknown> {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"], max: 1 });
  const db = drizzle({ client: pool });
  try {
    const byMark = db
      .select()
      .from(notes)
      .where(sql`pg_notify('prepared-1', '') IS NULL OR mark = ${sql.placeholder("mark")}`)
      .prepare("by-mark");
    const seen: unknown[] = [];
    for (const mark of ["a", "b", "c"]) seen.push(await byMark.execute({ mark }));
    return seen;
  } finally {
    await pool.end();
  }
}
