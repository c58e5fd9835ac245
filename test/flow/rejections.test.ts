import { expect, test } from "vitest";
import { callSitesIn } from "../support/call-sites.ts";

const PRELUDE = `import { Pool } from "pg";
const pool = new Pool();
async function reject() { await pool.query("select 0"); throw new Error("always"); }
`;

const sitesIn = (code: string): string[] => callSitesIn(PRELUDE + code).slice(1);

test.each([
  [".catch()", `await reject().catch(() => undefined)`],
  [".then() with a second function", `await reject().then(() => 1, () => undefined)`],
  [".catch() after others", `await reject().finally(() => undefined).then(() => 1).catch(() => undefined)`],
])("what comes after a promise that only rejects is reached: %s", (_title, statement) => {
  expect(sitesIn(`export async function run() { ${statement}; await pool.query("select 1"); }`)).toEqual([
    "select 1 | pool | autocommit | simple",
  ]);
});

test("what comes after one that nobody catches is not", () => {
  expect(sitesIn(`export async function run() { await reject(); await pool.query("select 1"); }`)).toEqual([]);
  expect(
    sitesIn(`export async function run() { await reject().then(() => 1); await pool.query("select 1"); }`),
  ).toEqual([]);
});

test("a transaction that is rolled back by what is caught outside is over", () => {
  const code = `
    export async function run() {
      const client = await pool.connect();
      const work = async () => {
        try { await client.query("BEGIN"); throw new Error("always"); }
        catch (error) { await client.query("ROLLBACK"); throw error; }
      };
      await work().catch(() => undefined);
      await client.query("select 1");
    }`;
  expect(sitesIn(code)).toEqual([
    "BEGIN | client | autocommit | simple",
    "ROLLBACK | client | autocommit/in-transaction | simple",
    "select 1 | client | autocommit | simple",
  ]);
});
