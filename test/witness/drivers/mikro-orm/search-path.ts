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
    driverOptions: { searchPath: ["information_schema"] },
  });
  try {
    await orm.em.execute("SELECT 'manager-1'");
    return await orm.em.execute("SELECT current_schema(), 'read-1'");
  } finally {
    await orm.close();
  }
}
