import postgres from "postgres";

export async function run(): Promise<unknown> {
  const sql = postgres(process.env["DATABASE_URL"] ?? "", { max: 1, prepare: false });
  try {
    await sql`SELECT 'tag-1'`;
    await sql`BEGIN`;
    await sql`INSERT INTO notes VALUES ('begin-1')`;
    await sql`COMMIT`;
    return await sql`SELECT mark FROM notes WHERE mark <> 'result-1'`;
  } finally {
    await sql.end();
  }
}
