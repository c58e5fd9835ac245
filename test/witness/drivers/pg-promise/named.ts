import pgPromise from "pg-promise";

export async function run(): Promise<unknown> {
  const pgp = pgPromise({ noWarnings: true });
  const db = pgp({ connectionString: process.env["DATABASE_URL"] ?? "", max: 1 });
  const byId = new pgp.PreparedStatement({ name: "by-id", text: "SELECT 'prepared-1', $1::int AS id" });
  try {
    const seen: unknown[] = [];
    for (const id of [1, 2, 3]) {
      seen.push(await db.one(byId, [id]));
      seen.push(await db.one({ name: "by-other-id", text: "SELECT 'config-1', $1::int AS id", values: [id] }));
    }
    return seen;
  } finally {
    await db.$pool.end();
  }
}
