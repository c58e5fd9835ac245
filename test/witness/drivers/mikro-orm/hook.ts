import { EntitySchema, MikroORM } from "@mikro-orm/postgresql";
import type { Client } from "pg";

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
    pool: {
      min: 0,
      max: 1,
      afterCreate: (client: Client, done: (error: Error | null, client: Client) => void) => {
        client.query("SELECT set_config('app.mark', 'hook-1', false)", (error) => {
          done(error, client);
        });
      },
    },
  });
  try {
    await orm.em.execute("SELECT 'manager-1'");
    return await orm.em.execute("SELECT current_setting('app.mark', true), 'read-1'");
  } finally {
    await orm.close();
  }
}
