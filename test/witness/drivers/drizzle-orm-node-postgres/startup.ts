import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";

export async function run(): Promise<unknown> {
  const db = drizzle({
    connection: { connectionString: process.env["DATABASE_URL"] ?? "", statement_timeout: 5000 },
  });
  try {
    return (await db.execute(sql`SELECT current_setting('statement_timeout'), 'startup-1'`)).rows;
  } finally {
    await db.$client.end();
  }
}
