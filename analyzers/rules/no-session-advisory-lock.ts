import type { AdvisoryLock, Problem, Reach, Rule, SqlAction, StatementUse, Suggestion } from "../model.ts";
import { inTransaction, withClient, withPool } from "./example-code.ts";
import { alwaysInTransaction } from "./suggestions.ts";

const ANY = ["every PgBouncer version in transaction mode"];

/** A lock that the same statement gives back: nothing can happen in between. */
const releasedAtOnce = (action: AdvisoryLock, actions: readonly SqlAction[]): boolean =>
  actions.some(
    (other) =>
      other.kind === "advisory-lock" &&
      other.scope === "session" &&
      (other.operation === "unlock" || other.operation === "unlock-all") !==
        (action.operation === "unlock" || action.operation === "unlock-all") &&
      (other.key === action.key || other.key === undefined),
  );

function suggestions(action: AdvisoryLock, use: StatementUse): readonly Suggestion[] {
  const name = action.anchors?.functionName;
  if (name === undefined || action.place !== "statement" || !alwaysInTransaction(use)) return [];
  const renamed = action.function.replace("_advisory_", "_advisory_xact_");
  return [
    {
      message: `Use ${renamed}(), which ends with the transaction.`,
      edits: [{ file: name.file, range: name.range, text: renamed }],
    },
  ];
}

function check(action: SqlAction, use: StatementUse, reach: Reach): readonly Problem[] {
  if (action.kind !== "advisory-lock" || action.scope !== "session" || use.site.hook !== undefined) return [];
  if (action.operation === "unlock-all" || releasedAtOnce(action, use.statement.actions)) return [];
  const unlock = action.operation === "unlock";
  return [
    {
      messageId: unlock ? "unlock" : reach.transaction === "explicit" ? "inTransaction" : "lock",
      data: { function: action.function, key: action.key ?? "" },
      location: action.location,
      effect: unlock ? "silent" : "leak",
      severity: "error",
      breaksOn: ANY,
      suggestions: unlock ? [] : suggestions(action, use),
    },
  ];
}

