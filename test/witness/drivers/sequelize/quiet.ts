import { type Options, QueryTypes, Sequelize } from "sequelize";

export async function run(): Promise<unknown> {
  // The types of sequelize have no keepDefaultTimezone, which lib/dialects/postgres/connection-manager.js reads.
  const options: Options & { keepDefaultTimezone: boolean } = {
    dialect: "postgres",
    logging: false,
    keepDefaultTimezone: true,
    dialectOptions: { clientMinMessages: "ignore" },
  };
  const sequelize = new Sequelize(process.env["DATABASE_URL"] ?? "", options);
  try {
    return await sequelize.query("SELECT 'query-1' AS mark", { type: QueryTypes.SELECT });
  } finally {
    await sequelize.close();
  }
}
