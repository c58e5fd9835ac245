import type { Problem, Reach, Rule, RuleContext, SqlAction, StatementUse } from "../model.ts";
import { featureOfAction } from "./features.ts";
import { tracking } from "./settings.ts";

/** What a statement in the hook sets up for the session; undefined when nothing, or nothing that gets lost. */
function setUp(action: SqlAction, context: RuleContext): string | undefined {
  switch (action.kind) {
    case "set-parameter":
      return action.scope === "local" || tracking(action.name, context.profile).is !== "untracked"
        ? undefined
        : action.name;
    case "set-identity":
      return action.scope === "local"
        ? undefined
        : action.identity === "role"
          ? "SET ROLE"
          : "SET SESSION AUTHORIZATION";
    case "create-temporary":
      return `temporary ${action.object} ${action.name}`;
    case "prepared-statement":
      return action.operation === "prepare" ? `PREPARE ${action.name ?? ""}` : undefined;
    case "notification":
      return action.operation === "listen" ? `LISTEN ${action.channel ?? ""}` : undefined;
    case "load-library":
      return `LOAD '${action.library}'`;
    case "advisory-lock":
      return action.scope === "session" && action.operation !== "unlock" && action.operation !== "unlock-all"
        ? `${action.function}()`
        : undefined;
    default:
      return undefined;
  }
}

function check(action: SqlAction, use: StatementUse, _reach: Reach, context: RuleContext): readonly Problem[] {
  const { hook } = use.site;
  const name = hook === undefined ? undefined : setUp(action, context);
  if (hook === undefined || name === undefined) return [];
  const feature = featureOfAction(action);
  return [
    {
      messageId: "hook",
      data: { name, event: hook.event },
      location: action.location,
      effect: "leak",
      severity: "error",
      breaksOn: ["every PgBouncer version in transaction mode"],
      ...(feature === undefined ? {} : { feature }),
      evidence: [{ location: hook.location, message: `runs once per client connection: ${hook.event}` }],
    },
  ];
}

const hook = (body: string, query: string): string => `import { Pool } from "pg";

const pool = new Pool();

pool.on("connect", (client) => {
  ${body}
});

export const run = () => pool.query("${query}");
`;

