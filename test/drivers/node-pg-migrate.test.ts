import { testDriver } from "../support/driver-cases.ts";

testDriver("node-pg-migrate", [
  {
    title: "steps are sent in a transaction, temporary things among them",
    code: `
        export const up = (pgm) => {
          pgm.sql("set role app");
          pgm.createTable("t", { id: "id" }, { temporary: true });
          pgm.createTable("u", { id: "id" });
          pgm.createSequence("s", { temporary: true });
          pgm.createView("v", { temporary: true }, "select 1");
          pgm.createView("w", {}, "select 1");
        };`,
    sites: [
      "set role app | transaction | in-transaction | simple",
      'create temporary table "t" () | transaction | in-transaction | simple',
      'create temporary sequence "s" | transaction | in-transaction | simple',
      'create temporary view "v" as select 1 | transaction | in-transaction | simple',
    ],
  },
  {
    title: "a migration outside a transaction",
    code: `
        exports.up = (pgm) => {
          pgm.noTransaction();
          pgm.sql("set lock_timeout = '5s'");
          pgm.createIndex("t", "a", { concurrently: true });
        };
        exports.down = (pgm) => { pgm.sql("select 2"); };`,
    sites: [
      "set lock_timeout = '5s' | transaction | autocommit | simple",
      "select 2 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "the client itself",
    code: `
        exports.up = async (pgm) => {
          const rows = await pgm.db.select("select id from t where a = $1", [1]);
          for (const row of rows) await pgm.db.query({ text: "select set_config('a.b', $1, true)", values: [row.id] });
          await pgm.db.query("select 3");
        };`,
    sites: [
      "select id from t where a = $1 | transaction | in-transaction | extended",
      "select set_config('a.b', $1, true) | transaction | in-transaction | extended",
      "select 3 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "in TypeScript, whatever the parameter is called",
    code: `
        import type { ColumnDefinitions, MigrationBuilder } from "node-pg-migrate";
        export const shorthands: ColumnDefinitions | undefined = undefined;
        export async function up(builder: MigrationBuilder): Promise<void> {
          builder.sql("set local lock_timeout = '5s'");
          await addRole(builder);
        }
        async function addRole(pgm: MigrationBuilder) { pgm.sql(\`set role app\`); }`,
    sites: [
      "set local lock_timeout = '5s' | transaction | in-transaction | simple",
      "set role app | transaction | in-transaction | simple",
    ],
  },
  {
    title: "names filled in for braces, and text that is no placeholder",
    code: `
        exports.up = (pgm) => {
          pgm.sql("set local search_path to {schema}", { schema: "app" });
          pgm.sql("update t set a = '{}'::jsonb, b = '{x}'::text[]");
        };`,
    sites: [
      "set local search_path to … | transaction | in-transaction | simple",
      "update t set a = '{}'::jsonb, b = '{x}'::text[] | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a helper in the same file, called by both directions",
    code: `
        const withRole = (pgm, role, work) => {
          pgm.sql(\`set local role \${role}\`);
          work();
        };
        exports.up = (pgm) => withRole(pgm, "owner", () => pgm.sql("select 1"));
        exports.down = (pgm) => withRole(pgm, "owner", () => pgm.sql("select 2"));`,
    sites: [
      "set local role owner | transaction | in-transaction | simple",
      "set local role owner | transaction | in-transaction | simple",
      "select 1 | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
    ],
  },
]);
