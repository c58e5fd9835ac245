import pgPromise from "pg-promise";

export async function run(): Promise<unknown> {
  const pgp = pgPromise({
    noWarnings: true,
    connect: ({ client, useCount }) => {
      if (useCount === 0) void client.query("SELECT set_config('app.mark', 'hook-1', false)");
    },
  });
  const db = pgp({ connectionString: process.env["DATABASE_URL"] ?? "", lock_timeout: 0 });
  try {
    await db.any("SELECT 'any-1'");
    return await db.any("SELECT current_setting('app.mark', true), 'read-1'");
  } finally {
    await db.$pool.end();
  }
}
