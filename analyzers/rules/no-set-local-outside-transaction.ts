import type { Effect, Problem, Reach, Rule, SqlAction, StatementUse } from "../model.ts";
import { inTransaction, withClient, withPool } from "./example-code.ts";

/** What an action is called and what becomes of it when its transaction is over with its own statement. */
function lost(action: SqlAction): { readonly name: string; readonly effect: Effect } | undefined {
  switch (action.kind) {
    case "set-parameter":
    case "set-identity":
      if (action.scope !== "local" || action.shape !== "alone") return undefined;
      return action.via === "set_config"
        ? { name: "set_config(…, true)", effect: "silent" }
        : { name: "SET LOCAL", effect: "silent" };
    case "set-transaction":
      return { name: "SET TRANSACTION", effect: "silent" };
    case "set-constraints":
      return { name: "SET CONSTRAINTS", effect: "silent" };
    case "advisory-lock":
      return action.scope === "transaction" && action.shape === "alone"
        ? { name: `${action.function}()`, effect: "silent" }
        : undefined;
    case "create-temporary":
      return action.onCommit === "drop" ? { name: "CREATE TEMP TABLE … ON COMMIT DROP", effect: "silent" } : undefined;
    case "session-function":
      return action.function === "pg_export_snapshot" ? { name: "pg_export_snapshot()", effect: "silent" } : undefined;
    default:
      return undefined;
  }
}

const MESSAGE: Readonly<Record<string, string>> = { "advisory-lock": "lock", "create-temporary": "table" };

function check(action: SqlAction, use: StatementUse, reach: Reach): readonly Problem[] {
  if (reach.transaction !== "none" || action.place !== "statement") return [];
  const found = lost(action);
  if (found === undefined) return [];
  return [
    {
      messageId: MESSAGE[action.kind] ?? "local",
      data: { name: found.name },
      location: action.location,
      effect: found.effect,
      severity: "error",
      restsOnState: true,
      breaksOn: ["PostgreSQL itself: it fails without a pooler too"],
    },
  ];
}

/** A reference that is checked at the end of the transaction where that was asked for. */
const DEFERRABLE = "ALTER TABLE lines ADD FOREIGN KEY (order_id) REFERENCES orders DEFERRABLE";

