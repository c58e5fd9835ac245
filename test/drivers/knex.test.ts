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
    title: "bindings by position and by name, escaped question marks, casts",
    code: `
        import knex from "knex";
        const db = knex({ client: "pg" });
        export async function f(id: string, column: string) {
          await db.raw("select a from t where id = ? and tags \\\\? 'x' and b = ?", [id, 1]);
          await db.raw("select :column: from t where id = :id::uuid and note = 'a:b'", { id, column });
          await db.raw("set local app.tenant = '1'; select 2");
          await db.raw("do $$ begin perform ':x ?'; end $$");
        }`,
    sites: [
      "select a from t where id = $ and tags ? 'x' and b = $ | pool | autocommit | extended",
      "select … from t where id = $::uuid and note = 'a:b' | pool | autocommit | extended",
      "set local app.tenant = '1'; select 2 | pool | implicit | simple",
      "do $$ begin perform ':x ?'; end $$ | pool | autocommit | simple",
    ],
  },
  {
    title: "the end of a transaction by hand, in try and catch, and at the end of a chain",
    code: `
        import { knex } from "knex";
        const db = knex({ client: "postgresql", connection: { host: "db" } });
        export async function byHand() {
          const trx = await db.transaction({ isolationLevel: "serializable" });
          try {
            await trx.raw("set local lock_timeout = '1s'");
            await trx("t").insert({ a: 1 });
            await trx.commit();
          } catch (error) {
            await trx.rollback();
            throw error;
          }
          await db.raw("select 1");
        }
        export const chained = () =>
          db.transaction((trx) => {
            trx.raw("set local role app").then(() => trx("t").del()).then(trx.commit).catch(trx.rollback);
          });`,
    sites: [
      "set local lock_timeout = '1s' | transaction | in-transaction | simple",
      "select 1 | pool | autocommit | simple",
      "set local role app | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a transaction in a transaction ends as a savepoint",
    code: `
        import knex from "knex";
        const db = knex({ client: "pg" });
        export const f = () =>
          db.transaction(async (trx) => {
            const inner = await trx.transaction();
            await inner.raw("select 1");
            await inner.commit();
            await trx.raw("set local role app");
            await trx.savepoint(async (point) => {
              await point.raw("select 2");
              await point.rollback();
            });
            await trx.raw("select 3");
          });`,
    sites: [
      "select 1 | transaction | in-transaction | simple",
      "set local role app | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a transaction that is begun when it is first asked for",
    code: `
        import knex from "knex";
        const db = knex({ client: "pg" });
        export async function f() {
          const provider = db.transactionProvider();
          const trx = await provider();
          await trx.raw("select 1");
          await trx.commit();
          await db.raw("select 2");
        }`,
    sites: ["select 1 | transaction | in-transaction | simple", "select 2 | pool | autocommit | simple"],
  },
  {
    title: "parts of a query are sent with it",
    code: `
        import knex from "knex";
        const db = knex({ client: "pg" });
        export async function f(id: number) {
          await db("jobs").where(db.raw("pg_try_advisory_lock(id)")).first();
          await db("jobs").insert({ at: db.raw("now()"), name: db.raw("upper(?)", ["a"]) });
          await db.select(db.raw("currval('jobs_id_seq')"));
          await db.transaction(async (trx) => {
            await trx("jobs").where(trx.raw("pg_try_advisory_xact_lock(id)")).forUpdate().skipLocked();
          });
        }`,
    sites: [
      "select pg_try_advisory_lock(id) | pool | autocommit | unknown",
      "select currval('jobs_id_seq') | pool | autocommit | unknown",
      "select pg_try_advisory_xact_lock(id) | transaction | in-transaction | unknown",
    ],
  },
  {
    title: "parts go with the query to the transaction it is sent in, also texts",
    code: `
        import knex from "knex";
        const db = knex({ client: "pg" });
        export async function f(id: number) {
          await db("jobs").whereRaw("pg_try_advisory_lock(?)", [id]).orderByRaw("count desc");
          await db.transaction(async (trx) => {
            await db("jobs").where(db.raw("pg_try_advisory_xact_lock(1)")).whereRaw("pg_try_advisory_xact_lock(2)").transacting(trx);
            await db("jobs").whereRaw("pg_try_advisory_xact_lock(3)");
          });
        }`,
    sites: [
      "select pg_try_advisory_lock($) | pool | autocommit | unknown",
      "select pg_try_advisory_xact_lock(1) | transaction | in-transaction | unknown",
      "select pg_try_advisory_xact_lock(2) | transaction | in-transaction | unknown",
      "select pg_try_advisory_xact_lock(3) | pool | autocommit | unknown",
    ],
  },
  {
    title: "the result of a query is no connection: what is done without one is seen",
    code: `
        import knex from "knex";
        const db = knex({ client: "pg" });
        export async function f(id: string) {
          const row = await db("t").where({ id }).first();
          if (!row) {
            await db.raw("select 1");
            return;
          }
          const [a, b] = await Promise.all([db("t").first(), db("u").first()]);
          if (!a) await db.raw("select 2");
          await db("t").first().then((found) => (found ? undefined : db.raw("select 3")));
          if (!(await db.schema.hasTable("t"))) await db.raw("select 4");
        }`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | pool | autocommit | simple",
      "select 4 | pool | autocommit | simple",
    ],
  },
  {
    title: "the schema builder sends its raw texts one after the other",
    code: `
        import knex from "knex";
        const db = knex({ client: "pg" });
        export async function f() {
          await db.schema
            .withSchema("app")
            .createTable("t", (t) => { t.uuid("id").defaultTo(db.raw("gen_random_uuid()")); })
            .raw("set role app").raw("select 2").raw("select 3");
          await db.transaction(async (trx) => { await trx.schema.dropTable("t").raw("select 4"); });
        }`,
    sites: [
      "set role app | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | pool | autocommit | simple",
      "select 4 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a client connection of one's own",
    code: `
        import knex from "knex";
        const db = knex({ client: "pg" });
        export async function f() {
          const conn = await db.client.acquireConnection();
          try {
            await conn.query("select pg_advisory_lock(1)");
            await db.raw("select 2").connection(conn);
            await db.client.query(conn, "select 3");
          } finally {
            await db.client.releaseConnection(conn);
          }
        }`,
    sites: [
      "select pg_advisory_lock(1) | client | autocommit | simple",
      "select 2 | client | autocommit | simple",
      "select 3 | client | autocommit | simple",
    ],
  },
  {
    title: "a transaction helper, and queries side by side in it",
    code: `
        import knex, { type Knex } from "knex";
        const db = knex({ client: "pg" });
        export const withTransaction = <T>(fn: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
          db.transaction(async (trx) => fn(trx));
        export async function f() {
          await withTransaction(async (trx) => {
            await trx.raw("set local role app");
            await Promise.all([trx.raw("select 2"), trx("t").del(), db.raw("select 3")]);
          });
        }`,
    sites: [
      "set local role app | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | pool | autocommit | simple",
    ],
  },
  {
    title: "a repository that works on the transaction it may be given",
    code: `
        import knex, { type Knex } from "knex";
        const db = knex({ client: "pg" });
        export class Orders {
          constructor(private readonly knex: Knex) {}
          async tenant(id: string, trx?: Knex.Transaction) {
            await (trx ?? this.knex).raw("select set_config('app.tenant', ?, true)", [id]);
          }
        }
        const orders = new Orders(db);
        export async function f(id: string) {
          await orders.tenant(id);
          await db.transaction(async (trx) => { await orders.tenant(id, trx); });
        }`,
    sites: [
      "select set_config('app.tenant', $, true) | pool | autocommit | extended",
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
    ],
  },
  {
    title: "a default parameter, and the type that is also that of transactions",
    code: `
        import knex, { type Knex } from "knex";
        const defaultDb = knex({ client: "pg" });
        async function tenant(id: string, db: Knex = defaultDb) {
          await db.raw("select set_config('app.tenant', ?, true)", [id]);
        }
        export const outside = () => tenant("1");
        export const inside = () => defaultDb.transaction((trx) => tenant("1", trx));
        export const either = (db: Knex | Knex.Transaction) => db.raw("select 2");
        export const asked = (db: Knex) => db.isTransaction ? db.raw("select 3") : db.transaction((trx) => trx.raw("select 4"));`,
    sites: [
      "select set_config('app.tenant', $, true) | pool | autocommit | extended",
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select 2 | unknown | unknown | simple",
      "select 3 | unknown | in-transaction | simple",
      "select 4 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "several kinds of database: only PostgreSQL's branch",
    code: `
        import knex, { type Knex } from "knex";
        const db = knex({ client: process.env.DB_CLIENT, connection: process.env.DATABASE_URL });
        export async function f() {
          if (db.client.config.client === "pg") await db.raw("select 1");
          else await db.raw("SET SESSION sql_mode = ''");
          if (db.client.dialect === "mysql") await db.raw("SET SESSION wait_timeout = 1");
          if (["postgres", "postgresql"].includes(db.client.config.client)) await db.raw("select 2");
        }
        export async function g(knex: Knex) {
          switch (knex.client.config.client) {
            case "mysql2":
              return knex.raw("SET SESSION wait_timeout = 2");
            case "pg":
              return knex.raw("select 3");
            default:
              return knex.raw("PRAGMA x");
          }
        }`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | unknown | unknown | simple",
    ],
  },
  {
    title: "settings by environment, imported as an object",
    code: `
        import knex from "knex";
        const settings = {
          development: { client: "better-sqlite3", connection: { filename: "dev.db" } },
          production: { client: "pg", connection: process.env.DATABASE_URL, searchPath: ["app"],
            pool: { validate: async (conn: any) => { await conn.query("set role app"); return true; } } },
        };
        export const db = knex(settings[process.env.NODE_ENV ?? "development"]);
        export const f = () => db.raw("select 1");`,
    sites: [
      "SET search_path TO … | client | autocommit | simple | on searchPath",
      "set role app | client | autocommit | simple",
      "select 1 | pool | autocommit | simple",
    ],
  },
  {
    title: "CommonJS, in the ways it is written",
    code: `
        const db = require("knex")({ client: "pg", connection: process.env.DATABASE_URL });
        const { knex } = require("knex");
        const Knex = require("knex");
        const other = knex({ client: "pg" });
        const third = Knex.default({ client: "pg" });
        module.exports = {
          f: () => db.raw("select 1"),
          g: () => other.transaction((trx) => trx.raw("select 2")),
          h: async function () { await third.raw("select 3"); },
        };`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | pool | autocommit | simple",
    ],
  },
  {
    title: "a pool of pg under it",
    code: `
        import { Pool } from "pg";
        import knex from "knex";
        const pool = new Pool();
        const db = knex({ client: "pg", connectionPool: pool });
        export const f = () => db.transaction((trx) => trx.raw("select 1"));
        export const g = () => db.raw("select 2");`,
    sites: ["select 1 | transaction | in-transaction | simple", "select 2 | pool | autocommit | simple"],
  },
  {
    title: "a NestJS module and a provider: what is injected is the pool",
    code: `
        import { Injectable, Module } from "@nestjs/common";
        import { InjectConnection, KnexModule } from "nest-knexjs";
        import type { Knex } from "knex";
        @Injectable()
        export class Tenants {
          constructor(@InjectConnection() private readonly knex: Knex) {}
          async use(id: string) { await this.knex.raw("select set_config('app.tenant', ?, true)", [id]); }
          inside = () => this.knex.transaction(async (trx) => { await trx.raw("select 2"); });
        }
        @Module({
          imports: [KnexModule.forRootAsync({ useFactory: () => ({
            config: { client: "pg", searchPath: ["app"], connection: () => ({ host: "db" }),
              pool: { afterCreate: (conn: any, done: any) => { conn.query("set role app"); done(null, conn); } } },
          }) })],
          providers: [Tenants],
        })
        export class AppModule {}`,
    sites: [
      "select set_config('app.tenant', $, true) | pool | autocommit | extended",
      "select 2 | transaction | in-transaction | simple",
      "SET search_path TO … | client | autocommit | simple | on searchPath",
      "set role app | client | autocommit | simple | on afterCreate",
    ],
  },
  {
    title: "migrations and seeds by convention",
    code: `
        exports.up = function (knex) { return knex.raw("set role app"); };
        exports.down = async (knex) => { await knex.schema.raw("select 2"); };
        exports.seed = async function (knex) { await knex("t").del(); await knex.raw("select 3"); };`,
    sites: [
      "set role app | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | pool | autocommit | simple",
    ],
  },
  {
    title: "a migration in TypeScript, and one outside a transaction",
    code: `
        import type { Knex } from "knex";
        export const config = { transaction: false };
        export async function up(knex: Knex): Promise<void> {
          await knex.raw("set lock_timeout = '5s'");
          await knex.schema.alterTable("t", (t) => { t.index("a"); });
        }`,
    sites: ["set lock_timeout = '5s' | pool | autocommit | simple"],
  },
  {
    title: "a migration in TypeScript is in a transaction",
    code: `
        import { Knex } from "knex";
        export async function up(knex: Knex): Promise<void> { await knex.raw("set local lock_timeout = '5s'"); }`,
    sites: ["set local lock_timeout = '5s' | transaction | in-transaction | simple"],
  },
  {
    title: "other databases are none of our business",
    code: `
        import knex from "knex";
        const byName = knex({ client: "mysql2" });
        const byUrl = knex("mysql://db/app");
        const inMemory = knex({ client: "better-sqlite3", connection: ":memory:" });
        const sqlServer = knex({ client: "mssql" });
        export const f = () => byName.raw("SET SESSION x = 1");
        export const g = () => byUrl.raw("SET SESSION x = 1");
        export const h = () => inMemory.raw("PRAGMA x");
        export const i = () => sqlServer.transaction((trx) => trx.raw("SET x 1"));`,
    sites: [],
  },
  {
    title: "what is known by its type alone is of another database too, when all connections are",
    code: `
        import knex, { type Knex } from "knex";
        import { Model } from "objection";
        Model.knex(knex({ client: "mysql2" }));
        class User extends Model {}
        export const f = (db: Knex) => db.raw("SET SESSION x = 1");
        export const g = () => User.knex().raw("SET SESSION y = 1");`,
    sites: [],
  },
  {
    title: "options that name the statement",
    code: `
        import knex from "knex";
        const db = knex({ client: "pg" });
        export const f = () => db("t").where({ a: 1 }).options({ name: "t-by-a" });
        export const g = () => db.raw("select 1").options({ rowMode: "array" });`,
    sites: ["SELECT … | pool | autocommit | extended | named t-by-a", "select 1 | pool | autocommit | simple"],
  },
  {
    title: "a timeout that cancels asks for another connection's process",
    code: `
        import knex from "knex";
        const db = knex({ client: "pg" });
        export async function f() {
          await db.raw("select 1").timeout(1000, { cancel: true });
          await db("t").where({ a: 1 }).timeout(1000, { cancel: true });
          await db.raw("select 2").timeout(1000);
          const rows = await db("t").timeout(1000);
          if (!rows) await db.raw("select 3");
        }`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "SELECT pg_cancel_backend(…); | pool | autocommit | simple",
      "SELECT pg_cancel_backend(…); | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | pool | autocommit | simple",
    ],
  },
  {
    title: "listeners, the migrator, and text that is not sent",
    code: `
        import knex from "knex";
        const db = knex({ client: "pg" });
        db.on("query", (query) => console.log(query.sql));
        export async function f() {
          await db.migrate.latest();
          const text = db("t").where({ a: 1 }).toString();
          console.log(text, db.fn.now(), db.ref("a.b"));
          await db.batchInsert("t", [], 100);
          await db.destroy();
        }`,
    sites: [],
  },
  {
    title: "migrations in an object that its tool is given",
    code: `
        import knex, { type Knex } from "knex";
        const migrations: Record<string, Knex.Migration> = {
          first: {
            up: async (db: Knex) => { await db.raw("set local role app"); },
            down: async (db: Knex) => { await db.raw("select 2"); },
          },
        };
        const migrationSource: Knex.MigrationSource<string> = {
          getMigrations: async () => Object.keys(migrations),
          getMigrationName: (name) => name,
          getMigration: async (name) => migrations[name] ?? { up: async () => undefined },
        };
        export const migrate = async () => { await knex({ client: "pg" }).migrate.latest({ migrationSource }); };`,
    sites: [
      "set local role app | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
    ],
  },
]);
