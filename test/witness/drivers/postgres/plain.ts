import postgres from "postgres";

export async function run(): Promise<unknown> {
  const sql = postgres(process.env["DATABASE_URL"] ?? "", { prepare: false });
  try {
    await sql`SELECT 'tag-1'`;
    await sql`SELECT 'values-1', ${1}::int`;
    await sql`SELECT 'simple-1'`.simple();
    await sql`SELECT 'cursor-1', n FROM generate_series(1, 3) AS n`.cursor(2, () => undefined);
    await sql.unsafe("SELECT 'unsafe-1'");
    await sql.unsafe("SELECT 'unsafe-2', $1::int", [1]);
    const where = sql`mark = ${"fragment-1"}`;
    await sql`SELECT 'fragment-1' FROM notes WHERE ${where}`;
    await sql.unsafe("INSERT INTO notes VALUES ('several-1'); INSERT INTO notes VALUES ('several-2')");

    for (const round of [1, 2, 3]) {
      await sql.begin(async (tx) => {
        await tx`INSERT INTO notes VALUES ('begin-1' || ${round}::int)`;
        await tx.unsafe("SELECT 'begin-2'");
        await sql`SELECT 'outer-1'`;
        await tx.savepoint(async (nested) => {
          await nested`INSERT INTO notes VALUES ('savepoint-1')`;
        });
      });
    }
    await sql.begin("read only", (tx) => [tx`SELECT 'list-1'`, tx`SELECT 'list-2'`]);

    const reserved = await sql.reserve();
    try {
      await reserved`SELECT 'reserved-1'`;
      await reserved`BEGIN`;
      await reserved`INSERT INTO notes VALUES ('reserved-2')`;
      await reserved`COMMIT`;
      await reserved`SELECT 'reserved-3'`;
    } finally {
      reserved.release();
    }

    return await sql`SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark`;
  } finally {
    await sql.end();
  }
}
