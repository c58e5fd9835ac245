import { describe, expect, it } from "vitest";
import { analyzeFile, analyzeProject, type Analysis, type ParsedFile } from "../../analyzers/index.ts";
import { parseSource } from "../support/parse.ts";

/** How each statement is reached: `statement: state/transaction endings`, one line for each reach, in source order. */
function reaches(analysis: Analysis): string[] {
  return analysis.statementUses.flatMap((use) =>
    use.reaches.map((reach) => {
      const endings = reach.endings
        .map(
          (ending) =>
            ending.how + (ending.then.length > 0 ? `(${ending.then.map((action) => action.kind).join()})` : ""),
        )
        .sort();
      return `${use.statement.text}: ${reach.state}/${reach.transaction} ${endings.join("|")}`;
    }),
  );
}

const PRELUDE = `import { Pool, type PoolClient } from "pg";
const pool = new Pool();
`;

/** The reaches of the SET statements of a module. */
const sets = (code: string): string[] =>
  reaches(analyzeFile(parseSource("a.ts", PRELUDE + code))).filter((line) => line.startsWith("SET"));

describe("a function with overloads", () => {
  it("is the one that has a body", () => {
    expect(
      reaches(
        analyzeFile(
          parseSource(
            "a.ts",
            `${PRELUDE}function text(name: string): string;
function text(name: number): string;
function text(name: string | number) { return "SET app.a = 1"; }
export const run = () => pool.query(text("a"));`,
          ),
        ),
      ),
    ).toEqual(["SET app.a = 1: autocommit/none commit"]);
  });
});

describe("a text of many alternatives", () => {
  it("is looked at with each of them", () => {
    const parts = ["a", "b", "c", "d"].map((name) => `\${${name} ? "AND ${name} = 1" : ""}`).join(" ");
    const code = `export const run = (a: boolean, b: boolean, c: boolean, d: boolean, e: boolean) =>
  pool.query(\`SELECT 1 FROM t WHERE true ${parts} \${e ? "AND pg_try_advisory_lock(1)" : ""} ORDER BY 1\`);`;
    const { findings, statementUses } = analyzeFile(parseSource("a.ts", PRELUDE + code));
    expect(new Set(statementUses.map((use) => use.statement.resolution))).toEqual(new Set(["resolved"]));
    expect(findings.map(({ ruleId, confidence }) => `${ruleId} ${confidence}`)).toEqual([
      "no-session-advisory-lock certain",
    ]);
  });
});

describe("a template tag of one's own", () => {
  it.each([
    "strings.map((part, i) => part + (i < values.length ? values[i] : '')).join('')",
    "strings.reduce((text, part, i) => text + values[i - 1] + part)",
    "String.raw({ raw: strings }, ...values).trim()",
  ])("puts its text together: %s", (body) => {
    const code = `const dedent = (strings: TemplateStringsArray, ...values: unknown[]) => ${body};
export const run = (tenant: string) => pool.query(dedent\`SET app.a = '\${tenant}'\`);`;
    const { statementUses } = analyzeFile(parseSource("a.ts", PRELUDE + code));
    expect(statementUses.map((use) => `${use.statement.text} ${use.statement.resolution}`)).toEqual([
      "SET app.a = '\uE000' resolved",
    ]);
  });
});

