import { createPool, sql } from "slonik";

export async function run(): Promise<unknown> {
  const pool = await createPool(process.env["DATABASE_URL"] ?? "", {
    statementTimeout: "DISABLE_TIMEOUT",
    idleInTransactionSessionTimeout: "DISABLE_TIMEOUT",
  });
  try {
    return await pool.any(sql.unsafe`SELECT 'any-1' AS mark`);
  } finally {
    await pool.end();
  }
}
