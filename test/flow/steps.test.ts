import { describe, expect, test } from "vitest";
import { callSitesIn } from "../support/call-sites.ts";

/** More work than one entry point has steps for: functions that call each other, each with many queries. */
const long = [
  ...Array.from({ length: 12 }, (_, index) => {
    const queries = Array.from({ length: 60 }, (_, line) => `await db.query(\`select \${table} + ${String(line)}\`);`);
    return `async function part${String(index)}(db: Pool, table: string) { ${queries.join("\n")} }`;
  }),
  `async function setUp(db: Pool) { for (const table of ["a", "b", "c"]) {
    ${Array.from({ length: 12 }, (_, index) => `await part${String(index)}(db, table);`).join("\n")}
  } }`,
].join("\n");

describe("what comes after a call that uses up the steps of its entry point", () => {
  test("is followed all the same, at any depth", () => {
    const sites = callSitesIn(`
      import { Pool } from "pg";
      ${long}
      class Store {
        private pool!: Pool;
        open() { this.pool = new Pool(); }
        async run(text: string) { return await this.pool.query(text); }
      }
      async function lockAll(store: Store) { await store.run("select pg_advisory_lock(1)"); }
      async function main() {
        const db = new Pool();
        await setUp(db);
        const store = new Store();
        store.open();
        await lockAll(store);
      }
      main();
    `).filter((site) => site.startsWith("select pg_advisory_lock"));
    expect(sites).toEqual(["select pg_advisory_lock(1) | pool | autocommit | simple"]);
  });
});
