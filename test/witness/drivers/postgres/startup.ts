import postgres from "postgres";

export async function run(): Promise<unknown> {
  const sql = postgres(process.env["DATABASE_URL"] ?? "", {
    prepare: false,
    connection: { application_name: "notes", statement_timeout: 5000, search_path: "public" },
  });
  try {
    return await sql`SELECT current_setting('statement_timeout'), 'startup-1'`;
  } finally {
    await sql.end();
  }
}
