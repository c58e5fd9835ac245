import { testDriver } from "../support/driver-cases.ts";

testDriver("@databases/pg", [
  {
    title: "@databases/pg",
    code: `
        import connect, { sql } from "@databases/pg";
        const db = connect({ connectionString: "postgres://db", schema: "app" });
        export async function work(id: string) {
          await db.query(sql\`select \${id} from \${sql.ident("t")}\`);
          await db.tx(async (tx) => { await tx.query(sql\`set local role app\`); });
          await db.task(async (t) => { await t.query(sql\`set role app\`); });
        }`,
    sites: [
      "SET search_path TO … | client | autocommit | simple | on schema",
      "select $ from … | pool | autocommit | extended",
      "set local role app | transaction | in-transaction | extended",
      "set role app | client | autocommit | extended",
    ],
  },
]);
