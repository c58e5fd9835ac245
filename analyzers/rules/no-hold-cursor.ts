import type { Problem, Reach, Rule, SqlAction, StatementUse } from "../model.ts";
import { inTransaction, withClient, withPool } from "./example-code.ts";
import { leavesNothing } from "./undoing.ts";

const ANY = ["every PgBouncer version in transaction mode"];

function check(action: SqlAction, use: StatementUse, reach: Reach): readonly Problem[] {
  if (action.kind !== "cursor" || action.operation !== "declare" || !action.hold) return [];
  if (leavesNothing(action, use.statement, reach)) return [];
  return [
    {
      messageId: "hold",
      data: { name: action.name ?? "" },
      location: action.location,
      effect: "leak",
      severity: "error",
      breaksOn: ANY,
    },
  ];
}

/** Cursors that outlive their transaction. */
export const noHoldCursor: Rule = {
  id: "no-hold-cursor",
  summary: "A cursor WITH HOLD: it stays on one server connection after the transaction",
  explanation: `\`DECLARE c CURSOR WITH HOLD\` keeps the result on the server connection after \`COMMIT\`. The next \`FETCH\` runs elsewhere and
fails with \`34000 cursor "c" does not exist\`; another client that fetches from a cursor of this name on that connection consumes your
rows, and its own \`DECLARE c\` fails with \`42P03\`.

Measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2 over PostgreSQL 15.18, with the same result on all three.

Not reported: cursors inside one transaction or one text; a holdable cursor closed before \`COMMIT\`; the portals of pg-cursor and
pg-query-stream, which keep their server connection while they are open.`,
  remedies: `- Declare, fetch and close inside one transaction, without \`WITH HOLD\`.
- pg-query-stream, or keyset pagination (\`WHERE id > $1 ORDER BY id LIMIT 1000\`).`,
  messages: {
    hold: {
      message:
        '`{{name}}` is held on one server connection after COMMIT: your FETCH fails elsewhere with `cursor "{{name}}" does not exist`, and other clients can consume its rows.',
      remedy: "Fetch inside the transaction that declares the cursor, without WITH HOLD.",
      condition: "Fetch from cursor `{{name}}` inside its transaction, without WITH HOLD.",
    },
  },
  feature: "hold-cursor",
  recommended: true,
  checkStatement: (use, reach) => use.statement.actions.flatMap((action) => check(action, use, reach)),
  examples: {
    reported: [
      {
        title: "outside a transaction",
        code: withClient(`await client.query("DECLARE export_rows CURSOR WITH HOLD FOR SELECT id FROM orders");
return await client.query("FETCH 100 FROM export_rows");`),
        intends: [{ id: 1 }, { id: 2 }],
        reports: [{ messageId: "hold", at: "DECLARE", confidence: "certain", severity: "error" }],
      },
      {
        title: "through the pool",
        code: withPool(`await pool.query("DECLARE export_rows CURSOR WITH HOLD FOR SELECT 1 AS one");
return await pool.query("FETCH ALL FROM export_rows");`),
        intends: [{ one: 1 }],
        reports: [{ messageId: "hold", at: "DECLARE" }],
      },
      {
        title: "in a transaction that commits",
        code: inTransaction(
          `await client.query("DECLARE export_rows CURSOR WITH HOLD FOR SELECT id FROM orders");`,
          `(await client.query("FETCH ALL FROM export_rows")).rows`,
        ),
        intends: [{ id: 1 }, { id: 2 }],
        reports: [{ messageId: "hold", at: "DECLARE" }],
      },
      {
        title: "with options",
        code: withPool(`await pool.query("DECLARE export_rows INSENSITIVE SCROLL CURSOR WITH HOLD FOR SELECT 1");`),
        reports: [{ messageId: "hold", at: "DECLARE" }],
      },
      {
        title: "one text that does not close it",
        code: withPool(
          `return await pool.query("DECLARE export_rows CURSOR WITH HOLD FOR SELECT 1 AS one; FETCH ALL FROM export_rows");`,
        ),
        intends: [[], [{ one: 1 }]],
        reports: [{ messageId: "hold", at: "DECLARE" }],
      },
      {
        title: "closed only after COMMIT",
        code: withClient(`await client.query("BEGIN");
await client.query("DECLARE export_rows CURSOR WITH HOLD FOR SELECT * FROM orders");
await client.query("COMMIT");
await client.query("CLOSE export_rows");`),
        reports: [{ messageId: "hold", at: "DECLARE" }],
      },
    ],
    unreported: [
      {
        title: "a plain cursor in a transaction",
        code: inTransaction(
          `await client.query("DECLARE export_rows CURSOR FOR SELECT id FROM orders");
const { rows } = await client.query("FETCH 100 FROM export_rows");`,
          "rows",
        ),
        intends: [{ id: 1 }, { id: 2 }],
      },
      {
        title: "WITHOUT HOLD",
        code: inTransaction(
          `await client.query("DECLARE export_rows CURSOR WITHOUT HOLD FOR SELECT id FROM orders");
const { rows } = await client.query("FETCH 1 FROM export_rows");`,
          "rows",
        ),
        intends: [{ id: 1 }],
      },
      {
        title: "held but closed before COMMIT",
        code: inTransaction(
          `await client.query("DECLARE export_rows CURSOR WITH HOLD FOR SELECT id FROM orders");
const { rows } = await client.query("FETCH ALL FROM export_rows");
await client.query("CLOSE export_rows");`,
          "rows",
        ),
        intends: [{ id: 1 }, { id: 2 }],
      },
      {
        title: "a plain cursor in one text",
        code: withPool(`await pool.query("BEGIN; DECLARE c CURSOR FOR SELECT 1; FETCH ALL FROM c; COMMIT");
return await pool.query("DECLARE c CURSOR FOR SELECT 1 AS one; FETCH ALL FROM c; CLOSE c");`),
        intends: [[], [{ one: 1 }], []],
      },
      {
        title: "a plain cursor outside a transaction fails anyway",
        code: withPool(`await pool.query("DECLARE export_rows CURSOR FOR SELECT 1");`),
        intendsError: "25P01",
      },
      {
        title: "a transaction that rolls back",
        code: withClient(`await client.query("BEGIN");
await client.query("DECLARE c CURSOR WITH HOLD FOR SELECT 1");
await client.query("ROLLBACK");`),
      },
      {
        title: "pg-cursor and pg-query-stream",
        code: `import { Pool } from "pg";
import Cursor from "pg-cursor";
import QueryStream from "pg-query-stream";

const pool = new Pool();

export async function run() {
  const client = await pool.connect();
  const cursor = client.query(new Cursor("SELECT id FROM orders WHERE id > $1", [0]));
  const [first] = await cursor.read(1);
  await cursor.close();
  const rows = [first];
  for await (const row of client.query(new QueryStream("SELECT id FROM orders"))) rows.push(row);
  client.release();
  return rows;
}
`,
        intends: [{ id: 1 }, { id: 1 }, { id: 2 }],
      },
    ],
  },
};