describe("a transaction on a client", () => {
  it("commits on the way through and rolls back on the way out", () => {
    expect(
      sets(`export async function run() {
  const client = await pool.connect();
  try { await client.query("BEGIN"); await client.query("SET a.b = 1"); await client.query("COMMIT"); }
  catch (error) { await client.query("ROLLBACK"); throw error; }
  finally { client.release(); }
}`),
    ).toEqual(["SET a.b = 1: in-transaction/explicit commit|rollback"]);
  });

  it("is over after COMMIT", () => {
    expect(
      sets(
        `export async function run(client: PoolClient) { await client.query("BEGIN"); await client.query("COMMIT"); await client.query("SET LOCAL a.b = 1"); }`,
      ),
    ).toEqual(["SET LOCAL a.b = 1: autocommit/none commit"]);
  });

  it("is open on one branch only", () => {
    expect(
      sets(`export async function run(own: boolean) {
  const client = await pool.connect();
  if (own) await client.query("BEGIN");
  await client.query("SET LOCAL a.b = 1");
  if (own) await client.query("COMMIT");
  client.release();
}`),
    ).toEqual(["SET LOCAL a.b = 1: in-transaction/explicit commit", "SET LOCAL a.b = 1: autocommit/none commit"]);
  });

  it("is as doubtful at its end as at its beginning where one of several connections is declared", () => {
    const { findings } = analyzeFile(
      parseSource(
        "a.ts",
        `${PRELUDE}export async function run(db: Pool | PoolClient) {
  await db.query("BEGIN");
  await db.query("INSERT INTO a DEFAULT VALUES");
  await db.query("COMMIT");
}`,
      ),
    );
    expect(findings.map(({ ruleId, confidence }) => `${ruleId} ${confidence}`)).toEqual([
      "no-transaction-on-pool possible",
      "no-transaction-on-pool possible",
    ]);
  });

  it("ends in finally, whatever way the block is left", () => {
    expect(
      sets(`export async function run(early: boolean) {
  const client = await pool.connect();
  try { await client.query("BEGIN"); await client.query("SET a.b = 1"); if (early) return 1; await client.query("SELECT 1"); return 2; }
  finally { await client.query("ROLLBACK"); client.release(); }
}`),
    ).toEqual(["SET a.b = 1: in-transaction/explicit rollback"]);
  });

  it("goes on with COMMIT AND CHAIN", () => {
    expect(
      sets(
        `export async function run(client: PoolClient) { await client.query("BEGIN"); await client.query("COMMIT AND CHAIN"); await client.query("SET LOCAL a.b = 1"); await client.query("COMMIT"); }`,
      ),
    ).toEqual(["SET LOCAL a.b = 1: in-transaction/explicit commit"]);
  });

  it("is opened anew in each round of a loop", () => {
    expect(
      sets(`export async function run(ids: number[]) {
  const client = await pool.connect();
  for (const id of ids) { await client.query("BEGIN"); await client.query("SET LOCAL a.b = 1"); if (id === 0) { await client.query("ROLLBACK"); continue; } await client.query("COMMIT"); }
  client.release();
}`),
    ).toEqual(["SET LOCAL a.b = 1: in-transaction/explicit commit|rollback"]);
  });

  it("is followed through switch and while", () => {
    expect(
      sets(`export async function run(kind: string) {
  const client = await pool.connect();
  switch (kind) { case "a": await client.query("BEGIN"); break; default: throw new Error(); }
  while (kind) { await client.query("SET LOCAL a.b = 1"); break; }
  await client.query("COMMIT");
}`),
    ).toEqual(["SET LOCAL a.b = 1: in-transaction/explicit commit"]);
  });
});

