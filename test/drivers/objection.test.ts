import { testDriver } from "../support/driver-cases.ts";

testDriver("objection", [
  {
    title: "models, their connection, and transactions of every kind",
    code: `
        import { Model, transaction, raw } from "objection";
        class User extends Model { static get tableName() { return "users"; } }
        export async function f() {
          await User.knex().raw("select 1");
          await User.transaction(async (trx) => { await trx.raw("select 2"); await User.knex().raw("select 3"); });
          await transaction(User.knex(), async (trx) => { await trx.raw("select 4"); });
          const trx = await User.startTransaction();
          await trx.raw("select 5");
          await trx.commit();
          const other = await transaction.start(User.knex());
          await other.raw("select 6");
          await other.rollback();
          await User.knex().raw("select 7");
        }`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | pool | autocommit | simple",
      "select 4 | transaction | in-transaction | simple",
      "select 5 | transaction | in-transaction | simple",
      "select 6 | transaction | in-transaction | simple",
      "select 7 | pool | autocommit | simple",
    ],
  },
  {
    title: "parts of queries, inside and outside of the transaction they are given",
    code: `
        import { Model, raw } from "objection";
        class Job extends Model { static tableName = "jobs"; }
        export async function f() {
          await Job.query().where(raw("pg_try_advisory_lock(id)"));
          await Job.transaction(async (trx) => {
            await Job.query(trx).where(raw("pg_try_advisory_xact_lock(?)", [1])).first();
            await Job.query().select(Job.raw("currval('jobs_id_seq')"));
            await Job.relatedQuery("runs", trx).for(1).where(raw("pg_try_advisory_xact_lock(run)"));
          });
        }`,
    sites: [
      "select pg_try_advisory_lock(id) | pool | autocommit | unknown",
      "select pg_try_advisory_xact_lock($) | transaction | in-transaction | unknown",
      "select currval('jobs_id_seq') | pool | autocommit | unknown",
      "select pg_try_advisory_xact_lock(run) | transaction | in-transaction | unknown",
    ],
  },
  {
    title: "texts that become part of a query without a transaction, and a query that goes on in one",
    code: `
        import { Model } from "objection";
        class Job extends Model { static tableName = "jobs"; }
        export async function f() {
          await Job.query().whereRaw("pg_try_advisory_lock(?)", [1]);
          await Job.relatedQuery("runs").for(1).orWhereRaw("pg_try_advisory_lock(2)");
          await Job.transaction(async (trx) => {
            await Job.query().whereRaw("pg_try_advisory_lock(3)");
            await Job.query().transacting(trx).whereRaw("pg_try_advisory_xact_lock(4)");
            await Job.query().whereRaw("pg_try_advisory_xact_lock(5)").transacting(trx);
          });
        }`,
    sites: [
      "select pg_try_advisory_lock($) | pool | autocommit | unknown",
      "select pg_try_advisory_lock(2) | pool | autocommit | unknown",
      "select pg_try_advisory_lock(3) | pool | autocommit | unknown",
      "select pg_try_advisory_xact_lock(4) | transaction | in-transaction | unknown",
      "select pg_try_advisory_xact_lock(5) | transaction | in-transaction | unknown",
    ],
  },
  {
    title: "models bound to a transaction",
    code: `
        import { Model, transaction, raw } from "objection";
        class Person extends Model {}
        class Animal extends Model {}
        export const f = () =>
          transaction(Person, Animal, async (BoundPerson, BoundAnimal, trx) => {
            await trx.raw("set local role app");
            await BoundPerson.query().where(raw("pg_try_advisory_xact_lock(1)"));
            await BoundAnimal.knex().raw("select 2");
            await Person.knex().raw("select 3");
          });`,
    sites: [
      "set local role app | transaction | in-transaction | simple",
      "select pg_try_advisory_xact_lock(1) | transaction | in-transaction | unknown",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | pool | autocommit | simple",
    ],
  },
  {
    title: "what a row is asked for is no connection",
    code: `
        import { Model } from "objection";
        class User extends Model {}
        export async function f(id: number) {
          const user = await User.query().findById(id);
          if (!user) { await User.knex().raw("select 1"); return; }
          await user.$query().patch({ a: 1 });
        }`,
    sites: ["select 1 | pool | autocommit | simple"],
  },
  {
    title: "types by which services are written",
    code: `
        import { Model, type QueryContext, type Transaction, type TransactionOrKnex } from "objection";
        import type { Knex } from "knex";
        export class Tenants {
          constructor(private readonly knex: Knex) {}
          set = (id: string, trx: Transaction) => trx.raw("select set_config('app.tenant', ?, true)", [id]);
          role = (db: TransactionOrKnex) => db.raw("set role app");
          now = () => this.knex.raw("select 3");
        }
        export class Order extends Model {
          async $beforeInsert(context: QueryContext) { await context.transaction.raw("select 4"); }
          static async lock(trx: Transaction) { await this.query(trx).forUpdate(); await this.knex().raw("select 5"); }
        }`,
    sites: [
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "set role app | unknown | unknown | simple",
      "select 3 | unknown | unknown | simple",
      "select 4 | unknown | unknown | simple",
      "select 5 | pool | autocommit | simple",
    ],
  },
  {
    title: "models on a connection of the same file, in CommonJS",
    code: `
        const Knex = require("knex");
        const { Model } = require("objection");
        const knex = Knex({ client: "pg", connection: process.env.DATABASE_URL });
        Model.knex(knex);
        class User extends Model {}
        exports.tenant = async (id) => {
          const trx = await User.startTransaction();
          try {
            await trx.raw("select set_config('app.tenant', :id, true)", { id });
            await User.query(trx).insert({ id });
            await trx.commit();
          } catch (error) {
            await trx.rollback();
          }
        };
        exports.outside = async (id) => knex.raw("select set_config('app.tenant', :id, false)", { id });`,
    sites: [
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select set_config('app.tenant', $, false) | pool | autocommit | extended",
    ],
  },
  {
    title: "a transaction inside the one it is given",
    code: `
        import { Model } from "objection";
        class User extends Model {}
        export const f = () =>
          User.transaction(async (trx) => {
            await User.transaction(trx, async (inner) => { await inner.raw("select 1"); });
            await trx.raw("select 2");
          });`,
    sites: ["select 1 | transaction | in-transaction | simple", "select 2 | transaction | in-transaction | simple"],
  },
  {
    title: "models bound to a connection, and a row of one, with the transaction they are given",
    code: `
        import { Model } from "objection";
        import knex from "knex";
        const db = knex({ client: "pg", connection: process.env.DATABASE_URL });
        class Job extends Model { static tableName = "jobs"; }
        const Bound = Job.bindKnex(db);
        export async function f(job: Job) {
          await Bound.query().whereRaw("pg_try_advisory_lock(1)");
          await Bound.transaction(async (trx) => {
            await Bound.query(trx).whereRaw("pg_try_advisory_xact_lock(2)");
            await Job.bindTransaction(trx).query().whereRaw("pg_try_advisory_xact_lock(3)");
            await job.$query(trx).whereRaw("pg_try_advisory_xact_lock(4)").patch({ done: true });
          });
        }`,
    sites: [
      "select pg_try_advisory_lock(1) | pool | autocommit | unknown",
      "select pg_try_advisory_xact_lock(2) | transaction | in-transaction | unknown",
      "select pg_try_advisory_xact_lock(3) | transaction | in-transaction | unknown",
      "select pg_try_advisory_xact_lock(4) | transaction | in-transaction | unknown",
    ],
  },
]);
