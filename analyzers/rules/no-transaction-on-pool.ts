import type { Problem, Reach, Rule, SqlAction, StatementUse } from "../model.ts";
import { inTransaction, withPool } from "./example-code.ts";

const WORDS: Readonly<Record<string, string>> = {
  begin: "BEGIN",
  commit: "COMMIT",
  rollback: "ROLLBACK",
  savepoint: "SAVEPOINT",
  "release-savepoint": "RELEASE SAVEPOINT",
  "rollback-to-savepoint": "ROLLBACK TO SAVEPOINT",
  "prepare-transaction": "PREPARE TRANSACTION",
};

/** One text that begins and ends its own transaction is sent on one connection. */
const isWhole = (use: StatementUse): boolean => {
  const controls = use.site.reading.statements
    .flatMap((statement) => statement.actions)
    .filter((action) => action.kind === "transaction" && action.place === "statement");
  const first = controls[0];
  const last = controls.at(-1);
  return (
    first?.kind === "transaction" &&
    first.operation === "begin" &&
    last?.kind === "transaction" &&
    (last.operation === "commit" || last.operation === "rollback")
  );
};

/** Whether a statement of the text is not known at all: it may be the other end of the transaction. */
const mayBeWhole = (use: StatementUse): boolean =>
  use.site.reading.statements.some(({ readBy, resolution }) => readBy === "none" && resolution === "unresolved");

function check(action: SqlAction, use: StatementUse, _reach: Reach): readonly Problem[] {
  if (action.kind !== "transaction" || action.place !== "statement" || use.site.connection.scope !== "pool") return [];
  const name = WORDS[action.operation];
  if (name === undefined || isWhole(use)) return [];
  return [
    {
      messageId: action.operation === "begin" ? "begin" : "end",
      data: { name },
      location: action.location,
      effect: "silent",
      severity: "error",
      confidence: mayBeWhole(use) ? "possible" : "certain",
      // On a client of one's own it would be right, and which of the two it is the path decides.
      restsOnState: true,
      breaksOn: [
        "any pool of client connections: it fails without PgBouncer too",
        "behind PgBouncer it also exhausts the pool",
      ],
    },
  ];
}

