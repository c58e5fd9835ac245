import type { Driver } from "./driver.ts";

/**
 * What a migration of node-pg-migrate is given. Read from 9.0.0: a migration runs in a transaction unless it calls `noTransaction()`;
 * `db` is the client itself.
 */
export const nodePgMigrate: Driver = {
  name: "node-pg-migrate",
  source: "node-pg-migrate 9.0.0",
  handles: {
    builder: {
      title: "migration",
      scope: "transaction",
      views: { db: "database" },
      methods: {
        sql: { does: "query", sql: 0 },
        createTable: {
          does: "query",
          sql: -1,
          text: 'create temporary table "{0}" ()',
          when: { argument: 2, property: "temporary" },
        },
        createSequence: {
          does: "query",
          sql: -1,
          text: 'create temporary sequence "{0}"',
          when: { argument: 1, property: "temporary" },
        },
        createView: {
          does: "query",
          sql: -1,
          text: 'create temporary view "{0}" as select 1',
          when: { argument: 1, property: "temporary" },
        },
        noTransaction: { does: "end", how: "commit" },
      },
    },
    database: {
      title: "client",
      scope: "transaction",
      methods: { query: { does: "query", sql: 0, values: 1 }, select: { does: "query", sql: 0, values: 1 } },
    },
  },
  conventions: [{ functions: ["up", "down"], parameters: ["pgm"], gives: "builder" }],
  modules: { "node-pg-migrate": { exports: {}, types: { MigrationBuilder: "builder" } } },
};
