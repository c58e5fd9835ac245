import { DataTypes, QueryTypes, Sequelize } from "sequelize";

export async function run(): Promise<unknown> {
  const sequelize = new Sequelize(process.env["DATABASE_URL"] ?? "", { dialect: "postgres", logging: false });
  const Note = sequelize.define(
    "Note",
    { mark: { type: DataTypes.TEXT, primaryKey: true } },
    { tableName: "notes", timestamps: false },
  );
  try {
    await sequelize.query("SELECT 'query-1'");
    await sequelize.query("SELECT 'replaced-1', :id", { replacements: { id: 1 } });
    await sequelize.query("SELECT 'bound-1', $1::int", { bind: [1] });
    await sequelize.query({ query: "SELECT 'config-1'", values: [] });
    await Note.findAll({ where: sequelize.literal("pg_notify('literal-1', '') IS NULL") });
    await sequelize.query("INSERT INTO notes VALUES ('several-1'); INSERT INTO notes VALUES ('several-2')");

    await sequelize.transaction(async (transaction) => {
      await sequelize.query("INSERT INTO notes VALUES ('transaction-1')", { transaction });
      await sequelize.query("SELECT 'outer-1'");
      await Note.findAll({ where: sequelize.literal("pg_notify('literal-2', '') IS NULL"), transaction });
      await sequelize.transaction({ transaction }, async (nested) => {
        await sequelize.query("INSERT INTO notes VALUES ('savepoint-1')", { transaction: nested });
      });
    });

    const transaction = await sequelize.transaction();
    await sequelize.query("INSERT INTO notes VALUES ('handle-1')", { transaction });
    await transaction.commit();

    await sequelize.getQueryInterface().sequelize.query("SELECT 'interface-1'");

    return await sequelize.query("SELECT mark FROM notes WHERE mark <> 'result-1' ORDER BY mark", {
      type: QueryTypes.SELECT,
    });
  } finally {
    await sequelize.close();
  }
}
