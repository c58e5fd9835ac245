import type { Problem, Reach, Rule, SqlAction, StatementUse } from "../model.ts";
import { inTransaction, withClient, withPool } from "./example-code.ts";

const ANY = ["every PgBouncer version in transaction mode"];

function check(action: SqlAction, use: StatementUse, reach: Reach): readonly Problem[] {
  if (action.kind !== "notification" || use.site.hook !== undefined) return [];
  if (action.operation === "notify" || action.operation === "unlisten-all") return [];
  const listen = action.operation === "listen";
  if (
    !listen &&
    reach.before.some(
      (earlier) =>
        earlier.kind === "notification" && earlier.operation === "listen" && earlier.channel === action.channel,
    )
  )
    return [];
  // LISTEN takes effect at COMMIT: one that is rolled back never listens, with or without a pooler.
  if (listen && reach.endings.every((ending) => ending.how === "rollback")) return [];
  return [
    {
      messageId: listen ? "listen" : "unlisten",
      data: { channel: action.channel ?? "" },
      location: action.location,
      effect: "silent",
      severity: "error",
      breaksOn: ANY,
    },
  ];
}

/** Waits for what a promise `received` gives, for a second. */
const WAITED = 'Promise.race([received, new Promise((resolve) => setTimeout(resolve, 1000, "nothing"))])';

/** A caller that notifies `channel` when the example listens, and gives what it receives. */
const notifying = (channel: string): string => `import { Client } from "pg";
import { listen } from "./example.ts";

export async function run() {
  const client = await listen();
  const received = new Promise((resolve) => client.on("notification", (message) => resolve(message.payload)));
  const other = new Client();
  await other.connect();
  await other.query("NOTIFY ${channel}, 'hello'");
  return await ${WAITED};
}
`;

/** A caller that listens past the pooler while `notify` is done, and gives what it receives. */
const hearing = (imported: string, notify: string): string => `import { Client, Pool } from "pg";
${imported}
const pool = new Pool();

export async function run() {
  const client = new Client({ connectionString: process.env.DIRECT_URL });
  await client.connect();
  const received = new Promise((resolve) => client.on("notification", (message) => resolve(message.payload)));
  await client.query("LISTEN jobs");
  ${notify}
  return await ${WAITED};
}
`;

const HEARING = hearing('import { run as notify } from "./example.ts";\n', "await notify();");

/** A client of its own that listens. */
const listener = (url: string): string => `import { Client } from "pg";

export async function listen() {
  const client = new Client({ connectionString: ${url} });
  await client.connect();
  await client.query("LISTEN jobs");
  return client;
}
`;

