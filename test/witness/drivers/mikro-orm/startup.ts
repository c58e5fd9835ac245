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
    driverOptions: { connection: { statement_timeout: 5000, application_name: "notes" } },
  });
  try {
    return await orm.em.execute("SELECT current_setting('statement_timeout'), 'startup-1'");
  } finally {
    await orm.close();
  }
}
