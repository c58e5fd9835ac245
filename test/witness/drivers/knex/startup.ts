import knex from "knex";

export async function run(): Promise<unknown> {
  const db = knex({
    client: "pg",
    connection: { connectionString: process.env["DATABASE_URL"] ?? "", statement_timeout: 5000 },
  });
  try {
    return (await db.raw<{ rows: unknown }>("SELECT current_setting('statement_timeout'), 'startup-1'")).rows;
  } finally {
    await db.destroy();
  }
}
