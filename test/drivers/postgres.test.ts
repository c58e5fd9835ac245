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
]);
