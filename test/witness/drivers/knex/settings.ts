import knex from "knex";

export async function run(): Promise<unknown> {
  const connectionString = process.env["DATABASE_URL"] ?? "";
  const later = knex({
    client: "pg",
    connection: () => Promise.resolve({ connectionString, statement_timeout: 5000 }),
  });
  const inUrl = knex(`${connectionString}?lock_timeout=4000`);
  try {
    await later.raw("SELECT 'later-1'");
    await inUrl.raw("SELECT 'in-url-1'");
    return "done";
  } finally {
    await later.destroy();
    await inUrl.destroy();
  }
}
