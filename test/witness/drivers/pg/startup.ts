import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const pool = new Pool({
    connectionString: process.env["DATABASE_URL"],
    statement_timeout: 5000,
    lock_timeout: 4000,
    idle_in_transaction_session_timeout: 3000,
    query_timeout: 2000,
    application_name: "notes",
    options: "-c search_path=public -c work_mem=8MB",
  });
  try {
    return (await pool.query("SELECT current_setting('statement_timeout'), 'startup-1'")).rows;
  } finally {
    await pool.end();
  }
}
