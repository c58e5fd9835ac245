import { testDriver } from "../support/driver-cases.ts";

testDriver("bun", [
  {
    title: "Bun",
    code: `
        import { sql, SQL } from "bun";
        const db = new SQL("postgres://db");
        export async function work() {
          await sql\`select 1\`;
          await db.begin(async (tx) => { await tx\`set local role app\`; });
        }`,
    sites: ["select 1 | pool | autocommit | extended", "set local role app | transaction | in-transaction | extended"],
  },
]);
