import { describe, expect, test } from "vitest";
import { analyzeFile } from "../../analyzers/index.ts";
import { callSitesIn } from "../support/call-sites.ts";
import { parseSource } from "../support/parse.ts";

const sites = (code: string): string[] =>
  callSitesIn(`import type { Pool, PoolClient } from "pg";\nimport { mk } from "elsewhere";\n${code}`);

describe("a written type says what is not known otherwise", () => {
  test.each([
    [
      "the result of a function",
      `function make(): Pool { return mk() as any; } export const f = () => make().query("select 1");`,
    ],
    [
      "the result of an async function",
      `async function make(): Promise<Pool> { return mk(); } export const f = async () => (await make()).query("select 1");`,
    ],
    ["a getter", `export class S { get db(): Pool { return mk(); } f() { return this.db.query("select 1"); } }`],
    ["a method", `export class S { private db(): Pool { return mk(); } f() { return this.db().query("select 1"); } }`],
    ["a parameter that is a function", `export const f = (db: () => Pool) => db().query("select 1");`],
    [
      "a method of an interface",
      `interface Source { get(): Promise<Pool> } export const f = async (from: Source) => (await from.get()).query("select 1");`,
    ],
    ["a property that is a function", `export const f = (from: { get: () => Pool }) => from.get().query("select 1");`],
    [
      "a property of an object that is known",
      `interface T { db: Pool } function init(): T { const db = mk(); return { db }; } export const f = () => init().db.query("select 1");`,
    ],
    ["a type parameter", `export const f = <Db extends Pool>(db: Db) => db.query("select 1");`],
    [
      "the default of a type parameter",
      `type Context<Db = Pool> = { db: Db }; export const f = (context: Context) => context.db.query("select 1");`,
    ],
    [
      "an abstract field",
      `export abstract class Base { abstract readonly db: Pool; f() { return this.db.query("select 1"); } }`,
    ],
    [
      "what a function gives that is a member of something",
      `const services = { open: async () => new mk.Pool() as Pool }; export const f = (db: Awaited<ReturnType<typeof services.open>>) => db.query("select 1");`,
    ],
    [
      "what several unknown things are given as",
      `const run = (db: Pool) => db.query("select 1"); export const f = (flag: boolean) => run(flag ? mk(1) : mk.make(2));`,
    ],
    [
      "what several unknown things are taken for",
      `export const f = (flag: boolean) => { const db = (flag ? mk(1) : mk.make(2)) as Pool; return db.query("select 1"); };`,
    ],
    [
      "what a member is",
      `const services = { db: mk() as Pool }; export const f = (db: typeof services.db) => db.query("select 1");`,
    ],
    ["an ambient constant", `declare const db: Pool; export const f = () => db.query("select 1");`],
  ])("%s", (_, code) => {
    expect(sites(code)).toEqual(["select 1 | pool | autocommit | simple"]);
  });

  test("but not against what is seen", () => {
    expect(
      sites(`import { PGlite } from "@electric-sql/pglite";
        function make(): Pool { return new PGlite() as any; }
        export const f = () => make().query("select pg_advisory_lock(1)");`),
    ).toEqual([]);
  });
});

describe("a connection, or the string to make one with", () => {
  test("is told apart by typeof, and both ways are followed", () => {
    const code = `
      import { Pool } from "pg";
      export function run(db: Pool | string) {
        if (typeof db === "string") {
          const made = new Pool({ connectionString: db, statement_timeout: 3 });
          return made.query("select 1");
        }
        return db.query("select 2");
      }
      export class Store {
        private readonly pool: Pool;
        constructor(db: string | Pool | undefined) {
          this.pool = typeof db === "string" ? new Pool({ connectionString: db, lock_timeout: 4 }) : (db ?? new Pool());
        }
        read() { return this.pool.query("select 3"); }
      }`;
    expect(callSitesIn(code).filter((site, index, all) => all.indexOf(site) === index)).toEqual([
      "select 1 | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | pool | autocommit | simple",
    ]);
    expect(analyzeFile(parseSource("a.ts", code)).startupParameters.map(({ name }) => name)).toEqual([
      "statement_timeout",
      "lock_timeout",
    ]);
  });
});
