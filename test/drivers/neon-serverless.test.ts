import { testDriver } from "../support/driver-cases.ts";

testDriver("@neondatabase/serverless", [
  {
    title: "neon over HTTP and WebSockets, Vercel",
    code: `
        import { neon, Pool } from "@neondatabase/serverless";
        import { sql as vercel, createPool } from "@vercel/postgres";
        const sql = neon(process.env.DATABASE_URL!);
        const pool = new Pool();
        export async function work(id: string) {
          await sql\`select \${id}\`;
          await sql.transaction([sql\`select set_config('a.b', \${id}, true)\`, sql\`select 2\`]);
          await pool.query("select 3");
          await vercel\`select 4\`;
          await createPool().sql\`select 5\`;
        }`,
    sites: [
      "select $ | pool | autocommit | extended",
      "select set_config('a.b', $, true) | pool | in-transaction | extended",
      "select 2 | pool | in-transaction | extended",
      "select 3 | pool | autocommit | simple",
      "select 4 | pool | autocommit | extended",
      "select 5 | pool | autocommit | extended",
    ],
  },
]);