/** Session state set up when the pool opens a client connection. */
export const noConnectHook: Rule = {
  id: "no-connect-hook",
  summary: "Session state set up when the pool connects: it reaches one server connection, once",
  explanation: `A pool's \`connect\` event, \`onConnect\`, \`verify\` and an overridden \`connect()\` run once for each *client* connection. Behind
PgBouncer that says nothing about *server* connections: the \`SET\` lands on one of them, stays there for every client, and is missing on
the others. When PgBouncer replaces a server connection (\`server_lifetime\`), it is gone for good, because the client connection stays
and the hook never runs again.

Measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2 with pg 8.23.1: \`SET work_mem\` in the hook is seen by 3 of 9 queries of the pool and by
3 of 9 of an unrelated client; after the server connections were recycled by 0 of 12.

Not reported: parameters that PgBouncer tracks for each client (\`SET TIME ZONE\` in the hook: 9 of 9); handlers that run no SQL.`,
  remedies: `- \`ALTER ROLE app SET name = value\`, which every server connection starts with.
- \`connect_query\` of the database in pgbouncer.ini, which PgBouncer runs on every server connection it opens.
- \`SET LOCAL\` in the transactions that need it.`,
  messages: {
    hook: {
      message:
        "`{{name}}` is set up once per client connection ({{event}}), and lands on one server connection: most queries run without it, and other clients get it.",
      remedy: "Use `ALTER ROLE … SET`, or connect_query in pgbouncer.ini.",
      condition: "Move `{{name}}` from the connect hook to `ALTER ROLE … SET` or to connect_query.",
    },
  },
  feature: "session-set",
  recommended: true,
  checkStatement: (use, reach, context) =>
    use.statement.actions.flatMap((action) => check(action, use, reach, context)),
  examples: {
    reported: [
      {
        title: "SET in pool.on connect",
        code: hook(`client.query("SET statement_timeout = '5s'");`, "SHOW statement_timeout"),
        intends: [{ statement_timeout: "5s" }],
        reports: [{ messageId: "hook", at: "SET", confidence: "certain", severity: "error" }],
      },
      {
        title: "search_path, with a callback",
        code: hook(
          `client.query("SET search_path TO app", (error) => console.error(error));`,
          "SELECT name FROM settings",
        ),
        given: "CREATE SCHEMA app; CREATE TABLE app.settings AS SELECT 'theme' AS name",
        intends: [{ name: "theme" }],
        reports: [{ messageId: "hook", at: "SET" }],
      },
      {
        title: "SET ROLE",
        code: hook(`void client.query("SET ROLE reporting");`, "SELECT current_user"),
        intends: [{ current_user: "reporting" }],
        reports: [{ messageId: "hook", at: "SET" }],
      },
      {
        title: "onConnect of the options",
        code: `import { Pool } from "pg";

const pool = new Pool({
  onConnect: async (client) => {
    await client.query("SET lock_timeout = '1s'");
  },
});

export const run = () => pool.query("SHOW lock_timeout");
`,
        intends: [{ lock_timeout: "1s" }],
        reports: [{ messageId: "hook", at: "SET" }],
      },
      {
        title: "a named handler",
        code: `import { Pool, type PoolClient } from "pg";

async function prepareSession(client: PoolClient) {
  await client.query("SET work_mem = '64MB'");
}

const pool = new Pool();
pool.on("connect", prepareSession);

export const run = () => pool.query("SHOW work_mem");
`,
        intends: [{ work_mem: "64MB" }],
        reports: [{ messageId: "hook", at: "SET" }],
      },
      {
        title: "a client class that overrides connect",
        code: `import { Client, Pool } from "pg";

class SessionClient extends Client {
  override connect(...given: unknown[]) {
    void this.query("SET enable_seqscan = off");
    return super.connect(...given);
  }
}

const pool = new Pool({ Client: SessionClient });

export const run = () => pool.query("SHOW enable_seqscan");
`,
        intends: [{ enable_seqscan: "off" }],
        reports: [{ messageId: "hook", at: "SET" }],
      },
      {
        title: "LISTEN in the hook",
        code: hook(`void client.query("LISTEN jobs");`, "NOTIFY jobs"),
        reports: [{ messageId: "hook", at: "LISTEN" }],
      },
    ],
    unreported: [
      {
        title: "a parameter that PgBouncer tracks",
        code: hook(`void client.query("SET TIME ZONE 'Asia/Tokyo'");`, "SHOW timezone"),
        intends: [{ TimeZone: "Asia/Tokyo" }],
      },
      {
        title: "a handler without SQL",
        code: hook(`client.on("error", console.error);`, "SELECT 1 AS one"),
        intends: [{ one: 1 }],
      },
      {
        title: "a query that sets nothing",
        code: hook(`void client.query("SELECT 1");`, "SELECT 2 AS two"),
        intends: [{ two: 2 }],
      },
      {
        title: "the error event",
        code: `import { Pool } from "pg";\n\nconst pool = new Pool();\npool.on("error", (error) => console.error(error));\n\nexport const run = () => pool.query("SELECT 1 AS one");\n`,
        intends: [{ one: 1 }],
      },
      {
        title: "connect of something else",
        code: `import { Socket } from "node:net";

export const socket = new Socket();
socket.on("connect", () => socket.write("SET x = 1"));
`,
        notRun: "it reaches no database",
      },
      {
        title: "SET LOCAL in a transaction of the hook",
        code: `import { Pool } from "pg";

const pool = new Pool();

pool.on("connect", async (client) => {
  await client.query("BEGIN");
  await client.query("SET LOCAL work_mem = '64MB'");
  await client.query("COMMIT");
});

export const run = () => pool.query("SELECT count(*)::int AS orders FROM orders");
`,
        intends: [{ orders: 2 }],
      },
    ],
  },
};
