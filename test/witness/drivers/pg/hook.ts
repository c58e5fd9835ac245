import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"] });
  pool.on("connect", (client) => {
    void client.query("SELECT set_config('app.mark', 'hook-1', false)");
  });
  try {
    await pool.query("SELECT 'pool-1'");
    return (await pool.query("SELECT current_setting('app.mark', true), 'read-1'")).rows;
  } finally {
    await pool.end();
  }
}
