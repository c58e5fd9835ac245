import { testDriver } from "../support/driver-cases.ts";

testDriver("drizzle-orm", [
  {
    title: "execute, transaction, raw and prepare",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/node-postgres";
        import { Pool } from "pg";
        const db = drizzle(new Pool());
        type Tx = Parameters<Parameters<typeof db.transaction>[0]>[0];
        export async function work(id: string) {
          await db.execute(sql\`select \${id}\`);
          await db.transaction(async (tx) => {
            await tx.execute(sql.raw(\`set local role app\`));
            await tx.transaction(async (inner) => { await inner.execute("select 2"); });
          });
          await db.select().from(users).where(sql\`pg_try_advisory_lock(1)\`);
          await db.$client.query("select 3");
        }
        export const find = db.select().from(users).prepare("find");
        export const inside = (tx: Tx) => tx.execute(sql\`select 4\`);
        declare const users: any;`,
    sites: [
      "select $ | pool | autocommit | extended",
      "set local role app | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "select pg_try_advisory_lock(1) | pool | autocommit | extended",
      "select 3 | pool | autocommit | simple",
      " | pool |  | extended | named find",
      "select 4 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "on postgres.js a name is no name; PGlite is no server",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/postgres-js";
        import { drizzle as lite } from "drizzle-orm/pglite";
        import postgres from "postgres";
        const db = drizzle(postgres("postgres://db", { prepare: false }));
        const local = lite();
        export const find = db.select().from(users).prepare("find");
        export const f = () => local.execute(sql\`set role app\`);
        export const g = () => db.execute(sql\`set role app\`);
        declare const users: any;`,
    sites: ["set role app | pool | autocommit | simple"],
  },
]);
