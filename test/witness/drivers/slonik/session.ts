import { createPool, sql } from "slonik";

export async function run(): Promise<unknown> {
  const pool = await createPool(process.env["DATABASE_URL"] ?? "", {
    statementTimeout: "DISABLE_TIMEOUT",
    idleInTransactionSessionTimeout: "DISABLE_TIMEOUT",
    resetConnection: async () => Promise.resolve(),
  });
  try {
    return await pool.connect(async (connection) => {
      await connection.query(sql.unsafe`SELECT set_config('app.mark', 'set-1', false)`);
      return connection.any(sql.unsafe`SELECT current_setting('app.mark', true), 'read-1' AS mark`);
    });
  } finally {
    await pool.end();
  }
}
