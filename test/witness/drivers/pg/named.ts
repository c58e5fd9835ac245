import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"], max: 1 });
  try {
    const seen: unknown[] = [];
    for (const id of [1, 2, 3]) {
      const { rows } = await pool.query({ name: "by-id", text: "SELECT 'named-1', $1::int AS id", values: [id] });
      seen.push(rows);
    }
    return seen;
  } finally {
    await pool.end();
  }
}