/** Transaction control through a pool. */
export const noTransactionOnPool: Rule = {
  id: "no-transaction-on-pool",
  summary: "BEGIN, COMMIT or ROLLBACK through a pool: each may use another connection",
  explanation: `Each \`pool.query()\` may use another client connection. \`BEGIN\` opens a transaction on one, the statements meant for it run on
others and commit at once, and \`ROLLBACK\` ends somebody else's transaction or none (\`there is no transaction in progress\`). With
nothing else going on the pool hands out the same connection again, so it works in every test.

It fails without PgBouncer: with 12 concurrent workers 13 to 17 of 24 "rolled back" rows stayed (pg 8.23.1, direct connection). Behind
PgBouncer the transaction left open also pins a server connection: with a pool of 3 the fourth client waits for \`query_wait_timeout\`
(120 s by default) and fails with \`08P01 query_wait_timeout\`.

Not reported: one text that holds the whole transaction.`,
  remedies: `- \`const client = await pool.connect()\`, then \`BEGIN\`, the statements and \`COMMIT\` on \`client\`, \`ROLLBACK\` in \`catch\`,
  \`client.release()\` in \`finally\`.`,
  messages: {
    begin: {
      message:
        "`{{name}}` opens a transaction on one connection of the pool; the statements that follow may run on others and commit at once.",
      remedy: "Check a client out with pool.connect() and run the whole transaction on it.",
      condition: "Run the transactions that are begun through a pool on one checked-out client.",
    },
    end: {
      message:
        "`{{name}}` may reach another connection of the pool than the BEGIN did: it ends nothing, or somebody else's transaction.",
      remedy: "Check a client out with pool.connect() and run the whole transaction on it.",
      condition: "Run the transactions that are ended through a pool on one checked-out client.",
    },
  },
  recommended: true,
  failsWithoutPooler: true,
  checkStatement: (use, reach) => use.statement.actions.flatMap((action) => check(action, use, reach)),
  examples: {
    reported: [
      {
        title: "a text with a part that is not known, which may end the transaction",
        code: withPool("await pool.query(`BEGIN; UPDATE orders SET done = true; ${process.env.LAST_STATEMENT}`);"),
        environment: { LAST_STATEMENT: "SELECT count(*) FROM orders" },
        reports: [{ messageId: "begin", at: "BEGIN", confidence: "possible" }],
      },
      {
        title: "BEGIN, INSERT, COMMIT through the pool",
        code: withPool(`await pool.query("BEGIN");
await pool.query("INSERT INTO orders DEFAULT VALUES");
await pool.query("COMMIT");`),
        reports: [
          { messageId: "begin", at: "BEGIN", confidence: "certain", severity: "error" },
          { messageId: "end", at: "COMMIT" },
        ],
      },
      {
        title: "with ROLLBACK in catch",
        given: "ALTER TABLE lines ADD FOREIGN KEY (order_id) REFERENCES orders",
        code: withPool(`try {
  await pool.query("START TRANSACTION");
  await pool.query("INSERT INTO orders (total) VALUES (30)");
  await pool.query("INSERT INTO lines (order_id) VALUES (30)");
  await pool.query("COMMIT");
} catch {
  await pool.query("ROLLBACK");
}
return pool.query("SELECT count(*)::int AS orders FROM orders");`),
        intends: [{ orders: 2 }],
        reports: [
          { messageId: "begin", at: "START" },
          { messageId: "end", at: "COMMIT" },
          { messageId: "end", at: "ROLLBACK" },
        ],
      },
      {
        title: "a wrapper around the pool",
        code: `import { Pool } from "pg";

const pool = new Pool();
const query = (text: string, values?: unknown[]) => pool.query(text, values);

export async function run() {
  await query("BEGIN");
  await query("INSERT INTO orders (total) VALUES ($1)", [30]);
  await query("ROLLBACK");
  return query("SELECT count(*)::int AS orders FROM orders");
}
`,
        intends: [{ orders: 2 }],
        reports: [
          { messageId: "begin", at: "BEGIN" },
          { messageId: "end", at: "ROLLBACK" },
        ],
      },
      {
        title: "the wrong handle between BEGIN and COMMIT of a client",
        code: inTransaction(`await pool.query("SAVEPOINT before_insert");`),
        reports: [{ messageId: "end", at: "SAVEPOINT" }],
      },
      {
        title: "a pool in a class",
        code: `import { Pool } from "pg";

export class Orders {
  constructor(private readonly pool: Pool) {}

  async create() {
    await this.pool.query("BEGIN");
    await this.pool.query("INSERT INTO orders DEFAULT VALUES");
    await this.pool.query("COMMIT");
  }
}
`,
        caller: `import { Pool } from "pg";
import { Orders } from "./example.ts";

export const run = () => new Orders(new Pool()).create();
`,
        reports: [
          { messageId: "begin", at: "BEGIN" },
          { messageId: "end", at: "COMMIT" },
        ],
      },
      {
        title: "a text that only begins",
        code: withPool(`await pool.query("BEGIN; INSERT INTO orders DEFAULT VALUES");`),
        reports: [{ messageId: "begin", at: "BEGIN" }],
      },
    ],
    unreported: [
      {
        title: "on a checked-out client",
        code: inTransaction(
          `const { rows } = await client.query("INSERT INTO orders DEFAULT VALUES RETURNING id");`,
          "rows",
        ),
        intends: [{ id: 3 }],
      },
      {
        title: "one text with the whole transaction",
        code: withPool(`await pool.query("BEGIN; INSERT INTO orders DEFAULT VALUES; COMMIT");
await pool.query("BEGIN; INSERT INTO orders DEFAULT VALUES; ROLLBACK");
return pool.query("SELECT count(*)::int AS orders FROM orders");`),
        intends: [{ orders: 3 }],
      },
      {
        title:
          "one text with a statement that fails: pg closes the client connection, and the transaction ends with it",
        code: withPool(`await pool.query("BEGIN; INSERT INTO orders DEFAULT VALUES; SELECT 1 / 0; COMMIT").catch(() => undefined);
return pool.query("SELECT count(*)::int AS orders FROM orders");`),
        intends: [{ orders: 2 }],
      },
      {
        title: "a client of one's own",
        code: `import { Client } from "pg";

export async function run() {
  const client = new Client();
  await client.connect();
  await client.query("BEGIN");
  await client.query("INSERT INTO orders DEFAULT VALUES");
  await client.query("ROLLBACK");
  const { rows } = await client.query("SELECT count(*)::int AS orders FROM orders");
  await client.end();
  return rows;
}
`,
        intends: [{ orders: 2 }],
      },
      {
        title: "COMMIT AND CHAIN",
        code: inTransaction(
          `await client.query("INSERT INTO orders DEFAULT VALUES");
await client.query("COMMIT AND CHAIN");
await client.query("INSERT INTO orders DEFAULT VALUES");
await client.query("ROLLBACK AND CHAIN");
const { rows } = await client.query("SELECT count(*)::int AS orders FROM orders");`,
          "rows",
        ),
        intends: [{ orders: 3 }],
      },
      {
        title: "callback style",
        code: `import { Pool } from "pg";

const pool = new Pool();

export function createOrder(done: (error?: Error) => void) {
  pool.connect((error, client, release) => {
    if (error || !client) return done(error);
    client.query("BEGIN", () => {
      client.query("INSERT INTO orders DEFAULT VALUES", () => {
        client.query("COMMIT", () => {
          release();
          done();
        });
      });
    });
  });
}
`,
        caller: `import { promisify } from "node:util";
import { createOrder } from "./example.ts";

export const run = promisify(createOrder);
`,
      },
      {
        title: "COMMIT PREPARED needs no connection of its own",
        code: withPool(`const client = await pool.connect();
await client.query("BEGIN");
await client.query("INSERT INTO orders DEFAULT VALUES");
await client.query("PREPARE TRANSACTION 'order-1'");
client.release();
await pool.query("COMMIT PREPARED 'order-1'");
return pool.query("SELECT count(*)::int AS orders FROM orders");`),
        intends: [{ orders: 3 }],
      },
      {
        title: "the block of a DO statement",
        code: withPool("await pool.query(`DO $$ BEGIN PERFORM 1; END $$`);"),
      },
      {
        title: "a procedure that commits",
        language: "sql",
        code: `CREATE PROCEDURE close_orders() LANGUAGE plpgsql AS $$
BEGIN
  UPDATE orders SET done = true WHERE id = 1;
  COMMIT;
  UPDATE orders SET done = true WHERE id = 2;
  ROLLBACK;
END
$$;
`,
        caller: withPool(`await pool.query("CALL close_orders()");
return pool.query("SELECT id FROM orders WHERE done");`),
        intends: [{ id: 1 }],
      },
      {
        title: "statements that run outside a transaction",
        code: withPool(`await pool.query("CREATE TABLE archive AS SELECT * FROM orders");
await pool.query("ALTER TABLE archive ADD COLUMN note text");
await pool.query("VACUUM archive");
await pool.query("CREATE INDEX CONCURRENTLY archive_id ON archive (id)");
await pool.query("DROP INDEX CONCURRENTLY archive_id");
await pool.query("CREATE DATABASE archive");
await pool.query("DROP DATABASE archive");
await pool.query("COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'");
return pool.query("SELECT note FROM archive WHERE id = 1 FOR UPDATE");`),
        intends: [{ note: null }],
      },
    ],
  },
};