describe("helpers and wrappers", () => {
  it("run where they are called", () => {
    expect(
      sets(`async function inTx<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  await client.query("BEGIN");
  const result = await work(client);
  await client.query("COMMIT");
  return result;
}
const setTenant = (client: PoolClient) => client.query("SET LOCAL a.b = 1");
export const good = () => inTx((client) => setTenant(client));
export const bad = async () => { const client = await pool.connect(); await setTenant(client); };`).sort(),
    ).toEqual(["SET LOCAL a.b = 1: autocommit/none commit", "SET LOCAL a.b = 1: in-transaction/explicit commit"]);
  });

  it("that begin and end a transaction change the state of their caller's client", () => {
    expect(
      sets(`const begin = (client: PoolClient) => client.query("BEGIN");
const end = (client: PoolClient, ok: boolean) => client.query(ok ? "COMMIT" : "ROLLBACK");
export async function run(ok: boolean) { const client = await pool.connect(); await begin(client); await client.query("SET a.b = 1"); await end(client, ok); }`),
    ).toEqual(["SET a.b = 1: in-transaction/explicit commit|rollback"]);
  });

  it("of a class work on the same this", () => {
    expect(
      sets(`class Unit {
  private client!: PoolClient;
  async open() { this.client = await pool.connect(); await this.client.query("BEGIN"); }
  async close() { await this.client.query("COMMIT"); }
  async run() { await this.open(); await this.client.query("SET LOCAL a.b = 1"); await this.close(); }
}
export const run = () => new Unit().run();`),
    ).toContain("SET LOCAL a.b = 1: in-transaction/explicit commit");
  });

  it("that call themselves are followed a few times, and do not hang", () => {
    const lines = sets(
      `export async function run(client: PoolClient, depth: number): Promise<void> { await client.query("SET a.b = 1"); if (depth > 0) await run(client, depth - 1); }`,
    );
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^SET a\.b = 1: unknown\/unknown open/);
  });

  it("that are not seen make an autocommit no certainty", () => {
    const analysis = analyzeFile(
      parseSource(
        "a.ts",
        `${PRELUDE}import { start } from "./elsewhere";
export async function run() { const client = await pool.connect(); await start(client); await client.query("SET LOCAL a.b = 1"); }`,
      ),
    );
    expect(analysis.findings.map((finding) => finding.confidence)).toEqual(["possible"]);
  });

  it("of a driver's callback style are followed inwards", () => {
    expect(
      sets(
        `export function run() { pool.connect((error, client, done) => { if (error || !client) return; client.query("BEGIN", () => { client.query("SET LOCAL a.b = 1", () => { client.query("COMMIT", done); }); }); }); }`,
      ),
    ).toEqual(["SET LOCAL a.b = 1: in-transaction/explicit commit"]);
  });

  it("of promise chains are followed along", () => {
    expect(
      sets(
        `export const run = (client: PoolClient) => client.query("BEGIN").then(() => client.query("SET LOCAL a.b = 1")).then(() => client.query("COMMIT"));`,
      ),
    ).toEqual(["SET LOCAL a.b = 1: in-transaction/explicit commit"]);
  });
});

describe("conditions", () => {
  it("that ask what an object is are decided by its class", () => {
    const run = (test: string): string[] =>
      sets(`class Direct { query(text: string) { return pool.query(text); } }
class Unit { constructor(readonly client: PoolClient) {} query(text: string) { return this.client.query(text); } commit() { return this.client.query("COMMIT"); } }
async function begin() { const client = await pool.connect(); await client.query("BEGIN"); return new Unit(client); }
async function inUnit(db: Direct | Unit) { const unit = ${test} ? db : await begin(); await unit.query("SET LOCAL a.b = 1"); await (unit as Unit).commit(); }
export const run = () => inUnit(new Direct());`);
    expect(run(`"commit" in db`)).toEqual(["SET LOCAL a.b = 1: in-transaction/explicit commit"]);
    expect(run(`db instanceof Unit`)).toEqual(["SET LOCAL a.b = 1: in-transaction/explicit commit"]);
  });

  it("on a variable of the module come out the same in every function of a path, and on another path anew", () => {
    expect(
      sets(`const embedded = process.env.EMBEDDED === "1";
let held: PoolClient;
async function prepare() { if (!embedded) { held = await pool.connect(); return; } }
async function connect() { if (embedded) return { query: async (text: string) => text }; return new Pool(); }
export async function run() { await prepare(); const db = await connect(); await db.query("SET a.b = 1"); }`),
    ).toEqual(["SET a.b = 1: autocommit/none commit"]);
  });
});

