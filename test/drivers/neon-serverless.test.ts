import { testDriver } from "../support/driver-cases.ts";

testDriver("@neondatabase/serverless", [
  {
    title: "queries over HTTP, one by one and in a transaction",
    code: `
        import { neon, Pool } from "@neondatabase/serverless";
        const sql = neon(process.env.DATABASE_URL!);
        const pool = new Pool();
        export async function work(id: string) {
          await sql\`select \${id}\`;
          await sql.transaction([sql\`select set_config('a.b', \${id}, true)\`, sql\`select 2\`]);
          await pool.query("select 3");
        }`,
    sites: [
      "select $ | pool | autocommit | extended",
      "select set_config('a.b', $, true) | transaction | in-transaction | extended",
      "select 2 | transaction | in-transaction | extended",
      "select 3 | pool | autocommit | simple",
    ],
  },
  {
    title: "query(), the call of earlier versions, and parts",
    code: `
        import { neon } from "@neondatabase/serverless";
        const sql = neon("postgres://db", { fullResults: true });
        export async function work(id: string, column: "a" | "b") {
          await sql.query("select * from t where id = $1", [id]);
          await sql("select 2");
          await sql\`select \${sql.unsafe("name")} from t where \${sql\`id = \${id}\`}\`;
        }`,
    sites: [
      "select * from t where id = $1 | pool | autocommit | extended",
      "select 2 | pool | autocommit | extended",
      "select name from t where id = $ | pool | autocommit | extended",
    ],
  },
  {
    title: "a transaction by function, with options, and of a mapped list",
    code: `
        import { neon } from "@neondatabase/serverless";
        const sql = neon(process.env.DATABASE_URL!);
        export async function work(ids: number[]) {
          await sql.transaction((tx) => [tx\`set local role app\`, tx.query("select 2")], { readOnly: true });
          await sql.transaction(ids.map((id) => sql\`delete from t where id = \${id}\`));
        }`,
    sites: [
      "set local role app | transaction | in-transaction | extended",
      "select 2 | transaction | in-transaction | extended",
      "delete from t where id = $ | transaction | in-transaction | extended",
    ],
  },
  {
    title: "Pool and Client are pg's, over WebSockets",
    code: `
        import { Client, neonConfig, Pool, type PoolClient } from "@neondatabase/serverless";
        import ws from "ws";
        neonConfig.webSocketConstructor = ws;
        const pool = new Pool({ connectionString: process.env.DATABASE_URL });
        pool.on("connect", (client: PoolClient) => { void client.query("set role app"); });
        export async function work() {
          const client = await pool.connect();
          try {
            await client.query("begin");
            await client.query("set local a.b = 1");
            await client.query("commit");
            await client.query({ name: "n", text: "select 1" });
          } finally {
            client.release();
          }
          const own = new Client(process.env.DATABASE_URL);
          await own.connect();
          await own.query("select $1", [1]);
          await own.end();
        }`,
    sites: [
      "set role app | client | autocommit | simple | on connect",
      "begin | client | autocommit | simple",
      "set local a.b = 1 | client | in-transaction | simple",
      "commit | client | in-transaction | simple",
      "select 1 | client | autocommit | extended | named n",
      "select $1 | client | autocommit | extended",
    ],
  },
  {
    title: "types",
    code: `
        import { neon, type NeonQueryFunction, type NeonQueryFunctionInTransaction, type Pool } from "@neondatabase/serverless";
        export const a = async (sql: NeonQueryFunction<false, false>) => { await sql\`select 1\`; };
        export const b = (tx: NeonQueryFunctionInTransaction<false, false>) => [tx\`select 2\`];
        export const c = (pool: Pool) => pool.query("select 3");
        export const d = async (sql: ReturnType<typeof neon>) => { await sql\`select 4\`; };`,
    sites: [
      "select 1 | pool | autocommit | extended",
      "select 2 | transaction | in-transaction | extended",
      "select 3 | pool | autocommit | simple",
      "select 4 | pool | autocommit | extended",
    ],
  },
  {
    title: "a client that is made for each request",
    code: `
        import { neon } from "@neondatabase/serverless";
        export default {
          async fetch(request: Request, env: { DATABASE_URL: string }) {
            const sql = neon(env.DATABASE_URL);
            const [user, posts] = await Promise.all([sql\`select 1\`, sql\`select 2\`]);
            return Response.json({ user, posts, rest: await list(sql) });
          },
        };
        async function list(sql: ReturnType<typeof neon>) { return sql\`select 3\`; }`,
    sites: [
      "select 1 | pool | autocommit | extended",
      "select 2 | pool | autocommit | extended",
      "select 3 | pool | autocommit | extended",
    ],
  },
]);
