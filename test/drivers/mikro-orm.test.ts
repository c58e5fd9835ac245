import { testDriver } from "../support/driver-cases.ts";

testDriver("mikro-orm", [
  {
    title: "entity managers: a fork knows only its own transaction",
    code: `
        import { MikroORM } from "@mikro-orm/postgresql";
        export async function main() {
          const orm = await MikroORM.init({ dbName: "app", onCreateConnection: async (c: any) => { await c.executeQuery({ sql: "set role app" }); } });
          const em = orm.em.fork();
          await em.execute("select ?", [1]);
          await em.transactional(async (inner) => { await inner.execute("set local role app"); await em.execute("select 2"); });
          await em.begin();
          await em.execute("select 3");
          await em.getConnection().execute("select 4");
          await em.commit();
          await em.execute("select 5");
        }`,
    sites: [
      "set role app | client | autocommit | simple | on onCreateConnection",
      "select $ | pool | autocommit | simple",
      "set local role app | transaction | in-transaction | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | pool | in-transaction | simple",
      "select 4 | pool | autocommit | simple",
      "select 5 | pool | autocommit | simple",
    ],
  },
  {
    title: "managers that are no fork are in the transaction of a fork in whose callback they are used",
    code: `
        import { MikroORM } from "@mikro-orm/postgresql";
        const orm = MikroORM.initSync({ clientUrl: process.env.DATABASE_URL });
        export async function f() {
          const fork = orm.em.fork();
          await fork.transactional(async () => {
            await orm.em.execute("select 1");
            await fork.execute("select 2");
            await other.execute("select 3");
          });
          await orm.em.execute("select 4");
        }
        const other = orm.em.fork();`,
    sites: [
      "select 1 | pool | in-transaction | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | pool | autocommit | simple",
      "select 4 | pool | autocommit | simple",
    ],
  },
  {
    title: "the connection is outside, unless it is given the context of the transaction",
    code: `
        import { MikroORM } from "@mikro-orm/postgresql";
        const orm = MikroORM.initSync({ clientUrl: process.env.DATABASE_URL });
        export const f = () =>
          orm.em.transactional(async (em) => {
            await em.getConnection().execute("select 1");
            await em.getConnection().execute("select 2", [], "run", em.getTransactionContext());
            await em.getDriver().execute("select 3");
            await em.getKnex().raw("select 4");
            await em.getTransactionContext().raw("select 5");
            await orm.em.execute("select 6");
          });`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | pool | autocommit | simple",
      "select 4 | pool | autocommit | simple",
      "select 5 | transaction | in-transaction | simple",
      "select 6 | pool | in-transaction | simple",
    ],
  },
  {
    title: "services with injected managers are in the transaction of another service's",
    code: `
        import { EntityManager } from "@mikro-orm/postgresql";
        import { Injectable } from "@nestjs/common";
        @Injectable()
        class Tenants {
          constructor(private readonly em: EntityManager) {}
          async use(id: string) { await this.em.execute("select set_config('app.tenant', ?, true)", [id]); }
        }
        @Injectable()
        export class Orders {
          constructor(private readonly em: EntityManager, private readonly tenants: Tenants) {}
          async pay(id: string) {
            await this.em.transactional(async () => {
              await this.tenants.use(id);
              await this.em.execute("select 2");
            });
          }
        }`,
    sites: [
      "select set_config('app.tenant', $, true) | unknown | in-transaction/unknown | simple",
      "select 2 | unknown | in-transaction | simple",
    ],
  },
  {
    title: "a method that its decorator runs in a transaction",
    code: `
        import { EntityManager, Transactional } from "@mikro-orm/core";
        export class Orders {
          constructor(private readonly em: EntityManager) {}
          @Transactional()
          async pay() { await (this.em as any).execute("set local role app"); await this.lock(); }
          async lock() { await this.em.execute("select 2"); }
        }`,
    sites: ["set local role app | unknown | in-transaction | simple", "select 2 | unknown | in-transaction | simple"],
  },
  {
    title: "raw parts and tagged templates",
    code: `
        import { MikroORM, raw, sql } from "@mikro-orm/postgresql";
        const orm = MikroORM.initSync({ dbName: "app" });
        export async function f(id: string) {
          const em = orm.em.fork();
          await em.execute(sql\`select set_config('app.tenant', \${id}, false)\`);
          await em.execute(raw("select pg_advisory_lock(?)", [1]));
          await em.createQueryBuilder("Job").where(raw("pg_try_advisory_lock(id)"));
          await em.find("Job", { [raw("pg_try_advisory_lock(2)")]: true, a: [] });
          await em.transactional(async (tx) => { await tx.createQueryBuilder("Job").where(sql\`pg_try_advisory_xact_lock(id)\`); });
        }`,
    sites: [
      "select set_config('app.tenant', $, false) | pool | autocommit | simple",
      "select pg_advisory_lock($) | pool | autocommit | simple",
      "select pg_try_advisory_lock(id) | pool | autocommit | unknown",
      "select pg_try_advisory_lock(2) | pool | autocommit | unknown",
      "select pg_try_advisory_xact_lock(id) | transaction | in-transaction | unknown",
    ],
  },
  {
    title: "a repository of one's own",
    code: `
        import { EntityRepository } from "@mikro-orm/postgresql";
        export class JobRepository extends EntityRepository<object> {
          async take() {
            const job = await this.findOne({ id: 1 });
            if (!job) return;
            await this.em.execute("select 1");
            await this.getEntityManager().transactional(async (em) => { await em.execute("select 2"); });
          }
        }`,
    sites: ["select 1 | unknown | unknown | simple", "select 2 | transaction | in-transaction | simple"],
  },
  {
    title: "a migration, and one outside a transaction",
    code: `
        import { Migration } from "@mikro-orm/migrations";
        export class Migration1 extends Migration {
          override async up(): Promise<void> {
            this.addSql("set local lock_timeout = '5s'");
            await this.execute("select 2");
          }
        }
        export class Migration2 extends Migration {
          async up() { this.addSql("set lock_timeout = '5s'"); await this.getKnex().raw("select 4"); }
          isTransactional() { return false; }
        }`,
    sites: [
      "set local lock_timeout = '5s' | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "set lock_timeout = '5s' | pool | autocommit | simple",
      "select 4 | pool | autocommit | simple",
    ],
  },
  {
    title: "settings: hooks of the pool below, a session context for each connection, search_path",
    code: `
        import { defineConfig } from "@mikro-orm/postgresql";
        import { CompiledQuery } from "kysely";
        import { MikroOrmModule } from "@mikro-orm/nestjs";
        export default defineConfig({
          dbName: "app",
          sessionContext: "connection",
          onCreateConnection: async (connection: any) => { await connection.executeQuery(CompiledQuery.raw("set role app")); },
          pool: { afterCreate: (connection: any, done: any) => connection.query("set search_path to app", done) },
          driverOptions: { searchPath: ["app"] },
        });
        MikroOrmModule.forRootAsync({ useFactory: () => ({ dbName: "b", sessionContext: "transaction", driverOptions: { searchPath: "b" } }) });`,
    sites: [
      "SELECT set_config(…, …, false) | client | autocommit | simple | on sessionContext",
      "set role app | client | autocommit | simple | on onCreateConnection",
      "set search_path to app | client | autocommit | unknown | on afterCreate",
      "SET search_path TO … | client | autocommit | simple | on searchPath",
      "SET search_path TO … | client | autocommit | simple | on searchPath",
    ],
  },
  {
    title: "knex as versions 5 and 6 export it, and kysely as version 7 gives it",
    code: `
        import { knex, MikroORM, type Knex } from "@mikro-orm/postgresql";
        import { sql } from "kysely";
        const db = knex({ client: "pg", searchPath: "app" });
        const orm = MikroORM.initSync({ driverOptions: db });
        export const f = (trx: Knex.Transaction) => trx.raw("select 1");
        export const g = () => orm.em.transactional(async (em) => { await sql\`select 2\`.execute(em.getKysely()); });`,
    sites: [
      "SET search_path TO … | client | autocommit | simple | on searchPath",
      "select 1 | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "other databases are none of our business",
    code: `
        import { MikroORM } from "@mikro-orm/core";
        import { MySqlDriver } from "@mikro-orm/mysql";
        import { MikroORM as Other } from "@mikro-orm/sqlite";
        export async function f() {
          const orm = await MikroORM.init({ driver: MySqlDriver, dbName: "app" });
          await orm.em.fork().execute("SET SESSION x = 1");
          const old = await MikroORM.init({ type: "mysql" });
          await old.em.execute("SET SESSION y = 1");
          const sqlite = await Other.init({});
          await sqlite.em.execute("PRAGMA x");
        }`,
    sites: [],
  },
]);
