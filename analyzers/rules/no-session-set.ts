import type {
  Problem,
  Reach,
  ResetParameter,
  Rule,
  RuleContext,
  SetParameter,
  SqlAction,
  StatementUse,
} from "../model.ts";
import { inTransaction, withClient, withPool } from "./example-code.ts";
import { isIdentitySetting, isUnknownName, tracking } from "./settings.ts";
import { localSuggestions } from "./suggestions.ts";
import { isRolledBack, leavesNothing, takesBack } from "./undoing.ts";

const ANY = ["every PgBouncer version in transaction mode"];

function checkSet(action: SetParameter, use: StatementUse, reach: Reach, context: RuleContext): readonly Problem[] {
  if (action.scope === "local" || isIdentitySetting(action.name) || use.site.hook !== undefined) return [];
  const kept = tracking(action.name, context.profile);
  if (kept.is === "tracked" || leavesNothing(action, use.statement, reach)) return [];
  const data = { name: action.name, condition: kept.is === "sometimes" ? kept.condition : "" };
  const nameless = isUnknownName(action.name);
  // Behind SET an unknown word may be LOCAL; set_config() of a list of names sets more than what poolers track.
  const guess = action.scope === "unknown" || (nameless && action.via !== "set_config");
  return [
    {
      messageId:
        kept.is === "sometimes"
          ? "dependsOnVersion"
          : reach.transaction === "explicit"
            ? "leaksAfterCommit"
            : "session",
      data,
      location: action.location,
      effect: "leak",
      severity: kept.is === "sometimes" ? "warning" : "error",
      confidence: guess ? "possible" : nameless ? "likely" : "certain",
      breaksOn:
        kept.is === "sometimes"
          ? [`PgBouncer older than ${kept.condition.replace(/^PgBouncer | or newer$/g, "")}`]
          : ANY,
      suggestions: localSuggestions(action, use),
    },
  ];
}

/** RESET as a cleanup: it reaches another server connection, unless the SET it answers is in the same transaction. */
function checkReset(action: ResetParameter, use: StatementUse, reach: Reach, context: RuleContext): readonly Problem[] {
  if (use.site.hook !== undefined || action.scope === "local") return [];
  if (
    action.name !== "all" &&
    (tracking(action.name, context.profile).is !== "untracked" || isUnknownName(action.name))
  )
    return [];
  if (action.name === "all") return [];
  if (reach.state === "unknown" || isRolledBack(reach) || takesBack(action, use, reach)) return [];
  return [
    {
      messageId: "reset",
      data: { name: action.name },
      location: action.location,
      effect: "silent",
      severity: "warning",
      confidence: "likely",
      restsOnState: true,
      breaksOn: ANY,
    },
  ];
}

const check = (action: SqlAction, use: StatementUse, reach: Reach, context: RuleContext): readonly Problem[] =>
  action.kind === "set-parameter"
    ? checkSet(action, use, reach, context)
    : action.kind === "reset-parameter" && action.place === "statement"
      ? checkReset(action, use, reach, context)
      : [];

