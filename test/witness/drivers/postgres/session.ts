import postgres from "postgres";

export async function run(): Promise<unknown> {
  const sql = postgres(process.env["DATABASE_URL"] ?? "", { prepare: false });
  const reserved = await sql.reserve();
  try {
    await reserved`SELECT set_config('app.mark', 'set-1', false)`;
    return await reserved`SELECT current_setting('app.mark', true), 'read-1'`;
  } finally {
    reserved.release();
    await sql.end();
  }
}
