import { createPool, sql } from "slonik";
import { z } from "zod";

export async function run(): Promise<unknown> {
  const pool = await createPool(process.env["DATABASE_URL"] ?? "", {
    statementTimeout: "DISABLE_TIMEOUT",
    idleInTransactionSessionTimeout: "DISABLE_TIMEOUT",
    resetConnection: async () => Promise.resolve(),
  });
  try {
    await pool.query(sql.unsafe`SELECT 'query-1'`);
    await pool.any(sql.type(z.unknown())`SELECT 'any-1', ${1}::int`);
    await pool.one(sql.unsafe`SELECT 'one-1' AS mark`);
    await pool.oneFirst(sql.unsafe`SELECT 'one-first-1' AS mark`);
    await pool.maybeOne(sql.unsafe`SELECT 'maybe-one-1' AS mark`);
    await pool.maybeOneFirst(sql.unsafe`SELECT 'maybe-one-first-1' AS mark`);
    await pool.many(sql.unsafe`SELECT 'many-1' AS mark`);
    await pool.manyFirst(sql.unsafe`SELECT 'many-first-1' AS mark`);
    await pool.anyFirst(sql.unsafe`SELECT 'any-first-1' AS mark`);
    await pool.exists(sql.unsafe`SELECT 'exists-1' AS mark`);
    await pool.stream(sql.unsafe`SELECT 'stream-1' AS mark`, (stream) => {
      stream.resume();
    });
    const where = sql.fragment`mark = ${"fragment-1"}`;
    await pool.any(sql.unsafe`SELECT 'fragment-1' FROM notes WHERE ${where}`);
    await pool.query(sql.unsafe`INSERT INTO notes SELECT 'unnest-1' FROM ${sql.unnest([[1]], ["int4"])}`);

    await pool.transaction(async (tx) => {
      await tx.query(sql.unsafe`INSERT INTO notes VALUES ('transaction-1')`);
      await tx.transaction(async (nested) => {
        await nested.query(sql.unsafe`INSERT INTO notes VALUES ('savepoint-1')`);
      });
    });
    await pool.connect(async (connection) => {
      await connection.query(sql.unsafe`SELECT 'connection-1'`);
      await connection.transaction((tx) => tx.query(sql.unsafe`INSERT INTO notes VALUES ('connection-tx-1')`));
      await connection.query(sql.unsafe`SELECT 'connection-2'`);
    });

    return await pool.any(sql.unsafe`SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark`);
  } finally {
    await pool.end();
  }
}
