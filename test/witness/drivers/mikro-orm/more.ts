import { EntitySchema, MikroORM } from "@mikro-orm/postgresql";

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
    const trx = await connection.begin();
    await connection.execute("INSERT INTO notes VALUES ('begin-1')", [], "run", trx);
    await connection.execute("SELECT 'outer-1'");
    await connection.commit(trx);
    const fork = orm.em.fork();
    await fork.transactional(async (em) => {
      await em.execute("INSERT INTO notes VALUES ('fork-1')");
      await orm.em.execute("SELECT 'global-1'");
      await fork.execute("SELECT 'fork-2'");
      await insertLater(em.getRepository(Note).getEntityManager());
    });
    return await orm.em.execute("SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark");
  } finally {
    await orm.close();
  }
}

const insertLater = (em: { execute(sql: string): Promise<unknown> }): Promise<unknown> =>
  em.execute("INSERT INTO notes VALUES ('later-1')");
