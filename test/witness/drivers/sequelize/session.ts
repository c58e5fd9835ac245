import { QueryTypes, Sequelize } from "sequelize";

export async function run(): Promise<unknown> {
  const sequelize = new Sequelize(process.env["DATABASE_URL"] ?? "", {
    dialect: "postgres",
    logging: false,
    pool: { max: 1 },
  });
  try {
    await sequelize.query("SELECT set_config('app.mark', 'set-1', false)");
    return await sequelize.query("SELECT current_setting('app.mark', true), 'read-1'", { type: QueryTypes.SELECT });
  } finally {
    await sequelize.close();
  }
}
