import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const dialect = new PostgresDialect({ pool: new Pool({ connectionString: process.env["DATABASE_URL"], max: 1 }) });
  const db = new Kysely<unknown>({ dialect });
  try {
    await db.schema.createTable("batch").temporary().addColumn("id", "integer").execute();
    return (await sql`SELECT 'read-1' FROM batch`.execute(db)).rows;
  } finally {
    await db.destroy();
  }
}
