import { testDriver } from "../support/driver-cases.ts";

testDriver("slonik", [
  {
    title: "tokens, connect and transaction",
    code: `
        import { createPool, sql } from "slonik";
        import { z } from "zod";
        export async function main() {
          const pool = await createPool("postgres://db", { statementTimeout: "DISABLE_TIMEOUT" });
          await pool.query(sql.unsafe\`select \${1}\`);
          await pool.one(sql.type(z.object({}))\`select \${sql.identifier(["a"])} from t\`);
          await pool.connect(async (connection) => { await connection.query(sql.unsafe\`set role app\`); });
          await pool.transaction(async (tx) => { await tx.query(sql.typeAlias("void")\`set local role app\`); });
          await pool.any(sql.prepared("p", z.any())\`select 3\`);
        }`,
    sites: [
      "select $ | pool | autocommit | extended",
      "select … from t | pool | autocommit | extended",
      "set role app | client | autocommit | extended",
      "set local role app | transaction | in-transaction | extended",
      "select 3 | pool | autocommit | extended | named …",
    ],
  },
]);
