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
    pool: { min: 0, max: 1 },
  });
  try {
    await orm.em.execute("SELECT set_config('app.mark', 'set-1', false)");
    return await orm.em.execute("SELECT current_setting('app.mark', true), 'read-1'");
  } finally {
    await orm.close();
  }
}
