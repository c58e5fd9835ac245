import { testDriver } from "../support/driver-cases.ts";

testDriver("bun", [
  {
    title: "the ready instance, one's own, and a transaction",
    code: `
        import { sql, SQL } from "bun";
        const db = new SQL("postgres://db");
        export async function work() {
          await sql\`select 1\`;
          await db.begin(async (tx) => { await tx\`set local role app\`; });
        }`,
    sites: ["select 1 | pool | autocommit | extended", "set local role app | transaction | in-transaction | extended"],
  },
  {
    title: "through the global, and by its other name",
    code: `
        import { postgres } from "bun";
        const db = new Bun.SQL({ url: process.env.DATABASE_URL, prepare: false });
        export async function work() {
          await Bun.sql\`select 1\`;
          await db\`select 2\`;
          await postgres\`select 3\`;
        }`,
    sites: [
      "select 1 | pool | autocommit | extended",
      "select 2 | pool | autocommit | extended",
      "select 3 | pool | autocommit | extended",
    ],
  },
  {
    title: "transaction, savepoint, distributed, and lists that begin waits for",
    code: `
        import { SQL } from "bun";
        const sql = new SQL();
        export async function work() {
          await sql.transaction("read only", async (tx) => {
            await tx\`select 1\`;
            await tx.savepoint("inner", async (sp) => { await sp\`select 2\`; });
          });
          await sql.beginDistributed("tx1", async (tx) => { await tx\`select 3\`; });
          await sql.commitDistributed("tx1");
          await sql.begin((tx) => [tx\`select 4\`, tx\`select 5\`]);
        }`,
    sites: [
      "select 1 | transaction | in-transaction | extended",
      "select 2 | transaction | in-transaction | extended",
      "select 3 | transaction | in-transaction | extended",
      "select 4 | transaction | in-transaction | extended",
      "select 5 | transaction | in-transaction | extended",
    ],
  },
  {
    title: "a reserved connection",
    code: `
        import { sql } from "bun";
        export async function work() {
          const own = await sql.reserve();
          try {
            await own\`set search_path to app\`;
            await own.begin(async (tx) => { await tx\`select 2\`; });
            await own\`select 3\`;
          } finally {
            await own.release();
          }
        }`,
    sites: [
      "set search_path to app | client | autocommit | extended",
      "select 2 | client | in-transaction | extended",
      "select 3 | client | autocommit | extended",
    ],
  },
  {
    title: "unsafe, simple, COPY, LISTEN and NOTIFY",
    code: `
        import { sql } from "bun";
        export async function work(id: number) {
          await sql.unsafe("create table a (id int); create table b (id int)");
          await sql.unsafe("select $1", [id]);
          await sql\`select 1; select 2\`.simple();
          await Bun.write("users.csv", new Response(sql\`copy users to stdout\`.readable()));
          await sql.listen("jobs", (payload) => console.log(payload));
          await sql.notify("jobs", "1");
        }`,
    sites: [
      "create table a (id int); create table b (id int) | pool | implicit | simple",
      "select $1 | pool | autocommit | extended",
      "select 1; select 2 | pool | implicit | simple",
      "copy users to stdout | pool | autocommit | simple",
      'listen "jobs" | pool | autocommit | simple',
      "select pg_notify('jobs', …) | pool | autocommit | extended",
    ],
  },
  {
    title: "types: any client is an SQL, a transaction's too",
    code: `
        import type { ReservedSQL, SQL, TransactionSQL } from "bun";
        export const a = async (sql: SQL) => { await sql\`select 1\`; };
        export const b = async (tx: TransactionSQL) => { await tx\`select 2\`; };
        export const c = async (own: ReservedSQL) => { await own\`select 3\`; };
        export const d = async (sql: Bun.SQL) => { await sql\`select 4\`; };
        export const e = async (tx: Bun.TransactionSQL) => { await tx\`select 5\`; };`,
    sites: [
      "select 1 | unknown | unknown | extended",
      "select 2 | transaction | in-transaction | extended",
      "select 3 | client | unknown | extended",
      "select 4 | unknown | unknown | extended",
      "select 5 | transaction | in-transaction | extended",
    ],
  },
  {
    title: "helpers and fragments",
    code: `
        import { sql } from "bun";
        export async function save(users: { name: string }[], ids: number[], active?: boolean) {
          await sql\`insert into users \${sql(users, "name")} returning *\`;
          await sql\`select * from users where id in \${sql(ids)} \${active ? sql\`and active\` : sql\`\`}\`;
          await sql\`select * from \${sql("public.users")} where tags = \${sql.array(ids)}\`;
        }`,
    sites: [
      "insert into users … returning * | pool | autocommit | extended",
      "select * from users where id in … and active | pool | autocommit | extended",
      "select * from users where id in … | pool | autocommit | extended",
      "select * from … where tags = $ | pool | autocommit | extended",
    ],
  },
  {
    title: "other databases, by option and by URL",
    code: `
        import { SQL } from "bun";
        const mysql = new SQL("mysql://db/app");
        const maria = new SQL({ url: "mariadb://db/app" });
        const byOption = new SQL({ adapter: "mysql", hostname: "db" });
        const sqlite = new SQL({ filename: "app.db" });
        const memory = new SQL(":memory:");
        const file = new SQL("app.db", { adapter: "sqlite" });
        export async function work() {
          await mysql\`set session sql_mode = 'ANSI'\`;
          await maria\`select get_lock('a', 1)\`;
          await byOption\`set names utf8mb4\`;
          await sqlite\`create temp table a (id int)\`;
          await memory\`create temp table b (id int)\`;
          await file.begin(async (tx) => { await tx\`create temp table c (id int)\`; });
        }`,
    sites: [],
  },
]);
