import postgres from "postgres";

export async function run(): Promise<unknown> {
  const sql = postgres(process.env["DATABASE_URL"] ?? "", { prepare: false, publications: "all_notes" });
  try {
    const subscription = await sql.subscribe("insert", () => undefined);
    await sql`INSERT INTO notes VALUES ('insert-1')`;
    subscription.unsubscribe();
    return "subscribed";
  } finally {
    await sql.end({ timeout: 1 });
  }
}
