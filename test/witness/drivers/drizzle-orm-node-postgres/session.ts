import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { Client } from "pg";

export async function run(): Promise<unknown> {
  const client = new Client({ connectionString: process.env["DATABASE_URL"] });
  await client.connect();
  const db = drizzle(client);
  try {
    await db.execute(sql`SELECT set_config('app.mark', 'set-1', false)`);
    return (await db.execute(sql`SELECT current_setting('app.mark', true), 'read-1'`)).rows;
  } finally {
    await client.end();
  }
}
