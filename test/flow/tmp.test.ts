import { it } from "vitest";
import { parseForESLint } from "@typescript-eslint/parser";
import { analyseFlow } from "../../analyzers/flow/analyse.ts";
import { drivers } from "../../analyzers/drivers/all-drivers.ts";
import { makeDriverCatalogue } from "../../analyzers/drivers/driver.ts";
import { otherDialects } from "../../analyzers/drivers/other-dialects.ts";
import type { SqlText, SqlAction, SqlStatement } from "../../analyzers/model.ts";
const join = (t: SqlText) => t.map((s) => (s.kind === "text" ? s.value : s.kind === "hole" ? "\uE000" : "\uE001")).join("");
function fake(t: SqlText) {
  const location = t[0]?.location ?? { file: "", range: { start: 0, end: 0 } };
  const statements = join(t).split(";").map((x) => x.trim()).filter(Boolean).map((text): SqlStatement => {
    const actions: SqlAction[] = [];
    const base = { location, place: "statement" as const };
    const m = /^(begin|commit|rollback)/i.exec(text);
    if (m) actions.push({ ...base, kind: "transaction", operation: m[1]!.toLowerCase() as "begin", chain: false });
    const s = /^set (local )?(\w+)/i.exec(text);
    if (s) actions.push({ ...base, kind: "set-parameter", name: s[2]!, scope: s[1] ? "local" : "session", via: "set", shape: "alone" });
    const r = /^reset (\w+)/i.exec(text);
    if (r) actions.push({ ...base, kind: "reset-parameter", name: r[1]!, scope: "session" });
    return { kind: text.split(" ")[0]!, text, location, actions, resolution: text.startsWith("\uE000") ? "unresolved" : "resolved", readBy: "lexer" };
  });
  return { statements, comments: [], problems: [] };
}
function run(files: Record<string, string>) {
  const parsed = Object.fromEntries(Object.entries(files).map(([n, code]) => { const r = parseForESLint(code, { range: true, sourceType: "module" }); return [n, { filename: n, text: code, ast: r.ast as never, scopeManager: r.scopeManager as never }]; }));
  const facts = analyseFlow({ sourceFiles: Object.keys(files), load: (n) => parsed[n], resolve: (_f, s) => (s.startsWith("./") ? s.slice(2) + ".ts" : undefined), catalogue: makeDriverCatalogue(drivers, otherDialects), readSql: fake, formatHoles: (t) => t, libraryUseOf: () => undefined });
  for (const u of facts.statementUses) {
    console.log(`${u.site.location.file}:${u.site.location.range.start} ${u.site.sink} [${u.site.connection.scope}/${u.site.connection.known}/${u.site.protocol}${u.site.hook ? "/hook " + u.site.hook.event : ""}${u.site.statementName ? "/named " + u.site.statementName.name : ""}] ${u.statement.text}`);
    for (const r of u.reaches) console.log(`      ${r.state}/${r.transaction}/${r.confidence} before=${r.before.map((a) => a.kind)} endings=${r.endings.map((e) => e.how + "(" + e.then.map((a) => a.kind) + ")")} path=${r.path.map((p) => p.message).join(" > ")}`);
  }
  for (const p of facts.startupParameters) console.log("param", p.name, p.via, p.value, p.location.range.start, files[p.location.file]!.slice(p.location.range.start, p.location.range.end));
  for (const l of facts.limits) console.log("limit", l.reason);
}
it("a", () => {
  console.log("--- A");
  run({ "a.ts": `import { Pool, type PoolClient } from "pg";
const pool = new Pool({ connectionString: process.env.DATABASE_URL, statement_timeout: 5000, options: "-c search_path=app" });
pool.on("connect", (client) => { client.query("SET work_mem = '1'"); });
export async function withTransaction<T>(fn: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const result = await fn(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
async function setTenant(client: PoolClient, id: string) { await client.query("SET LOCAL tenant", [id]); }
export async function a(id: string) {
  return withTransaction(async (client) => { await setTenant(client, id); await client.query("SET role2 = 1"); return client.query(\`SELECT \${id}\`); });
}
export async function b(id: string) {
  const c = await pool.connect();
  await setTenant(c, id);
  await c.query({ name: "x", text: "SELECT 1", values: [1] });
  c.release();
}
const query = (sql: string, params?: unknown[]) => pool.query(sql, params);
export const c = () => query("SET foo = 1");
export const d = async () => { await query("BEGIN"); await pool.query("SET a=1; RESET a"); };
` });
});
it("b", () => {
  console.log("--- B");
  run({ "db.ts": `import pg from "pg";
export class Db { private pool: pg.Pool; constructor(config: pg.PoolConfig) { this.pool = new pg.Pool(config); }
  async execute(sql: string, values: unknown[] = []) { return this.pool.query(sql, values); }
  async tx(fn: (q: (s: string) => Promise<void>) => Promise<void>) { const client = await this.pool.connect(); try { await client.query("BEGIN"); await fn(async (s) => { await client.query(s); }); await client.query("COMMIT"); } finally { client.release(); } } }
export const db = new Db({ statement_timeout: 1 });
`, "use.ts": `import { db } from "./db";
import type { Client } from "pg";
export async function one() { await db.execute("SET x = 1"); await db.tx(async (q) => { await q("SET LOCAL y = 2"); }); }
export class Repo { constructor(private readonly client: Client, private readonly other) {} async go(own: boolean) { if (own) await this.client.query("BEGIN"); await this.client.query("SET LOCAL z = 1"); if (own) await this.client.query("COMMIT"); await this.other.query("SET q = 1"); } }
const { Pool } = require("pg"); const p = new Pool();
p.connect((err, client, done) => { if (err) return; client.query("BEGIN", (err) => { client.query("SET LOCAL k = 1", (err) => { client.query("COMMIT", done); }); }); });
for (const s of ["SET aa = 1", "SET bb = 2"]) await p.query(s);
` });
});
