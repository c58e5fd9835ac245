import type { Problem, Reach, Rule, SqlAction, StatementUse } from "../model.ts";
import { inTransaction, withClient, withPool } from "./example-code.ts";

/** What a cleanup statement is called; undefined for an action that is none. */
function cleanup(action: SqlAction): string | undefined {
  switch (action.kind) {
    case "discard":
      return action.target === "plans" ? undefined : `DISCARD ${action.target.toUpperCase()}`;
    case "prepared-statement":
      return action.operation === "deallocate-all" ? "DEALLOCATE ALL" : undefined;
    case "cursor":
      return action.operation === "close-all" ? "CLOSE ALL" : undefined;
    case "notification":
      return action.operation === "unlisten-all" ? "UNLISTEN *" : undefined;
    case "reset-parameter":
      return action.name === "all" ? "RESET ALL" : undefined;
    case "advisory-lock":
      return action.operation === "unlock-all" ? "pg_advisory_unlock_all()" : undefined;
    default:
      return undefined;
  }
}

/** DISCARD ALL in a transaction or among other statements: PostgreSQL refuses it (25001), with or without a pooler. */
const isRefused = (action: SqlAction, reach: Reach): boolean =>
  action.kind === "discard" &&
  action.target === "all" &&
  (reach.transaction === "explicit" || reach.transaction === "implicit");

function check(action: SqlAction, use: StatementUse, reach: Reach): readonly Problem[] {
  const name = cleanup(action);
  if (name === undefined || action.place !== "statement" || isRefused(action, reach)) return [];
  return [
    {
      messageId: "cleanup",
      data: { name },
      location: action.location,
      effect: "leak",
      severity: "error",
      // Closing the cursors or taking back the settings of one's own transaction is what these two do inside it.
      confidence:
        use.reaches.every((reach) => reach.transaction === "explicit") &&
        (action.kind === "cursor" || action.kind === "reset-parameter")
          ? "possible"
          : "certain",
      breaksOn:
        action.kind === "discard" || action.kind === "prepared-statement"
          ? [
              "every PgBouncer version in transaction mode",
              "PgBouncer 1.21 with max_prepared_statements: breaks every client",
            ]
          : ["every PgBouncer version in transaction mode"],
    },
  ];
}

