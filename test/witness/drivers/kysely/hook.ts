import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool: new Pool({ connectionString: process.env["DATABASE_URL"], max: 1 }),
      onCreateConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw("SELECT set_config('app.mark', 'hook-1', false)"));
      },
    }),
  });
  try {
    await sql`SELECT 'tag-1'`.execute(db);
    return (await sql`SELECT current_setting('app.mark', true), 'read-1'`.execute(db)).rows;
  } finally {
    await db.destroy();
  }
}
