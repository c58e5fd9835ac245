/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access -- knex types its client as any */
import knex from "knex";
import type { Client } from "pg";

export async function run(): Promise<unknown> {
  const db = knex({ client: "pg", connection: process.env["DATABASE_URL"] ?? "" });
  const client = (await db.client.acquireConnection()) as Client;
  try {
    await client.query("SELECT set_config('app.mark', 'set-1', false)");
    return (await client.query("SELECT current_setting('app.mark', true), 'read-1'")).rows;
  } finally {
    await db.client.releaseConnection(client);
    await db.destroy();
  }
}
