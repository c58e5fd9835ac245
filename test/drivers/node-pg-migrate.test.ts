import { testDriver } from "../support/driver-cases.ts";

testDriver("node-pg-migrate", [
  {
    title: "node-pg-migrate",
    code: `
        export const up = (pgm) => {
          pgm.sql("set role app");
          pgm.createTable("t", { id: "id" }, { temporary: true });
          pgm.createTable("u", { id: "id" });
        };`,
    sites: [
      "set role app | transaction | in-transaction | simple",
      'create temporary table "t" () | transaction | in-transaction | simple',
    ],
  },
]);
