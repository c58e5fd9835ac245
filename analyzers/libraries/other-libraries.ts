import { direct, type Library } from "./library.ts";

const PREPARES = "named statements that it deallocates by SQL";
const UNPREPARED = "queries fail with `prepared statement … does not exist`";

/** Servers, locks, stores, and databases that are none. */
export const otherLibraries: readonly Library[] = [
  {
    package: "advisory-lock",
    exports: ["default", "withLock"],
    needs: "session advisory locks",
    symptom: "several holders have the same mutex at once, and locks are left behind",
    effect: "silent",
    remedy: `${direct} Or take pg_advisory_xact_lock() inside a transaction.`,
    source: "advisory-lock 2.0.0, run: 4 holders at once",
  },
  ...["postgraphile/adaptors/pg", "@dataplan/pg/adaptors/pg"].map((name): Library => ({
    package: name,
    exports: ["makePgService"],
    needs: PREPARES,
    symptom: UNPREPARED,
    effect: "error",
    remedy: "Set the environment variable DATAPLAN_PG_PREPARED_STATEMENT_CACHE_SIZE=0.",
    fixedBy: [{ environment: "DATAPLAN_PG_PREPARED_STATEMENT_CACHE_SIZE", values: ["0"] }],
    source: "postgraphile 5.1.5 with @dataplan/pg 1.1.2, run: 34 to 40 of 96 failed",
  })),
  {
    package: "postgraphile",
    exports: ["default", "postgraphile", "makePgService"],
    needs: PREPARES,
    symptom: UNPREPARED,
    effect: "error",
    remedy:
      "Set the environment variable DATAPLAN_PG_PREPARED_STATEMENT_CACHE_SIZE=0 (version 4: POSTGRAPHILE_PREPARED_STATEMENT_CACHE_SIZE=0).",
    fixedBy: [
      { environment: "DATAPLAN_PG_PREPARED_STATEMENT_CACHE_SIZE", values: ["0"] },
      { environment: "POSTGRAPHILE_PREPARED_STATEMENT_CACHE_SIZE", values: ["0", "1"] },
    ],
    source: "postgraphile 5.1.5, run; 4.14.1 with graphile-build-pg 4, read",
  },
  {
    package: "rate-limiter-flexible",
    exports: ["RateLimiterPostgres"],
    needs: "named statements",
    symptom: "requests fail with `prepared statement … does not exist`",
    effect: "error",
    remedy:
      "Use PgBouncer 1.21 or newer with max_prepared_statements above 0, or give it a store client that drops `name`.",
    onlyNeeds: "named-statement",
    source: "rate-limiter-flexible 11.4.0, run: 19 to 24 of 36 failed",
  },
  ...(
    [
      ["connect-pg-simple", "10.0.0"],
      ["@keyv/postgres", "2.2.3"],
      ["postgres-pool", "12.0.1"],
      ["massive", "6.11.3"],
      ["@pgkit/client", "0.6.1"],
      ["sql-template-tag", "5.2.1"],
      ["@langchain/langgraph-checkpoint-postgres", "1.0.5"],
      ["@mastra/pg", "1.27.1"],
    ] as const
  ).map(([name, version]): Library => ({
    package: name,
    exports: ["*"],
    needs: null,
    because: "nothing of the session is used",
    source: `${name} ${version}, run`,
  })),
  ...(
    [
      ["@auth/pg-adapter", ["*"], "each call is a single statement", "@auth/pg-adapter 1.11.3, read"],
      [
        "@nicnocquee/dataqueue",
        ["*"],
        "it polls; only a search_path in its URL changes the session",
        "@nicnocquee/dataqueue 1.24.0, read",
      ],
      ["@electric-sql/client", ["*"], "it speaks HTTP to the Electric service", "its documentation"],
      ["pg-mem", ["*"], "it runs inside the program, without a PostgreSQL server", "its documentation"],
    ] as const
  ).map(([name, exports, because, source]): Library => ({ package: name, exports, needs: null, because, source })),
];
