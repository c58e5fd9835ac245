import type { LibraryUse, Problem, Rule, RuleContext, SessionNeed } from "../model.ts";
import { featureOfLibrary } from "./features.ts";

function check(use: LibraryUse, { profile }: RuleContext): readonly Problem[] {
  const { onlyNeeds } = use;
  if (use.status !== "needs-session" || (onlyNeeds !== undefined && profile.capabilities[onlyNeeds] === "ok"))
    return [];
  return [
    {
      messageId: use.url === undefined ? "library" : "libraryWithUrl",
      data: {
        library: use.library,
        needs: use.needs,
        symptom: use.symptom,
        remedy: use.remedy,
        url: use.url ?? "",
      },
      location: use.location,
      effect: use.effect,
      // Which URL it is given decides, and that is not in the call.
      severity: "warning",
      breaksOn: [onlyNeeds === undefined ? EVERY : BEFORE[onlyNeeds]],
      feature: featureOfLibrary(use),
      evidence: use.evidence,
    },
  ];
}

const EVERY = "every PgBouncer version in transaction mode, unless its connection is direct";
const BEFORE: Readonly<Record<SessionNeed, string>> = {
  "named-statement": "PgBouncer older than 1.21 or with max_prepared_statements = 0",
  replication: "PgBouncer older than 1.23",
};

/** A caller that waits for a notification on the subscriber that the example exports. */
const LISTENING = `import { setTimeout } from "node:timers/promises";
import { subscriber } from "./example.ts";

export async function run() {
  await subscriber.connect();
  await subscriber.listenTo("jobs");
  const received = new Promise((resolve) => subscriber.notifications.on("jobs", resolve));
  await subscriber.notify("jobs", "hello");
  return await Promise.race([received, setTimeout(1500, "nothing")]);
}
`;

/** A caller that runs one migration from a folder of its own. */
const MIGRATING = `import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";
import { up } from "./example.ts";

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), "migrations-"));
  try {
    writeFileSync(join(folder, "1_first.sql"), "CREATE TABLE made (id int)");
    await up(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return await new Pool().query("SELECT count(*)::int AS rows FROM made");
}
`;

/** A caller that spends three of five points. */
const LIMITING = `import { Pool } from "pg";
import { limit } from "./example.ts";

export async function run() {
  const limiter = await new Promise((resolve, reject) => {
    const made = limit(new Pool({ max: 1 }), (error) => (error ? reject(error) : resolve(made)));
  });
  for (let turn = 0; turn < 2; turn += 1) await limiter.consume("Ada");
  return (await limiter.consume("Ada")).remainingPoints;
}
`;

/** A caller that has one job done. */
const WORKING = `import { start } from "./example.ts";

export async function run() {
  let done;
  const work = new Promise((resolve) => (done = resolve));
  const runner = await start({ greet: async () => done("greeted") });
  try {
    await runner.addJob("greet", {});
    return await work;
  } finally {
    await runner.stop();
  }
}
`;

