import postgres from "postgres";

export async function run(): Promise<unknown> {
  const sql = postgres(process.env["DATABASE_URL"] ?? "", { prepare: false });
  try {
    const told = new Promise((resolve) => {
      setTimeout(resolve, 1500, "nothing");
      void sql.listen("notes", resolve).then(() => sql`SELECT pg_notify('notes', 'notify-1')`);
    });
    return await told;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
