import { testDriver } from "../support/driver-cases.ts";

testDriver("postgres", [
  {
    title: "tagged templates run on the pool, fragments in other templates",
    code: `
        import postgres from "postgres";
        const sql = postgres(process.env.DATABASE_URL);
        const active = sql\`and active\`;
        export async function find(id: string, table: string) {
          return await sql\`select * from \${sql(table)} where id = \${id} \${active}\`;
        }`,
    sites: ["select * from … where id = $ and active | pool | autocommit | extended"],
  },
  {
    title: "begin, savepoint and a list that begin waits for",
    code: `
        import postgres from "postgres";
        const sql = postgres({ host: "db" });
        export async function move() {
          await sql.begin(async (tx) => {
            await tx\`set local app.tenant = 'a'\`;
            await tx.savepoint(async (sp) => { await sp\`select 1\`; });
            await sql\`select 2\`;
          });
          await sql.begin("read only", (tx) => [tx\`select 3\`, tx\`select 4\`]);
        }`,
    sites: [
      "set local app.tenant = 'a' | transaction | in-transaction | extended",
      "select 1 | transaction | in-transaction | extended",
      "select 2 | pool | autocommit | extended",
      "select 3 | transaction | in-transaction | extended",
      "select 4 | transaction | in-transaction | extended",
    ],
  },
  {
    title: "unsafe, reserve and listen",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        async function run() {
          await sql.unsafe("select 1; select 2");
          const own = await sql.reserve();
          await own\`select 3\`;
          own.release();
          await sql.listen("jobs", () => undefined);
        }
        run();`,
    sites: [
      "select 1; select 2 | pool | implicit | simple",
      "select 3 | client | autocommit | extended",
      'listen "jobs" | pool | autocommit | simple',
    ],
  },
  {
    title: "a query that is returned is sent in the state of whoever waits",
    code: `
        import postgres, { type TransactionSql } from "postgres";
        const sql = postgres();
        const setTenant = (tx: TransactionSql, id: string) => tx\`select set_config('app.tenant', \${id}, true)\`;
        export const save = (id: string) => sql.begin(async (tx) => { await setTenant(tx, id); });`,
    sites: ["select set_config('app.tenant', $, true) | transaction | in-transaction | extended"],
  },
  {
    title: "unsafe is simple without values, and may be a part of another query",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        export async function run(id: number, order: "name" | "id") {
          await sql.unsafe("set statement_timeout = 0");
          await sql.unsafe("select * from t where id = $1", [id]);
          await sql.unsafe("select 1", [], { prepare: true });
          await sql.unsafe("select $1", [id], { prepare: true });
          await sql\`select * from t order by \${sql.unsafe("name desc")}\`;
        }`,
    sites: [
      "set statement_timeout = 0 | pool | autocommit | simple",
      "select * from t where id = $1 | pool | autocommit | extended",
      "select 1 | pool | autocommit | simple",
      "select $1 | pool | autocommit | extended",
      "select * from t order by name desc | pool | autocommit | extended",
    ],
  },
  {
    title: "simple() lets a template hold several statements; copy streams are simple too",
    code: `
        import { pipeline } from "node:stream/promises";
        import postgres from "postgres";
        const sql = postgres();
        export async function run(file: NodeJS.ReadableStream) {
          await sql\`create table a (id int); set search_path to app\`.simple();
          await pipeline(file, await sql\`copy t (a, b) from stdin\`.writable());
          const out = await sql\`copy t to stdout\`.readable();
          out.pipe(process.stdout);
        }`,
    sites: [
      "create table a (id int); set search_path to app | pool | implicit | simple",
      "copy t (a, b) from stdin | pool | autocommit | simple",
      "copy t to stdout | pool | autocommit | simple",
    ],
  },
  {
    title: "values, raw, execute, describe and cancel leave a query what it is",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        export async function run() {
          await sql\`select 1\`.values();
          await sql\`select 2\`.raw();
          const query = sql\`select 3\`.execute();
          setTimeout(() => query.cancel(), 100);
          await query;
          await sql\`select 4\`.describe();
        }`,
    sites: [
      "select 1 | pool | autocommit | extended",
      "select 2 | pool | autocommit | extended",
      "select 3 | pool | autocommit | extended",
      "select 4 | pool | autocommit | extended",
    ],
  },
  {
    title: "cursors and forEach, inside a transaction too",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        export async function run() {
          for await (const rows of sql\`select * from a\`.cursor(100)) console.log(rows);
          await sql\`select * from b\`.cursor(10, async ([row]) => { console.log(row); });
          await sql.begin(async (tx) => {
            await tx\`set local work_mem = '64MB'\`;
            await tx\`select * from c\`.forEach((row) => console.log(row));
            for await (const [row] of tx\`select * from d\`.cursor()) await tx\`insert into e values (\${row.id})\`;
          });
        }`,
    sites: [
      "select * from a | pool | autocommit | extended",
      "select * from b | pool | autocommit | extended",
      "set local work_mem = '64MB' | transaction | in-transaction | extended",
      "select * from c | transaction | in-transaction | extended",
      "select * from d | transaction | in-transaction | extended",
      "insert into e values ($) | transaction | in-transaction | extended",
    ],
  },
  {
    title: "conditional and folded fragments are part of the text",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        export async function find(name: string | undefined, columns: string[], filters: string[]) {
          await sql\`select \${sql(columns)} from t \${name === undefined ? sql\`\` : sql\`where name = \${name}\`}\`;
          await sql\`select * from u where true \${[sql\`and a\`, sql\`and b\`]}\`;
          await sql\`select * from v where true \${filters.map((filter) => sql\`and kind = \${filter}\`)}\`;
        }`,
    sites: [
      "select … from t | pool | autocommit | extended",
      "select … from t where name = $ | pool | autocommit | extended",
      "select * from u where true and a and b | pool | autocommit | extended",
      "select * from v where true and kind = $ … | pool | autocommit | extended",
    ],
  },
  {
    title: "insert and update helpers, in and values lists, typed values",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        export async function save(user: { id: number; name: string }, ids: number[]) {
          await sql\`insert into users \${sql(user, "id", "name")}\`;
          await sql\`update users set \${sql(user)} where id in \${sql(ids)} and tags = \${sql.array(ids)}\`;
          await sql\`insert into events (data) values (\${sql.json(user)}) returning id\`;
        }`,
    sites: [
      "insert into users … | pool | autocommit | extended",
      "update users set … where id in … and tags = $ | pool | autocommit | extended",
      "insert into events (data) values ($) returning id | pool | autocommit | extended",
    ],
  },
  {
    title: "queries of Promise.all are sent where it is awaited",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        export async function dashboard(tenant: string) {
          const [a, b] = await Promise.all([sql\`select 1\`, sql\`select 2\`]);
          await sql.begin(async (tx) => {
            await tx\`select set_config('app.tenant', \${tenant}, true)\`;
            const [c, d] = await Promise.all([tx\`select 3\`, tx\`select 4\`]);
            return { a, b, c, d };
          });
        }`,
    sites: [
      "select 1 | pool | autocommit | extended",
      "select 2 | pool | autocommit | extended",
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select 3 | transaction | in-transaction | extended",
      "select 4 | transaction | in-transaction | extended",
    ],
  },
  {
    title: "a helper that runs a function in a transaction for a tenant",
    code: `
        import postgres, { type TransactionSql } from "postgres";
        export const sql = postgres(process.env.DATABASE_URL!);
        export async function withTenant<T>(tenant: string, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
          const result = await sql.begin(async (tx) => {
            await tx\`select set_config('app.tenant_id', \${tenant}, true)\`;
            return work(tx);
          });
          return result as T;
        }
        export const orders = (tenant: string) => withTenant(tenant, (tx) => tx\`select * from orders\`);`,
    sites: [
      "select set_config('app.tenant_id', $, true) | transaction | in-transaction | extended",
      "select * from orders | transaction | in-transaction | extended",
    ],
  },
  {
    title: "a class with an injected instance: it may be what begin gave",
    code: `
        import type { Sql } from "postgres";
        export class Users {
          constructor(private readonly sql: Sql) {}
          async lock(id: string) {
            await this.sql\`select pg_advisory_xact_lock(hashtext(\${id}))\`;
          }
          save = async (id: string) => this.sql.begin(async (tx) => { await tx\`update users set seen = now() where id = \${id}\`; });
        }`,
    sites: [
      "select pg_advisory_xact_lock(hashtext($)) | unknown | unknown | extended",
      "update users set seen = now() where id = $ | transaction | in-transaction | extended",
    ],
  },
  {
    title: "the namespaced forms of the types",
    code: `
        import postgres from "postgres";
        import type * as Postgres from "postgres";
        export async function a(sql: postgres.Sql<{}>) { await sql\`select 1\`; }
        export async function b(sql: postgres.TransactionSql) { await sql\`select 2\`; }
        export async function c(sql: Postgres.ReservedSql) { await sql\`select 3\`; }
        export async function d(sql: postgres.Sql | postgres.TransactionSql<{ json: string }>) { await sql\`select 4\`; }
        export async function e(sql: postgres.ISql) { await sql\`select 5\`; }
        export async function f(sql: ReturnType<typeof postgres>) { await sql\`select 6\`; }
        type Db = ReturnType<typeof postgres>;
        export class G { constructor(private db: Db) {} async g() { await this.db\`select 7\`; } }`,
    sites: [
      "select 1 | unknown | unknown | extended",
      "select 2 | transaction | in-transaction | extended",
      "select 3 | client | unknown | extended",
      "select 4 | unknown | unknown | extended",
      "select 5 | unknown | unknown | extended",
      "select 6 | unknown | unknown | extended",
      "select 7 | unknown | unknown | extended",
    ],
  },
  {
    title: "an optional transaction falls back to the pool",
    code: `
        import postgres, { type TransactionSql } from "postgres";
        const sql = postgres();
        async function insert(name: string, tx?: TransactionSql) {
          const db = tx ?? sql;
          await db\`insert into t (name) values (\${name})\`;
        }
        async function remove(name: string, db = sql) { await db\`delete from t where name = \${name}\`; }
        export async function run() {
          await insert("a");
          await remove("a");
          await sql.begin(async (tx) => { await insert("b", tx); });
        }`,
    sites: [
      "insert into t (name) values ($) | pool | autocommit | extended",
      "insert into t (name) values ($) | transaction | in-transaction | extended",
      "delete from t where name = $ | pool | autocommit | extended",
    ],
  },
  {
    title: "a singleton that is kept on globalThis",
    code: `
        import postgres from "postgres";
        const holder = globalThis as unknown as { sql?: ReturnType<typeof postgres> };
        export const sql = holder.sql ?? postgres(process.env.DATABASE_URL!, { max: 5 });
        if (process.env.NODE_ENV !== "production") holder.sql = sql;
        export const ping = async () => { await sql\`select 1\`; };`,
    sites: ["select 1 | pool | autocommit | extended"],
  },
  {
    title: "a factory that makes the instance once",
    code: `
        import postgres, { type Sql } from "postgres";
        let instance: Sql | undefined;
        export function getSql(): Sql {
          instance ??= postgres(process.env.DATABASE_URL!, { prepare: false });
          return instance;
        }
        export async function ping() {
          const sql = getSql();
          await sql\`select 1\`;
        }`,
    sites: ["select 1 | pool | autocommit | extended"],
  },
  {
    title: "a retry around a transaction",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        async function retry<T>(work: () => Promise<T>, times = 3): Promise<T> {
          for (let attempt = 1; ; attempt++) {
            try { return await work(); } catch (error) { if (attempt >= times) throw error; }
          }
        }
        export const move = (id: string) => retry(() => sql.begin("isolation level serializable", async (tx) => {
          await tx\`set local lock_timeout = '2s'\`;
          await tx\`update t set n = n + 1 where id = \${id}\`;
        }));`,
    sites: [
      "set local lock_timeout = '2s' | transaction | in-transaction | extended",
      "update t set n = n + 1 where id = $ | transaction | in-transaction | extended",
    ],
  },
  {
    title: "a reserved connection is no transaction until somebody begins one",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        export async function work() {
          const own = await sql.reserve();
          try {
            await own\`select pg_advisory_lock(1)\`;
            await own\`begin\`;
            await own\`set local role app\`;
            await own\`commit\`;
            await own\`select pg_advisory_unlock(1)\`;
          } finally {
            own.release();
          }
        }`,
    sites: [
      "select pg_advisory_lock(1) | client | autocommit | extended",
      "begin | client | autocommit | extended",
      "set local role app | client | in-transaction | extended",
      "commit | client | in-transaction | extended",
      "select pg_advisory_unlock(1) | client | autocommit | extended",
    ],
  },
  {
    title: "notify runs where it is called, subscribe and large objects are no SQL of the program",
    code: `
        import postgres from "postgres";
        const sql = postgres(process.env.DATABASE_URL!, { publications: "orders" });
        export async function run() {
          await sql.notify("jobs", "1");
          await sql.begin(async (tx) => { await tx.notify("jobs", "2"); });
          await sql.subscribe("insert:orders", (row) => console.log(row));
          const object = await sql.largeObject();
          await object.close();
        }`,
    sites: [
      "select pg_notify('jobs', …) | pool | autocommit | extended",
      "select pg_notify('jobs', …) | transaction | in-transaction | extended",
    ],
  },
  {
    title: "CommonJS, and an import that is a namespace",
    code: `
        const postgres = require("postgres");
        const sql = postgres("postgres://db/app", { idle_timeout: 20 });
        exports.all = async () => sql\`select 1\`;
        exports.file = () => sql.file("schema.sql");`,
    sites: ["select 1 | pool | autocommit | extended", "… | pool | autocommit | simple"],
  },
  {
    title: "from npm and by address, as Deno takes it",
    code: `
        import postgres from "npm:postgres@3.4.4";
        import type { TransactionSql } from "npm:postgres@3.4.4";
        import byAddress from "https://deno.land/x/postgresjs@v3.4.4/mod.js";
        import { Pool } from "npm:pg@^8.11";
        const sql = postgres(Deno.env.get("DATABASE_URL")!);
        const other = byAddress(Deno.env.get("DATABASE_URL")!);
        const act = async (tx: TransactionSql) => { await tx\`set local role app\`; };
        Deno.serve(async () => {
          await sql\`select 1\`;
          await other\`select 2\`;
          await new Pool().query("select 3");
          return new Response(String(act));
        });`,
    sites: [
      "set local role app | transaction | in-transaction | extended",
      "select 1 | pool | autocommit | extended",
      "select 2 | pool | autocommit | extended",
      "select 3 | pool | autocommit | simple",
    ],
  },
  {
    title: "two-phase commit is a transaction",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        export const run = () => sql.begin(async (tx) => {
          await tx\`insert into t values (1)\`;
          await tx.prepare("tx1");
        });`,
    sites: ["insert into t values (1) | transaction | in-transaction | extended"],
  },
  {
    title: "a query that nobody waits for in its function is sent all the same",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        export const find = (id: string) => sql\`select * from t where id = \${id}\`;
        export const save = (id: string) => { void sql\`delete from t where id = \${id}\`.catch(() => undefined); };
        export const rows = (id: string) => sql\`select name from t where id = \${id}\`.then(([row]) => row);`,
    sites: [
      "select * from t where id = $ | pool | autocommit | extended",
      "delete from t where id = $ | pool | autocommit | extended",
      "select name from t where id = $ | pool | autocommit | extended",
    ],
  },
  {
    title: "a promise that a variable of the module keeps",
    code: `
        import postgres from "postgres";
        const sql = postgres();
        const ready = sql\`select 1\`.then(([row]) => row).catch(() => sql\`select 2\`);
        export async function find() {
          const row = await ready;
          await sql\`select 3\`;
          return row;
        }`,
    sites: [
      "select 1 | pool | autocommit | extended",
      "select 2 | pool | autocommit | extended",
      "select 3 | pool | autocommit | extended",
    ],
  },
  {
    title: "a tag from a module that is not there is a query where somebody waits, and a text elsewhere",
    code: `
        import { sql } from "@acme/database";
        import { Pool } from "pg";
        export async function find(id: string) {
          await sql\`set search_path to app\`;
          return sql\`select * from t where id = \${id}\`;
        }
        export const columns = sql\`select 1\`;
        export const run = (pool: Pool) => pool.query(sql\`select 2\`);
        export const move = () => sql.begin(async (tx) => { await tx\`set local role app\`; });`,
    sites: [
      "set search_path to app | unknown | unknown | simple",
      "select * from t where id = $ | unknown | unknown | extended",
      "select 2 | pool | autocommit | simple",
      "set local role app | unknown | unknown | simple",
    ],
  },
  {
    title: "a tag of the same name from another package is none",
    code: `
        import sql from "mssql";
        import { sql as tag } from "@vercel/postgres-kysely";
        export const a = () => sql.query\`select 1\`;
        export const b = (id: string) => new Map([[id, "select 2"]]);
        export const c = tag;`,
    sites: [],
  },
]);
