import knex from "knex";
import { Model, raw, transaction } from "objection";

class Note extends Model {
  static override readonly tableName = "notes";
  static override readonly idColumn = "mark";
}

export async function run(): Promise<unknown> {
  const db = knex({ client: "pg", connection: process.env["DATABASE_URL"] ?? "" });
  Model.knex(db);
  try {
    await Note.query().whereRaw("pg_notify('where-raw-1', '') IS NULL");
    await Note.query().whereRaw("pg_notify('where-raw-2', '') IS NULL OR mark <> ?", ["a"]);
    await Note.query().select(raw("pg_notify('raw-1', '')"));
    await Note.knex().raw("SELECT 'model-knex-1'");

    await Note.transaction(async (trx) => {
      await Note.query(trx).whereRaw("pg_notify('transaction-1', '') IS NULL");
      await trx.raw("INSERT INTO notes VALUES ('transaction-2')");
      await Note.query().whereRaw("pg_notify('outer-1', '') IS NULL");
      await Note.query().transacting(trx).whereRaw("pg_notify('transacting-1', '') IS NULL");
    });
    await transaction(Note, async (BoundNote) => {
      await BoundNote.query().whereRaw("pg_notify('bound-1', '') IS NULL");
    });
    await transaction(Note.knex(), async (trx) => {
      await Note.bindTransaction(trx).query().whereRaw("pg_notify('bound-2', '') IS NULL");
    });
    const trx = await Note.startTransaction();
    await Note.query(trx).whereRaw("pg_notify('handle-1', '') IS NULL");
    await trx.commit();
    const other = await transaction.start(Note);
    await other.raw("INSERT INTO notes VALUES ('handle-2')");
    await other.rollback();

    return await Note.query().whereRaw("pg_notify('result-1', '') IS NOT NULL").orderBy("mark");
  } finally {
    await db.destroy();
  }
}
