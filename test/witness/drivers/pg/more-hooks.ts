import { Client, Pool } from "pg";

class MarkingClient extends Client {
  override async connect(): Promise<this> {
    await super.connect();
    await this.query("SELECT set_config('app.mark', 'connect-1', false)");
    return this;
  }
}

export async function run(): Promise<unknown> {
  const connectionString = process.env["DATABASE_URL"];
  const pool = new Pool({
    connectionString,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- pg waits for it, its types do not say so
    onConnect: async (client) => {
      await client.query("SELECT set_config('app.mark', 'on-connect-1', false)");
    },
    verify: (client, done) => {
      client.query("SELECT set_config('app.mark', 'verify-1', false)").then(() => {
        done();
      }, done);
    },
  });
  pool.on("acquire", (client) => {
    void client.query("SELECT 'acquire-1'");
  });
  pool.on("release", (_error, client) => {
    void client.query("SELECT 'release-1'");
  });
  try {
    await pool.query("SELECT 'pool-1'");
    const client = new MarkingClient({ connectionString });
    await client.connect();
    await client.query("SELECT 'client-1'");
    await client.end();
    return (await pool.query("SELECT current_setting('app.mark', true), 'read-1'")).rows;
  } finally {
    await pool.end();
  }
}
