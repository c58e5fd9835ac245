import type { Effect } from "../model.ts";

/** A package that needs session state of its own, or that looks as if it did. */
export interface Library {
  /** As it is imported. */
  readonly package: string;
  /** What is called or constructed, by its path from the module: `run`, `DBOS.launch`, `default` for the default export; `*` for anything. */
  readonly exports: readonly string[];
  /** `null` for a package that is fine: it is listed so that a reader sees that it was looked at. */
  readonly needs: string | null;
  readonly symptom: string;
  readonly effect: Effect;
  readonly remedy: string;
  /** The option, with the values that make the package fine behind the pooler. */
  readonly fixedBy?: { readonly option: string; readonly values: readonly (boolean | number | string)[] };
  /** The option that alone makes the package need session state. */
  readonly onlyWith?: { readonly option: string; readonly value: boolean };
  /** Fine as soon as the pooler tracks named statements. */
  readonly onlyPreparedStatements: boolean;
  /** Version that was run or read. */
  readonly source: string;
}

const direct = "Give it a direct connection that bypasses the pooler.";
const listens = {
  needs: "LISTEN on a connection of its own",
  symptom: "no notification arrives, and there is no error",
  effect: "silent",
  remedy: `${direct} NOTIFY may stay pooled.`,
  onlyPreparedStatements: false,
} as const;
const locks = {
  needs: "a session advisory lock for the whole run",
  symptom: "the lock stays on a server connection that nobody can release, and the next run waits or fails",
  effect: "leak",
  onlyPreparedStatements: false,
} as const;

/**
 * Packages on top of pg. Each row was run through PgBouncer 1.18.0, 1.21.0 and 1.25.2 in transaction mode in the version named, unless
 * its source says otherwise.
 */
export const libraries: readonly Library[] = [
  { package: "pg-listen", exports: ["default"], ...listens, source: "pg-listen 1.7.0" },
  { package: "pg-pubsub", exports: ["default"], ...listens, source: "pg-pubsub 0.8.1" },
  { package: "pg-notify", exports: ["default"], ...listens, source: "pg-notify 1.0.6" },
  {
    package: "@socket.io/postgres-adapter",
    exports: ["createAdapter"],
    ...listens,
    source: "@socket.io/postgres-adapter 0.5.0",
  },
  {
    package: "graphile-worker",
    exports: ["run", "runOnce", "runMigrations", "makeWorkerUtils"],
    needs: "LISTEN on a connection of its own, and named statements",
    symptom: "jobs start only when the worker polls, and without max_prepared_statements they stay locked",
    effect: "silent",
    remedy: `${direct} Where that cannot be, set noPreparedStatements: true and live with polling.`,
    onlyPreparedStatements: false,
    source: "graphile-worker 0.18.0 and 0.16.6",
  },
  {
    package: "pg-boss",
    exports: ["default", "PgBoss"],
    needs: "LISTEN on a connection of its own",
    symptom: "the worker waits for notifications that never come, and polls far less often",
    effect: "silent",
    remedy: "Leave useListenNotify off; without it pg-boss needs nothing of the session.",
    onlyWith: { option: "useListenNotify", value: true },
    onlyPreparedStatements: false,
    source: "pg-boss 12.38.0 and 9.0.3",
  },
  {
    package: "postgres-migrations",
    exports: ["migrate"],
    ...locks,
    remedy: direct,
    source: "postgres-migrations 5.3.0",
  },
  {
    package: "node-pg-migrate",
    exports: ["default", "runner"],
    ...locks,
    remedy: `${direct} noLock: true gives up the lock.`,
    fixedBy: { option: "noLock", values: [true] },
    source: "node-pg-migrate 9.0.0",
  },
  {
    package: "graphile-migrate",
    exports: ["migrate", "watch", "reset", "commit"],
    ...locks,
    remedy: direct,
    source: "graphile-migrate 1.4.1",
  },
  {
    package: "advisory-lock",
    exports: ["default", "withLock"],
    needs: "session advisory locks",
    symptom: "several holders have the same mutex at once, and locks are left behind",
    effect: "silent",
    remedy: `${direct} Or take pg_advisory_xact_lock() inside a transaction.`,
    onlyPreparedStatements: false,
    source: "advisory-lock 2.0.0",
  },
  {
    package: "postgraphile",
    exports: ["default", "postgraphile", "makePgService"],
    needs: "named statements that it deallocates by SQL",
    symptom: "queries fail with `prepared statement … does not exist`",
    effect: "error",
    remedy: "Set the environment variable DATAPLAN_PG_PREPARED_STATEMENT_CACHE_SIZE=0.",
    onlyPreparedStatements: false,
    source: "postgraphile 5.1.5",
  },
  {
    package: "rate-limiter-flexible",
    exports: ["RateLimiterPostgres"],
    needs: "named statements",
    symptom: "requests fail with `prepared statement … does not exist`",
    effect: "error",
    remedy:
      "Use PgBouncer 1.21 or newer with max_prepared_statements above 0, or give it a store client that drops `name`.",
    onlyPreparedStatements: true,
    source: "rate-limiter-flexible 11.4.0",
  },
  {
    package: "@dbos-inc/dbos-sdk",
    exports: ["DBOS.launch"],
    needs: "LISTEN on a connection of its own",
    symptom: "it falls back to polling: 21 ms became 4.7 s",
    effect: "silent",
    remedy: "Give systemDatabaseUrl a direct connection.",
    onlyPreparedStatements: false,
    source: "@dbos-inc/dbos-sdk 5.3.0",
  },
  ...[
    "connect-pg-simple",
    "@keyv/postgres",
    "postgres-pool",
    "massive",
    "@pgkit/client",
    "sql-template-tag",
    "umzug",
    "@langchain/langgraph-checkpoint-postgres",
    "@mastra/pg",
  ].map((name): Library => ({
    package: name,
    exports: ["*"],
    needs: null,
    symptom: "",
    effect: "silent",
    remedy: "",
    onlyPreparedStatements: false,
    source: "run 2026-11: nothing of the session is used",
  })),
];
