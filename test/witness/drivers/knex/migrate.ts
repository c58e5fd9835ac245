import knex, { type Knex } from "knex";

const migrations: Readonly<Record<string, Knex.Migration>> = {
  first: {
    up: async (db: Knex) => {
      await db.raw("INSERT INTO notes VALUES ('up-1')");
      await db.schema.raw("SELECT 'up-2'");
    },
    down: async (db: Knex) => {
      await db.raw("DELETE FROM notes WHERE mark = 'down-1'");
    },
  },
};

const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: () => Promise.resolve(Object.keys(migrations)),
  getMigrationName: (name) => name,
  getMigration: (name) => Promise.resolve(migrations[name] ?? { up: () => Promise.resolve() }),
};

export async function run(): Promise<unknown> {
  const db = knex({ client: "pg", connection: process.env["DATABASE_URL"] ?? "" });
  try {
    await db.migrate.latest({ migrationSource });
    await db.migrate.rollback({ migrationSource });
    await db.raw("DROP TABLE knex_migrations, knex_migrations_lock /* 'drop-1' */");
    return (await db.raw<{ rows: unknown }>("SELECT mark FROM notes WHERE mark <> 'result-1'")).rows;
  } finally {
    await db.destroy();
  }
}
