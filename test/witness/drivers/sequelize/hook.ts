import type { Client } from "pg";
import { QueryTypes, Sequelize } from "sequelize";

export async function run(): Promise<unknown> {
  const sequelize = new Sequelize(process.env["DATABASE_URL"] ?? "", {
    dialect: "postgres",
    logging: false,
    pool: { max: 1 },
    hooks: {
      afterConnect: async (connection) => {
        await (connection as Client).query("SELECT set_config('app.mark', 'hook-1', false)");
      },
    },
  });
  try {
    await sequelize.query("SELECT 'query-1'");
    return await sequelize.query("SELECT current_setting('app.mark', true), 'read-1'", { type: QueryTypes.SELECT });
  } finally {
    await sequelize.close();
  }
}
