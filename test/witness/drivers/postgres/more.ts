import postgres from "postgres";

export async function run(): Promise<unknown> {
  const sql = postgres(process.env["DATABASE_URL"] ?? "", { prepare: false });
  try {
    await sql`SELECT 'values-1'`.values();
    await sql`SELECT 'raw-1'`.raw();
    await sql`SELECT 'for-each-1'`.forEach(() => undefined);
    await sql`SELECT 'execute-1'`.execute();
    await sql.unsafe("SELECT 'unsafe-1', $1::int", [1], { prepare: true });
    for await (const rows of sql`SELECT 'cursor-1', n FROM generate_series(1, 3) AS n`.cursor(2)) rows.at(0);
    const copied = await sql`COPY (SELECT 'copy-1') TO STDOUT`.readable();
    copied.resume();
    await new Promise((resolve) => copied.once("end", resolve));

    const reserved = await sql.reserve();
    try {
      await reserved.unsafe("SELECT 'reserved-1'");
    } finally {
      reserved.release();
    }

    await sql
      .begin(async (tx) => {
        await tx`INSERT INTO notes VALUES ('failing-1')`;
        throw new Error("as meant");
      })
      .catch(() => undefined);
    await insertInto(sql, "helper");
    await sql.begin((tx) => insertInto(tx, "helper"));
    return await sql`SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark`;
  } finally {
    await sql.end();
  }
}

const insertInto = (sql: postgres.ISql, name: string): Promise<unknown> =>
  sql`INSERT INTO notes VALUES ('helper-1' || ${name})`;
