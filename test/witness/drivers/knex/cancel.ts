import knex from "knex";

export async function run(): Promise<unknown> {
  const db = knex({ client: "pg", connection: process.env["DATABASE_URL"] ?? "" });
  try {
    const begun = performance.now();
    await db
      .raw("SELECT pg_sleep(2.5), 'slow-1'")
      .timeout(50, { cancel: true })
      .catch(() => undefined);
    // It is sent on the same connection, when that is done with what was to be cancelled.
    await db.raw("SELECT 'next-1'");
    return { isCancelled: performance.now() - begun < 2000 };
  } finally {
    await db.destroy();
  }
}
