import type { Problem, Reach, Rule, SqlAction, StatementUse } from "../model.ts";
import { inTransaction, withClient, withPool } from "./example-code.ts";
import { isIdentitySetting } from "./settings.ts";
import { localSuggestions } from "./suggestions.ts";
import { isRolledBack, leavesNothing, takesBack } from "./undoing.ts";

const ANY = ["every PgBouncer version in transaction mode"];

const NAMES: Readonly<Record<string, string>> = {
  role: "SET ROLE",
  session_authorization: "SET SESSION AUTHORIZATION",
};

function check(action: SqlAction, use: StatementUse, reach: Reach): readonly Problem[] {
  if (use.site.hook !== undefined) return [];
  if (action.kind === "reset-identity") {
    if (action.place !== "statement" || reach.state === "unknown") return [];
    if (isRolledBack(reach) || takesBack(action, use, reach)) return [];
    return [
      {
        messageId: "reset",
        data: { name: action.identity === "role" ? "RESET ROLE" : "RESET SESSION AUTHORIZATION" },
        location: action.location,
        effect: "silent",
        severity: "warning",
        confidence: "likely",
        restsOnState: true,
        breaksOn: ANY,
      },
    ];
  }
  const isSetting = action.kind === "set-parameter" && isIdentitySetting(action.name);
  if (!isSetting && action.kind !== "set-identity") return [];
  if (action.scope === "local" || leavesNothing(action, use.statement, reach)) return [];
  const name = action.kind === "set-identity" ? (NAMES[action.identity] ?? action.identity) : action.name;
  return [
    {
      messageId: isSetting ? "setting" : "identity",
      data: { name },
      location: action.location,
      effect: "leak",
      severity: "error",
      confidence: action.scope === "unknown" ? "possible" : "certain",
      breaksOn: ANY,
      suggestions: localSuggestions(action, use),
    },
  ];
}