/** SET and its relatives that outlive the transaction. */
export const noSessionSet: Rule = {
  id: "no-session-set",
  summary: "SET that outlives its transaction: lost for this client, inherited by others",
  explanation: `\`SET\` changes the *server connection*. In transaction mode that connection goes to another client as soon as the
transaction ends, and the next statement of this client may run on another one. So the setting is missing where it was wanted and
applies where nobody asked for it. PostgreSQL reports no error.

\`SET\` between \`BEGIN\` and \`COMMIT\` is no better: without \`LOCAL\` it stays after \`COMMIT\`. \`set_config(name, value, false)\`,
\`UPDATE pg_settings\`, \`setseed()\` and \`SET SESSION CHARACTERISTICS\` do the same, also inside functions and DO blocks.

With one idle server connection, as in development and most tests, everything seems to work.

Measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2 over PostgreSQL 15.18: after \`SET work_mem = '99MB'\` the same client reads \`4MB\` on
another server connection, and another client reads \`99MB\` on this one. A leaked \`statement_timeout\` cancels other clients' queries
with \`57014 canceling statement due to statement timeout\`.

Not reported: parameters that PgBouncer tracks for each client (\`TimeZone\`, \`DateStyle\`, \`client_encoding\`,
\`standard_conforming_strings\`, \`application_name\`, and \`IntervalStyle\` from 1.20); a \`SET\` that the same transaction rolls back or
resets; \`SET\` in the header of \`CREATE FUNCTION\`, \`ALTER ROLE\` and \`ALTER DATABASE\`.`,
  remedies: `- \`SET LOCAL\` (or \`set_config(name, value, true)\`) inside the transaction that needs it.
- \`ALTER ROLE app SET name = value\` or \`ALTER DATABASE d SET name = value\` for what every session wants. It applies to server
  connections opened afterwards.
- \`connect_query\` of the database in pgbouncer.ini.`,
  messages: {
    session: {
      message:
        "`{{name}}` is set on the server connection, not on your session: later queries of this client may miss it and other clients inherit it.",
      remedy: "Use `SET LOCAL` inside the transaction that needs it, or `ALTER ROLE … SET`.",
    },
    leaksAfterCommit: {
      message: "`{{name}}` stays set on the server connection after COMMIT: other clients inherit it.",
      remedy: "Use `SET LOCAL`, which ends with the transaction.",
    },
    dependsOnVersion: {
      message:
        "`{{name}}` is kept for this client by {{condition}} only; older versions lose it and pass it on to other clients.",
      remedy: "Use `SET LOCAL` inside the transaction that needs it, or make sure of the version.",
    },
    reset: {
      message:
        "`RESET {{name}}` runs on whichever server connection comes next: what was set before stays where it was set.",
      remedy: "Use `SET LOCAL` instead of SET and RESET.",
    },
  },
  feature: "session-set",
  recommended: true,
  checkStatement: (use, reach, context) =>
    use.statement.actions.flatMap((action) => check(action, use, reach, context)),
  examples: {
    reported: [
      {
        title: "SET through the pool",
        code: withPool(`await pool.query("SET statement_timeout = '5s'");`),
        reports: [{ messageId: "session", at: "SET", confidence: "certain", severity: "error" }],
      },
      {
        title: "SET on a checked-out client without BEGIN",
        code: withClient(`await client.query("SET search_path TO tenant_1, public");
await client.query("SELECT * FROM orders");`),
        reports: [{ messageId: "session", at: "SET" }],
      },
      {
        title: "SET inside BEGIN and COMMIT without LOCAL",
        code: inTransaction(`await client.query("SET work_mem = '256MB'");
await client.query("SELECT count(*) FROM orders");`),
        reports: [
          {
            messageId: "leaksAfterCommit",
            at: "SET",
            suggestion: inTransaction(`await client.query("SET LOCAL work_mem = '256MB'");
await client.query("SELECT count(*) FROM orders");`),
          },
        ],
      },
      {
        title: "a comment is no LOCAL",
        code: withPool(`await pool.query("SET /* LOCAL */ work_mem = '64MB'");`),
        reports: [{ messageId: "session", at: "SET" }],
      },
      {
        title: "set_config with false",
        code: withPool(`await pool.query("SELECT set_config('lock_timeout', $1, false)", ["2s"]);`),
        reports: [{ messageId: "session", at: "set_config" }],
      },
      {
        title: "set_config with NULL counts as session",
        code: withPool(`await pool.query("SELECT set_config('lock_timeout', '2s', NULL)");`),
        reports: [{ messageId: "session", at: "set_config" }],
      },
      {
        title: "set_config of whatever name is given",
        code: withPool(`for (const [name, value] of Object.entries({ "app.tenant_id": "42", work_mem: "64MB" }))
  await pool.query("SELECT set_config($1, $2, false)", [name, value]);`),
        reports: [{ messageId: "session", at: "set_config", confidence: "likely", severity: "error" }],
      },
      {
        title: "cleanup in finally reaches another server connection",
        code: withPool(`await pool.query("SET work_mem = '256MB'");
try {
  await pool.query("SELECT count(*) FROM orders");
} finally {
  await pool.query("RESET work_mem");
}`),
        reports: [
          { messageId: "session", at: "SET" },
          { messageId: "reset", at: "RESET", severity: "warning" },
        ],
      },
      {
        title: "SET in front of a query in one text is right for that query and leaks afterwards",
        code: withPool(`await pool.query("SET statement_timeout = 5000; SELECT count(*) FROM orders");`),
        reports: [{ messageId: "session", at: "SET" }],
      },
      {
        title: "UPDATE pg_settings is SET",
        code: withPool(`await pool.query("UPDATE pg_settings SET setting = 'off' WHERE name = 'enable_seqscan'");`),
        reports: [{ messageId: "session", at: "UPDATE" }],
      },
      {
        title: "a client that another file passes, which may call this for each new connection",
        code: `import type { PoolClient } from "pg";

export async function prepareSession(client: PoolClient) {
  await client.query("SET lock_timeout = '3s'");
}
`,
        reports: [{ messageId: "session", at: "SET", confidence: "likely", severity: "error" }],
      },
      {
        title: "SESSION CHARACTERISTICS",
        code: withPool(`await pool.query("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");`),
        reports: [{ messageId: "session", at: "SET" }],
      },
      {
        title: "setseed",
        code: withPool(`await pool.query("SELECT setseed(0.5)");`),
        reports: [{ messageId: "session", at: "setseed" }],
      },
      {
        title: "a function body that sets",
        language: "sql",
        code: `CREATE FUNCTION fast_path() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SET enable_seqscan = %L', 'off');
END
$$;
`,
        reports: [{ messageId: "session", at: "SET", confidence: "likely" }],
      },
      {
        title: "SET LOCAL followed by SET still leaks",
        code: inTransaction(`await client.query("SET LOCAL work_mem = '1MB'");
await client.query("SET work_mem = '2MB'");`),
        reports: [{ messageId: "leaksAfterCommit", at: "SET" }],
      },
      {
        title: "IntervalStyle before 1.20",
        pooler: "pgbouncer@1.18",
        code: withPool(`await pool.query("SET IntervalStyle = 'iso_8601'");`),
        reports: [{ messageId: "session", at: "SET" }],
      },
    ],
    unreported: [
      {
        title: "RESET in the finally of one transaction",
        code: inTransaction(`try {
  await client.query("SET LOCAL work_mem = '64MB'");
  await client.query("SELECT * FROM orders");
} finally {
  await client.query("RESET work_mem");
}`),
      },
      {
        title: "SET LOCAL in a transaction",
        code: inTransaction(`await client.query("SET LOCAL work_mem = '256MB'");
await client.query("SELECT count(*) FROM orders");`),
      },
      {
        title: "parameters that PgBouncer tracks",
        code: withPool(`await pool.query("SET TIME ZONE 'UTC'");
await pool.query("SET client_encoding = 'UTF8'");
await pool.query("SET NAMES 'UTF8'");
await pool.query("SET datestyle TO ISO");
await pool.query("SET standard_conforming_strings = on");
await pool.query("SET application_name = 'worker'");
await pool.query("SELECT set_config('TimeZone', 'UTC', false)");`),
      },
      {
        title: "IntervalStyle from 1.20",
        pooler: "pgbouncer@1.25",
        code: withPool(`await pool.query("SET IntervalStyle = 'iso_8601'");`),
      },
      {
        title: "a transaction that rolls back",
        code: withClient(`await client.query("BEGIN");
await client.query("SET work_mem = '256MB'");
await client.query("EXPLAIN ANALYZE SELECT count(*) FROM orders");
await client.query("ROLLBACK");`),
      },
      {
        title: "ROLLBACK TO SAVEPOINT takes it back",
        code: inTransaction(`await client.query("SAVEPOINT before_set");
await client.query("SET work_mem = '256MB'");
await client.query("ROLLBACK TO SAVEPOINT before_set");`),
      },
      {
        title: "SET and RESET in one transaction",
        code: inTransaction(`await client.query("SET work_mem = '256MB'");
await client.query("SELECT count(*) FROM orders");
await client.query("RESET work_mem");`),
      },
      {
        title: "SET and RESET in one text",
        code: withPool(`await pool.query("SET work_mem = '256MB'; SELECT count(*) FROM orders; RESET work_mem");`),
      },
      {
        title: "SET clauses that are no SET statement",
        code: withPool(`await pool.query("UPDATE users SET name = $1 WHERE id = $2", ["a", 1]);
await pool.query("INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = 'x'");
await pool.query("ALTER ROLE app SET statement_timeout = '5s'");
await pool.query("ALTER DATABASE app SET search_path = app, public");
await pool.query("ALTER TABLE users SET (fillfactor = 70)");`),
      },
      {
        title: "the header of a function",
        language: "sql",
        code: `CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT 1';
ALTER FUNCTION f() SET work_mem = '64MB';
`,
      },
      {
        title: "is_local in other spellings",
        code: inTransaction(`await client.query("SELECT set_config('work_mem', '64MB', 't')");
await client.query("SELECT set_config('work_mem', '64MB', 'on')");
await client.query("SELECT set_config('work_mem', '64MB', 1::boolean)");
await client.query("SELECT set_config('work_mem', '64MB', 'true'::boolean)");
await client.query("SELECT set_config('work_mem', '64MB', not false)");`),
      },
      {
        title: "prose and other stores",
        code: `import { DynamoDB } from "@aws-sdk/client-dynamodb";

const db = new DynamoDB();
export const update = { UpdateExpression: "SET price = :p" };
export const label = "Set type to something else";
export const run = () => db.send(update);
`,
      },
      {
        title: "search_path with PostgreSQL 18 is a matter of settings, SHOW is none",
        code: withPool(`await pool.query("SHOW search_path");
await pool.query("SELECT current_setting('work_mem')");`),
      },
    ],
  },
};