describe("SQL text", () => {
  const texts = (code: string): string[] =>
    analyzeFile(parseSource("a.ts", PRELUDE + code))
      .callSites.map((site) =>
        site.text
          .map((segment) => (segment.kind === "text" ? segment.value : segment.kind === "hole" ? "…" : "$"))
          .join(""),
      )
      .sort();

  it("is built from constants, concatenation, templates and both ways of a condition", () => {
    expect(texts(`const T = "orders"; export const run = () => pool.query("SELECT * FROM " + T);`)).toEqual([
      "SELECT * FROM orders",
    ]);
    expect(texts(`export const run = (x: boolean) => pool.query(\`SELECT \${x ? "1" : "2"}\`);`)).toEqual([
      "SELECT 1",
      "SELECT 2",
    ]);
    expect(
      texts(
        `export const run = (x: boolean) => { let sql = "SELECT 1"; if (x) sql += " LIMIT 1"; return pool.query(sql); };`,
      ),
    ).toEqual(["SELECT 1", "SELECT 1 LIMIT 1"]);
    expect(texts(`const S = { a: { b: "SELECT 1" } } as const; export const run = () => pool.query(S.a.b);`)).toEqual([
      "SELECT 1",
    ]);
    expect(texts(`enum S { A = "SELECT 1" } export const run = () => pool.query(S.A);`)).toEqual(["SELECT 1"]);
    expect(texts(`export const run = () => pool.query(["SELECT 1", "FROM t"].join(" "));`)).toEqual([
      "SELECT 1 FROM t",
    ]);
    expect(texts(`export const run = () => pool.query(String.raw\`SELECT '\\d'\`);`)).toEqual(["SELECT '\\d'"]);
    expect(texts(`class S { static readonly SQL = "SELECT 1"; } export const run = () => pool.query(S.SQL);`)).toEqual([
      "SELECT 1",
    ]);
    expect(
      texts(`const make = (t: string) => \`SELECT * FROM \${t}\`; export const run = () => pool.query(make("a"));`),
    ).toEqual(["SELECT * FROM a"]);
    expect(
      texts(
        `import SQL from "sql-template-strings"; export const run = (id: number) => pool.query(SQL\`SELECT \${id}\`);`,
      ),
    ).toEqual(["SELECT $"]);
    expect(
      texts(`const config = { text: "SELECT 1" }; export const run = () => pool.query({ ...config, values: [] });`),
    ).toEqual(["SELECT 1"]);
    expect(
      texts(`export const run = () => { for (const sql of ["SELECT 1", "SELECT 2"]) void pool.query(sql); };`),
    ).toEqual(["SELECT 1", "SELECT 2"]);
    expect(
      texts(
        `export const run = (ids: number[]) => { let sql = "SELECT 1"; for (const id of ids) sql += " OR " + id; return pool.query(sql); };`,
      ),
    ).toEqual(["SELECT 1", "SELECT 1…"]);
  });

  it("holds what a tag's own member for raw text is given", () => {
    const tag = `const SQL = Object.assign((parts: any, ...values: any[]) => ({ parts, values }), { plain: (text: string) => ({ text }), name: (text: string) => ({ text }) });`;
    expect(
      texts(`${tag} export const run = (own: boolean, id: number) => {
        const lock = own ? "pg_advisory_lock" : "pg_advisory_xact_lock";
        return pool.query(SQL\`SELECT \${SQL.plain(lock)}(\${id})\`);
      };`),
    ).toEqual(["SELECT pg_advisory_lock($)", "SELECT pg_advisory_xact_lock($)"]);
    expect(texts(`${tag} export const run = (t: string) => pool.query(SQL\`SELECT \${SQL.plain(t)}\`);`)).toEqual([
      "SELECT …",
    ]);
    expect(texts(`${tag} export const run = (t: string) => pool.query(SQL\`SELECT \${SQL.name(t)}\`);`)).toEqual([
      "SELECT $",
    ]);
    expect(
      texts(`import { sql } from "./sql"; export const run = () => pool.query(sql\`SELECT \${sql.raw("1")}\`);`),
    ).toEqual(["SELECT 1"]);
  });

  it("is put together by append(), and told from other values by typeof", () => {
    expect(
      texts(
        `import SQL from "sql-template-strings"; export const run = (t: string, id: number) => pool.query(SQL\`SELECT * FROM \`.append(t).append(SQL\` WHERE id = \${id}\`));`,
      ),
    ).toEqual(["SELECT * FROM … WHERE id = $"]);
    expect(
      texts(
        `import SQL from "sql-template-strings"; export const run = () => { const q = SQL\`SELECT 1\`; q.append(" LIMIT 1"); return pool.query(q); };`,
      ),
    ).toEqual(["SELECT 1 LIMIT 1"]);
    expect(
      texts(
        `const send = (q: string | { text: string }) => { const { text } = typeof q === "string" ? { text: q } : q; return pool.query(text); }; export const run = () => [send("SELECT 1"), send({ text: "SELECT 2" })];`,
      ),
    ).toEqual(["SELECT 1", "SELECT 2"]);
  });

  it("that stays unknown is a hole with a reason", () => {
    const [site] = analyzeFile(
      parseSource("a.ts", `${PRELUDE}export function run(sql: string) { return pool.query(sql); }`),
    ).callSites;
    expect(site?.text).toEqual([expect.objectContaining({ kind: "hole", reason: "`sql` is a parameter of `run`" })]);
    expect(site?.resolution).toBe("unresolved");
  });

  it("travels in the protocol that its values ask for", () => {
    const protocols = analyzeFile(
      parseSource(
        "a.ts",
        `${PRELUDE}export const run = (values: unknown[]) => { void pool.query("SELECT 1"); void pool.query("SELECT 2", []); void pool.query("SELECT 3", [1]); void pool.query("SELECT 4", values); void pool.query({ name: "n", text: "SELECT 5" }); };`,
      ),
    ).callSites.map((site) => site.protocol);
    expect(protocols).toEqual(["simple", "simple", "extended", "unknown", "extended"]);
  });
});

