import { DataTypes, Op, Sequelize } from "sequelize";

export async function run(): Promise<unknown> {
  const sequelize = new Sequelize(process.env["DATABASE_URL"] ?? "", { dialect: "postgres", logging: false });
  const Note = sequelize.define(
    "Note",
    { mark: { type: DataTypes.TEXT, primaryKey: true } },
    { tableName: "notes", timestamps: false },
  );
  try {
    await Note.findAll({ where: { [Op.and]: [sequelize.literal("pg_notify('and-1', '') IS NULL")] } });
    await Note.count({ where: sequelize.literal("pg_notify('count-1', '') IS NULL") });
    const transaction = await sequelize.transaction();
    try {
      await Note.update({ mark: sequelize.literal("pg_notify('update-1', '')::text") }, { where: {}, transaction });
      await sequelize.query("SELECT 'handle-1'", { transaction });
      await transaction.commit();
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
    await sequelize.transaction({ isolationLevel: "SERIALIZABLE" as never }, async (inside) => {
      await sequelize.query("SELECT 'serializable-1'", { transaction: inside });
    });
    return "done";
  } finally {
    await sequelize.close();
  }
}
