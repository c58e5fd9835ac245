import { QueryTypes, Sequelize } from "sequelize";

export async function run(): Promise<unknown> {
  const sequelize = new Sequelize(process.env["DATABASE_URL"] ?? "", {
    dialect: "postgres",
    logging: false,
    dialectOptions: {
      application_name: "notes",
      statement_timeout: 5000,
      lock_timeout: 4000,
      idle_in_transaction_session_timeout: 3000,
      options: "-c search_path=public",
    },
  });
  try {
    return await sequelize.query("SELECT current_setting('statement_timeout'), 'startup-1'", {
      type: QueryTypes.SELECT,
    });
  } finally {
    await sequelize.close();
  }
}
