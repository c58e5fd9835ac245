import { createPool, sql } from "slonik";

export async function run(): Promise<unknown> {
  const pool = await createPool(process.env["DATABASE_URL"] ?? "", {
    statementTimeout: "DISABLE_TIMEOUT",
    idleInTransactionSessionTimeout: "DISABLE_TIMEOUT",
    resetConnection: async (connection) => {
      await connection.query("SELECT 'reset-1'");
    },
    interceptors: [
      {
        name: "mark",
        afterPoolConnection: async (_context, connection) => {
          await connection.query(sql.unsafe`SELECT set_config('app.mark', 'acquired-1', false)`);
          return null;
        },
        beforePoolConnectionRelease: async (_context, connection) => {
          await connection.query(sql.unsafe`SELECT 'released-1'`);
          return null;
        },
      },
    ],
  });
  try {
    return await pool.any(sql.unsafe`SELECT current_setting('app.mark', true), 'read-1' AS mark`);
  } finally {
    await pool.end();
  }
}
