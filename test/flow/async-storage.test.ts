import { describe, expect, it } from "vitest";
import { callSitesIn } from "../support/call-sites.ts";

const begin = `
  import { AsyncLocalStorage } from "node:async_hooks";
  import { Pool } from "pg";
  const pool = new Pool();
  const storage = new AsyncLocalStorage();
  const current = () => storage.getStore() ?? pool;
  const inTransaction = async (work) => {
    const client = await pool.connect();
    await client.query("begin");
    await storage.run(client, work);
    await client.query("commit");
    client.release();
  };`;

describe("what an AsyncLocalStorage holds", () => {
  it("is what the callback is run with, and is over with it", () => {
    const code = `${begin}
      export const f = () => inTransaction(async () => { await current().query("select 1"); });
      export async function g() {
        await storage.run(await pool.connect(), async () => {});
        await current().query("select 3");
        await storage.run(pool, async () => { await current().query("select 2"); });
      }`;
    expect(callSitesIn(code)).toEqual([
      "begin | client | autocommit | simple",
      "commit | client | in-transaction | simple",
      "select 1 | client | in-transaction | simple",
      "select 3 | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
    ]);
  });

  it("is nothing inside exit()", () => {
    const code = `${begin}
      export const f = () =>
        inTransaction(async () => { await storage.exit(async () => { await current().query("select 1"); }); });`;
    expect(callSitesIn(code).at(-1)).toBe("select 1 | pool | autocommit | simple");
  });

  it("stays after enterWith()", () => {
    const code = `${begin}
      export async function f() {
        const client = await pool.connect();
        await client.query("begin");
        storage.enterWith(client);
        await current().query("select 1");
      }`;
    expect(callSitesIn(code).at(-1)).toBe("select 1 | client | in-transaction | simple");
  });

  it("is what its type says, or nothing, where nobody was seen to run the code", () => {
    const code = `
      import { AsyncLocalStorage } from "node:async_hooks";
      import { Pool, type PoolClient } from "pg";
      const pool = new Pool();
      const storage = new AsyncLocalStorage<{ client: PoolClient }>();
      export async function f() {
        await (storage.getStore()?.client ?? pool).query("set local lock_timeout = 1");
      }`;
    expect(callSitesIn(code)).toEqual([
      "set local lock_timeout = 1 | client | unknown | simple",
      "set local lock_timeout = 1 | pool | autocommit | simple",
    ]);
  });
});
