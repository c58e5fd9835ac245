import knex from "knex";

export async function run(): Promise<unknown> {
  const db = knex({ client: "pg", connection: process.env["DATABASE_URL"] ?? "" });
  try {
    await db.raw("SELECT 'raw-1'");
    await db.raw("SELECT 'raw-2', ?::int", [1]);
    await db.raw("SELECT 'raw-3', :id::int", { id: 1 });
    await db("notes").select(db.raw("pg_notify('select-raw-1', '')"));
    await db("notes").whereRaw("pg_notify('where-raw-1', '') IS NULL");
    await db.select(db.raw("pg_notify('select-raw-2', '')")).from("notes").whereRaw("mark = ?", ["a"]);
    await db.schema.raw("SELECT 'schema-1'");
    await db.raw("INSERT INTO notes VALUES ('several-1'); INSERT INTO notes VALUES ('several-2')");

    await db.transaction(async (trx) => {
      await trx.raw("INSERT INTO notes VALUES ('transaction-1')");
      await trx("notes").whereRaw("pg_notify('transaction-2', '') IS NULL");
      await db.raw("SELECT 'transacting-1'").transacting(trx);
      await db("notes").whereRaw("pg_notify('transacting-2', '') IS NULL").transacting(trx);
      await db.raw("SELECT 'outer-1'");
      await trx.transaction(async (nested) => {
        await nested.raw("INSERT INTO notes VALUES ('savepoint-1')");
      });
    });

    const trx = await db.transaction();
    await trx.raw("INSERT INTO notes VALUES ('handle-1')");
    await trx.commit();

    const provider = db.transactionProvider();
    const provided = await provider();
    await provided.raw("INSERT INTO notes VALUES ('provider-1')");
    await provided.rollback();

    return (await db.raw<{ rows: unknown }>("SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark")).rows;
  } finally {
    await db.destroy();
  }
}
