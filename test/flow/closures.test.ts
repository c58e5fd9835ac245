import { describe, expect, test } from "vitest";
import { callSitesIn } from "../support/call-sites.ts";

describe("functions that a factory returns, called by nobody who is seen", () => {
  test("work on what the factory was given", () => {
    const code = `
      import { Pool } from "pg";
      const makeRepository = (db: any) => ({
        lock: () => db.query("select pg_advisory_lock(1)"),
        async save() { const client = await db.connect(); await client.query("begin"); await client.query("set local a.b = 1"); },
      });
      export const repository = makeRepository(new Pool());`;
    expect(callSitesIn(code)).toEqual([
      "select pg_advisory_lock(1) | pool | autocommit | simple",
      "begin | client | autocommit | simple",
      "set local a.b = 1 | client | in-transaction | simple",
    ]);
  });

  test("also on what a factory around the factory was given", () => {
    const code = `
      import { Pool } from "pg";
      const once = <T>(make: () => T) => { let made: T | undefined; return () => (made ??= make()); };
      const connected = (size: number) => once(() => new Pool({ max: size }));
      const getPool = connected(3);
      export const f = () => getPool().query("select 1");`;
    expect(callSitesIn(code)).toEqual(["select 1 | pool | autocommit | simple"]);
  });

  test("when they are looked up from another function", () => {
    const code = `
      import { Pool } from "pg";
      const makeStore = (db: any) => ({ read: () => db.query("select 1") });
      const store = makeStore(new Pool());
      export function handle() { return store.read(); }`;
    expect(callSitesIn(code)).toEqual(["select 1 | pool | autocommit | simple"]);
  });
});