describe("connections", () => {
  const scopes = (code: string): string[] =>
    analyzeFile(parseSource("a.ts", code)).callSites.map(
      (site) => `${site.connection.scope}/${site.connection.driver}/${site.connection.known}`,
    );

  it("are recognised however they are imported and made", () => {
    expect(scopes(`import pg from "pg"; const p = new pg.Pool(); void p.query("SELECT 1");`)).toEqual([
      "pool/pg/created",
    ]);
    expect(scopes(`import * as pg from "pg"; const p = new pg.Client(); void p.query("SELECT 1");`)).toEqual([
      "client/pg/created",
    ]);
    expect(scopes(`const { Pool: P } = require("pg"); const p = new P(); p.query("SELECT 1");`)).toEqual([
      "pool/pg/created",
    ]);
    expect(scopes(`const { native } = require("pg"); const p = new native.Pool(); p.query("SELECT 1");`)).toEqual([
      "pool/pg/created",
    ]);
    expect(
      scopes(
        `async function f() { const { default: pg } = await import("pg"); const p = new pg.Pool(); await p.query("SELECT 1"); }`,
      ),
    ).toEqual(["pool/pg/created"]);
    expect(scopes(`import Pool from "pg-pool"; const p = new Pool(); void p.query("SELECT 1");`)).toEqual([
      "pool/pg/created",
    ]);
    expect(
      scopes(
        `import type { Pool, PoolClient } from "pg"; export const f = (db: Pool | PoolClient) => db.query("SELECT 1");`,
      ).sort(),
    ).toEqual(["client/pg/annotated", "pool/pg/annotated"]);
    expect(
      scopes(
        `import type { ClientBase } from "pg"; interface Context { db: { client: ClientBase } } export const f = ({ db }: Context) => db.client.query("SELECT 1");`,
      ),
    ).toEqual(["client/pg/annotated"]);
    expect(
      scopes(
        `import { Pool } from "pg"; let pool: Pool | undefined; const get = () => (pool ??= new Pool()); export const f = () => get().query("SELECT 1");`,
      ),
    ).toEqual(["pool/pg/created"]);
    expect(
      scopes(
        `import { Pool } from "pg"; class Db { pool = new Pool(); } const db = new Db(); export const f = () => db.pool.query("SELECT 1");`,
      ),
    ).toEqual(["pool/pg/created"]);
    expect(
      scopes(
        `import { Pool } from "pg"; const pool = new Pool(); const q = pool.query.bind(pool); export const f = () => q("SELECT 1");`,
      ),
    ).toEqual(["pool/pg/created"]);
  });

  it("of objects from elsewhere are inferred from what they are given", () => {
    const found = (code: string): string[] =>
      analyzeFile(parseSource("a.ts", code)).findings.map((finding) => `${finding.ruleId} ${finding.confidence}`);
    expect(found(`import { db } from "./db"; export const f = () => db.query("SET statement_timeout = 0");`)).toEqual([
      "no-session-set possible",
    ]);
    expect(found(`import db from "@acme/db"; export const f = () => db.query("SELECT pg_advisory_lock(1)");`)).toEqual([
      "no-session-advisory-lock likely",
    ]);
    expect(
      found(
        `import { db } from "./db"; import type { Pool } from "pg"; export const f = () => db.query("SET statement_timeout = 0");`,
      ),
    ).toEqual(["no-session-set likely"]);
    expect(found(`import axios from "axios"; export const f = () => axios.query("Set type to other things");`)).toEqual(
      [],
    );
  });

  it("that something unseen is given together with SQL run it", () => {
    const found = (given: string, types = "", method = "execute"): string[] =>
      analyzeFile(
        parseSource(
          "a.ts",
          `import { Pool } from "pg"; import type { Database } from "better-sqlite3"; import type { LibSQLDatabase } from "drizzle-orm/libsql"; import { store } from "./store"; const pool = new Pool(); ${types}
           export const f = async (other: Database, theirs: { url: string } & LibSQLDatabase, flag: boolean, ours: Ours | Theirs) => { await store.${method}(${given}); };`,
        ),
      ).findings.map((finding) => `${finding.ruleId} ${finding.confidence}`);
    const set = `"SET session_replication_role = replica"`;
    expect(found(`{ db: pool, raw: ${set} }`)).toEqual(["no-session-identity likely"]);
    expect(found(`{ db: pool, sql: flag ? "PRAGMA foreign_keys = off" : ${set} }`)).toEqual([
      "no-session-identity likely",
    ]);
    const types = "interface Ours { db: Pool } interface Theirs { db: Database }";
    expect(found(`{ db: ours.db, raw: ${set} }`, types)).toEqual(["no-session-identity likely"]);
    expect(found(`{ db: theirs, raw: ${set} }`)).toEqual([]);
    expect(found(`{ db: flag ? theirs : pool, raw: ${set} }`)).toEqual(["no-session-identity likely"]);
    expect(found(`{ db: other, raw: ${set} }`)).toEqual([]);
    expect(found(`{ db: pool, raw: ${set} }`, "", "print")).toEqual([]);
  });

  it("of other databases are none", () => {
    expect(
      scopes(
        `import mysql from "mysql2"; const c = mysql.createConnection({}); export const f = (db) => { c.query("SET NAMES utf8"); db.query("SET x = 1"); };`,
      ),
    ).toEqual([]);
  });
});

