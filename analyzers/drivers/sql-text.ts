import type { Driver } from "./driver.ts";

/**
 * Packages that build SQL text and send nothing: template tags whose result `pg` takes as a query, and formatters.
 * Read from sql-template-strings 2.2.2, sql-template-tag 5.2.1, @nearform/sql 1.10, pg-format 1.0.4, @scaleleap/pg-format 1.0,
 * pg-template-tag 0.1, squid 0.5.
 */
export const sqlText: Driver = {
  name: "sql text",
  source: "sql-template-strings 2.2.2, sql-template-tag 5.2.1, pg-format 1.0.4",
  handles: {},
  modules: {
    "sql-template-strings": {
      exports: { default: { is: "tag", namedBy: "setName" }, SQL: { is: "tag", namedBy: "setName" } },
    },
    "sql-template-tag": {
      exports: {
        default: { is: "tag" },
        sql: { is: "tag" },
        raw: { is: "message", sql: 0, protocol: "by-values" },
        join: { is: "join" },
        bulk: { is: "identifier" },
        empty: { is: "empty" },
      },
    },
    "@nearform/sql": {
      exports: {
        default: {
          is: "tag",
          exports: {
            glue: { is: "join" },
            map: { is: "identifier" },
            unsafe: { is: "message", sql: 0, protocol: "by-values" },
            quoteIdent: { is: "identifier" },
          },
        },
      },
    },
    "pg-template-tag": { exports: { default: { is: "tag" }, sql: { is: "tag" } } },
    "squid/pg": { exports: { sql: { is: "tag" }, raw: { is: "raw" } } },
    "pg-format": { exports: { default: { is: "format" }, withArray: { is: "format" } } },
    "@scaleleap/pg-format": { exports: { default: { is: "format" }, format: { is: "format" } } },
  },
};
