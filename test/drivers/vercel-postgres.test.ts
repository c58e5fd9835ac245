import { testDriver } from "../support/driver-cases.ts";

testDriver("@vercel/postgres", [
  {
    title: "the tag, its query and the same pool by another name",
    code: `
        import { db, sql } from "@vercel/postgres";
        export async function work(id: string) {
          await sql\`select \${id}\`;
          await sql.query("select $1", [id]);
          await db.sql\`select 3\`;
          await db.query("select 4");
        }`,
    sites: [
      "select $ | pool | autocommit | extended",
      "select $1 | pool | autocommit | extended",
      "select 3 | pool | autocommit | extended",
      "select 4 | pool | autocommit | simple",
    ],
  },
  {
    title: "a client of the pool",
    code: `
        import { db, type VercelPoolClient } from "@vercel/postgres";
        async function actAs(client: VercelPoolClient, tenant: string) {
          await client.sql\`select set_config('app.tenant', \${tenant}, true)\`;
        }
        export async function work(tenant: string) {
          const client = await db.connect();
          await client.sql\`BEGIN\`;
          await actAs(client, tenant);
          await client.query("insert into t values (1)");
          await client.sql\`COMMIT\`;
          await client.sql\`set search_path to app\`;
          client.release();
        }`,
    sites: [
      "select set_config('app.tenant', $, true) | client | in-transaction | extended",
      "BEGIN | client | autocommit | simple",
      "insert into t values (1) | client | in-transaction | simple",
      "COMMIT | client | in-transaction | simple",
      "set search_path to app | client | autocommit | simple",
    ],
  },
  {
    title: "pools of one's own",
    code: `
        import { createPool, type VercelPool } from "@vercel/postgres";
        const pool = createPool({ connectionString: process.env.POSTGRES_URL });
        export const a = async () => { await pool.sql\`select 1\`; };
        export const b = (other: VercelPool) => other.sql\`select 2\`;
        export const c = () => createPool().sql\`select 3\`;`,
    sites: [
      "select 1 | pool | autocommit | extended",
      "select 2 | pool | autocommit | extended",
      "select 3 | pool | autocommit | extended",
    ],
  },
  {
    title: "createClient bypasses the pooler",
    code: `
        import { createClient } from "@vercel/postgres";
        export async function migrate() {
          const client = createClient();
          await client.connect();
          try {
            await client.sql\`select pg_advisory_lock(1)\`;
            await client.query("create temp table t (id int)");
          } finally {
            await client.end();
          }
        }`,
    sites: [
      "select pg_advisory_lock(1) | direct | autocommit | simple",
      "create temp table t (id int) | direct | autocommit | simple",
    ],
  },
  {
    title: "hooks of the pool, and pg's classes",
    code: `
        import { Client, createPool, Pool } from "@vercel/postgres";
        const pool = createPool();
        pool.on("connect", (client) => { void client.query("set statement_timeout = 1000"); });
        export const a = () => new Pool().query("select 1");
        export const b = async () => { const own = new Client(); await own.connect(); await own.query("select 2"); };`,
    sites: [
      "set statement_timeout = 1000 | client | autocommit | simple | on connect",
      "select 1 | pool | autocommit | simple",
      "select 2 | client | autocommit | simple",
    ],
  },
  {
    title: "components and actions that query where they render",
    code: `
        import { sql } from "@vercel/postgres";
        export async function fetchInvoices(query: string, page: number) {
          const data = await Promise.all([sql\`select count(*) from invoices\`, sql\`select 2\`]);
          const rows = await sql<{ id: string }>\`select * from invoices where name ilike \${"%" + query + "%"} limit \${page}\`;
          return { data, rows: rows.rows };
        }
        export const remove = async (id: string) => { "use server"; await sql\`delete from invoices where id = \${id}\`; };`,
    sites: [
      "select count(*) from invoices | pool | autocommit | extended",
      "select 2 | pool | autocommit | extended",
      "select * from invoices where name ilike $ limit $ | pool | autocommit | extended",
      "delete from invoices where id = $ | pool | autocommit | extended",
    ],
  },
]);
