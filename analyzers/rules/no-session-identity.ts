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
      condition: "Run `{{name}}` as `SET LOCAL …` inside the transaction that needs it.",
    },
    setting: {
      message: "`{{name}}` outlives the transaction: the next client of this server connection reads data with it.",
      remedy: "Set it with `set_config(…, true)` or `SET LOCAL` inside the transaction that runs the queries.",
      condition: "Set `{{name}}` inside each transaction: `set_config(…, true)` or `SET LOCAL`.",
    },
    reset: {
      message: "`{{name}}` runs on whichever server connection comes next: the identity stays where it was set.",
      remedy: "Use `SET LOCAL …`, which ends with the transaction.",
      condition: "Drop `{{name}}`; let the identity end with its transaction.",
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
return pool.query("SELECT total FROM orders WHERE tenant = current_setting('app.tenant_id', true)");`),
        intends: [{ total: 20 }],
        reports: [{ messageId: "setting", at: "set_config", confidence: "certain", severity: "error" }],
      },
      {
        title: "one tenant's rows for somebody without a tenant",
        given: `ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON orders USING (tenant = current_setting('app.tenant_id', true))`,
        code: withPool(`await pool.query("SELECT set_config('app.tenant_id', $1, false)", ["42"]);

const others = new Pool();
const seen = [];
for (let visit = 0; visit < 4; visit += 1) {
  const [, { rows }] = await others.query("SET LOCAL ROLE app; SELECT * FROM orders");
  seen.push(...rows);
}
return seen;`),
        intends: [],
        reports: [{ messageId: "setting", at: "set_config" }],
      },
      {
        title: "SET of an application's setting on a client without BEGIN",
        code: withClient(`await client.query("SET app.tenant_id = '42'");
await client.query('SET "app"."user_id" = 7');
return await client.query(
  "SELECT current_setting('app.tenant_id', true) AS tenant, current_setting('app.user_id', true) AS user",
);`),
        intends: [{ tenant: "42", user: "7" }],
        reports: [
          { messageId: "setting", at: "SET" },
          { messageId: "setting", at: "SET" },
        ],
      },
      {
        title: "SET ROLE",
        code: withClient(`await client.query("SET ROLE reporting");
const { rows } = await client.query("SELECT current_user");
await client.query("RESET ROLE");
return rows;`),
        intends: [{ current_user: "reporting" }],
        reports: [
          { messageId: "identity", at: "SET" },
          { messageId: "reset", at: "RESET", severity: "warning" },
        ],
      },
      {
        title: "a role that another program is left with",
        code: withPool(`await pool.query("SET SESSION ROLE 'reporting'");
await pool.query("SELECT * FROM orders");

const shop = await new Pool().connect();
for (let order = 0; order < 4; order += 1) await shop.query("INSERT INTO orders DEFAULT VALUES");`),
        reports: [{ messageId: "identity", at: "SET" }],
      },
      {
        title: "SET SESSION AUTHORIZATION inside a transaction",
        code: inTransaction(
          `await client.query("SET SESSION AUTHORIZATION reporting");
const { rows } = await client.query("SELECT session_user");`,
          "rows",
        ),
        intends: [{ session_user: "reporting" }],
        reports: [{ messageId: "identity", at: "SET" }],
      },
      {
        title: "SET SESSION AUTHORIZATION and its default as cleanup",
        code: withClient(`await client.query("SET SESSION AUTHORIZATION 'reporting'");
const { rows } = await client.query("SELECT session_user");
await client.query("SET SESSION AUTHORIZATION DEFAULT");
return rows;`),
        intends: [{ session_user: "reporting" }],
        reports: [
          { messageId: "identity", at: "SET" },
          { messageId: "reset", at: "SET" },
        ],
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
        code: withPool(`await pool.query("SELECT set_config('role', 'reporting', false)");
return pool.query("SELECT current_user");`),
        intends: [{ current_user: "reporting" }],
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
        caller: withPool(`await pool.query("SELECT login('42')");
return pool.query("SELECT current_setting('app.tenant_id', true) AS tenant");`),
        intends: [{ tenant: "42" }],
        reports: [{ messageId: "setting", at: "set_config", confidence: "likely" }],
      },
      {
        title: "row_security off",
        code: withPool(`await pool.query("SET row_security = off");
return pool.query("SHOW row_security");`),
        intends: [{ row_security: "off" }],
        reports: [{ messageId: "setting", at: "SET" }],
      },
      {
        title: "session_replication_role, which switches triggers off",
        given: `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''triggers are on''; END';
CREATE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION refuse()`,
        code: withPool(`await pool.query("SET session_replication_role = 'replica'");
await pool.query("INSERT INTO events DEFAULT VALUES");`),
        reports: [{ messageId: "setting", at: "SET" }],
      },
      {
        title: "is_local that is an expression of the caller's",
        code: withPool(`await pool.query("SELECT set_config('app.tenant_id', $1, $2)", ["42", false]);
return pool.query("SELECT current_setting('app.tenant_id', true) AS tenant");`),
        intends: [{ tenant: "42" }],
        reports: [{ messageId: "setting", at: "set_config", confidence: "possible", severity: "warning" }],
      },
    ],
    unreported: [
      {
        title: "tenant setting for the transaction",
        code: inTransaction(
          `await client.query("SELECT set_config('app.tenant_id', $1, true)", ["42"]);
const { rows } = await client.query("SELECT total FROM orders WHERE tenant = current_setting('app.tenant_id')");`,
          "rows",
        ),
        intends: [{ total: 20 }],
      },
      {
        title: "a reader that takes the empty string, which a tenant of the transaction leaves, for none",
        code: withPool(`const client = await pool.connect();
await client.query("BEGIN");
await client.query("SELECT set_config('app.tenant_id', $1, true)", ["42"]);
await client.query("COMMIT");
client.release();

const seen = new Set();
for (let visit = 0; visit < 4; visit += 1) {
  const { rows } = await pool.query("SELECT NULLIF(current_setting('app.tenant_id', true), '')::int AS tenant");
  seen.add(rows[0].tenant);
}
return [...seen];`),
        intends: [null],
      },
      {
        title: "SET LOCAL of an application's setting",
        code: inTransaction(
          `await client.query("SET LOCAL app.tenant_id = '42'");
const { rows } = await client.query("SELECT current_setting('app.tenant_id') AS tenant");`,
          "rows",
        ),
        intends: [{ tenant: "42" }],
      },
      {
        title: "SET LOCAL ROLE",
        code: inTransaction(
          `await client.query("SET LOCAL SESSION AUTHORIZATION app");
await client.query("SET LOCAL SESSION AUTHORIZATION DEFAULT");
await client.query("SET LOCAL ROLE reporting");
const { rows } = await client.query("SELECT session_user, current_user");`,
          "rows",
        ),
        intends: [{ session_user: "postgres", current_user: "reporting" }],
      },
      {
        title: "SET ROLE and RESET ROLE in one transaction",
        code: inTransaction(
          `await client.query("SET ROLE reporting");
const { rows } = await client.query("SELECT current_user");
await client.query("RESET ROLE");`,
          "rows",
        ),
        intends: [{ current_user: "reporting" }],
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
        code: withPool(
          `return pool.query("SELECT set_config('app.tenant_id', '42', true); SELECT current_setting('app.tenant_id')");`,
        ),
        intends: [[{ set_config: "42" }], [{ current_setting: "42" }]],
      },
      {
        title: "a transaction that rolls back",
        code: withClient(`await client.query("BEGIN");
await client.query("SET app.tenant_id = '42'");
const { rows } = await client.query("SELECT current_setting('app.tenant_id') AS tenant");
await client.query("ROLLBACK");
return rows;`),
        intends: [{ tenant: "42" }],
      },
      {
        title: "reading a setting",
        code: withPool(`return pool.query("SELECT current_setting('app.tenant_id', true) AS tenant");`),
        intends: [{ tenant: null }],
      },
      {
        title: "GRANT and ALTER ROLE",
        code: withPool(`await pool.query("GRANT reporting TO app");
await pool.query("ALTER ROLE app SET role = 'reporting'");
return pool.query("SELECT pg_has_role('app', 'reporting', 'member') AS granted");`),
        intends: [{ granted: true }],
      },
    ],
  },
};
