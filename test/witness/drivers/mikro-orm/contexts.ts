import { EntitySchema, MikroORM, raw, RequestContext } from "@mikro-orm/postgresql";

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
    await RequestContext.create(orm.em, async () => {
      await orm.em.execute("SELECT 'request-1'");
      await orm.em.transactional(async () => {
        await orm.em.execute("INSERT INTO notes VALUES ('request-2')");
        await orm.em.fork().execute("SELECT 'fork-1'");
      });
    });
    await orm.em.transactional(async (em) => {
      await em.createQueryBuilder(Note).where(raw("(pg_notify('builder-1', '') IS NULL)")).getResultList();
      await em.getKnex().raw("SELECT 'knex-1'");
      await em.getConnection().getKnex().raw("SELECT 'knex-2'");
    });
    await orm.em.getKnex().transaction(async (trx) => {
      await trx.raw("INSERT INTO notes VALUES ('knex-3')");
    });
    await orm.em.begin();
    await orm.em.execute("INSERT INTO notes VALUES ('begin-1')");
    await orm.em.rollback();
    await orm.em.execute("SELECT 'rolled-back-1'");
    return await orm.em.execute("SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark");
  } finally {
    await orm.close();
  }
}
