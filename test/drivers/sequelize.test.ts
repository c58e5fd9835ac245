import { testDriver } from "../support/driver-cases.ts";

testDriver("sequelize", [
  {
    title: "options decide",
    code: `
        import { QueryTypes, Sequelize } from "sequelize";
        const db = new Sequelize("postgres://db", { dialect: "postgres", hooks: { afterConnect: async (c: any) => { await c.query("set role app"); } } });
        export async function work(id: string, options: any) {
          await db.query("select :id", { replacements: { id } });
          await db.transaction(async (transaction) => {
            await db.query("select 2", { transaction });
            await db.query("set local role app");
          });
          const t = await db.transaction();
          await db.query({ query: "select 3", values: [] }, { transaction: t });
          await t.commit();
          await db.query("select 4", options);
        }`,
    sites: [
      "set role app | client | autocommit | simple | on afterConnect",
      "select $ | pool | autocommit | unknown",
      "select 2 | transaction | in-transaction | unknown",
      "set local role app | pool | autocommit | simple",
      "select 3 | transaction | in-transaction | unknown",
      "select 4 | pool | unknown | unknown",
    ],
  },
  {
    title: "migrations",
    code: `
        module.exports = {
          async up(queryInterface) { await queryInterface.sequelize.query("set role app"); },
          async down(queryInterface, Sequelize) {
            await queryInterface.sequelize.transaction((transaction) => queryInterface.sequelize.query("select 1", { transaction }));
          },
        };`,
    sites: ["set role app | pool | autocommit | simple", "select 1 | transaction | in-transaction | unknown"],
  },
]);
