import knex from "knex";
import type { Client } from "pg";

export async function run(): Promise<unknown> {
  const db = knex({
    client: "pg",
    connection: process.env["DATABASE_URL"] ?? "",
    pool: {
      min: 0,
      max: 1,
      afterCreate: (client: Client, done: (error: Error | null, client: Client) => void) => {
        client.query("SELECT set_config('app.mark', 'hook-1', false)", (error) => {
          done(error, client);
        });
      },
    },
  });
  try {
    await db.raw("SELECT 'raw-1'");
    return (await db.raw<{ rows: unknown }>("SELECT current_setting('app.mark', true), 'read-1'")).rows;
  } finally {
    await db.destroy();
  }
}
