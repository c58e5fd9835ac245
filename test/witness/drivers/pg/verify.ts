import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const pool = new Pool({
    connectionString: process.env["DATABASE_URL"],
    verify: (client, done) => {
      client.query("SELECT set_config('app.mark', 'verify-1', false)").then(() => {
        done();
      }, done);
    },
  });
  try {
    return (await pool.query("SELECT current_setting('app.mark', true), 'read-1'")).rows;
  } finally {
    await pool.end();
  }
}
