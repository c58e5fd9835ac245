import { EntitySchema, MikroORM, raw, sql } from "@mikro-orm/postgresql";

const Note = new EntitySchema<{ mark: string }>({
  name: "Note",
  tableName: "notes",
  properties: { mark: { type: "text", primary: true } },
});

export async function run(): Promise<unknown> {
  const orm = await MikroORM.init({
    clientUrl: process.env["DATABASE_URL"] ?? "",
    entities: [Note],
    allowGlobalContext: true,
  });
  try {
    const connection = orm.em.getConnection();
    await orm.em.execute("SELECT 'manager-1'");
    await orm.em.execute("SELECT 'values-1', ?", [1]);
    await connection.execute("SELECT 'connection-1'");
    await orm.em.fork().execute("SELECT 'fork-1'");
    await orm.em.find(Note, { [raw("(pg_notify('raw-1', '') IS NULL)")]: true });
    await orm.em.find(Note, { [sql`(pg_notify('tag-1', '') IS NULL)`]: true });
    await orm.em.getKnex().raw("SELECT 'knex-1'");
    await connection.execute("INSERT INTO notes VALUES ('several-1'); INSERT INTO notes VALUES ('several-2')");

    await orm.em.transactional(async (em) => {
      await em.execute("INSERT INTO notes VALUES ('transactional-1')");
      await orm.em.execute("SELECT 'global-1'");
      await connection.execute("SELECT 'outer-1'");
      await em.getConnection().execute("SELECT 'outer-2'");
      await em.getConnection().execute("SELECT 'context-1'", [], "all", em.getTransactionContext());
      await em.transactional(async (nested) => {
        await nested.execute("INSERT INTO notes VALUES ('savepoint-1')");
      });
    });

    const em = orm.em.fork();
    await em.begin();
    await em.execute("INSERT INTO notes VALUES ('begin-1')");
    await em.commit();
    await em.execute("SELECT 'committed-1'");

    await connection.transactional(async (trx) => {
      await connection.execute("INSERT INTO notes VALUES ('connection-2')", [], "run", trx);
    });

    return await orm.em.execute("SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark");
  } finally {
    await orm.close();
  }
}
