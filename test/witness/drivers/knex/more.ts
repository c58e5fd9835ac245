import knex from "knex";
import type { Client } from "pg";

interface Internals {
  acquireConnection(): Promise<Client>;
  releaseConnection(connection: Client): Promise<void>;
}

export async function run(): Promise<unknown> {
  const db = knex({ client: "pg", connection: process.env["DATABASE_URL"] ?? "" });
  const internals: Internals = db.client as Internals;
  try {
    const connection = await internals.acquireConnection();
    await db.raw("SELECT 'connection-1'").connection(connection);
    await connection.query("BEGIN");
    await db.raw("INSERT INTO notes VALUES ('connection-2')").connection(connection);
    await connection.query("COMMIT");
    await internals.releaseConnection(connection);

    await db.transaction(async (trx) => {
      await trx.savepoint(async (inner) => {
        await inner.raw("INSERT INTO notes VALUES ('savepoint-1')");
      });
      await trx.schema.raw("SELECT 'schema-1'");
      await trx.select(trx.raw("pg_notify('select-1', '')"));
    });
    await db.transaction((trx) => {
      trx
        .raw("INSERT INTO notes VALUES ('promise-1')")
        .then(() => trx.commit())
        .catch(() => trx.rollback());
    });
    await db.transaction((trx) => trx.raw("SELECT 'serializable-1'"), { isolationLevel: "serializable" });
    const schema = db.withSchema("public");
    await schema.from("notes").whereRaw("pg_notify('with-schema-1', '') IS NULL");
    await db("notes").orderByRaw("pg_notify('order-by-1', '')::text");

    return (await db.raw<{ rows: unknown }>("SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark")).rows;
  } finally {
    await db.destroy();
  }
}
