import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"], max: 1 });
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("INSERT INTO notes VALUES ('begin-1')");
    await client.query("SELECT 1 / 0, 'failing-1'");
    await client.query("COMMIT");
  } catch {
    await client.query("ROLLBACK");
    await client.query("SELECT 'rolled-back-1'");
  } finally {
    client.release();
  }
  try {
    return (await pool.query("SELECT mark, 'result-1' FROM notes")).rows;
  } finally {
    await pool.end();
  }
}
