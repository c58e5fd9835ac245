import { direct, type Library, locks } from "./library.ts";

/** Migration tools that a program calls. Their commands are in `commands.ts`. */
export const migrationRunners: readonly Library[] = [
  {
    package: "postgres-migrations",
    exports: ["migrate"],
    ...locks,
    source: "postgres-migrations 5.3.0, run: the lock stayed in 11 of 15 runs",
  },
  ...(
    [
      ["pg-node-migrations", "0.0.8"],
      ["@prefabs.tech/postgres-migrations", "5.4.3"],
      ["postgres-schema-migrations", "7.0.2"],
    ] as const
  ).map(([name, version]): Library => ({
    package: name,
    exports: ["migrate"],
    ...locks,
    source: `${name} ${version}, read: the lock of postgres-migrations`,
  })),
  {
    package: "node-pg-migrate",
    exports: ["default", "runner"],
    ...locks,
    remedy: `${direct} noLock: true gives up the lock.`,
    fixedBy: [{ option: "noLock", values: [true] }],
    source: "node-pg-migrate 9.0.0, run: the lock stayed in 7 to 12 of 15 runs",
  },
  {
    package: "graphile-migrate",
    exports: ["migrate", "watch", "reset", "commit", "uncommit"],
    ...locks,
    source: "graphile-migrate 1.4.1, run: 8 of 10 runs failed",
  },
  // Since 0.29 the package itself exports the Migrator as a type only.
  ...["kysely", "kysely/migration"].map((name): Library => ({
    package: name,
    exports: ["Migrator"],
    ...locks,
    symptom: "the lock stays on a server connection that nobody can release, and the next run waits for up to an hour",
    versions: { of: "kysely", affected: [{ from: "0.28.18", below: "0.29.0" }, { from: "0.29.3" }] },
    source:
      "kysely 0.28.18 and 0.29.9: the lock stayed in 3 to 11 of 15 runs; 0.27.6, 0.28.17 and 0.29.2 lock in a transaction",
  })),
  ...["@adonisjs/lucid/migration", "@adonisjs/lucid/build/src/Migrator"].map((name): Library => ({
    package: name,
    exports: ["MigrationRunner", "Migrator"],
    ...locks,
    symptom: "migrations end with E_UNABLE_RELEASE_LOCK, and the lock stays on a server connection",
    effect: "error",
    remedy: `${direct} disableLocks: true gives up the lock.`,
    fixedBy: [{ option: "disableLocks", values: [true] }],
    source: "@adonisjs/lucid 22.4.2, run",
  })),
  {
    package: "@slonik/migrator",
    exports: ["SlonikMigrator", "setupSlonikMigrator"],
    ...locks,
    source: "@slonik/migrator 0.12.0, read",
  },
  { package: "@pgkit/migrator", exports: ["Migrator"], ...locks, source: "@pgkit/migrator 0.6.1, read" },
  { package: "marv-pg-driver", exports: ["default"], ...locks, source: "marv-pg-driver 5.0.0, read" },
  {
    package: "@acpr/rate-limit-postgresql",
    exports: ["PostgresStore", "PostgresStoreIndividualIP", "PostgresStoreAggregatedIP"],
    ...locks,
    needs: "a session advisory lock when it starts, for its own migrations",
    source: "@acpr/rate-limit-postgresql 1.4.1, read: it calls postgres-migrations",
  },
  {
    package: "postgrator",
    exports: ["default"],
    needs: "a search_path that lasts for its session, when currentSchema is set",
    symptom: "migrations run in whatever schema the server connection has, and the search_path stays for other clients",
    effect: "leak",
    remedy: `${direct} Or name the schema in the migrations.`,
    onlyWith: { option: "currentSchema" },
    source: "postgrator 8.0.0, read: SET search_path before each script",
  },
  ...(
    [
      ["umzug", ["*"], "it takes no lock", "umzug 3.8.3, run"],
      [
        "@databases/pg-migrations",
        ["*"],
        "it runs in one transaction and takes no lock",
        "@databases/pg-migrations 5.0.3, read",
      ],
      ["rake-db", ["*"], "it locks in a transaction", "rake-db 2.37.7, read"],
      [
        "postgres-shift",
        ["default"],
        "each migration is a transaction of its own, without a lock",
        "postgres-shift 1.0.2, read",
      ],
      ["drizzle-orm/node-postgres/migrator", ["migrate"], "it takes no lock", "drizzle-orm 0.45.4, run"],
      ["drizzle-orm/postgres-js/migrator", ["migrate"], "it takes no lock", "drizzle-orm 0.45.4, run"],
      ["@mikro-orm/migrations", ["*"], "it takes no lock", "@mikro-orm/migrations 6.6.16, read"],
      [
        "db-migrate",
        ["*"],
        "it takes no lock; only a `schema` of its settings changes the session",
        "db-migrate-pg 1.5.2, read",
      ],
    ] as const
  ).map(([name, exports, because, source]): Library => ({ package: name, exports, needs: null, because, source })),
];