/** Advisory locks that belong to the session. */
export const noSessionAdvisoryLock: Rule = {
  id: "no-session-advisory-lock",
  summary: "A session advisory lock: it locks the server connection, and nobody can release it",
  explanation: `\`pg_advisory_lock()\` and \`pg_try_advisory_lock()\` lock for the *server connection*. The unlock runs on another one: it
returns \`false\` with the warning \`you don't own a lock of type ExclusiveLock\`, and the lock stays until that server connection closes
(\`server_lifetime\`, one hour by default). Two clients that share a server connection both get the lock, because it is re-entrant:
a cron job runs twice. A lock taken inside a transaction survives \`COMMIT\` and \`ROLLBACK\`; one given back in the same transaction stays
behind whenever a statement in between fails.

With one server connection, lock and unlock always meet, so tests pass.

Measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2 over PostgreSQL 15.18: unlock on another server connection \`false\`, 1 lock orphaned;
\`pg_try_advisory_lock(1)\` by two clients on one server connection \`true\` / \`true\`; a client that disconnects leaves its lock held.`,
  remedies: `- \`pg_advisory_xact_lock()\` or \`pg_try_advisory_xact_lock()\` inside the transaction that does the work.
- \`SELECT … FOR UPDATE SKIP LOCKED\` in a transaction, for job queues.
- A direct connection, where the lock must outlive a transaction.`,
  messages: {
    lock: {
      message:
        "`{{function}}()` locks the server connection: the unlock reaches another one and returns false, and the lock stays until that connection closes.",
      remedy: "Use `pg_advisory_xact_lock()` inside one transaction, or a direct connection.",
      condition:
        "Replace `{{function}}()` by a lock of the transaction (`pg_advisory_xact_lock`), or give this code a direct connection.",
    },
    inTransaction: {
      message:
        "`{{function}}()` outlives the transaction: COMMIT and ROLLBACK leave the lock on the server connection.",
      remedy: "Use the `pg_advisory_xact_` function, which ends with the transaction.",
      condition: "Replace `{{function}}()` by its `pg_advisory_xact_` counterpart.",
    },
    unlock: {
      message:
        "`{{function}}()` runs on whichever server connection comes next: it returns false there, and the lock stays.",
      remedy: "Use `pg_advisory_xact_lock()`, which needs no unlock.",
      condition: "Drop `{{function}}()`: a lock of the transaction needs no unlock.",
    },
  },
  feature: "session-advisory-lock",
  recommended: true,
  checkStatement: (use, reach) => use.statement.actions.flatMap((action) => check(action, use, reach)),
  examples: {
    reported: [
      {
        title: "lock, work, unlock through the pool",
        code: withPool(`await pool.query("SELECT pg_advisory_lock(1)");
try {
  await pool.query("UPDATE counters SET value = value + 1");
} finally {
  await pool.query("SELECT pg_advisory_unlock(1)");
}`),
        reports: [
          { messageId: "lock", at: "pg_advisory_lock", confidence: "certain", severity: "error" },
          { messageId: "unlock", at: "pg_advisory_unlock" },
        ],
      },
      {
        title: "held over a transaction",
        code: withClient(`await client.query("SELECT pg_try_advisory_lock(7)");
await client.query("BEGIN");
await client.query("UPDATE counters SET value = value + 1");
await client.query("COMMIT");
return await client.query("SELECT pg_advisory_unlock(7) AS released");`),
        intends: [{ released: true }],
        reports: [
          { messageId: "lock", at: "pg_try_advisory_lock" },
          { messageId: "unlock", at: "pg_advisory_unlock" },
        ],
      },
      {
        title: "taken again by the client that has it",
        code: withClient(`await client.query("SELECT pg_try_advisory_lock(1)");
return await client.query("SELECT pg_try_advisory_lock(1) AS got");`),
        intends: [{ got: true }],
        reports: [
          { messageId: "lock", at: "pg_try_advisory_lock" },
          { messageId: "lock", at: "pg_try_advisory_lock" },
        ],
      },
      {
        title: "the end of its client does not release it",
        code: `import { Client } from "pg";

const got = async () => {
  const client = new Client();
  await client.connect();
  const { rows } = await client.query("SELECT pg_try_advisory_lock(9) AS got");
  await client.end();
  return rows[0].got;
};

export const run = async () => [await got(), await got()];
`,
        intends: [true, true],
        reports: [{ messageId: "lock", at: "pg_try_advisory_lock" }],
      },
      {
        title: "a checked-out client is no protection",
        code: withClient(`await client.query("SELECT pg_try_advisory_lock(hashtext($1)) AS got", ["nightly"]);`),
        reports: [{ messageId: "lock", at: "pg_try_advisory_lock" }],
      },
      {
        title: "inside a transaction",
        code: inTransaction(`await client.query("SELECT pg_advisory_lock($1)", [1]);
await client.query("UPDATE counters SET value = value + 1");`),
        reports: [
          {
            messageId: "inTransaction",
            at: "pg_advisory_lock",
            suggestion: inTransaction(`await client.query("SELECT pg_advisory_xact_lock($1)", [1]);
await client.query("UPDATE counters SET value = value + 1");`),
          },
        ],
      },
      {
        title: "ROLLBACK does not release it",
        code: withClient(`await client.query("BEGIN");
await client.query("SELECT pg_advisory_lock(1)");
await client.query("ROLLBACK");
return await client.query("SELECT pg_advisory_unlock(1) AS released");`),
        intends: [{ released: true }],
        reports: [
          { messageId: "inTransaction", at: "pg_advisory_lock" },
          { messageId: "unlock", at: "pg_advisory_unlock" },
        ],
      },
      {
        title: "lock and unlock in one transaction stay behind on the error path",
        code: inTransaction(`await client.query("SELECT pg_advisory_lock(1)");
await client.query("UPDATE counters SET value = value + 1");
await client.query("SELECT pg_advisory_unlock(1)");`),
        given: "ALTER TABLE counters ADD CHECK (value < 1)",
        intendsError: "23514",
        reports: [
          { messageId: "inTransaction", at: "pg_advisory_lock" },
          { messageId: "unlock", at: "pg_advisory_unlock" },
        ],
      },
      {
        title: "one text with lock, work and unlock",
        code: withClient(
          `await client.query("SELECT pg_advisory_lock(1); UPDATE counters SET value = value + 1; SELECT pg_advisory_unlock(1)");`,
        ),
        given: "ALTER TABLE counters ADD CHECK (value < 1)",
        intendsError: "23514",
        reports: [
          { messageId: "lock", at: "pg_advisory_lock" },
          { messageId: "unlock", at: "pg_advisory_unlock" },
        ],
      },
      {
        title: "taking a job by its lock",
        code: withPool(`await pool.query("SELECT id FROM jobs WHERE pg_try_advisory_lock(id) LIMIT 1");`),
        reports: [{ messageId: "lock", at: "pg_try_advisory_lock" }],
      },
      {
        title: "qualified, two keys, shared",
        code: withPool(`await pool.query("SELECT pg_catalog.pg_advisory_lock_shared(1, 2)");
await pool.query("SELECT pg_try_advisory_lock_shared(3)");
return await pool.query("SELECT pg_advisory_unlock_shared(1, 2) AS first, pg_advisory_unlock_shared(3) AS second");`),
        intends: [{ first: true, second: true }],
        reports: [
          { messageId: "lock", at: "pg_advisory_lock_shared" },
          { messageId: "lock", at: "pg_try_advisory_lock_shared" },
          { messageId: "unlock", at: "pg_advisory_unlock_shared" },
          { messageId: "unlock", at: "pg_advisory_unlock_shared" },
        ],
      },
      {
        title: "in a function",
        language: "sql",
        code: `CREATE FUNCTION run_once() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_lock(1);
END
$$;
`,
        caller: withPool(`await pool.query("SELECT run_once()");`),
        reports: [{ messageId: "lock", at: "pg_advisory_lock", confidence: "likely" }],
      },
    ],
    unreported: [
      {
        title: "transaction-level lock in a transaction",
        code: inTransaction(
          `await client.query("SELECT pg_advisory_xact_lock(1)");
const { rows } = await client.query("SELECT value + 1 AS next FROM counters");
await client.query("UPDATE counters SET value = $1", [rows[0].next]);`,
          "rows[0].next",
        ),
        caller: `import { run as count } from "./example.ts";

export const run = async () => (await Promise.all([count(), count(), count()])).sort();
`,
        intends: [1, 2, 3],
      },
      {
        title: "transaction-level try-lock in a transaction",
        code: inTransaction(
          `const { rows } = await client.query("SELECT pg_try_advisory_xact_lock(hashtext($1)) AS got", ["nightly"]);`,
          "rows",
        ),
        intends: [{ got: true }],
      },
      {
        title: "transaction-level lock in one text",
        code: withPool(
          `return await pool.query("SELECT pg_try_advisory_xact_lock(1) AS got; UPDATE counters SET value = value + 1");`,
        ),
        intends: [[{ got: true }], []],
      },
      {
        title: "transaction-level lock for one statement",
        code: withPool(`const update = "UPDATE counters SET value = value + 1 FROM lock WHERE got RETURNING value";
return await pool.query(\`WITH lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(1) AS got) \${update}\`);`),
        intends: [{ value: 1 }],
      },
      {
        title: "taken and given back by one statement",
        code: withPool(
          `return await pool.query("SELECT pg_try_advisory_lock(1) AS got, pg_advisory_unlock(1) AS released");`,
        ),
        intends: [{ got: true, released: true }],
      },
      {
        title: "FOR UPDATE SKIP LOCKED",
        code: inTransaction(
          `const next = "SELECT id FROM jobs WHERE NOT taken ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1";
const { rows } = await client.query(next);
await client.query("UPDATE jobs SET taken = true WHERE id = $1", [rows[0].id]);`,
          "rows[0].id",
        ),
        caller: `import { run as take } from "./example.ts";

export const run = async () => (await Promise.all([take(), take()])).sort();
`,
        intends: [1, 2],
      },
      {
        title: "LOCK TABLE in a transaction",
        code: inTransaction(`await client.query("LOCK TABLE counters IN EXCLUSIVE MODE");`),
      },
      {
        title: "reading pg_locks, and names in strings and aliases",
        code: withPool(`await pool.query("SELECT * FROM pg_locks WHERE locktype = 'advisory'");
return await pool.query("SELECT 'pg_advisory_lock(1)' AS pg_advisory_lock");`),
        intends: [{ pg_advisory_lock: "pg_advisory_lock(1)" }],
      },
      {
        title: "granting the function runs nothing",
        code: withPool(`await pool.query("GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO app");`),
      },
    ],
  },
};
