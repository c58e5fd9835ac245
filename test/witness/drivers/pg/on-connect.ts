import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const pool = new Pool({
    connectionString: process.env["DATABASE_URL"],
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- pg waits for it, its types do not say so
    onConnect: async (client) => {
      await client.query("SELECT set_config('app.mark', 'on-connect-1', false)");
    },
  });
  pool.on("acquire", (client) => {
    void client.query("SELECT 'acquire-1'");
  });
  pool.on("release", (_error, client) => {
    void client.query("SELECT 'release-1'");
  });
  try {
    return (await pool.query("SELECT current_setting('app.mark', true), 'read-1'")).rows;
  } finally {
    await pool.end();
  }
}
