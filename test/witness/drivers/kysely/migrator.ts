import { Kysely, Migrator, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";

export async function run(): Promise<unknown> {
  const dialect = new PostgresDialect({ pool: new Pool({ connectionString: process.env["DATABASE_URL"] }) });
  const db = new Kysely<unknown>({ dialect });
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ first }) } });
  try {
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw new Error("the migration failed", { cause: error });
    await sql`DROP TABLE kysely_migration, kysely_migration_lock /* 'drop-1' */`.execute(db);
    return (await sql`SELECT mark FROM notes WHERE mark <> 'result-1'`.execute(db)).rows;
  } finally {
    await db.destroy();
  }
}

const first = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`INSERT INTO notes VALUES ('up-1')`.execute(db);
  },
};
