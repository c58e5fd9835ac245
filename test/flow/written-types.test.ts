import { describe, expect, test } from "vitest";
import { callSitesIn } from "../support/call-sites.ts";

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
