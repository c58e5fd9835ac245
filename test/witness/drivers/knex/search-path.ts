import knex from "knex";

export async function run(): Promise<unknown> {
  const db = knex({
    client: "pg",
    connection: process.env["DATABASE_URL"] ?? "",
    searchPath: ["information_schema"],
    pool: { min: 0, max: 1 },
  });
  try {
    await db.raw("SELECT 'raw-1'");
    return (await db.raw<{ rows: unknown }>("SELECT current_schema(), 'read-1'")).rows;
  } finally {
    await db.destroy();
  }
}
