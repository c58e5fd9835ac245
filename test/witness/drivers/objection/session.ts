import knex from "knex";
import { Model } from "objection";

class Note extends Model {
  static override readonly tableName = "notes";
  static override readonly idColumn = "mark";
}

export async function run(): Promise<unknown> {
  const db = knex({ client: "pg", connection: process.env["DATABASE_URL"] ?? "", pool: { min: 0, max: 1 } });
  Model.knex(db);
  try {
    await Note.knex().raw("SELECT set_config('app.mark', 'set-1', false)");
    return (await Note.knex().raw<{ rows: unknown }>("SELECT current_setting('app.mark', true), 'read-1'")).rows;
  } finally {
    await db.destroy();
  }
}
