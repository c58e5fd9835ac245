import { QueryTypes, Sequelize } from "sequelize";

export async function run(): Promise<unknown> {
  const sequelize = new Sequelize(process.env["DATABASE_URL"] ?? "", {
    dialect: "postgres",
    logging: false,
    dialectOptions: { prependSearchPath: true },
  });
  try {
    // What the types of sequelize do not have, lib/dialects/postgres/query.js reads.
    const options = { type: QueryTypes.SELECT, searchPath: "information_schema" };
    return await sequelize.query("SELECT current_schema(), 'read-1'", options);
  } finally {
    await sequelize.close();
  }
}
