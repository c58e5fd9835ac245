import type { LibraryUse, Problem, Rule, RuleContext, SessionNeed } from "../model.ts";

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
      evidence: use.evidence,
    },
  ];
}

const EVERY = "every PgBouncer version in transaction mode, unless its connection is direct";
const BEFORE: Readonly<Record<SessionNeed, string>> = {
  "named-statement": "PgBouncer older than 1.21 or with max_prepared_statements = 0",
  replication: "PgBouncer older than 1.23",
};

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
    },
    libraryWithUrl: {
      message:
        "`{{library}}` needs {{needs}}: through the pooler {{symptom}}. It connects with {{url}}, which is not declared direct.",
      remedy: "{{remedy}}",
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
        code: `import { run } from "graphile-worker";

export const start = () => run({ connectionString: process.env.DATABASE_URL });
`,
        reports: [{ messageId: "libraryWithUrl", at: "run({ connectionString: process.env.DATABASE_URL })" }],
      },
      {
        title: "a migration runner",
        code: `import { migrate } from "postgres-migrations";

export const up = () => migrate({ connectionString: process.env.DATABASE_URL }, "migrations");
`,
        reports: [
          { messageId: "libraryWithUrl", at: 'migrate({ connectionString: process.env.DATABASE_URL }, "migrations")' },
        ],
      },
      {
        title: "pg-boss with useListenNotify",
        code: `import PgBoss from "pg-boss";

export const boss = new PgBoss({ connectionString: process.env.DATABASE_URL, useListenNotify: true });
`,
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

export const up = () => runner({ databaseUrl: "postgres://db/app", dir: "migrations", direction: "up", migrationsTable: "pgmigrations" });
`,
        reports: [
          {
            messageId: "libraryWithUrl",
            at: 'runner({ databaseUrl: "postgres://db/app", dir: "migrations", direction: "up", migrationsTable: "pgmigrations" })',
          },
        ],
      },
      {
        title: "a rate limiter that names its statements, before 1.21",
        pooler: "pgbouncer@1.18",
        code: `import { RateLimiterPostgres } from "rate-limiter-flexible";

export const limiter = new RateLimiterPostgres({ storeClient: {}, points: 5 });
`,
        reports: [{ messageId: "library", at: "new RateLimiterPostgres({ storeClient: {}, points: 5 })" }],
      },
    ],
    unreported: [
      {
        title: "other functions of a package that needs its session",
        code: `import { DBOS } from "@dbos-inc/dbos-sdk";

export const log = () => DBOS.logger.info("started");
`,
      },
      {
        title: "pg-boss by default",
        code: `import PgBoss from "pg-boss";

export const boss = new PgBoss(process.env.DATABASE_URL ?? "");
`,
      },
      {
        title: "a listener on a connection that is declared direct",
        code: `import createSubscriber from "pg-listen";

export const subscriber = createSubscriber({ connectionString: process.env.DIRECT_URL });
`,
      },
      {
        title: "a worker on a pool that is declared direct",
        code: `import { Pool } from "pg";
import { run } from "graphile-worker";

const pgPool = new Pool({ connectionString: process.env.DATABASE_URL_UNPOOLED });

export const start = () => run({ pgPool });
`,
      },
      {
        title: "a worker that does without named statements, and polls",
        code: `import { run } from "graphile-worker";

export const start = () => run({ connectionString: process.env.DATABASE_URL, noPreparedStatements: true });
`,
      },
      {
        title: "node-pg-migrate without its lock",
        code: `import { runner } from "node-pg-migrate";

export const up = () => runner({ databaseUrl: "postgres://db/app", dir: "migrations", direction: "up", migrationsTable: "m", noLock: true });
`,
      },
      {
        title: "a rate limiter, with a PgBouncer that tracks names",
        pooler: "pgbouncer@1.25",
        code: `import { RateLimiterPostgres } from "rate-limiter-flexible";

export const limiter = new RateLimiterPostgres({ storeClient: {}, points: 5 });
`,
      },
      {
        title: "a rate limiter on another store",
        code: `import { RateLimiterRedis } from "rate-limiter-flexible";

export const limiter = new RateLimiterRedis({ storeClient: {}, points: 5 });
`,
      },
      {
        title: "connect-pg-simple was run and is fine",
        code: `import session from "express-session";
import connect from "connect-pg-simple";

export const Store = connect(session);
`,
      },
      {
        title: "adding jobs needs no LISTEN",
        code: `import { quickAddJob } from "graphile-worker";

export const add = () => quickAddJob({}, "send-mail", {});
`,
      },
    ],
  },
};
