import type { Problem, Reach, Rule, SqlAction, StatementUse } from "../model.ts";
import { inTransaction, withClient, withPool } from "./example-code.ts";
import { leavesNothing } from "./undoing.ts";

const ANY = ["every PgBouncer version in transaction mode, whatever max_prepared_statements"];

function check(action: SqlAction, use: StatementUse, reach: Reach): readonly Problem[] {
  if (action.kind !== "prepared-statement" || action.operation === "deallocate-all" || use.site.hook !== undefined)
    return [];
  const { operation } = action;
  const name = action.name ?? "";
  const prepared = [...reach.before, ...use.statement.actions].some(
    (other) => other.kind === "prepared-statement" && other.operation === "prepare" && other.name === action.name,
  );
  if (operation === "prepare" ? leavesNothing(action, use.statement, reach) : prepared) return [];
  return [
    {
      messageId: operation,
      data: { name },
      location: action.location,
      effect: operation === "prepare" ? "leak" : "error",
      severity: "error",
      // Outside a transaction that was seen, the PREPARE may be in a part that was not.
      confidence: operation !== "prepare" && reach.state === "unknown" ? "likely" : "certain",
      restsOnState: operation !== "prepare",
      breaksOn: ANY,
    },
  ];
}

/** PREPARE, EXECUTE and DEALLOCATE as SQL. */
export const noSqlPrepare: Rule = {
  id: "no-sql-prepare",
  summary: "SQL-level PREPARE, EXECUTE or DEALLOCATE: the statement belongs to one server connection",
  explanation: `\`PREPARE p AS …\` leaves a statement on one server connection. \`EXECUTE p\` on another fails with
\`26000 prepared statement "p" does not exist\`; another client's \`PREPARE p\` fails with \`42P05 prepared statement "p" already exists\`,
and its \`EXECUTE p\` runs your statement. \`ROLLBACK\` does not take it back. \`max_prepared_statements\` is about the protocol's
statements and never helps here.

Measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2 over PostgreSQL 15.18, with the same result on all three; \`EXPLAIN EXECUTE\` and
\`CREATE TABLE … AS EXECUTE\` fail alike.

Not reported: PL/pgSQL's \`EXECUTE\`, \`EXECUTE FUNCTION\` of a trigger, \`PREPARE TRANSACTION\`; PREPARE, EXECUTE and DEALLOCATE inside one
transaction or one text.`,
  remedies: `- Send the statement with bind values: the driver prepares it without a name.
- Let the driver name it (protocol level) on PgBouncer 1.21 or newer with \`max_prepared_statements\` above 0.`,
  messages: {
    prepare: {
      message:
        '`PREPARE {{name}}` stays on one server connection: your EXECUTE misses it elsewhere, and other clients find it ("already exists").',
      remedy: "Send the statement with bind values and let the driver prepare it.",
      condition: "Drop `PREPARE {{name}}`; send the statement with bind values.",
    },
    execute: {
      message:
        '`EXECUTE {{name}}` fails on every server connection that did not run the PREPARE: prepared statement "{{name}}" does not exist.',
      remedy: "Send the statement with bind values and let the driver prepare it.",
      condition: "Drop `EXECUTE {{name}}`; send the statement with bind values.",
    },
    deallocate: {
      message: "`DEALLOCATE {{name}}` reaches another server connection than the PREPARE did, and fails there.",
      remedy: "Drop PREPARE and DEALLOCATE; send the statement with bind values.",
      condition: "Drop `DEALLOCATE {{name}}`.",
    },
  },
  feature: "sql-prepare",
  recommended: true,
  checkStatement: (use, reach) => use.statement.actions.flatMap((action) => check(action, use, reach)),
  examples: {
    reported: [
      {
        title: "PREPARE once, EXECUTE later",
        code: withClient(`await client.query("PREPARE find_user AS SELECT * FROM users WHERE id = $1");
return await client.query("EXECUTE find_user(1)");`),
        intends: [{ id: 1, name: "Ada" }],
        reports: [
          { messageId: "prepare", at: "PREPARE", confidence: "certain", severity: "error" },
          { messageId: "execute", at: "EXECUTE" },
        ],
      },
      {
        title: "PREPARE in a transaction outlives it",
        code: inTransaction(`await client.query("PREPARE find_user (int) AS SELECT * FROM users WHERE id = $1");
await client.query("EXECUTE find_user(1)");`),
        reports: [{ messageId: "prepare", at: "PREPARE" }],
      },
      {
        title: "ROLLBACK does not take it back",
        code: withClient(`await client.query("BEGIN");
await client.query("PREPARE find_user AS SELECT 1");
await client.query("ROLLBACK");`),
        reports: [{ messageId: "prepare", at: "PREPARE" }],
      },
      {
        title: "one text that does not deallocate it",
        code: withPool(
          `return await pool.query("PREPARE find_user (int) AS SELECT name FROM users WHERE id = $1; EXECUTE find_user(2)");`,
        ),
        intends: [[], [{ name: "Grace" }]],
        reports: [{ messageId: "prepare", at: "PREPARE" }],
      },
      {
        title: "DEALLOCATE elsewhere",
        code: withPool(`await pool.query("PREPARE find_user AS SELECT * FROM users WHERE id = $1");
await pool.query("DEALLOCATE find_user");`),
        reports: [
          { messageId: "prepare", at: "PREPARE" },
          { messageId: "deallocate", at: "DEALLOCATE" },
        ],
      },
      {
        title: "EXPLAIN EXECUTE",
        code: withPool(`await pool.query("PREPARE find_user AS SELECT * FROM users WHERE id = $1");
await pool.query("EXPLAIN EXECUTE find_user(1)");`),
        reports: [
          { messageId: "prepare", at: "PREPARE" },
          { messageId: "execute", at: "EXECUTE" },
        ],
      },
      {
        title: "CREATE TABLE AS EXECUTE",
        code: withPool(`await pool.query("PREPARE find_user AS SELECT * FROM users WHERE id = $1");
await pool.query("CREATE TABLE found AS EXECUTE find_user(1)");
return await pool.query("SELECT id FROM found");`),
        intends: [{ id: 1 }],
        reports: [
          { messageId: "prepare", at: "PREPARE" },
          { messageId: "execute", at: "EXECUTE" },
        ],
      },
    ],
    unreported: [
      {
        title: "PREPARE, EXECUTE and DEALLOCATE in one transaction",
        code: inTransaction(
          `await client.query("PREPARE find_user AS SELECT * FROM users WHERE id = $1");
const { rows } = await client.query("EXECUTE find_user(1)");
await client.query("DEALLOCATE find_user");`,
          "rows",
        ),
        intends: [{ id: 1, name: "Ada" }],
      },
      {
        title: "PREPARE, EXECUTE and DEALLOCATE in one text",
        code: withPool(`return await pool.query("PREPARE one AS SELECT 1 AS one; EXECUTE one; DEALLOCATE one");`),
        intends: [[], [{ one: 1 }], []],
      },
      {
        title: "EXECUTE of PL/pgSQL",
        code: withPool(
          "await pool.query(`DO $$ BEGIN EXECUTE 'SELECT 1'; EXECUTE format('ANALYZE %I', 'users'); END $$`);",
        ),
      },
      {
        title: "EXECUTE FUNCTION of a trigger",
        code: withPool(
          `await pool.query("CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch_row()");
return await pool.query("UPDATE users SET name = 'Alan' WHERE id = 1 RETURNING name");`,
        ),
        intends: [{ name: "Alan" }],
      },
      {
        title: "two-phase commit",
        code: withClient(`await client.query("BEGIN");
await client.query("INSERT INTO orders (total) VALUES (30)");
await client.query("PREPARE TRANSACTION 'order-1'");
await client.query("COMMIT PREPARED 'order-1'");
return await client.query("SELECT max(total) FROM orders");`),
        intends: [{ max: 30 }],
      },
      {
        title: "bind values",
        code: withPool(`return await pool.query("SELECT name FROM users WHERE id = $1", [1]);`),
        intends: [{ name: "Ada" }],
      },
      {
        title: "privileges",
        code: withPool(`await pool.query("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO app");`),
      },
    ],
  },
};
