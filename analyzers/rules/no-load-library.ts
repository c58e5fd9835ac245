import type { Problem, Rule, SqlAction, StatementUse } from "../model.ts";
import { inTransaction, withClient, withPool } from "./example-code.ts";

function check(action: SqlAction, use: StatementUse): readonly Problem[] {
  if (action.kind !== "load-library" || use.site.hook !== undefined) return [];
  return [
    {
      messageId: "load",
      data: { library: action.library },
      location: action.location,
      effect: "leak",
      severity: "error",
      breaksOn: ["every PgBouncer version in transaction mode"],
    },
  ];
}

/** LOAD of a shared library. */
export const noLoadLibrary: Rule = {
  id: "no-load-library",
  summary: "LOAD: the library is in one server connection only, and stays there",
  explanation: `\`LOAD 'auto_explain'\` loads a library into one server connection. This client's next statement may run on one without it
(\`42704 unrecognized configuration parameter\`, on and off), and other clients get it. Neither COMMIT nor ROLLBACK unloads it.
\`SET auto_explain.log_min_duration\` on a server connection without the library is accepted and does nothing.

Measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2 over PostgreSQL 15.18, with the same result on all three.`,
  remedies: `- \`ALTER ROLE app SET session_preload_libraries = 'auto_explain'\` or the same for the database (measured: present on every server
  connection opened afterwards).
- \`shared_preload_libraries\` in postgresql.conf.`,
  messages: {
    load: {
      message:
        "`LOAD '{{library}}'` loads the library into one server connection: your next statement may miss it, and other clients get it.",
      remedy: "Use `ALTER ROLE … SET session_preload_libraries`.",
      condition: "Load '{{library}}' by `ALTER ROLE … SET session_preload_libraries`.",
    },
  },
  feature: "load-library",
  recommended: true,
  checkStatement: (use) => use.statement.actions.flatMap((action) => check(action, use)),
  examples: {
    reported: [
      {
        title: "through the pool",
        code: withPool(`await pool.query("LOAD 'auto_explain'");
return await pool.query("SHOW auto_explain.log_min_duration");`),
        intends: [{ "auto_explain.log_min_duration": "-1" }],
        reports: [{ messageId: "load", at: "LOAD", confidence: "certain", severity: "error" }],
      },
      {
        title: "on a client",
        code: withClient(`await client.query("LOAD 'auto_explain'");
return await client.query("SHOW auto_explain.log_min_duration");`),
        intends: [{ "auto_explain.log_min_duration": "-1" }],
        reports: [{ messageId: "load", at: "LOAD" }],
      },
      {
        title: "in a transaction",
        code: inTransaction(
          `await client.query("LOAD 'auto_explain'");
const { rows } = await client.query("SHOW auto_explain.log_min_duration");`,
          "rows",
        ),
        intends: [{ "auto_explain.log_min_duration": "-1" }],
        reports: [{ messageId: "load", at: "LOAD" }],
      },
      {
        title: "ROLLBACK does not unload",
        code: withClient(`await client.query("BEGIN");
await client.query("LOAD 'auto_explain'");
await client.query("ROLLBACK");`),
        reports: [{ messageId: "load", at: "LOAD" }],
      },
      {
        title: "in one text",
        code: withPool(`return await pool.query("LOAD 'auto_explain'; SHOW auto_explain.log_min_duration");`),
        intends: [[], [{ "auto_explain.log_min_duration": "-1" }]],
        reports: [{ messageId: "load", at: "LOAD" }],
      },
      {
        title: "in lower case with a comment",
        code: withPool(`await pool.query("/* plans */ load 'auto_explain'");`),
        reports: [{ messageId: "load", at: "load" }],
      },
    ],
    unreported: [
      {
        title: "session_preload_libraries of a role",
        code: withPool(`await pool.query("ALTER ROLE app SET session_preload_libraries = 'auto_explain'");
return await pool.query("SELECT rolconfig FROM pg_roles WHERE rolname = 'app'");`),
        intends: [{ rolconfig: ["session_preload_libraries=auto_explain"] }],
      },
      {
        title: "CREATE EXTENSION",
        code: withPool(`await pool.query("CREATE EXTENSION IF NOT EXISTS pg_trgm");
return await pool.query("SELECT similarity('load', 'load')");`),
        intends: [{ similarity: 1 }],
      },
      {
        title: "a table and a column of that name",
        code: withPool(
          `await pool.query("INSERT INTO load (load) VALUES (1)");
return await pool.query("SELECT load FROM load UNION SELECT load FROM machines");`,
        ),
        intends: [{ load: 1 }],
      },
      { title: "COPY loads rows, not libraries", code: withPool(`await pool.query("COPY orders TO STDOUT");`) },
      {
        title: "a load function of the program",
        code: `const load = (name: string) => import(name);

export async function run() {
  const { sep } = await load("node:path/posix");
  return sep;
}
`,
        intends: "/",
      },
      {
        title: "the word in a string",
        code: withPool(`return await pool.query("SELECT 'LOAD ''auto_explain''' AS said");`),
        intends: [{ said: "LOAD 'auto_explain'" }],
      },
    ],
  },
};
