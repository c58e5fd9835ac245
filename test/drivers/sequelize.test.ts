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
      "select $ | pool | autocommit | simple",
      "select 2 | transaction | in-transaction | simple",
      "set local role app | pool | autocommit | simple",
      "select 3 | transaction | in-transaction | simple",
      "select 4 | pool | unknown | unknown",
    ],
  },
  {
    title: "replacements go into the text, binds travel beside it",
    code: `
        import { QueryTypes, Sequelize } from "sequelize";
        const db = new Sequelize({ dialect: "postgres" });
        export async function f(id: string, tenant: string) {
          await db.query("select * from t where id = ? and b = ?", { replacements: [id, 1], type: QueryTypes.SELECT });
          await db.query("select * from t where id = :id::uuid and c = 'a:b'", { replacements: { id } });
          await db.query("select * from t where id = $id", { bind: { id } });
          await db.query("select * from t where id = $1", { bind: [id], raw: true });
          await db.query({ query: "select * from t where id = $1", bind: [id] });
          await db.query("do $body$ begin perform ':x $y'; end $body$");
        }`,
    sites: [
      "select * from t where id = $ and b = $ | pool | autocommit | simple",
      "select * from t where id = $::uuid and c = 'a:b' | pool | autocommit | simple",
      "select * from t where id = $ | pool | autocommit | extended",
      "select * from t where id = $1 | pool | autocommit | extended",
      "select * from t where id = $1 | pool | autocommit | extended",
      "do $body$ begin perform ':x $y'; end $body$ | pool | autocommit | simple",
    ],
  },
  {
    title: "managed and unmanaged transactions, with options and with a parent",
    code: `
        import { Sequelize, Transaction } from "sequelize";
        const db = new Sequelize(process.env.DATABASE_URL!);
        export async function f() {
          await db.transaction({ isolationLevel: Transaction.ISOLATION_LEVELS.SERIALIZABLE }, async (t) => {
            await db.query("set local lock_timeout = '1s'", { transaction: t });
            await db.transaction({ transaction: t }, async (inner) => { await db.query("select 2", { transaction: inner }); });
          });
          const t = await db.transaction();
          try {
            await db.query("select set_config('app.tenant', '1', true)", { transaction: t });
            await t.commit();
          } catch (error) {
            await t.rollback();
          }
          await db.query("select 4", { transaction: null });
        }`,
    sites: [
      "set local lock_timeout = '1s' | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "select set_config('app.tenant', '1', true) | transaction | in-transaction | simple",
      "select 4 | pool | autocommit | simple",
    ],
  },
  {
    title: "queries side by side in a transaction, one of them outside",
    code: `
        import { Sequelize } from "sequelize";
        const db = new Sequelize({ dialect: "postgres" });
        export const f = () =>
          db.transaction((transaction) =>
            Promise.all([db.query("select 1", { transaction }), db.query("select 2")]),
          );`,
    sites: ["select 1 | transaction | in-transaction | simple", "select 2 | pool | autocommit | simple"],
  },
  {
    title: "models lead to the same connection",
    code: `
        import { DataTypes, Model, Sequelize } from "sequelize";
        const sequelize = new Sequelize({ dialect: "postgres" });
        class User extends Model {
          static async lock(transaction: any) { await this.sequelize!.query("select 1"); }
        }
        User.init({ name: DataTypes.STRING }, { sequelize });
        export async function f(id: number) {
          await User.sequelize!.query("select 2");
          await User.sequelize!.transaction(async (transaction) => {
            const user = await User.findByPk(id, { transaction });
            if (!user) { await sequelize.query("select 3", { transaction }); return; }
            await user.update({ name: "x" }, { transaction });
          });
        }`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "literals and functions are part of the query, in its transaction",
    code: `
        import { fn, literal, Model, Op, Sequelize } from "sequelize";
        const sequelize = new Sequelize({ dialect: "postgres" });
        class Job extends Model {}
        export async function f() {
          await Job.findOne({ where: literal("pg_try_advisory_lock(id)") });
          await Job.findOne({ where: { done: false, [Op.and]: [literal("pg_try_advisory_lock(2)")] } });
          await Job.findAll({ attributes: [[fn("currval", "jobs_id_seq"), "last"]], order: sequelize.literal("random()") });
          await sequelize.transaction(async (transaction) => {
            await Job.findOne({ where: sequelize.literal("pg_try_advisory_xact_lock(id)"), transaction });
          });
        }`,
    sites: [
      "select pg_try_advisory_lock(id) | pool | autocommit | unknown",
      "select pg_try_advisory_lock(2) | pool | autocommit | unknown",
      "select currval(…) | pool | autocommit | unknown",
      "select pg_try_advisory_xact_lock(id) | transaction | in-transaction | unknown",
    ],
  },
  {
    title: "searchPath puts a SET in front of the query",
    code: `
        import { Model, Sequelize } from "sequelize";
        const sequelize = new Sequelize({ dialect: "postgres", dialectOptions: { prependSearchPath: true } });
        class Order extends Model {}
        export async function f(schema: string) {
          await sequelize.query("select 1", { searchPath: "tenant_1" });
          await Order.findAll({ where: {}, searchPath: schema });
          await Order.findAll({ where: {} });
        }`,
    sites: [
      "SET search_path to tenant_1;select 1 | pool | implicit | simple",
      "SET search_path to …; select 1 | pool | implicit | simple",
    ],
  },
  {
    title: "hooks that get a client connection, and hooks of models, which do not",
    code: `
        import { Sequelize } from "sequelize";
        const db = new Sequelize({ dialect: "postgres" });
        db.addHook("afterConnect", "role", async (connection: any) => { await connection.query("set role app"); });
        db.afterConnect(async (connection: any) => { await connection.query("set search_path to app"); });
        db.addHook("afterPoolAcquire", async (connection: any) => { await connection.query("set lock_timeout = 1"); });
        db.addHook("afterCreate", async (user: any) => { await db.query("select 1"); });`,
    sites: [
      "set role app | client | autocommit | simple | on afterConnect",
      "set search_path to app | client | autocommit | simple | on afterConnect",
      "set lock_timeout = 1 | client | autocommit | simple",
      "select 1 | pool | autocommit | simple",
    ],
  },
  {
    title: "a client connection from the connection manager",
    code: `
        import { Sequelize } from "sequelize";
        const db = new Sequelize({ dialect: "postgres" });
        export async function f() {
          const connection: any = await db.connectionManager.getConnection({ type: "write" });
          await connection.query("listen events");
          db.connectionManager.releaseConnection(connection);
        }`,
    sites: ["listen events | client | autocommit | simple"],
  },
  {
    title: "a service and a repository with an injected instance, the transaction passed along",
    code: `
        import { Injectable } from "@nestjs/common";
        import { InjectConnection } from "@nestjs/sequelize";
        import { Sequelize } from "sequelize-typescript";
        import type { Transaction } from "sequelize";
        @Injectable()
        export class Tenants {
          constructor(@InjectConnection() private readonly sequelize: Sequelize) {}
          async use(id: string, transaction?: Transaction) {
            await this.sequelize.query("select set_config('app.tenant', :id, true)", { replacements: { id }, transaction });
          }
          run = (id: string) => this.sequelize.transaction((transaction) => this.use(id, transaction));
          loose = (id: string) => this.sequelize.transaction(() => this.use(id));
        }`,
    sites: [
      "select set_config('app.tenant', $, true) | pool | autocommit | simple",
      "select set_config('app.tenant', $, true) | transaction | in-transaction | simple",
    ],
  },
  {
    title: "migrations in CommonJS",
    code: `
        module.exports = {
          async up(queryInterface) { await queryInterface.sequelize.query("set role app"); },
          async down(queryInterface, Sequelize) {
            await queryInterface.sequelize.transaction((transaction) => queryInterface.sequelize.query("select 1", { transaction }));
          },
        };`,
    sites: ["set role app | pool | autocommit | simple", "select 1 | transaction | in-transaction | simple"],
  },
  {
    title: "migrations in TypeScript, and of umzug",
    code: `
        import type { QueryInterface, Sequelize } from "sequelize";
        export async function up(queryInterface: QueryInterface) {
          const t = await queryInterface.sequelize.transaction();
          await queryInterface.sequelize.query("set local lock_timeout = '5s'", { transaction: t });
          await t.commit();
        }
        export const down = async ({ context: queryInterface }: { context: QueryInterface }) => {
          await queryInterface.sequelize.query("select 2");
        };`,
    sites: [
      "set local lock_timeout = '5s' | transaction | in-transaction | simple",
      "select 2 | pool | autocommit | simple",
    ],
  },
  {
    title: "a migration of umzug in JavaScript",
    code: `
        exports.up = async ({ context: queryInterface }) => { await queryInterface.sequelize.query("set role app"); };`,
    sites: ["set role app | pool | autocommit | simple"],
  },
  {
    title: "a transaction that follows the flow of control, as the program says once for all",
    code: `
        import { createNamespace } from "cls-hooked";
        import { Sequelize } from "sequelize";
        Sequelize.useCLS(createNamespace("app"));
        const db = new Sequelize({ dialect: "postgres" });
        const tenant = (id: string) => db.query("select set_config('app.tenant', :id, true)", { replacements: { id } });
        export const inside = (id: string) => db.transaction(async () => { await tenant(id); });
        export async function byHand() {
          const t = await db.transaction();
          await db.query("select 2");
          await t.commit();
        }`,
    sites: [
      "select set_config('app.tenant', $, true) | pool | in-transaction | simple",
      "select 2 | pool | autocommit | simple",
    ],
  },
  {
    title: "version 7: transactions follow the flow of control, connection options stand at the top",
    code: `
        import { Sequelize } from "@sequelize/core";
        import { PostgresDialect } from "@sequelize/postgres";
        const db = new Sequelize({ dialect: PostgresDialect, hooks: { afterConnect: async (c: any) => { await c.query("set role app"); } } });
        export async function f() {
          await db.transaction(async () => { await db.query("set local role app"); });
          const t = await db.startUnmanagedTransaction();
          await db.query("select 2", { transaction: t });
          await db.query("select 3");
          await t.commit();
          await db.withConnection(async (connection: any) => { await connection.query("select 4"); });
        }`,
    sites: [
      "set role app | client | autocommit | simple | on afterConnect",
      "set local role app | pool | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | pool | autocommit | simple",
      "select 4 | client | autocommit | simple",
    ],
  },
  {
    title: "several kinds of database: only PostgreSQL's branch",
    code: `
        import { Sequelize } from "sequelize";
        export async function lock(sequelize: Sequelize) {
          if (sequelize.getDialect() === "postgres") await sequelize.query("select pg_advisory_lock(1)");
          else await sequelize.query("SET SESSION x = 1");
          switch (sequelize.options.dialect) {
            case "mysql":
              await sequelize.query("SET SESSION y = 1");
              break;
            case "postgres":
              await sequelize.query("select 2");
          }
        }`,
    sites: ["select pg_advisory_lock(1) | pool | autocommit | simple", "select 2 | pool | autocommit | simple"],
  },
  {
    title: "other databases are none of our business",
    code: `
        import { Sequelize } from "sequelize";
        import { Sequelize as Core } from "@sequelize/core";
        import { MySqlDialect } from "@sequelize/mysql";
        const byOption = new Sequelize("app", "user", "password", { dialect: "mysql" });
        const byUrl = new Sequelize("mysql://db/app");
        const inMemory = new Sequelize("sqlite::memory:");
        const byClass = new Core({ dialect: MySqlDialect });
        export const f = () => byOption.query("SET SESSION x = 1");
        export const g = () => byUrl.query("SET SESSION x = 1");
        export const h = () => inMemory.query("PRAGMA x");
        export const i = () => byClass.query("SET SESSION x = 1");`,
    sites: [],
  },
  {
    title: "CommonJS",
    code: `
        const Sequelize = require("sequelize");
        const db = new Sequelize(process.env.DB, process.env.USER, process.env.PASSWORD, { dialect: "postgres", host: "db" });
        const { Sequelize: Named, Op } = require("sequelize");
        const other = new Named.Sequelize("postgresql://db/app");
        module.exports = { f: () => db.query("select 1"), g: async (t) => other.query("select 2") };`,
    sites: ["select 1 | pool | autocommit | simple", "select 2 | pool | autocommit | simple"],
  },
]);
