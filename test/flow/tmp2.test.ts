import { it } from "vitest";
import { parseForESLint } from "@typescript-eslint/parser";
import { analyseFlow } from "../../analyzers/flow/analyse.ts";
import { drivers } from "../../analyzers/drivers/all-drivers.ts";
import { makeDriverCatalogue } from "../../analyzers/drivers/driver.ts";
import { otherDialects } from "../../analyzers/drivers/other-dialects.ts";
import { makePrefilter } from "../../analyzers/prefilter.ts";
import type { SqlText, SqlAction, SqlStatement } from "../../analyzers/model.ts";
import { globSync } from "glob"; import { readFileSync, existsSync, statSync } from "node:fs"; import { dirname, resolve as res } from "node:path";
const join = (t: SqlText) => t.map((s) => (s.kind === "text" ? s.value : s.kind === "hole" ? "\uE000" : "\uE001")).join("");
function fake(t: SqlText) {
  const location = t[0]?.location ?? { file: "", range: { start: 0, end: 0 } };
  const statements = join(t).split(";").map((x) => x.trim()).filter(Boolean).map((text): SqlStatement => {
    const actions: SqlAction[] = []; const base = { location, place: "statement" as const };
    const m = /^(begin|commit|rollback)/i.exec(text); if (m) actions.push({ ...base, kind: "transaction", operation: m[1]!.toLowerCase() as "begin", chain: false });
    const s = /^set (local )?(\w+)/i.exec(text); if (s) actions.push({ ...base, kind: "set-parameter", name: s[2]!, scope: s[1] ? "local" : "session", via: "set", shape: "alone" });
    return { kind: text.split(" ")[0]!, text, location, actions, resolution: text.startsWith("\uE000") ? "unresolved" : "resolved", readBy: /^(select|insert|update|delete|set|begin|commit|rollback|with|create|listen)/i.test(text) ? "lexer" : "none" };
  });
  return { statements, comments: [], problems: [] };
}
it.skip("real", () => {
  for (const repo of (process.env.REPOS ?? "timgit+pg-boss salsita+node-pg-migrate graphile+worker supabase+postgres-meta supabase+storage event-driven-io+Pongo").split(" ")) {
  const root = "/tmp/repos/" + repo;
  const filter = makePrefilter([]);
  const files = globSync("**/*.{ts,js,mts,cts,tsx,mjs,cjs}", { cwd: root, ignore: ["**/node_modules/**", "**/*.d.ts"], absolute: true }).sort();
  const cache = new Map<string, unknown>();
  const t0 = Date.now();
  const load = (n: string) => { if (!cache.has(n)) { try { const code = readFileSync(n, "utf8"); const r = parseForESLint(code, { range: true, sourceType: "module", jsx: n.endsWith("x") || n.endsWith("js") }); cache.set(n, { filename: n, text: code, ast: r.ast, scopeManager: r.scopeManager }); } catch (e) { console.log("parse fail", n, String(e).slice(0, 80)); cache.set(n, undefined); } } return cache.get(n) as never; };
  const resolve = (f: string, s: string) => { if (!s.startsWith(".")) return undefined; const b = res(dirname(f), s); for (const c of [b, b.replace(/\.js$/, ".ts"), b + ".ts", b + ".js", b + "/index.ts", b + "/index.js"]) if (existsSync(c) && statSync(c).isFile() && /\.[cm]?[jt]sx?$/.test(c)) return c; return undefined; };
  const kept = files.filter((f) => filter(readFileSync(f, "utf8")));
  kept.forEach(load); const t1 = Date.now();
  const facts = analyseFlow({ sourceFiles: kept, load, resolve, catalogue: makeDriverCatalogue(drivers, otherDialects), readSql: fake, formatHoles: (t) => t, libraryUseOf: () => undefined });
  console.log(repo, "files", files.length, "kept", kept.length, "parse ms", t1 - t0, "flow ms", Date.now() - t1, "sites", facts.callSites.length, "unresolved", facts.callSites.filter((s) => s.resolution === "unresolved").length, "limits", facts.limits.length, "params", facts.startupParameters.length);
  for (const l of facts.limits.slice(0, 5)) console.log("  limit", l.reason, l.location.file.replace(root, ""), l.location.range.start);
  if (process.env.SHOW) for (const u of facts.callSites) { const line = (cache.get(u.location.file) as { text: string }).text.slice(0, u.location.range.start).split("\n").length; console.log(`${u.location.file.replace(root, "")}:${line} ${u.sink} [${u.connection.scope}/${u.connection.known}/${u.protocol}${u.hook ? "/hook" : ""}${u.statementName ? "/named" : ""}] ${u.text.map((s) => s.kind === "text" ? s.value : s.kind === "hole" ? `<${s.reason}>` : "$").join("").replace(/\s+/g, " ").slice(0, 150)}`); }
  }
}, 300000);