/** Effects that end with the transaction, asked for where there is none. */
export const noSetLocalOutsideTransaction: Rule = {
  id: "no-set-local-outside-transaction",
  summary: "SET LOCAL, a transaction-level lock or ON COMMIT DROP outside a transaction: over at once",
  explanation: `\`SET LOCAL\`, \`set_config(…, true)\`, \`SET TRANSACTION\`, \`SET CONSTRAINTS\`, \`pg_advisory_xact_lock()\` and
\`ON COMMIT DROP\` last until the end of the transaction. Outside \`BEGIN\` … \`COMMIT\` each statement is a transaction of its own, so the
effect is over before the next statement starts. The code looks as if it had been made ready for transaction pooling, and does nothing.

It fails on a direct connection too. PostgreSQL warns of \`SET LOCAL\`, \`SET TRANSACTION\` and \`SET CONSTRAINTS\`
(\`25P01 SET LOCAL can only be used in transaction blocks\`), a warning that drivers hide; \`set_config(…, true)\`, the locks and
\`ON COMMIT DROP\` are silent. Measured on PostgreSQL 15.18 directly and through PgBouncer 1.18.0, 1.21.0 and 1.25.2.

Not reported: several statements in one text without bind values, which PostgreSQL runs as one implicit transaction; a single statement
that uses the effect itself, such as a CTE that sets and a query that reads; function bodies, which run in their caller's transaction.`,
  remedies: `- Put the statement and those that need it between \`BEGIN\` and \`COMMIT\` on one client.
- Or send them in one text without bind values.`,
  messages: {
    local: {
      message:
        "`{{name}}` outside a transaction is over when this statement ends: the queries that follow do not see it.",
      remedy: "Run it between BEGIN and COMMIT, on the client that runs the queries.",
      condition: "Put `{{name}}` into a transaction with the queries that need it.",
    },
    lock: {
      message: "`{{name}}` outside a transaction is released when this statement ends: nothing is locked.",
      remedy: "Take the lock between BEGIN and COMMIT, together with the work that it guards.",
      condition: "Take the lock of `{{name}}` inside a transaction, with the work that it guards.",
    },
    table: {
      message: "`{{name}}` outside a transaction drops the table when this statement ends.",
      remedy: "Create and use the table between BEGIN and COMMIT on one client.",
      condition: "Create and use the table of `{{name}}` inside one transaction.",
    },
  },
  recommended: true,
  failsWithoutPooler: true,
  checkStatement: (use, reach) => use.statement.actions.flatMap((action) => check(action, use, reach)),
  examples: {
    reported: [
      {
        title: "SET LOCAL through the pool",
        code: withPool(`await pool.query("SET LOCAL statement_timeout = '5s'");
return pool.query("SHOW statement_timeout");`),
        intends: [{ statement_timeout: "5s" }],
        reports: [{ messageId: "local", at: "SET", confidence: "certain", severity: "error" }],
      },
      {
        title: "SET LOCAL on a checked-out client without BEGIN",
        code: withClient(`await client.query("SET LOCAL app.tenant_id = '42'");
return await client.query("SELECT total FROM orders WHERE tenant = current_setting('app.tenant_id', true)");`),
        intends: [{ total: 20 }],
        reports: [{ messageId: "local", at: "SET" }],
      },
      {
        title: "set_config with true, which warns nobody",
        code: withPool(`await pool.query("SELECT set_config('app.tenant_id', $1, true)", ["42"]);
return pool.query("SELECT total FROM orders WHERE tenant = current_setting('app.tenant_id', true)");`),
        intends: [{ total: 20 }],
        reports: [{ messageId: "local", at: "set_config" }],
      },
      {
        title: "transaction-level advisory lock",
        code: withPool(`await pool.query("SELECT pg_advisory_xact_lock(7)");
return pool.query("SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = 'advisory' AND objid = 7");`),
        intends: [{ locks: 1 }],
        reports: [{ messageId: "lock", at: "pg_advisory_xact_lock" }],
      },
      {
        title: "SET TRANSACTION",
        code: withClient(`await client.query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
return await client.query("SHOW transaction_isolation");`),
        intends: [{ transaction_isolation: "serializable" }],
        reports: [{ messageId: "local", at: "SET" }],
      },
      {
        title: "SET CONSTRAINTS",
        given: DEFERRABLE,
        code: withClient(`await client.query("SET CONSTRAINTS ALL DEFERRED");
await client.query("INSERT INTO lines (order_id) VALUES (3)");
await client.query("INSERT INTO orders (id) VALUES (3)");`),
        reports: [{ messageId: "local", at: "SET" }],
      },
      {
        title: "ON COMMIT DROP",
        code: withClient(`await client.query("CREATE TEMP TABLE batch (id int) ON COMMIT DROP");
await client.query("INSERT INTO batch VALUES (1)");`),
        reports: [{ messageId: "table", at: "TEMP" }],
      },
      {
        title: "the transaction is over before",
        code: withClient(`await client.query("BEGIN");
await client.query("INSERT INTO orders DEFAULT VALUES");
await client.query("COMMIT");
await client.query("SET LOCAL work_mem = '64MB'");
return await client.query("SHOW work_mem");`),
        intends: [{ work_mem: "64MB" }],
        reports: [{ messageId: "local", at: "SET" }],
      },
      {
        title: "snapshot of a transaction that is over",
        code: withPool(`const { rows } = await pool.query("SELECT pg_export_snapshot() AS snapshot");
await pool.query(
  \`BEGIN ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT '\${rows[0].snapshot}'; SELECT * FROM orders; COMMIT\`,
);`),
        reports: [{ messageId: "local", at: "pg_export_snapshot" }],
      },
      {
        title: "several statements with bind values, which PostgreSQL refuses",
        code: withPool(`await pool.query("SET LOCAL work_mem = '64MB'; SELECT * FROM orders WHERE id = $1", [1]);`),
        reports: [{ messageId: "local", at: "SET" }],
      },
    ],
    unreported: [
      {
        title: "inside BEGIN and COMMIT",
        given: DEFERRABLE,
        code: inTransaction(
          `await client.query("SET LOCAL statement_timeout = '5s'");
await client.query("SELECT pg_advisory_xact_lock(7)");
await client.query("SET CONSTRAINTS ALL DEFERRED");
await client.query("INSERT INTO lines (order_id) VALUES (3)");
await client.query("INSERT INTO orders (id) VALUES (3)");
await client.query("CREATE TEMP TABLE batch (id int) ON COMMIT DROP");
await client.query("INSERT INTO batch VALUES (1)");
const { rows } = await client.query(
  "SELECT current_setting('statement_timeout') AS timeout, count(*)::int AS locks FROM pg_locks, batch WHERE objid = 7",
);`,
          "rows",
        ),
        intends: [{ timeout: "5s", locks: 1 }],
      },
      {
        title: "the mode of one transaction",
        code: withClient(`await client.query("BEGIN READ ONLY");
await client.query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
const { rows } = await client.query(
  "SELECT current_setting('transaction_isolation') AS isolation, current_setting('transaction_read_only') AS read_only",
);
await client.query("COMMIT");
return rows;`),
        intends: [{ isolation: "serializable", read_only: "on" }],
      },
      {
        title: "ROLLBACK TO SAVEPOINT takes SET LOCAL back",
        code: inTransaction(
          `await client.query("SAVEPOINT report");
await client.query("SET LOCAL work_mem = '64MB'");
await client.query("ROLLBACK TO SAVEPOINT report");
const { rows } = await client.query("SHOW work_mem");`,
          "rows",
        ),
        intends: [{ work_mem: "4MB" }],
      },
      {
        title: "snapshot of a transaction that goes on",
        code: withPool(`const client = await pool.connect();
await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
const exported = await client.query("SELECT pg_export_snapshot() AS snapshot");
await pool.query("INSERT INTO orders DEFAULT VALUES");
const reader = await pool.connect();
await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
await reader.query(\`SET TRANSACTION SNAPSHOT '\${exported.rows[0].snapshot}'\`);
const { rows } = await reader.query("SELECT count(*)::int AS orders FROM orders");
await reader.query("COMMIT");
reader.release();
await client.query("COMMIT");
client.release();
return rows;`),
        intends: [{ orders: 2 }],
      },
      {
        title: "locks, cursors and large objects of one transaction",
        code: inTransaction(
          `await client.query("LOCK TABLE orders");
await client.query("DECLARE first_order CURSOR FOR SELECT * FROM orders ORDER BY id FOR UPDATE");
await client.query("FETCH 1 FROM first_order");
await client.query("UPDATE orders SET done = true WHERE CURRENT OF first_order");
const file = await client.query("SELECT lo_open(lo_from_bytea(0, 'text'), 131072) AS descriptor");
await client.query("SELECT loread($1, 10)", [file.rows[0].descriptor]);
const { rows } = await client.query("SELECT id FROM orders WHERE done");`,
          "rows",
        ),
        intends: [{ id: 1 }],
      },
      {
        title: "several statements in one text are one implicit transaction",
        code: withPool(`return [
  await pool.query("SET LOCAL statement_timeout = '5s'; SHOW statement_timeout"),
  await pool.query("SELECT pg_advisory_xact_lock(7); SELECT count(*)::int AS locks FROM pg_locks WHERE objid = 7"),
  await pool.query("LOCK TABLE orders; UPDATE counters SET value = value + 1"),
  await pool.query("CREATE TEMP TABLE batch (id int) ON COMMIT DROP; INSERT INTO batch VALUES (1); SELECT * FROM batch"),
];`),
        intends: [
          [[], [{ statement_timeout: "5s" }]],
          [[{ pg_advisory_xact_lock: "" }], [{ locks: 1 }]],
          [[], []],
          [[], [], [{ id: 1 }]],
        ],
      },
      {
        title: "one text with BEGIN and COMMIT",
        code: withPool(`return pool.query("BEGIN; SET LOCAL work_mem = '64MB'; SHOW work_mem; COMMIT");`),
        intends: [[], [], [{ work_mem: "64MB" }], []],
      },
      {
        title: "a CTE whose effect the same statement uses",
        code: withPool(
          `return pool.query(\`WITH s AS MATERIALIZED (SELECT set_config('app.tenant_id', '42', true))
    SELECT current_setting('app.tenant_id') AS tenant FROM s\`);`,
        ),
        intends: [{ tenant: "42" }],
      },
      {
        title: "a lock that guards the statement it stands in",
        code: withPool(
          `return pool.query("UPDATE jobs SET taken = true WHERE id = (SELECT id FROM jobs WHERE pg_try_advisory_xact_lock(id) LIMIT 1) RETURNING id");`,
        ),
        intends: [{ id: 1 }],
      },
      {
        title: "a helper that is given a client inside a transaction",
        code: `import { Pool, type PoolClient } from "pg";

const pool = new Pool();

async function setTenant(client: PoolClient, tenant: string) {
  await client.query("SELECT set_config('app.tenant_id', $1, true)", [tenant]);
}

export async function run() {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await setTenant(client, "42");
    const { rows } = await client.query("SELECT current_setting('app.tenant_id') AS tenant");
    await client.query("COMMIT");
    return rows;
  } finally {
    client.release();
  }
}
`,
        intends: [{ tenant: "42" }],
      },
      {
        title: "a function body runs in its caller's transaction",
        language: "sql",
        code: `CREATE FUNCTION with_tenant(t text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', t, true);
  SET LOCAL work_mem = '64MB';
END
$$;
`,
        caller: inTransaction(
          `await client.query("SELECT with_tenant('42')");
const { rows } = await client.query(
  "SELECT current_setting('app.tenant_id') AS tenant, current_setting('work_mem') AS memory",
);`,
          "rows",
        ),
        intends: [{ tenant: "42", memory: "64MB" }],
      },
    ],
  },
};