/** Statements that clean a whole session. */
export const noDiscard: Rule = {
  id: "no-discard",
  summary: "DISCARD, DEALLOCATE ALL, RESET ALL and their kind: they clean a stranger's server connection",
  explanation: `\`DISCARD ALL\`, \`DEALLOCATE ALL\`, \`CLOSE ALL\`, \`UNLISTEN *\`, \`RESET ALL\` and \`pg_advisory_unlock_all()\` clean the server
connection they run on. In transaction mode that is hardly ever the one this client used before: what it left behind stays, and what
another client set up there is gone: its advisory lock, its prepared statements, its cursor.

On PgBouncer 1.21 with \`max_prepared_statements\` above 0, \`DISCARD ALL\` or \`DEALLOCATE ALL\` of one client makes the named statements of
*all* clients fail with \`26000 prepared statement "PGBOUNCER_7" does not exist\`; from 1.22 PgBouncer follows them.
\`server_reset_query\` never runs in transaction mode.

Measured on PgBouncer 1.18.0, 1.21.0, 1.22.1 and 1.25.2 over PostgreSQL 15.18, each statement by itself.

Not reported: \`DISCARD ALL\` inside a transaction or a text with other statements, which PostgreSQL refuses anyway (\`25001\`).`,
  remedies: `- Delete it. With nothing set for the session there is nothing to clean.
- \`SET LOCAL\`, transaction-level locks and \`ON COMMIT DROP\` clean up by themselves.`,
  messages: {
    cleanup: {
      message:
        "`{{name}}` cleans whichever server connection it lands on: usually not yours, and possibly another client's.",
      remedy: "Delete it, and let what it should clean end with the transaction.",
      condition: "Delete `{{name}}`.",
    },
  },
  feature: "discard",
  recommended: true,
  checkStatement: (use, reach) => use.statement.actions.flatMap((action) => check(action, use, reach)),
  examples: {
    reported: [
      {
        title: "DISCARD ALL before release",
        code: withClient(`await client.query("SELECT 1");
await client.query("DISCARD ALL");`),
        reports: [{ messageId: "cleanup", at: "DISCARD", confidence: "certain", severity: "error" }],
      },
      {
        title: "DISCARD ALL that is to take a setting back",
        code: withClient(`await client.query("SET work_mem = '64MB'");
await client.query("SELECT * FROM orders ORDER BY total");
await client.query("SELECT * FROM lines");
await client.query("DISCARD ALL");`),
        reports: [{ messageId: "cleanup", at: "DISCARD" }],
      },
      {
        title: "DEALLOCATE ALL",
        code: withPool(`await pool.query("DEALLOCATE ALL");`),
        reports: [{ messageId: "cleanup", at: "DEALLOCATE" }],
      },
      {
        title: "RESET ALL",
        code: withPool(`await pool.query("RESET ALL");`),
        reports: [{ messageId: "cleanup", at: "RESET" }],
      },
      {
        title: "UNLISTEN *",
        code: withClient(`await client.query("UNLISTEN *");`),
        reports: [{ messageId: "cleanup", at: "UNLISTEN" }],
      },
      {
        title: "CLOSE ALL",
        code: withPool(`await pool.query("CLOSE ALL");`),
        reports: [{ messageId: "cleanup", at: "CLOSE" }],
      },
      {
        title: "CLOSE ALL and RESET ALL reach further than their transaction",
        code: inTransaction(`await client.query("DECLARE c CURSOR FOR SELECT 1");
await client.query("SET LOCAL work_mem = '64MB'");
await client.query("CLOSE ALL");
await client.query("RESET ALL");`),
        reports: [
          { messageId: "cleanup", at: "CLOSE", confidence: "possible", severity: "warning" },
          { messageId: "cleanup", at: "RESET", confidence: "possible", severity: "warning" },
        ],
      },
      {
        title: "pg_advisory_unlock_all in finally",
        code: withClient(`await client.query("SELECT pg_advisory_lock(1)");
try {
  await client.query("UPDATE counters SET value = value + 1");
} finally {
  await client.query("SELECT pg_advisory_unlock_all()");
}`),
        reports: [{ messageId: "cleanup", at: "pg_advisory_unlock_all" }],
      },
      {
        title: "DISCARD TEMP and SEQUENCES",
        code: withPool(`await pool.query("DISCARD TEMP");
await pool.query("DISCARD TEMPORARY");
await pool.query("DISCARD SEQUENCES");`),
        reports: [
          { messageId: "cleanup", at: "DISCARD" },
          { messageId: "cleanup", at: "DISCARD" },
          { messageId: "cleanup", at: "DISCARD" },
        ],
      },
    ],
    unreported: [
      { title: "DISCARD PLANS only costs planning", code: withPool(`await pool.query("DISCARD PLANS");`) },
      {
        title: "TRUNCATE and DELETE",
        code: withPool(`await pool.query("TRUNCATE lines");
return await pool.query("DELETE FROM orders WHERE id = 1 RETURNING id");`),
        intends: [{ id: 1 }],
      },
      {
        title: "a named cursor closed in its transaction",
        code: inTransaction(
          `await client.query("DECLARE c CURSOR FOR SELECT 1 AS one");
const { rows } = await client.query("FETCH c");
await client.query("CLOSE c");`,
          "rows",
        ),
        intends: [{ one: 1 }],
      },
      {
        title: "DISCARD ALL in a transaction is refused anyway",
        code: withClient(`await client.query("BEGIN");
try {
  await client.query("DISCARD ALL");
} finally {
  await client.query("ROLLBACK");
}`),
        intendsError: "25001",
      },
      {
        title: "so it is among other statements",
        code: withPool(`await pool.query("DISCARD ALL; SELECT 1");`),
        intendsError: "25001",
      },
      {
        title: "RESET of one tracked parameter",
        code: withClient(`await client.query("SET timezone = 'Asia/Tokyo'");
await client.query("RESET timezone");
return await client.query("SELECT current_setting('timezone') <> 'Asia/Tokyo' AS reset");`),
        intends: [{ reset: true }],
      },
      {
        title: "ALTER ROLE RESET ALL changes the catalog",
        code: withPool(`await pool.query("ALTER ROLE app RESET ALL");
return await pool.query("SELECT rolconfig FROM pg_roles WHERE rolname = 'app'");`),
        given: "ALTER ROLE app SET work_mem = '64MB'",
        intends: [{ rolconfig: null }],
      },
      {
        title: "a function of that name",
        code: `const discard = (all: string[]) => all.filter((item) => item !== "DISCARD ALL");

export const run = () => discard(["DISCARD ALL", "SELECT 1"]);
`,
        intends: ["SELECT 1"],
      },
    ],
  },
};