/** Who the session acts for, left behind for the next client. */
export const noSessionIdentity: Rule = {
  id: "no-session-identity",
  summary: "A role, user or tenant setting that the next client of the server connection inherits",
  explanation: `\`SET ROLE\`, \`SET SESSION AUTHORIZATION\` and settings of the application (\`app.tenant_id\`), which row-level security
policies read, say who a session acts for. Set for the session, they stay on the server connection when the transaction ends: the next
client works with the first one's role or reads the first one's rows, and the first one goes on without them. There is no error.

This is a security rule: the usual result is one tenant's data in another tenant's response.

Measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2 over PostgreSQL 15.18: after \`SET ROLE r\` another client's \`current_user\` is \`r\`
and its queries fail with \`42501 permission denied\`; after \`set_config('app.tenant', '1', false)\` another client reads tenant 1's rows
through a policy.

\`set_config('app.tenant', …, true)\` in a transaction is right. It leaves the setting defined as an empty string on the server
connection, so readers should use \`NULLIF(current_setting('app.tenant', true), '')\`.

Not reported: settings of extensions (\`hnsw.ef_search\`; see no-session-set).`,
  remedies: `- \`SET LOCAL ROLE r\`, \`SET LOCAL SESSION AUTHORIZATION r\` or \`set_config('app.tenant', $1, true)\` inside the transaction that runs
  the queries.
- A database user of its own for each role, with a pool of its own.`,
  messages: {
    identity: {
      message:
        "`{{name}}` changes the server connection: the next client of it acts with this identity, and your later queries may run without it.",
      remedy: "Use `SET LOCAL …` inside the transaction that needs it.",
    },
    setting: {
      message: "`{{name}}` outlives the transaction: the next client of this server connection reads data with it.",
      remedy: "Set it with `set_config(…, true)` or `SET LOCAL` inside the transaction that runs the queries.",
    },
    reset: {
      message: "`{{name}}` runs on whichever server connection comes next: the identity stays where it was set.",
      remedy: "Use `SET LOCAL …`, which ends with the transaction.",
    },
  },
  feature: "session-identity",
  recommended: true,
  checkStatement: (use, reach) => use.statement.actions.flatMap((action) => check(action, use, reach)),
  examples: {
    reported: [
      {
        title: "tenant setting for the session",
        code: withPool(`await pool.query("SELECT set_config('app.tenant_id', $1, false)", ["42"]);
await pool.query("SELECT * FROM orders");`),
        reports: [{ messageId: "setting", at: "set_config", confidence: "certain", severity: "error" }],
      },
      {
        title: "SET of an application's setting on a client without BEGIN",
        code: withClient(`await client.query("SET app.tenant_id = '42'");
await client.query("SELECT * FROM orders");`),
        reports: [{ messageId: "setting", at: "SET" }],
      },
      {
        title: "SET ROLE",
        code: withClient(`await client.query("SET ROLE reporting");
await client.query("SELECT * FROM orders");
await client.query("RESET ROLE");`),
        reports: [
          { messageId: "identity", at: "SET" },
          { messageId: "reset", at: "RESET", severity: "warning" },
        ],
      },
      {
        title: "SET SESSION AUTHORIZATION inside a transaction",
        code: inTransaction(`await client.query("SET SESSION AUTHORIZATION reporting");
await client.query("SELECT * FROM orders");`),
        reports: [{ messageId: "identity", at: "SET" }],
      },
      {
        title: "tenant setting inside a transaction with false",
        code: inTransaction(`await client.query("SELECT set_config('app.tenant_id', $1, false)", ["42"]);
await client.query("SELECT * FROM orders");`),
        reports: [
          {
            messageId: "setting",
            at: "set_config",
            suggestion: inTransaction(`await client.query("SELECT set_config('app.tenant_id', $1, true)", ["42"]);
await client.query("SELECT * FROM orders");`),
          },
        ],
      },
      {
        title: "set_config of the role",
        code: withPool(`await pool.query("SELECT set_config('role', 'reporting', false)");`),
        reports: [{ messageId: "identity", at: "set_config" }],
      },
      {
        title: "a function that remembers the tenant for the session",
        language: "sql",
        code: `CREATE FUNCTION login(tenant text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', tenant, false);
END
$$;
`,
        reports: [{ messageId: "setting", at: "set_config", confidence: "likely" }],
      },
      {
        title: "row_security off",
        code: withPool(`await pool.query("SET row_security = off");`),
        reports: [{ messageId: "setting", at: "SET" }],
      },
      {
        title: "is_local that is an expression of the caller's",
        code: withPool(`await pool.query("SELECT set_config('app.tenant_id', $1, $2)", ["42", false]);`),
        reports: [{ messageId: "setting", at: "set_config", confidence: "possible", severity: "warning" }],
      },
    ],
    unreported: [
      {
        title: "tenant setting for the transaction",
        code: inTransaction(`await client.query("SELECT set_config('app.tenant_id', $1, true)", ["42"]);
await client.query("SELECT * FROM orders");`),
      },
      {
        title: "SET LOCAL of an application's setting",
        code: inTransaction(`await client.query("SET LOCAL app.tenant_id = '42'");`),
      },
      {
        title: "SET LOCAL ROLE",
        code: inTransaction(`await client.query("SET LOCAL ROLE reporting");`),
      },
      {
        title: "SET ROLE and RESET ROLE in one transaction",
        code: inTransaction(`await client.query("SET ROLE reporting");
await client.query("SELECT * FROM orders");
await client.query("RESET ROLE");`),
      },
      {
        title: "RESET ROLE in the finally of one transaction",
        code: inTransaction(`try {
  await client.query("SET LOCAL ROLE reporting");
  await client.query("SELECT * FROM orders");
} finally {
  await client.query("RESET ROLE");
}`),
      },
      {
        title: "RESET ROLE in finally, which also runs when SET LOCAL ROLE failed and the transaction rolls back",
        code: withClient(`await client.query("BEGIN");
try {
  try {
    await client.query("SET LOCAL ROLE reporting");
    await client.query("SELECT * FROM orders");
  } finally {
    await client.query("RESET ROLE");
  }
  await client.query("COMMIT");
} catch (error) {
  await client.query("ROLLBACK");
  throw error;
}`),
      },
      {
        title: "tenant setting in a text with its query",
        code: withPool(`await pool.query("SELECT set_config('app.tenant_id', '42', true); SELECT * FROM orders");`),
      },
      {
        title: "a transaction that rolls back",
        code: withClient(`await client.query("BEGIN");
await client.query("SET app.tenant_id = '42'");
await client.query("SELECT * FROM orders");
await client.query("ROLLBACK");`),
      },
      {
        title: "reading a setting",
        code: withPool(`await pool.query("SELECT current_setting('app.tenant_id', true)");`),
      },
      {
        title: "GRANT and ALTER ROLE",
        code: withPool(`await pool.query("GRANT reporting TO app");
await pool.query("ALTER ROLE app SET role = 'reporting'");`),
      },
    ],
  },
};
