import type { Driver, QueryOperation } from "./driver.ts";

/**
 * What a migration of node-pg-migrate is given. Read from 9.0.0 and 6.2.2: the steps of a migration are sent in a transaction unless it
 * calls `noTransaction()`; `db` is the client itself, which is in the transaction of the whole run.
 */

/** What a method that makes something sends when it is to be temporary. */
const temporary = (text: string, argument: number): QueryOperation => ({
  does: "query",
  sql: -1,
  text,
  when: { argument, property: "temporary" },
});

export const nodePgMigrate: Driver = {
  name: "node-pg-migrate",
  source: "node-pg-migrate 9.0.0",
  handles: {
    builder: {
      title: "migration",
      scope: "transaction",
      views: { db: "database" },
      methods: {
        sql: { does: "query", sql: 0, placeholders: "braces" },
        createTable: temporary('create temporary table "{0}" ()', 2),
        createSequence: temporary('create temporary sequence "{0}"', 1),
        createView: temporary('create temporary view "{0}" as select 1', 1),
        noTransaction: { does: "end", how: "commit" },
      },
    },
    database: {
      title: "client",
      scope: "transaction",
      methods: {
        query: { does: "query", sql: 0, values: 1, config: { text: "text", values: "values", name: "name" } },
        select: { does: "query", sql: 0, values: 1, config: { text: "text", values: "values", name: "name" } },
      },
    },
  },
  conventions: [{ functions: ["up", "down"], parameters: ["pgm"], gives: "builder" }],
  modules: {
    "node-pg-migrate": { exports: {}, types: { MigrationBuilder: "builder" } },
    "node-pg-migrate/dist/types": { exports: {}, types: { MigrationBuilder: "builder" } },
  },
};
