import postgres from "postgres";

export async function run(): Promise<unknown> {
  const sql = postgres(process.env["DATABASE_URL"] ?? "", { max: 2 });
  try {
    await sql`SELECT 'tag-1'`;
    await sql.unsafe("SELECT 'unsafe-1', $1::int", [1]);
    for (const round of [1, 2, 3, 4]) {
      await sql.begin(async (tx) => {
        await tx`INSERT INTO notes VALUES ('begin-1' || ${round}::int)`;
      });
    }
    return await sql`SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
