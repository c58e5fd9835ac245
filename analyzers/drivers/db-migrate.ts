import type { Driver, QueryOperation } from "./driver.ts";

/**
 * What a migration of db-migrate is given. Read from db-migrate 0.11.14 and db-migrate-pg 1.5.2: a migration runs between BEGIN and COMMIT
 * unless the command line says `--non-transactional`; texts with values are sent with the extended protocol.
 */
const query: QueryOperation = { does: "query", sql: 0, values: 1 };

export const dbMigrate: Driver = {
  name: "db-migrate",
  source: "db-migrate 0.11.14, db-migrate-pg 1.5.2",
  severalDialects: "by-package",
  handles: {
    migration: { title: "migration", scope: "transaction", methods: { runSql: query, all: query } },
  },
  conventions: [{ functions: ["up", "down"], parameters: ["db"], gives: "migration", shownBy: { text: ".runSql(" } }],
  modules: { "db-migrate-base": { exports: {}, types: { Base: "migration" } } },
};