describe("several files", () => {
  it("are followed through re-exports, default exports and CommonJS", () => {
    const files: Record<string, string> = {
      "pool.ts": `import { Pool } from "pg"; export default new Pool();`,
      "index.ts": `export { default as database } from "./pool"; export * as statements from "./statements";`,
      "statements.ts": `export const timeout = "SET statement_timeout = 0";`,
      "use.ts": `import { database, statements } from "./index"; export const run = () => database.query(statements.timeout);`,
    };
    const parsed = new Map<string, ParsedFile>(
      Object.entries(files).map(([name, code]) => [name, parseSource(name, code)]),
    );
    const analysis = analyzeProject({
      sourceFiles: Object.keys(files),
      sqlFiles: [],
      load: (name) => parsed.get(name),
      resolve: (_from, specifier) => (specifier.startsWith("./") ? `${specifier.slice(2)}.ts` : undefined),
    });
    expect(
      analysis.findings.map((finding) => `${finding.ruleId} ${finding.location.file} ${finding.confidence}`),
    ).toEqual(["no-session-set statements.ts certain"]);
    expect(analysis.findings[0]?.evidence.map((step) => step.location.file)).toEqual(["pool.ts"]);
  });
});

describe("size", () => {
  const seed = (count: number): Analysis =>
    analyzeProject({
      sourceFiles: [],
      sqlFiles: [{ filename: "seed.sql", text: "INSERT INTO t VALUES (1);\nSELECT setval('s', 1);\n".repeat(count) }],
      load: () => undefined,
      resolve: () => undefined,
    });

  it("of a file of statements costs what its statements cost", () => {
    // What is remembered of a transaction is bounded: with every statement remembering all before it, this runs out of memory.
    const { statementUses } = seed(20_000);
    expect(statementUses).toHaveLength(40_000);
    expect(Math.max(...statementUses.map((use) => use.reaches[0]?.before.length ?? 0))).toBeLessThanOrEqual(200);
  });

  it("of an expression is survived, and what was given up is named", () => {
    const code = `import { Pool } from "pg"; const pool = new Pool(); pool.query("SET x.y = 1"); pool.query(${Array.from({ length: 700 }, (_, index) => `"a${String(index)}"`).join(" + ")});`;
    const analysis = analyzeFile(parseSource("a.js", code));
    expect(
      analysis.findings.some((finding) => finding.ruleId === "no-session-identity") || analysis.limits.length > 0,
    ).toBe(true);
  });
});

