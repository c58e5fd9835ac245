import knex from "knex";
import { Model, type TransactionOrKnex } from "objection";

class Note extends Model {
  static override readonly tableName = "notes";
  static override readonly idColumn = "mark";
  declare mark: string;
}

export async function run(): Promise<unknown> {
  const db = knex({ client: "pg", connection: process.env["DATABASE_URL"] ?? "" });
  const Bound = Note.bindKnex(db);
  try {
    await Bound.query().whereRaw("pg_notify('bound-1', '') IS NULL");
    const note = await Bound.query().insertAndFetch({ mark: "first" });
    await note.$query().whereRaw("pg_notify('instance-1', '') IS NULL").patch({ mark: "second" });
    await Bound.transaction(async (trx) => {
      await note.$query(trx).whereRaw("pg_notify('instance-2', '') IS NULL").patch({ mark: "third" });
      await count(Bound, trx);
    });
    const trx = await Bound.startTransaction();
    try {
      await Bound.query(trx).where(Bound.raw("pg_notify('raw-1', '') IS NULL"));
      await trx.commit();
    } catch (error) {
      await trx.rollback();
      throw error;
    }
    return await Bound.query().whereRaw("pg_notify('result-1', '') IS NOT NULL");
  } finally {
    await db.destroy();
  }
}

const count = (Bound: typeof Note, trx: TransactionOrKnex): Promise<number> =>
  Bound.query(trx).whereRaw("pg_notify('helper-1', '') IS NULL").resultSize();
