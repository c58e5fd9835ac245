import { testDriver } from "../support/driver-cases.ts";

testDriver("@adonisjs/lucid", [
  {
    title: "the service, transactions managed and by hand",
    code: `
        import db from "@adonisjs/lucid/services/db";
        export async function f(id: string) {
          await db.rawQuery("select ?", [1]);
          await db.rawQuery("select :id", { id });
          await db.transaction(async (trx) => {
            await trx.rawQuery("select set_config('app.tenant', ?, true)", [id]);
            await db.rawQuery("select 3");
            await db.rawQuery("select 4").useTransaction(trx);
            await trx.knexClient.raw("select 5");
          });
          const trx = await db.transaction();
          try {
            await trx.rawQuery("select 6");
            await trx.commit();
          } catch (error) {
            await trx.rollback();
          }
          await db.connection("reports").rawQuery("select 7");
          await db.connection().getWriteClient().raw("select 8");
        }`,
    sites: [
      "select $ | pool | autocommit | extended",
      "select $ | pool | autocommit | extended",
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select 3 | pool | autocommit | simple",
      "select 4 | transaction | in-transaction | simple",
      "select 5 | transaction | in-transaction | simple",
      "select 6 | transaction | in-transaction | simple",
      "select 7 | pool | autocommit | simple",
      "select 8 | pool | autocommit | simple",
    ],
  },
  {
    title: "advisory locks are session locks",
    code: `
        import db from "@adonisjs/lucid/services/db";
        export async function f() {
          const client = db.connection();
          const isLocked = await client.getAdvisoryLock("report");
          if (!isLocked) return;
          await client.dialect.releaseAdvisoryLock("report");
        }
        export const inside = () => db.transaction((trx) => trx.getAdvisoryLock(7));`,
    sites: [
      "SELECT PG_TRY_ADVISORY_LOCK('report') as lock_status; | pool | autocommit | simple",
      "SELECT PG_ADVISORY_UNLOCK('report') as lock_status; | pool | autocommit | simple",
      "SELECT PG_TRY_ADVISORY_LOCK('7') as lock_status; | transaction | in-transaction | simple",
    ],
  },
  {
    title: "models and their queries",
    code: `
        import { BaseModel } from "@adonisjs/lucid/orm";
        import db from "@adonisjs/lucid/services/db";
        export class Job extends BaseModel {}
        export async function take() {
          await Job.query().where(db.raw("pg_try_advisory_lock(id)")).first();
          await db.transaction(async (trx) => {
            const job = await Job.query({ client: trx }).where(db.raw("pg_try_advisory_xact_lock(id)")).first();
            if (!job) await trx.rawQuery("select 3");
          });
          await Job.transaction(async (trx) => { await trx.rawQuery("select 4"); });
        }`,
    sites: [
      "select pg_try_advisory_lock(id) | pool | autocommit | unknown",
      "select pg_try_advisory_xact_lock(id) | transaction | in-transaction | unknown",
      "select 3 | transaction | in-transaction | simple",
      "select 4 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a migration",
    code: `
        import { BaseSchema } from "@adonisjs/lucid/schema";
        export default class extends BaseSchema {
          async up() {
            this.schema.raw("set local lock_timeout = '5s'");
            this.schema.createTable("users", (table) => { table.uuid("id").defaultTo(this.raw("gen_random_uuid()")); });
            this.defer(async (db) => { await db.rawQuery("select 2"); });
            await this.db.rawQuery("select 3");
          }
          async down() { this.schema.dropTable("users").raw("select 4"); }
        }`,
    sites: [
      "set local lock_timeout = '5s' | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | transaction | in-transaction | simple",
      "select 4 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a migration outside a transaction",
    code: `
        import { BaseSchema } from "@adonisjs/lucid/schema";
        export default class extends BaseSchema {
          static disableTransactions = true;
          async up() {
            this.schema.raw("set lock_timeout = '5s'");
            this.defer(async (db) => { await db.rawQuery("select 2"); });
          }
        }`,
    sites: ["set lock_timeout = '5s' | pool | autocommit | simple", "select 2 | pool | autocommit | simple"],
  },
  {
    title: "the names of version 18, and types",
    code: `
        import Database, { TransactionClientContract, QueryClientContract } from "@ioc:Adonis/Lucid/Database";
        import BaseSchema from "@ioc:Adonis/Lucid/Schema";
        export const a = (trx: TransactionClientContract) => trx.rawQuery("select 1");
        export const b = (client: QueryClientContract) => client.rawQuery("select 2");
        export const c = () => Database.rawQuery("select 3");
        export default class Users extends BaseSchema {
          public async up() { this.schema.raw("select 4"); }
        }`,
    sites: [
      "select 1 | transaction | in-transaction | simple",
      "select 2 | unknown | unknown | simple",
      "select 3 | pool | autocommit | simple",
      "select 4 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "an injected database, and one transaction helper for both kinds of client",
    code: `
        import type { Database } from "@adonisjs/lucid/database";
        import { managedTransaction } from "@adonisjs/lucid/utils";
        export class Tenants {
          constructor(protected db: Database) {}
          async use(id: string, work: () => Promise<void>) {
            await this.db.transaction(async (trx) => {
              await trx.rawQuery("select set_config('app.tenant', ?, true)", [id]);
              await work();
            });
          }
          all = () => managedTransaction(this.db.connection(), async (trx) => { await trx.rawQuery("select 2"); });
        }`,
    sites: [
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select 2 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "settings with a connection of another kind beside PostgreSQL's",
    code: `
        import { defineConfig } from "@adonisjs/lucid";
        export default defineConfig({
          connection: "pg",
          connections: {
            pg: { client: "pg", searchPath: ["app"], pool: { afterCreate: (conn, done) => conn.query("set role app", done) } },
            mysql: { client: "mysql2", pool: { afterCreate: (conn, done) => conn.query("SET SESSION sql_mode = ''", done) } },
          },
        });`,
    sites: [
      "SET search_path TO … | client | autocommit | simple | on searchPath",
      "set role app | client | autocommit | unknown | on afterCreate",
    ],
  },
]);
