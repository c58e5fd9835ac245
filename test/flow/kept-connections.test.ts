import { describe, expect, test } from "vitest";
import { callSitesIn } from "../support/call-sites.ts";

const imports = 'import { Pool } from "pg";\n';

describe("a connection that a program keeps somewhere", () => {
  test.each([
    [
      "behind a getter of an object",
      `const pool = new Pool();
       export const state = { get db() { return pool; } };
       export const run = () => state.db.query("SET lock_timeout = 1");`,
    ],
    [
      "behind a getter that makes it",
      `let pool: Pool | undefined;
       export const state = { get db() { if (!pool) pool = new Pool(); return pool; }, set db(value) { pool = value; } };
       export const run = () => state.db.query("SET lock_timeout = 1");`,
    ],
    [
      "under a name, by a function that gives back what its callback makes",
      `function remember<T>(name: string, make: () => T): T {
         const kept = globalThis as any;
         kept.things ??= new Map();
         if (!kept.things.has(name)) kept.things.set(name, make());
         return kept.things.get(name);
       }
       const pool = remember("pool", () => new Pool());
       export const run = () => pool.query("SET lock_timeout = 1");`,
    ],
    [
      "inside of what such a function gives back",
      `function remember<T>(name: string, make: () => T): T {
         const kept = globalThis as any;
         kept.things ??= {};
         kept.things[name] ??= make();
         return kept.things[name];
       }
       const state = remember("state", () => ({ pool: new Pool() }));
       export const run = () => state.pool.query("SET lock_timeout = 1");`,
    ],
    [
      "in a property that a method of the same object sets",
      `export function wrapper() {
         return {
           pool: null as Pool | null,
           setup() { this.pool = new Pool(); },
           async run() { await this.pool?.query("SET lock_timeout = 1"); },
         };
       }
       const kept = wrapper();
       export async function main() { kept.setup(); await kept.run(); }`,
    ],
    [
      "in a property of an object of which nobody was seen to call the methods",
      `export default {
         pool: undefined as unknown as Pool,
         async init() { this.pool = new Pool(); },
         async run() { await this.pool.query("SET lock_timeout = 1"); },
       };`,
    ],
    [
      "in an object that it was spread into",
      `const pool = new Pool();
       const db = { ...pool, close: () => pool.end() };
       const again = { name: "main", ...db };
       export const run = () => again.query("SET lock_timeout = 1");`,
    ],
  ])("%s", (_, code) => {
    expect(callSitesIn(imports + code)).toEqual(["SET lock_timeout = 1 | pool | autocommit | simple"]);
  });
});

describe("a flag that another callback sets", () => {
  test.each([
    [
      "hides nothing behind the test of it",
      `class Service {
         private closed = false;
         private pool = new Pool();
         async run() { if (this.closed) throw new Error("closed"); await this.pool.query("SET lock_timeout = 1"); }
         async end() { this.closed = true; await this.pool.end(); }
       }
       const service = new Service();
       process.on("SIGTERM", () => service.end());
       export const serve = () => service.run();`,
    ],
    [
      "hides nothing of what is returned",
      `class Holder {
         closed = false;
         constructor(private readonly pool: Pool) {}
         async get(): Promise<Pool> { if (!this.closed) { return this.pool; } else { throw new Error("closed"); } }
         close() { this.closed = true; }
       }
       const holder = new Holder(new Pool());
       export const stop = () => { holder.close(); };
       export const run = async () => { const pool = await holder.get(); await pool.query("SET lock_timeout = 1"); };`,
    ],
    [
      "hides nothing when it is a variable",
      `let closed = false;
       const pool = new Pool();
       export const stop = async () => { closed = true; await pool.end(); };
       export const run = async () => { if (closed) return; await pool.query("SET lock_timeout = 1"); };`,
    ],
  ])("%s", (_, code) => {
    expect(callSitesIn(imports + code)).toEqual(["SET lock_timeout = 1 | pool | autocommit | simple"]);
  });
});

