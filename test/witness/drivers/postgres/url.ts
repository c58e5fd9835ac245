import postgres from "postgres";

export async function run(): Promise<unknown> {
  const sql = postgres(`${process.env["DATABASE_URL"] ?? ""}?work_mem=8MB&connect_timeout=5`, { prepare: false });
  try {
    return await sql`SELECT current_setting('work_mem'), 'url-1'`;
  } finally {
    await sql.end();
  }
}
