import { sql } from "drizzle-orm";
import { pgTable, text } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";

const notes = pgTable("notes", { mark: text() });

export async function run(): Promise<unknown> {
  const client = postgres(process.env["DATABASE_URL"] ?? "", { prepare: false });
  const db = drizzle(client);
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
    await client.end();
  }
}
