import knex from "knex";

export async function run(): Promise<unknown> {
  const db = knex({ client: "pg", connection: process.env["DATABASE_URL"] ?? "", pool: { min: 0, max: 1 } });
  try {
    const seen: unknown[] = [];
    for (const id of [1, 2, 3]) {
      const { rows } = await db.raw<{ rows: unknown }>("SELECT 'raw-1', ?::int AS id", [id]).options({ name: "by-id" });
      seen.push(rows);
    }
    return seen;
  } finally {
    await db.destroy();
  }
}
