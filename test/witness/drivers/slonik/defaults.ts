import { createPool, sql } from "slonik";

export async function run(): Promise<unknown> {
  const pool = await createPool(process.env["DATABASE_URL"] ?? "", { connectionRetryLimit: 0 });
  try {
    await pool.query(sql.unsafe`SELECT 'query-1'`);
    return await pool.any(sql.unsafe`SELECT current_setting('statement_timeout'), 'read-1'`);
  } finally {
    await pool.end();
  }
}
