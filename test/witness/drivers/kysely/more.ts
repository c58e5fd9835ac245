import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";
import Cursor from "pg-cursor";

interface Database {
  notes: { mark: string };
}

export async function run(): Promise<unknown> {
  const pool = new Pool({ connectionString: process.env["DATABASE_URL"] });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool, cursor: Cursor }) });
  try {
    await db.getExecutor().provideConnection(async (connection) => {
      await connection.executeQuery(CompiledQuery.raw("SELECT 'provided-1'"));
    });
    await db
      .selectFrom("notes")
      .select(sql`pg_notify('select-1', '')`.as("told"))
      .execute();
    await db.transaction().execute(async (trx) => {
      await trx
        .selectFrom("notes")
        .select("mark")
        .where(sql<boolean>`pg_notify('where-1', '') IS NULL`)
        .execute();
      await trx.withSchema("public").executeQuery(CompiledQuery.raw("SELECT 'with-schema-1'"));
    });
    const trx = await db.startTransaction().execute();
    await trx.executeQuery(CompiledQuery.raw("SELECT 'handle-1'"));
    await trx.rollback().execute();
    const fragment = sql`WHERE ${sql.ref("mark")} = ${sql.lit("fragment-1")}`;
    await sql`SELECT 'fragment-2' FROM ${sql.table("notes")} ${fragment}`.execute(db);
    await sql`SELECT 'join-1', ${sql.join([1, 2])}`.execute(db);
    return "done";
  } finally {
    await db.destroy();
  }
}
