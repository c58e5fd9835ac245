import { describe, expect, test } from "vitest";
import { callSitesIn } from "../support/call-sites.ts";

const sites = (code: string): string[] =>
  callSitesIn(`
    import { sql, type DatabaseTransactionConnection } from "slonik";
    type Handler = (db: DatabaseTransactionConnection) => Promise<void>;
    type Script = { up: Handler; down(db: DatabaseTransactionConnection): Promise<void> };
    interface Runner { run(work: Handler): Promise<void> }
    ${code}`);

describe("a parameter without a type has that of where its function stands", () => {
  test.each([
    ["a variable", "export const h: Handler = async (db) => { await db.any(sql.unsafe`select 1`); };"],
    [
      "a member of an object",
      "const s: Script = { up: async (db) => { await db.any(sql.unsafe`select 1`); }, down: async () => {} }; export default s;",
    ],
    [
      "a member whose type is a method",
      "const s: Script = { up: async () => {}, down: async (db) => { await db.any(sql.unsafe`select 1`); } }; export default s;",
    ],
    [
      "satisfies",
      "export const s = { up: async (db) => { await db.any(sql.unsafe`select 1`); } } satisfies Partial<Script>;",
    ],
    [
      "an element of an array",
      "export const list: readonly Handler[] = [async (db) => { await db.any(sql.unsafe`select 1`); }];",
    ],
    [
      "a value of a record",
      "export const all: Record<string, Handler> = { a: async (db) => { await db.any(sql.unsafe`select 1`); } };",
    ],
    [
      "an argument of a method known by its type",
      "export const f = (runner: Runner) => runner.run(async (db) => { await db.any(sql.unsafe`select 1`); });",
    ],
    [
      "an argument of a function",
      "function register(work: Handler) { queue.push(work); } register(async (db) => { await db.any(sql.unsafe`select 1`); });",
    ],
    [
      "what a function returns",
      "export function make(): Handler { return async (db) => { await db.any(sql.unsafe`select 1`); }; }",
    ],
  ])("%s", (_, code) => {
    expect(sites(code)).toEqual(["select 1 | transaction | in-transaction | simple"]);
  });

  test("its own type goes before it", () => {
    expect(
      sites(
        `import type { DatabasePool } from "slonik"; export const h: (db: any) => void = (db: DatabasePool) => db.any(sql.unsafe\`select 1\`);`,
      ),
    ).toEqual(["select 1 | pool | autocommit | simple"]);
  });
});
