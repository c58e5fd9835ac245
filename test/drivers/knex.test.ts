import { testDriver } from "../support/driver-cases.ts";

testDriver("knex", [
  {
    title: "raw, transactions of all kinds",
    code: `
        import knex, { type Knex } from "knex";
        const db = knex({ client: "pg", connection: process.env.DATABASE_URL, searchPath: ["app"],
          pool: { afterCreate(conn: any, done: any) { conn.query("set role app", done); } } });
        export async function work(id: string) {
          await db.raw("select ?? from t where id = ?", ["a", id]);
          await db.transaction(async (trx) => { await trx.raw("set local role app"); await db.raw("select 2"); });
          await db.transaction((trx) => db.raw("select 3").transacting(trx));
          const trx = await db.transaction();
          await trx.raw("select 4");
          await trx.commit();
          await db("t").where({ id }).select(db.raw("1"));
          await db.schema.raw("select 5");
        }
        export const inside = (trx: Knex.Transaction) => trx.raw("select 6");`,
    sites: [
      "SET search_path TO … | client | autocommit | simple | on searchPath",
      "set role app | client | autocommit | unknown | on afterCreate",
      "select … from t where id = $ | pool | autocommit | extended",
      "set local role app | transaction | in-transaction | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | transaction | in-transaction | simple",
      "select 4 | transaction | in-transaction | simple",
      "select 5 | pool | autocommit | simple",
      "select 6 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "migrations by convention",
    code: `exports.up = function (knex) { return knex.raw("set role app"); };`,
    sites: ["set role app | transaction | in-transaction | simple"],
  },
  {
    title: "another database is none of our business",
    code: `
        import knex from "knex";
        const db = knex({ client: "mysql2" });
        export const f = () => db.raw("SET SESSION x = 1");`,
    sites: [],
  },
  {
    title: "objection",
    code: `
        import { Model, transaction, raw } from "objection";
        class User extends Model {}
        export async function f() {
          await User.knex().raw("select 1");
          await User.transaction(async (trx) => { await trx.raw("select 2"); });
          await transaction(User.knex(), async (trx) => { await trx.raw("select 3"); });
          await User.query().where(raw("pg_try_advisory_lock(1)"));
        }`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | transaction | in-transaction | simple",
      "select pg_try_advisory_lock(1) | pool | autocommit | extended",
    ],
  },
  {
    title: "lucid",
    code: `
        import db from "@adonisjs/lucid/services/db";
        import { BaseSchema } from "@adonisjs/lucid/schema";
        export async function f() {
          await db.rawQuery("select ?", [1]);
          await db.transaction(async (trx) => { await trx.rawQuery("select 2"); });
          const trx = await db.transaction();
          await trx.rawQuery("select 3");
          await trx.rollback();
        }
        export default class extends BaseSchema {
          async up() { this.schema.raw("set role app"); this.defer(async (db) => { await db.rawQuery("select 4"); }); }
        }`,
    sites: [
      "select $ | pool | autocommit | extended",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | transaction | in-transaction | simple",
      "set role app | transaction | in-transaction | simple",
      "select 4 | transaction | in-transaction | simple",
    ],
  },
]);
