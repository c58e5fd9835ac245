import { testDriver } from "../support/driver-cases.ts";

testDriver("pg-promise", [
  {
    title: "methods, formatting, task and tx",
    code: `
        import pgPromise from "pg-promise";
        const pgp = pgPromise();
        const db = pgp(process.env.DATABASE_URL!);
        export async function work(id: number, channel: string) {
          await db.any("select * from t where id = $1 and name = $<name>", [id]);
          await db.task(async (t) => { await t.none("set x.y = 1"); });
          await db.tx("move", async (t) => { await t.one("select \${id}"); await t.tx((s) => s.none("select 2")); });
          const own = await db.connect({ direct: true });
          await own.none("LISTEN $1~", channel);
          own.done();
        }`,
    sites: [
      "select * from t where id = $ and name = $ | pool | autocommit | simple",
      "set x.y = 1 | client | autocommit | simple",
      "select $ | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "LISTEN … | client | autocommit | simple",
    ],
  },
  {
    title: "named statements and the connect hook",
    code: `
        const pgPromise = require("pg-promise");
        const { PreparedStatement: PS } = pgPromise;
        const pgp = pgPromise({ schema: "tenant", connect({ client }) { client.query("set role app"); } });
        const db = pgp({ host: "db" });
        const find = new PS({ name: "find", text: "select 1" });
        module.exports = { find: () => db.one(find), other: () => db.one({ name: "b", text: "select 2" }) };`,
    sites: [
      "SET search_path TO … | client | autocommit | simple | on schema",
      "set role app | client | autocommit | simple | on connect",
      "select 1 | pool | autocommit | extended | named find",
      "select 2 | pool | autocommit | extended | named b",
    ],
  },
  {
    title: "options that a loop copies into those of a URL",
    code: `
        const pgPromise = require("pg-promise");
        function optionsOf(url) {
          const options = {};
          const { searchParams } = new URL(url);
          ${["ssl", "poolSize", "binary", "keepAlive", "user"].map((name) => `if (searchParams.get("${name}")) options.${name} = searchParams.get("${name}");`).join("\n")}
          return options;
        }
        function open(given) {
          let options = {};
          if (given.url) options = optionsOf(given.url);
          for (const key in given) { options[key] = given[key]; }
          const init = options.init || {};
          init.noWarnings = true;
          return pgPromise(init)(options);
        }
        const db = open({ url: "postgres://db/app", init: { schema: "tenant" } });
        module.exports = { find: () => db.one("select 1") };`,
    sites: ["SET search_path TO … | client | autocommit | simple | on schema", "select 1 | pool | autocommit | simple"],
  },
  {
    title: "every method that sends a query",
    code: `
        import pgPromise from "pg-promise";
        const db = pgPromise()("postgres://db/app");
        export async function all() {
          await db.none("select 1");
          await db.one("select 2", [], (row) => row.id);
          await db.oneOrNone("select 3");
          await db.many("select 4");
          await db.manyOrNone("select 5");
          await db.any("select 6");
          await db.result("select 7", null, (result) => result.rowCount);
          await db.query("select 8");
          await db.multi("select 9; select 10");
          await db.multiResult("set local a.b = 1; select 11");
          await db.map("select 12", [], (row) => row.id);
          await db.each("select 13", [], (row) => { row.id = 1; });
        }`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | pool | autocommit | simple",
      "select 4 | pool | autocommit | simple",
      "select 5 | pool | autocommit | simple",
      "select 6 | pool | autocommit | simple",
      "select 7 | pool | autocommit | simple",
      "select 8 | pool | autocommit | simple",
      "select 9; select 10 | pool | implicit | simple",
      "set local a.b = 1; select 11 | pool | implicit | simple",
      "select 12 | pool | autocommit | simple",
      "select 13 | pool | autocommit | simple",
    ],
  },
  {
    title: "functions, procedures and streams",
    code: `
        import pgPromise from "pg-promise";
        import QueryStream from "pg-query-stream";
        const db = pgPromise()("postgres://db/app");
        export async function all(id: number) {
          await db.func("find_user", [id]);
          await db.proc("archive.orders", [id]);
          await db.stream(new QueryStream("select * from t where id > $1", [id]), (stream) => stream.pipe(process.stdout));
        }`,
    sites: [
      "select * from find_user(…) | pool | autocommit | simple",
      "call archive.orders(…) | pool | autocommit | simple",
      "select * from t where id > $1 | pool | autocommit | extended",
    ],
  },
  {
    title: "objects that carry SQL are pg's: parameterized queries travel by their values",
    code: `
        import pgPromise, { ParameterizedQuery as PQ, PreparedStatement } from "pg-promise";
        const pgp = pgPromise();
        const db = pgp("postgres://db/app");
        const byId = new PQ({ text: "select * from t where id = $1" });
        export async function all(id: number) {
          await db.one(byId, [id]);
          await db.one(new pgp.ParameterizedQuery("select 2"));
          await db.one({ text: "select $1", values: [id] });
          await db.one({ text: "select $1" }, [id]);
          await db.one(new PreparedStatement({ name: "by-name", text: "select $1", values: [id] }));
          await db.one({ name: "inline", text: "select 5" });
        }`,
    sites: [
      "select * from t where id = $1 | pool | autocommit | extended",
      "select 2 | pool | autocommit | simple",
      "select $1 | pool | autocommit | extended",
      "select $1 | pool | autocommit | extended",
      "select $1 | pool | autocommit | extended | named by-name",
      "select 5 | pool | autocommit | extended | named inline",
    ],
  },
  {
    title: "filters of placeholders: values stay values, names and raw text are holes",
    code: `
        import pgPromise from "pg-promise";
        const db = pgPromise()("postgres://db/app");
        export async function all(table: string, where: string, ids: number[], data: object) {
          await db.any("select * from $1:name where id in ($2:csv) and data = $<data:json>", [table, ids, data]);
          await db.any("select * from t $1:raw", where);
          await db.none("set local app.tenant = \${tenant}", { tenant: "a" });
          await db.none("set local role $1~", ["app"]);
        }`,
    sites: [
      "select * from … where id in ($) and data = $ | pool | autocommit | simple",
      "select * from t … | pool | autocommit | simple",
      "set local app.tenant = $ | pool | autocommit | simple",
      "set local role … | pool | autocommit | simple",
    ],
  },
  {
    title: "as.format and the helpers build text",
    code: `
        import pgPromise from "pg-promise";
        const pgp = pgPromise({ capSQL: true });
        const db = pgp("postgres://db/app");
        const columns = new pgp.helpers.ColumnSet(["id", "name"], { table: "users" });
        export async function save(users: { id: number; name: string }[]) {
          await db.none(pgp.helpers.insert(users, columns));
          await db.none(pgp.helpers.insert(users, columns) + " on conflict do nothing");
          await db.none(pgp.helpers.update(users[0], columns) + pgp.as.format(" where id = $1", [users[0].id]));
          const query = pgPromise.as.format("select set_config('app.tenant', $1, true)", ["a"]);
          await db.tx((t) => t.one(query));
        }`,
    sites: [
      "insert into …(…) values (…) | pool | autocommit | simple",
      "insert into …(…) values (…) on conflict do nothing | pool | autocommit | simple",
      "update … set … where id = $ | pool | autocommit | simple",
      "select set_config('app.tenant', $, true) | transaction | in-transaction | simple",
    ],
  },
  {
    title: "tx, txIf, task and taskIf, nested and with options",
    code: `
        import pgPromise from "pg-promise";
        const { TransactionMode, isolationLevel } = pgPromise.txMode;
        const db = pgPromise()("postgres://db/app");
        const mode = new TransactionMode({ tiLevel: isolationLevel.serializable });
        export async function all() {
          await db.tx({ mode, tag: "a" }, async (t) => {
            await t.none("select 1");
            await t.task(async (own) => { await own.none("select 2"); });
            await t.txIf(async (inner) => { await inner.none("select 3"); });
          });
          await db.txIf({ cnd: true }, async (t) => { await t.none("select 4"); });
          await db.taskIf(async (t) => {
            await t.none("select 5");
            await t.tx(async (inner) => { await inner.none("select 6"); });
            await t.none("select 7");
          });
          await db.none("select 8");
        }`,
    sites: [
      "select 1 | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | transaction | in-transaction | simple",
      "select 4 | transaction | in-transaction | simple",
      "select 5 | client | autocommit | simple",
      "select 6 | client | in-transaction | simple",
      "select 7 | client | autocommit | simple",
      "select 8 | pool | autocommit | simple",
    ],
  },
  {
    title: "batch is given queries that run already; sequence and page call a function",
    code: `
        import pgPromise from "pg-promise";
        const db = pgPromise()("postgres://db/app");
        export const all = (rows: string[]) => db.tx(async (t) => {
          await t.batch([t.none("set local lock_timeout = '1s'"), t.none("select 2")]);
          await t.batch(rows.map((row) => t.none("insert into t values ($1)", [row])));
          await t.sequence((index) => (index < 3 ? t.none("select 4") : undefined));
          await t.page((index) => { void t.none("select 5"); });
        });`,
    sites: [
      "set local lock_timeout = '1s' | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "insert into t values ($) | transaction | in-transaction | simple",
      "select 4 | transaction | in-transaction | simple",
      "select 5 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a callback without an arrow has the task as its this",
    code: `
        const pgp = require("pg-promise")();
        const db = pgp("postgres://db/app");
        exports.move = function () {
          return db.tx(function (t) {
            return this.batch([this.none("set local a.b = 1"), t.none("select 2")]);
          });
        };`,
    sites: [
      "set local a.b = 1 | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "repositories that extend the protocol work on what they are given",
    code: `
        import pgPromise, { type IDatabase, type IMain, type IInitOptions } from "pg-promise";
        class Users {
          constructor(private db: IDatabase<unknown>, private pgp: IMain) {}
          actAs(tenant: string) { return this.db.none("select set_config('app.tenant', $1, true)", tenant); }
          add(name: string) { return this.db.one("insert into users (name) values ($1) returning id", name); }
          dump() { return this.db.any(this.pgp.as.format("select * from $1:name", ["users"])); }
        }
        interface Extensions { users: Users }
        const options: IInitOptions<Extensions> = {
          extend(obj, dc) { obj.users = new Users(obj, pgp); },
        };
        const pgp: IMain = pgPromise(options);
        export const db = pgp("postgres://db/app");
        export const join = (tenant: string) => db.tx(async (t) => { await t.users.actAs(tenant); await t.users.add("a"); });`,
    sites: [
      "select set_config('app.tenant', $, true) | unknown | unknown | simple",
      "insert into users (name) values ($) returning id | unknown | unknown | simple",
      "select * from … | unknown | unknown | simple",
    ],
  },
  {
    title: "annotated tasks and databases",
    code: `
        import type { IDatabase, ITask, IBaseProtocol, IConnected } from "pg-promise";
        import * as pgp from "pg-promise";
        import type pg from "pg-promise/typescript/pg-subset";
        export const a = (t: ITask<{}>) => t.none("select 1");
        export const b = (t: pgp.ITask<{}> & { users: unknown }) => t.none("select 2");
        export const c = (db: IDatabase<{}>) => db.tx((t) => t.none("select 3"));
        export const d = (db: IBaseProtocol<{}>) => db.none("select 4");
        export const e = (own: IConnected<{}, pg.IClient>) => own.none("select 5");
        export const f = (client: pg.IClient) => client.query("select 6");`,
    sites: [
      "select 1 | unknown | unknown | simple",
      "select 2 | unknown | unknown | simple",
      "select 3 | transaction | in-transaction | simple",
      "select 4 | unknown | unknown | simple",
      "select 5 | client | unknown | simple",
      "select 6 | client | unknown | simple",
    ],
  },
  {
    title: "an optional task falls back to the database",
    code: `
        import pgPromise, { type ITask } from "pg-promise";
        const db = pgPromise()("postgres://db/app");
        const insert = (name: string, t?: ITask<{}>) => (t ?? db).none("insert into t values ($1)", [name]);
        export async function all() {
          await insert("a");
          await db.tx(async (t) => { await insert("b", t); });
          await db.task(async (t) => { await insert("c", t); });
        }`,
    sites: [
      "insert into t values ($) | pool | autocommit | simple",
      "insert into t values ($) | transaction | in-transaction | simple",
      "insert into t values ($) | client | autocommit | simple",
    ],
  },
  {
    title: "a helper that runs a function in a transaction for a tenant",
    code: `
        import pgPromise, { type ITask } from "pg-promise";
        const db = pgPromise()("postgres://db/app");
        export function withTenant<T>(tenant: string, work: (t: ITask<{}>) => Promise<T>): Promise<T> {
          return db.tx(async (t) => {
            await t.none("select set_config('app.tenant', $1, true)", [tenant]);
            return work(t);
          });
        }
        export const orders = (tenant: string) => withTenant(tenant, (t) => t.any("select * from orders"));`,
    sites: [
      "select set_config('app.tenant', $, true) | transaction | in-transaction | simple",
      "select * from orders | transaction | in-transaction | simple",
    ],
  },
  {
    title: "the pool and the client below, and LISTEN on a connection of its own",
    code: `
        import pgPromise from "pg-promise";
        const pgp = pgPromise({ schema: ["app", "public"] });
        const db = pgp({ connectionString: process.env.DATABASE_URL, max: 5 });
        db.$pool.on("connect", (client) => { client.query("set statement_timeout = 5000"); });
        export async function listen() {
          const sco = await db.connect({ direct: true });
          sco.client.on("notification", (message) => console.log(message));
          await sco.none("LISTEN jobs");
          await sco.client.query("LISTEN more");
          await sco.tx((t) => t.none("select 1"));
          const root = db.$config.pgp;
          await root("postgres://other").any("select 2");
          sco.done();
        }`,
    sites: [
      "SET search_path TO … | client | autocommit | simple | on schema",
      "set statement_timeout = 5000 | client | autocommit | simple | on connect",
      "LISTEN jobs | client | autocommit | simple",
      "LISTEN more | client | autocommit | simple",
      "select 1 | client | in-transaction | simple",
      "select 2 | pool | autocommit | simple",
    ],
  },
  {
    title: "look-alikes: events of the library that set nothing, and other promises",
    code: `
        import pgPromise from "pg-promise";
        const pgp = pgPromise({
          query: (e) => console.log(e.query),
          error: (error, e) => console.error(error, e.query),
          schema: undefined,
        });
        export const db = pgp("postgres://db/app");
        export const any = Promise.any([Promise.resolve("select 1")]);
        export const list = [1, 2].map((id) => ({ query: "select 2", id }));`,
    sites: [],
  },
]);
