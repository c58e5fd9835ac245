import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";

interface Database {
  notes: { mark: string };
}

export async function run(): Promise<unknown> {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"] });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  try {
    await sql`SELECT 'tag-1'`.execute(db);
    await sql`SELECT 'values-1', ${1}::int`.execute(db);
    await sql.raw("SELECT 'raw-1'").execute(db);
    await db.executeQuery(CompiledQuery.raw("SELECT 'compiled-1'"));
    await db.executeQuery(CompiledQuery.raw("SELECT 'compiled-2', $1::int", [1]));
    await db.executeQuery(sql`SELECT 'compiled-3', ${1}::int`.compile(db));

    await db.transaction().execute(async (trx) => {
      await sql`INSERT INTO notes VALUES ('transaction-1')`.execute(trx);
      await sql`SELECT 'outer-1'`.execute(db);
      await trx.executeQuery(CompiledQuery.raw("SELECT 'transaction-2'"));
    });
    await db
      .transaction()
      .setIsolationLevel("serializable")
      .execute((trx) => sql`INSERT INTO notes VALUES ('serializable-1')`.execute(trx));

    const trx = await db.startTransaction().execute();
    await sql`INSERT INTO notes VALUES ('handle-1')`.execute(trx);
    const inside = await trx.savepoint("before_it").execute();
    await sql`INSERT INTO notes VALUES ('savepoint-1')`.execute(inside);
    await inside.rollbackToSavepoint("before_it").execute();
    await trx.commit().execute();

    await db.connection().execute(async (connection) => {
      await sql`SELECT 'connection-1'`.execute(connection);
      await connection.transaction().execute((tx) => sql`INSERT INTO notes VALUES ('connection-tx-1')`.execute(tx));
      await sql`SELECT 'connection-2'`.execute(connection);
    });

    return (await sql`SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark`.execute(db)).rows;
  } finally {
    await db.destroy();
  }
}
