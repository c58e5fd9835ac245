import pgPromise from "pg-promise";

export async function run(): Promise<unknown> {
  const pgp = pgPromise({ noWarnings: true, schema: "information_schema" });
  const db = pgp(process.env["DATABASE_URL"] ?? "");
  try {
    await db.any("SELECT 'any-1'");
    return await db.any("SELECT current_schema(), 'read-1'");
  } finally {
    await db.$pool.end();
  }
}
