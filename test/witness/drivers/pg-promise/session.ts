import pgPromise from "pg-promise";

export async function run(): Promise<unknown> {
  const pgp = pgPromise({ noWarnings: true });
  const db = pgp(process.env["DATABASE_URL"] ?? "");
  try {
    return await db.task(async (t) => {
      await t.any("SELECT set_config('app.mark', 'set-1', false)");
      return t.any("SELECT current_setting('app.mark', true), 'read-1'");
    });
  } finally {
    await db.$pool.end();
  }
}
