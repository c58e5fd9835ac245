import { direct, type Library, listens } from "./library.ts";

/** Job queues and workflow engines over PostgreSQL. */
export const queues: readonly Library[] = [
  {
    package: "graphile-worker",
    exports: ["run"],
    needs: "LISTEN on a connection of its own, and named statements",
    symptom: "jobs start only when the worker polls, and without max_prepared_statements they stay locked",
    effect: "silent",
    remedy: `${direct} Where that cannot be, set noPreparedStatements: true and live with polling.`,
    fixedBy: [
      { option: "noPreparedStatements", values: [true], then: "without named statements jobs start by polling alone" },
      {
        option: "preset.worker.preparedStatements",
        values: [false],
        then: "without named statements jobs start by polling alone",
      },
    ],
    source:
      "graphile-worker 0.18.0 and 0.16.6, run: 4 ms became 430 ms at a pollInterval of 1000; 3 of 10 jobs stayed locked",
  },
  {
    package: "graphile-worker",
    exports: ["runOnce", "runTaskList", "runTaskListOnce"],
    needs: "named statements",
    symptom: "jobs stay locked after `prepared statement … does not exist`",
    effect: "error",
    remedy: `${direct} Or set noPreparedStatements: true.`,
    fixedBy: [
      { option: "noPreparedStatements", values: [true] },
      { option: "preset.worker.preparedStatements", values: [false] },
    ],
    onlyNeeds: "named-statement",
    source: "graphile-worker 0.17.3, read: sql/*.js name their statements, only runTaskList listens",
  },
  {
    package: "graphile-worker",
    exports: ["quickAddJob", "makeWorkerUtils", "runMigrations", "addJobAdhoc"],
    needs: null,
    because: "adding jobs and installing the schema use transactions and unnamed statements only",
    source: "graphile-worker 0.17.3, read; 0.18.0 run for quickAddJob",
  },
  {
    package: "pg-boss",
    exports: ["default", "PgBoss"],
    needs: "LISTEN on a connection of its own",
    symptom: "the worker waits for notifications that never come, and polls far less often",
    effect: "silent",
    remedy: "Leave useListenNotify off; without it pg-boss needs nothing of the session.",
    onlyWith: { option: "useListenNotify", value: true },
    source: "pg-boss 12.38.0 and 9.0.3, run: no job in 6 s, directly 8 ms",
  },
  {
    package: "@dbos-inc/dbos-sdk",
    exports: ["DBOS.launch"],
    needs: "LISTEN on a connection of its own",
    symptom: "it falls back to polling: 21 ms became 4.7 s",
    effect: "silent",
    remedy: "Give systemDatabaseUrl a direct connection.",
    source: "@dbos-inc/dbos-sdk 5.3.0, run",
  },
  {
    package: "@workflow/world-postgres",
    exports: ["createWorld"],
    needs: "LISTEN on connections of its own, and the named statements of graphile-worker",
    symptom:
      "steps start only when the worker polls, streams stay silent, and without max_prepared_statements jobs stay locked",
    effect: "silent",
    remedy: "Give WORKFLOW_POSTGRES_URL a direct connection.",
    source: "@workflow/world-postgres 4.3.7, read: queue.js calls run() of graphile-worker, streamer.js listens",
  },
  {
    package: "@agendajs/postgres-backend",
    exports: ["PostgresBackend"],
    ...listens,
    symptom: "no notification arrives, and jobs start only when Agenda polls",
    fixedBy: [{ option: "disableNotifications", values: [true] }],
    remedy: `${direct} Or set disableNotifications: true and live with polling.`,
    source: "@agendajs/postgres-backend 3.0.6, read",
  },
  {
    package: "@agendajs/postgres-backend",
    exports: ["PostgresNotificationChannel"],
    ...listens,
    source: "@agendajs/postgres-backend 3.0.6, read",
  },
  ...["openworkflow/postgres", "@openworkflow/backend-postgres"].map((name): Library => ({
    package: name,
    exports: ["BackendPostgres.connect"],
    needs: "the named statements of postgres.js",
    symptom: "transactions that were rolled back are reported as committed, and queries fail or never settle",
    effect: "silent",
    remedy: `${direct} Or use PgBouncer 1.21 or newer with max_prepared_statements above 0, or add prepare=false to the URL.`,
    onlyNeeds: "named-statement",
    source: "openworkflow 0.10.1, read: postgres(url, …) without prepare: false; postgres 3.4.9, run",
  })),
  {
    package: "pg-transactional-outbox",
    exports: ["initializeReplicationMessageListener"],
    needs: "a replication connection",
    symptom: "PgBouncer before 1.23 refuses the client: `unsupported startup parameter: replication`",
    effect: "error",
    remedy: `${direct} Or use the polling listener.`,
    onlyNeeds: "replication",
    source: "pg-transactional-outbox 0.5.7, read",
  },
  ...(
    [
      ["pg-transactional-outbox", ["initializePollingMessageListener"], "it polls in transactions", "0.5.7"],
      ["pg-workflows", ["*"], "it works through pg-boss, and locks in transactions only", "0.15.0"],
      ["absurd-sdk", ["*"], "its queue lives in functions of the database, called in single statements", "0.5.0"],
      ["@sidequest/postgres-backend", ["*"], "it polls through knex", "1.16.5"],
      ["pgmq-js", ["*"], "each call is a single statement", "1.3.1"],
      ["@pgflow/core", ["PgflowSqlClient"], "each call is a single statement over the handle it is given", "0.8.1"],
    ] as const
  ).map(([name, exports, because, version]): Library => ({
    package: name,
    exports,
    needs: null,
    because,
    source: `${name} ${version}, read`,
  })),
];
