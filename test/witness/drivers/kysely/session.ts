import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const dialect = new PostgresDialect({ pool: new Pool({ connectionString: process.env["DATABASE_URL"] }) });
  const db = new Kysely<unknown>({ dialect });
  try {
    return await db.connection().execute(async (connection) => {
      await sql`SELECT set_config('app.mark', 'set-1', false)`.execute(connection);
      return (await sql`SELECT current_setting('app.mark', true), 'read-1'`.execute(connection)).rows;
    });
  } finally {
    await db.destroy();
  }
}