/** Packages that need session state. */
export const noSessionLibrary: Rule = {
  id: "no-session-library",
  summary: "A package or command that needs the session itself: a queue, a listener, a migration runner, pg_dump",
  explanation: `Some packages use what transaction pooling does not keep: job queues and pub/sub listen on a connection of their own, migration
runners hold a session advisory lock, rate limiters name their statements. The SQL is in the package, so no other rule sees it. Given the
pooled URL they lose notifications without an error, leave locks behind, or fail now and then.

Commands count like packages: \`prisma migrate deploy\` in the entrypoint of a container, \`pg_dump\` in a backup script. The command reads
package scripts, Dockerfiles, shell scripts, workflows, compose files and Prisma's schema and configuration; it reports each tool once for
each workspace, where its URL is written or else where it is run when the program is deployed, and names that URL. A variable that is
called direct (\`DIRECT_URL\`, \`directUrl\`) is taken at its word unless a script sets it from the pooled one.

Each row of the table behind this rule was run through PgBouncer 1.18.0, 1.21.0 and 1.25.2, or read in the package's published files;
\`source\` says which. pg_dump 15.18 through 1.18.0: 3 of 6 clients that came after it had its empty \`search_path\`. Packages that were
found to be fine (connect-pg-simple, pg-boss without \`useListenNotify\`, umzug, \`knex migrate:latest\`, …) are listed as looked at.`,
  remedies: `- A direct URL for the package, beside the pooled one for everything else.
- The option that makes the package do without, where there is one.`,
  messages: {
    library: {
      message: "`{{library}}` needs {{needs}}: through the pooler {{symptom}}.",
      remedy: "{{remedy}}",
      condition: "{{library}}: {{remedy}}",
    },
    libraryWithUrl: {
      message:
        "`{{library}}` needs {{needs}}: through the pooler {{symptom}}. It connects with {{url}}, which is not declared direct.",
      remedy: "{{remedy}}",
      condition: "{{library}}: {{remedy}}",
    },
  },
  recommended: true,
  checkLibraryUse: check,
  examples: {
    reported: [
      {
        title: "pg-listen",
        code: `import createSubscriber from "pg-listen";

export const subscriber = createSubscriber({ connectionString: process.env.DATABASE_URL });
`,
        caller: LISTENING,
        intends: "hello",
        reports: [
          {
            messageId: "libraryWithUrl",
            at: "createSubscriber({ connectionString: process.env.DATABASE_URL })",
            confidence: "certain",
            severity: "warning",
          },
        ],
      },
      {
        title: "graphile-worker",
        code: `import { run, type TaskList } from "graphile-worker";

export const start = (taskList: TaskList) => run({ connectionString: process.env.DATABASE_URL, taskList });
`,
        notRun:
          "which server connection gets which statement depends on its clock; on PgBouncer 1.18.0 it left LISTEN jobs:insert and named statements",
        reports: [{ messageId: "libraryWithUrl", at: "run({ connectionString: process.env.DATABASE_URL, taskList })" }],
      },
      {
        title: "a migration runner",
        code: `import { migrate } from "postgres-migrations";

const { PGHOST: host = "", PGPORT: port = "", PGDATABASE: database = "", PGUSER: user = "" } = process.env;

export const up = (folder: string) => migrate({ host, port: Number(port), database, user, password: "" }, folder);
`,
        caller: MIGRATING,
        intends: [{ rows: 0 }],
        reports: [
          {
            messageId: "libraryWithUrl",
            at: 'migrate({ host, port: Number(port), database, user, password: "" }, folder)',
          },
        ],
      },
      {
        title: "pg-boss with useListenNotify",
        code: `import PgBoss from "pg-boss";

export const boss = new PgBoss({ connectionString: process.env.DATABASE_URL, useListenNotify: true });
`,
        notRun: "pg-boss 12, which has this option, needs Node 22",
        reports: [
          {
            messageId: "libraryWithUrl",
            at: "new PgBoss({ connectionString: process.env.DATABASE_URL, useListenNotify: true })",
          },
        ],
      },
      {
        title: "node-pg-migrate with its lock",
        code: `import { runner } from "node-pg-migrate";

export const up = (dir: string) => runner({ databaseUrl: "postgres://db/app", dir, direction: "up", migrationsTable: "pgmigrations" });
`,
        caller: MIGRATING,
        intends: [{ rows: 0 }],
        reports: [
          {
            messageId: "libraryWithUrl",
            at: 'runner({ databaseUrl: "postgres://db/app", dir, direction: "up", migrationsTable: "pgmigrations" })',
          },
        ],
      },
      {
        title: "a rate limiter that names its statements, before 1.21",
        pooler: "pgbouncer@1.18",
        code: `import type { Pool } from "pg";
import { RateLimiterPostgres } from "rate-limiter-flexible";

export const limit = (storeClient: Pool, ready: (error?: Error) => void) =>
  new RateLimiterPostgres({ storeClient, points: 5, duration: 60 }, ready);
`,
        caller: LIMITING,
        intends: 2,
        reports: [
          { messageId: "library", at: "new RateLimiterPostgres({ storeClient, points: 5, duration: 60 }, ready)" },
        ],
      },
    ],
    unreported: [
      {
        title: "other functions of a package that needs its session",
        code: `import { DBOS } from "@dbos-inc/dbos-sdk";

export const log = () => DBOS.logger.info("started");
`,
        notRun: "it reaches no database",
      },
      {
        title: "pg-boss by default",
        code: `import PgBoss from "pg-boss";

export const boss = new PgBoss(process.env.DATABASE_URL ?? "");
`,
        notRun: "pg-boss 12 needs Node 22",
      },
      {
        title: "a listener on a connection that is declared direct",
        code: `import createSubscriber from "pg-listen";

export const subscriber = createSubscriber({ connectionString: process.env.DIRECT_URL });
`,
        caller: LISTENING,
        intends: "hello",
      },
      {
        title: "a worker on a pool that is declared direct",
        code: `import { Pool } from "pg";
import { run, type TaskList } from "graphile-worker";

const pgPool = new Pool({ connectionString: process.env.DATABASE_URL_UNPOOLED });

export const start = (taskList: TaskList) => run({ pgPool, taskList });
`,
        caller: WORKING,
        intends: "greeted",
      },
      {
        title: "a worker that does without named statements, and polls",
        code: `import { run, type TaskList } from "graphile-worker";

export const start = (taskList: TaskList) =>
  run({ connectionString: process.env.DATABASE_URL, taskList, noPreparedStatements: true });
`,
        notRun: "whether its LISTEN is left behind depends on its clock; its jobs are done on every PgBouncer",
      },
      {
        title: "node-pg-migrate without its lock",
        code: `import { runner } from "node-pg-migrate";

export const up = (dir: string) => runner({ databaseUrl: "postgres://db/app", dir, direction: "up", migrationsTable: "pgmigrations", noLock: true });
`,
        caller: MIGRATING,
        intends: [{ rows: 0 }],
      },
      {
        title: "a rate limiter, with a PgBouncer that tracks names",
        pooler: "pgbouncer@1.25",
        code: `import type { Pool } from "pg";
import { RateLimiterPostgres } from "rate-limiter-flexible";

export const limit = (storeClient: Pool, ready: (error?: Error) => void) =>
  new RateLimiterPostgres({ storeClient, points: 5, duration: 60 }, ready);
`,
        caller: LIMITING,
        intends: 2,
      },
      {
        title: "a rate limiter on another store",
        code: `import { RateLimiterRedis } from "rate-limiter-flexible";

export const limiter = new RateLimiterRedis({ storeClient: {}, points: 5 });
`,
        notRun: "it reaches no PostgreSQL",
      },
      {
        title: "connect-pg-simple was run and is fine",
        code: `import session from "express-session";
import connect from "connect-pg-simple";

export const Store = connect(session);
`,
        caller: `import { Pool } from "pg";
import { Store } from "./example.ts";

export const run = () =>
  new Promise((resolve) => {
    const store = new Store({ pool: new Pool(), createTableIfMissing: true, pruneSessionInterval: false });
    const read = () => store.get("key", (error, session) => resolve(error?.message ?? session.user));
    store.set("key", { cookie: { maxAge: 60_000 }, user: "Ada" }, (error) => (error ? resolve(error.message) : read()));
  });
`,
        intends: "Ada",
      },
      {
        title: "adding jobs needs no LISTEN",
        code: `import { quickAddJob } from "graphile-worker";

export const run = async () => (await quickAddJob({}, "send-mail", {})).task_identifier;
`,
        intends: "send-mail",
      },
    ],
  },
};