/** LISTEN through a pooler. */
export const noListen: Rule = {
  id: "no-listen",
  summary: "LISTEN on a pooled connection: notifications never arrive, without an error",
  explanation: `\`LISTEN\` registers a *server connection*. PgBouncer takes that connection back when the statement is done, so there is no
client to deliver a notification to: it is dropped, with a line in PgBouncer's log only
(\`got packet 'A' from server when not linked\`). If another client is using the server connection at that moment, *it* receives the
notification. \`UNLISTEN\` runs elsewhere and leaves the registration behind.

A dedicated client does not help: it is dedicated to PgBouncer. Only this rule's defect shows even on a developer's machine with one
connection, unless PgBouncer is not part of it.

Measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2 over PostgreSQL 15.18: 0 of 5 notifications arrive; with the listener on a direct
connection and \`NOTIFY\` through the pool, 5 of 5.`,
  remedies: `- Listen on a direct connection; \`NOTIFY\` and \`pg_notify()\` may stay pooled.
- A second database alias in pgbouncer.ini with \`pool_mode = session\` for the listener.
- Polling.`,
  messages: {
    listen: {
      message:
        "`LISTEN {{channel}}` needs one permanent server connection; through PgBouncer no notification arrives and there is no error.",
      remedy: "Listen on a direct connection; NOTIFY may stay pooled.",
      condition: "Give the listener on `{{channel}}` a direct connection.",
    },
    unlisten: {
      message:
        "`UNLISTEN {{channel}}` runs on whichever server connection comes next: the one that listens goes on listening.",
      remedy: "Listen and unlisten on one direct connection.",
      condition: "Give the listener on `{{channel}}` a direct connection.",
    },
  },
  feature: "listen",
  recommended: true,
  checkStatement: (use, reach) => use.statement.actions.flatMap((action) => check(action, use, reach)),
  examples: {
    reported: [
      {
        title: "a checked-out client",
        code: withClient(`const received = new Promise((resolve) => client.on("notification", resolve));
await client.query("LISTEN jobs");
await pool.query("NOTIFY jobs, 'hello'");
return (await ${WAITED}).payload;`),
        intends: "hello",
        reports: [{ messageId: "listen", at: "LISTEN", confidence: "certain", severity: "error" }],
      },
      {
        title: "asking again and again does not bring what was dropped",
        code: withClient(`const received: (string | undefined)[] = [];
client.on("notification", (message) => received.push(message.payload));
await client.query("LISTEN jobs");
await pool.query("SELECT pg_notify('jobs', 'hello')");
for (let attempt = 0; attempt < 3; attempt++) await client.query("SELECT pg_sleep(0.05)");
return received;`),
        intends: ["hello"],
        reports: [{ messageId: "listen", at: "LISTEN" }],
      },
      {
        title: "a dedicated client",
        code: `import { Client } from "pg";

export async function listen() {
  const client = new Client();
  await client.connect();
  await client.query('LISTEN "Jobs"');
  return client;
}
`,
        caller: notifying('\\"Jobs\\"'),
        intends: "hello",
        reports: [{ messageId: "listen", at: "LISTEN" }],
      },
      {
        title: "through the pool",
        code: withPool(`await pool.query("LISTEN jobs");`),
        reports: [{ messageId: "listen", at: "LISTEN" }],
      },
      {
        title: "inside a transaction",
        code: inTransaction(`await client.query("LISTEN jobs");`),
        reports: [{ messageId: "listen", at: "LISTEN" }],
      },
      {
        title: "LISTEN and NOTIFY in one text give a false sense of safety",
        code: withPool(`await pool.query("LISTEN jobs; NOTIFY jobs");`),
        reports: [{ messageId: "listen", at: "LISTEN" }],
      },
      {
        title: "a channel from a variable, and UNLISTEN",
        code: `import { Pool } from "pg";

const pool = new Pool();

export async function run(channel: string) {
  const client = await pool.connect();
  await client.query(\`LISTEN \${channel}\`);
  await client.query(\`UNLISTEN \${channel}\`);
  client.release();
}
`,
        args: ["jobs"],
        reports: [
          { messageId: "listen", at: "LISTEN" },
          { messageId: "unlisten", at: "UNLISTEN" },
        ],
      },
      {
        title: "a direct URL that may be missing, and then it is the pooled one",
        code: listener("process.env.DIRECT_URL ?? process.env.DATABASE_URL"),
        environment: { DIRECT_URL: undefined },
        caller: notifying("jobs"),
        intends: "hello",
        reports: [{ messageId: "listen", at: "LISTEN", confidence: "certain" }],
      },
    ],
    unreported: [
      {
        title: "a client on a URL that is called direct",
        code: listener("process.env.DIRECT_URL"),
        caller: notifying("jobs"),
        intends: "hello",
      },
      {
        title: "NOTIFY",
        code: withPool(`await pool.query("NOTIFY jobs, 'payload'");`),
        caller: HEARING,
        intends: "payload",
      },
      {
        title: "pg_notify",
        code: withPool(`await pool.query("SELECT pg_notify($1, $2)", ["jobs", "payload"]);`),
        caller: HEARING,
        intends: "payload",
      },
      {
        title: "NOTIFY in a transaction",
        code: inTransaction(`await client.query("NOTIFY jobs, 'done'");`),
        caller: HEARING,
        intends: "done",
      },
      {
        title: "listeners of other things",
        code: `import { createServer } from "node:http";
import { EventEmitter } from "node:events";

export const server = createServer().listen(8080);
export const bus = new EventEmitter();
bus.on("LISTEN", () => undefined);
`,
        notRun: "it reaches no database",
      },
      {
        title: "the word in a string, a column, a comment",
        code: withPool(`await pool.query("SELECT 'LISTEN jobs' AS listen /* LISTEN jobs */");
await pool.query("INSERT INTO events (listen) VALUES ('LISTEN jobs')");`),
      },
      {
        title: "a trigger that notifies",
        language: "sql",
        code: `CREATE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('jobs', NEW.id::text);
  RETURN NEW;
END
$$;
`,
        caller: hearing(
          "",
          `await pool.query("CREATE TRIGGER announce AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION announce()");
  await pool.query("INSERT INTO orders DEFAULT VALUES");`,
        ),
        intends: "3",
      },
    ],
  },
};
