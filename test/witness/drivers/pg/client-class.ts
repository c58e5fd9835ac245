import { Client } from "pg";

class MarkingClient extends Client {
  override async connect(): Promise<this> {
    await super.connect();
    await this.query("SELECT set_config('app.mark', 'connect-1', false)");
    return this;
  }
}

export async function run(): Promise<unknown> {
  const client = new MarkingClient({ connectionString: process.env["DATABASE_URL"] });
  await client.connect();
  try {
    await client.query("SELECT 'client-1'");
    return (await client.query("SELECT current_setting('app.mark', true), 'read-1'")).rows;
  } finally {
    await client.end();
  }
}
