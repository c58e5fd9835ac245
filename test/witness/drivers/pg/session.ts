import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"] });
  const client = await pool.connect();
  try {
    await client.query("SELECT set_config('app.mark', 'set-1', false)");
    return (await client.query("SELECT current_setting('app.mark', true), 'read-1'")).rows;
  } finally {
    client.release();
    await pool.end();
  }
}