test("a function of nothing but a long SQL text is followed", () => {
  const columns = Array.from({ length: 60 }, (_, index) => `column_${String(index)}`).join(", ");
  const code = `${imports}
    function report() { return \`SELECT ${columns} FROM reports\`; }
    export const run = () => new Pool().query(report());`;
  expect(callSitesIn(code)).toEqual([`SELECT ${columns} FROM reports | pool | autocommit | simple`]);
});

test("a require that the module makes for itself loads drivers too", () => {
  const code = `
    import { createRequire } from "node:module";
    const load = createRequire(import.meta.url);
    const { Pool } = load("pg");
    export const run = () => new Pool().query("SET lock_timeout = 1");`;
  expect(callSitesIn(code)).toEqual(["SET lock_timeout = 1 | pool | autocommit | simple"]);
});

describe("what no seen caller leads to is looked at all the same", () => {
  test.each([
    [
      "a flag that is not given",
      `export function run(force = false) { if (force) return pool.query("SET lock_timeout = 1"); }\nrun();`,
    ],
    [
      "an option that is not given",
      `export function run({ reset = false }: { reset?: boolean } = {}) { if (reset) return pool.query("SET lock_timeout = 1"); }\nrun();`,
    ],
    [
      "a callback that is always given",
      `export async function run(work?: () => Promise<void>) { if (work) await work(); else await pool.query("SET lock_timeout = 1"); }\nrun(async () => {});`,
    ],
    [
      "a condition that is decided by what was seen",
      `const enabled = false;
       export async function run() { if (enabled) await pool.query("SET lock_timeout = 1"); }`,
    ],
    [
      "what follows an early return",
      `const disabled = true;
       export async function run() { if (disabled) return; await pool.query("SET lock_timeout = 1"); }`,
    ],
  ])("%s", (_, code) => {
    expect(callSitesIn(`${imports}const pool = new Pool();\n${code}`)).toEqual([
      "SET lock_timeout = 1 | pool | autocommit | simple",
    ]);
  });

  test("what is only for another kind of database is not", () => {
    const code = `${imports}const pool = new Pool();
      export const run = (dialect: string) => { if (dialect === "mysql") return pool.query("SET lock_timeout = 1"); };`;
    expect(callSitesIn(code)).toEqual([]);
  });

  test("a method of what was not there when it was seen", () => {
    const code = `${imports}
      let client: any = null;
      export const run = async () => { await client?.query("SET lock_timeout = 1"); };`;
    expect(callSitesIn(code)).toEqual(["SET lock_timeout = 1 | unknown | unknown | simple"]);
  });
});

describe("a connection that may be a pool or a client is told apart by instanceof", () => {
  const types = `import { Pool, type PoolClient, type Client } from "pg";\ntype Any = Pool | PoolClient | Client;\n`;
  const own = "BEGIN | client | autocommit | simple";

  test("in a variable", () => {
    const code = `${types}
      export async function run(db: Any) {
        const client = db instanceof Pool ? await db.connect() : db;
        await client.query("BEGIN");
      }
      export const main = () => run(new Pool());`;
    expect([...new Set(callSitesIn(code))]).toEqual([own]);
  });

  test("in a field", () => {
    const code = `${types}
      export class Connection {
        readonly #db: Any;
        constructor(db: Any) { this.#db = db; }
        async begin() {
          const client = this.#db instanceof Pool ? await this.#db.connect() : this.#db;
          await client.query("BEGIN");
        }
      }
      export const main = () => new Connection(new Pool()).begin();`;
    expect([...new Set(callSitesIn(code))]).toEqual([own]);
  });

  test("where it decides nothing, both are seen", () => {
    const code = `${types}
      export const run = (db: Any) => (db instanceof Pool ? db.query("SET lock_timeout = 1") : db.query("RESET lock_timeout"));`;
    expect([...new Set(callSitesIn(code))]).toEqual([
      "SET lock_timeout = 1 | pool | autocommit | simple",
      "RESET lock_timeout | client | unknown | simple",
    ]);
  });
});
