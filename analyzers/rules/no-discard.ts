import type { Problem, Rule, SqlAction, StatementUse } from "../model.ts";
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

function check(action: SqlAction, use: StatementUse): readonly Problem[] {
  const name = cleanup(action);
  if (name === undefined || action.place !== "statement") return [];
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

Measured on PgBouncer 1.18.0, 1.21.0, 1.22.1 and 1.25.2 over PostgreSQL 15.18, each statement by itself. \`DISCARD ALL\` inside a
transaction or a text with other statements fails anyway (\`25001\`).`,
  remedies: `- Delete it. With nothing set for the session there is nothing to clean.
- \`SET LOCAL\`, transaction-level locks and \`ON COMMIT DROP\` clean up by themselves.`,
  messages: {
    cleanup: {
      message:
        "`{{name}}` cleans whichever server connection it lands on: usually not yours, and possibly another client's.",
      remedy: "Delete it, and let what it should clean end with the transaction.",
    },
  },
  feature: "discard",
  recommended: true,
  checkStatement: (use) => use.statement.actions.flatMap((action) => check(action, use)),
  examples: {
    reported: [
      {
        title: "DISCARD ALL before release",
        code: withClient(`await client.query("SELECT 1");
await client.query("DISCARD ALL");`),
        reports: [{ messageId: "cleanup", at: "DISCARD", confidence: "certain", severity: "error" }],
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
        title: "pg_advisory_unlock_all in finally",
        code: withClient(`try {
  await client.query("SELECT 1");
} finally {
  await client.query("SELECT pg_advisory_unlock_all()");
}`),
        reports: [{ messageId: "cleanup", at: "pg_advisory_unlock_all" }],
      },
      {
        title: "DISCARD TEMP and SEQUENCES",
        code: withPool(`await pool.query("DISCARD TEMP");\nawait pool.query("DISCARD SEQUENCES");`),
        reports: [
          { messageId: "cleanup", at: "DISCARD" },
          { messageId: "cleanup", at: "DISCARD" },
        ],
      },
    ],
    unreported: [
      { title: "DISCARD PLANS only costs planning", code: withPool(`await pool.query("DISCARD PLANS");`) },
      {
        title: "TRUNCATE and DELETE",
        code: withPool(`await pool.query("TRUNCATE batch");\nawait pool.query("DELETE FROM batch");`),
      },
      {
        title: "a named cursor closed in its transaction",
        code: inTransaction(`await client.query("DECLARE c CURSOR FOR SELECT 1");\nawait client.query("CLOSE c");`),
      },
      { title: "RESET of one tracked parameter", code: withPool(`await pool.query("RESET timezone");`) },
      {
        title: "ALTER ROLE RESET ALL changes the catalog",
        code: withPool(`await pool.query("ALTER ROLE app RESET ALL");`),
      },
      {
        title: "a function of that name",
        code: `export const discard = (all: string[]) => all.filter((item) => item !== "DISCARD ALL");\n`,
      },
    ],
  },
};