describe("any input", () => {
  it("is analysed without an exception", () => {
    const oddities = [
      "",
      `import "pg";`,
      `import { Pool } from "pg"; new Pool(...args).query(...more);`,
      `import { Pool } from "pg"; class A extends A {} class B extends Pool { constructor() { super(); this.query("SET x = 1"); } } new B();`,
      `import { Pool } from "pg"; const pool = new Pool(); label: for (;;) { for (const x of y) { continue label; } break label; }`,
      `import { Pool } from "pg"; const { query } = new Pool(); query?.("SELECT 1"); const a = a + a; let b = b; function f() { return f(); } f();`,
      `import { Pool } from "pg"; const pool = new Pool(); export default class { static { pool.query("SELECT 1"); } get x() { return this.x; } [computed]() {} #p = pool; q() { return this.#p.query("SELECT 1"); } }`,
      `import { Pool } from "pg"; const x = { get pool() { return new Pool(); }, set y(v) {}, async *z() { yield pool; } }; export { x as "odd name" };`,
      `import { Pool } from "pg"; function* g() { yield* g(); } var [a, , ...b] = c; ({ d: e = f, ...h } = i); pool\`x\${y}\`; import.meta.url; new.target;`,
      `import { Pool } from "pg"; const pool = new Pool(); ${"if (a) { ".repeat(200)}pool.query("SET x = 1");${" }".repeat(200)}`,
      `import { Pool } from "pg"; const pool = new Pool(); ${Array.from({ length: 40 }, (_, i) => `if (c${String(i)}) pool.query("BEGIN"); else s += "x";`).join("\n")}`,
    ];
    for (const code of oddities) expect(() => analyzeFile(parseSource("a.js", code)), code.slice(0, 80)).not.toThrow();
  });
});

describe("calls nested too deep to be followed", () => {
  /** Functions that pass a client connection on, one to the next, before the last one sends a statement. */
  const chain = (name: string, length: number, sql: string): string =>
    Array.from({ length }, (_, index) =>
      index === length - 1
        ? `function ${name}${String(index)}(client: PoolClient) { return client.query("${sql}"); }`
        : `function ${name}${String(index)}(client: PoolClient) { return ${name}${String(index + 1)}(client); }`,
    ).join("\n");

  it("leave a doubt of what they did to the connections they are given", () => {
    const confidences = (length: number): string[] =>
      analyzeFile(
        parseSource(
          "example.ts",
          `import { Pool, type PoolClient } from "pg";
${chain("begin", length, "BEGIN")}
export async function run() {
  const client = await new Pool().connect();
  await begin0(client);
  await client.query("SELECT pg_advisory_xact_lock(1)");
  await client.query("COMMIT");
}`,
        ),
      )
        .statementUses.filter(({ site }) =>
          site.text.some((part) => part.kind === "text" && part.value.includes("xact")),
        )
        .flatMap(({ reaches }) => reaches.map(({ state, stateConfidence }) => `${state} ${stateConfidence}`));
    expect(confidences(3)).toEqual(["in-transaction certain"]);
    expect(confidences(14)).toEqual(["autocommit possible"]);
  });
});
