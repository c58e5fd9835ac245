import { describe, expect, test } from "vitest";
import { analyzeFile } from "../../analyzers/index.ts";
import { callSitesIn } from "../support/call-sites.ts";
import { parseSource } from "../support/parse.ts";

/** Names of the startup parameters that connections of a module send, with how sure that is. */
const parametersIn = (code: string): string[] =>
  analyzeFile(parseSource("example.ts", code)).startupParameters.map(({ name, confidence }) => `${name} ${confidence}`);

describe("a connection that is made when it is first asked for", () => {
  const made = "new Pool({ statement_timeout: 5000 })";
  test.each([
    ["in a variable", `let pool: Pool; export function get() { if (!pool) pool = ${made}; return pool; }`],
    [
      "compared with null",
      `let pool: Pool | null = null; export const get = () => { if (pool === null) { pool = ${made}; } return pool; };`,
    ],
    ["with ??=", `let pool: Pool | undefined; export const get = () => (pool ??= ${made});`],
    ["with ??", `let pool: Pool | undefined; export const get = () => pool ?? (pool = ${made});`],
    [
      "in a field",
      `export class Db { private pool?: Pool; get() { if (!this.pool) this.pool = ${made}; return this.pool; } }`,
    ],
    [
      "in a static member",
      `export class Db { static pool?: Pool; static get() { if (this.pool == null) this.pool = ${made}; return this.pool; } }`,
    ],
    [
      "in a static member named by its class",
      `export class Db { static pool?: Pool; static get() { Db.pool ||= ${made}; return Db.pool; } }`,
    ],
  ])("%s", (_, code) => {
    expect(parametersIn(`import { Pool } from "pg";\n${code}`)).toEqual(["statement_timeout certain"]);
  });

  test("is the same connection for whoever asks", () => {
    const code = `
      import { Pool } from "pg";
      class Db {
        private static instance: Db;
        private pool: Pool | undefined;
        static get() { if (!Db.instance) Db.instance = new Db(); return Db.instance; }
        private connected() { if (!this.pool) this.pool = new Pool(); return this.pool; }
        async lock() { await this.connected().query("select pg_advisory_lock(1)"); }
      }
      export const lock = () => Db.get().lock();`;
    expect(callSitesIn(code)).toEqual(["select pg_advisory_lock(1) | pool | autocommit | simple"]);
  });

  test("a variable that never starts empty is not made twice", () => {
    const code = `
      import { Pool } from "pg";
      let pool = new Pool();
      export function get() { if (!pool) pool = new Pool({ lock_timeout: 1 }); return pool; }`;
    expect(parametersIn(code)).toEqual([]);
  });
});
