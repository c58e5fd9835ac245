import { Client, Pool } from "pg";
import Cursor from "pg-cursor";
import QueryStream from "pg-query-stream";

export async function run(): Promise<unknown> {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"] });
  try {
    await pool.query("SELECT 'pool-1'");
    await pool.query("SELECT 'values-1', $1::int", [1]);
    await pool.query({ text: "SELECT 'config-1'" });
    await pool.query({ text: "SELECT 'config-2', $1::int", values: [1] });
    await pool.query("INSERT INTO notes VALUES ('several-1'); INSERT INTO notes VALUES ('several-2')");

    const client = await pool.connect();
    try {
      await client.query("SELECT 'checked-out-1'");
      await client.query("BEGIN");
      await client.query("INSERT INTO notes VALUES ('begin-1')");
      await client.query("INSERT INTO notes VALUES ($1 || 'begin-2')", [""]);
      await pool.query("SELECT 'outer-1'");
      await client.query("SAVEPOINT before_it");
      await client.query("INSERT INTO notes VALUES ('savepoint-1')");
      await client.query("ROLLBACK TO SAVEPOINT before_it");
      await client.query("COMMIT");
      await client.query("SELECT 'committed-1'");
      await client.query("START TRANSACTION READ ONLY");
      await client.query("SELECT 'read-only-1'");
      await client.query("ROLLBACK");
      const seen: unknown[] = [];
      const cursor = client.query(new Cursor("SELECT 'cursor-1', n FROM generate_series(1, 3) AS n"));
      await cursor.read(2);
      await cursor.close();
      for await (const row of client.query(new QueryStream("SELECT 'stream-1', $1::int", [1]))) seen.push(row);
    } finally {
      client.release();
    }

    await withTransaction(pool, (inside) => inside.query("INSERT INTO notes VALUES ('helper-1')"));

    const single = new Client({ connectionString: process.env["DATABASE_URL"] });
    await single.connect();
    await single.query("SELECT 'client-1'");
    await single.end();

    return (await pool.query("SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark")).rows;
  } finally {
    await pool.end();
  }
}

interface Queryable {
  query(text: string): Promise<unknown>;
}

async function withTransaction<T>(pool: Pool, work: (client: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
