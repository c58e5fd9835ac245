import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const pool = new Pool({
    connectionString: `${process.env["DATABASE_URL"] ?? ""}?application_name=notes&lock_timeout=4000&options=-c%20work_mem%3D8MB`,
  });
  try {
    return (await pool.query("SELECT current_setting('work_mem'), current_setting('lock_timeout'), 'url-1'")).rows;
  } finally {
    await pool.end();
  }
}
