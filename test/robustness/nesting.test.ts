import { describe, expect, it } from "vitest";
import { readSql } from "../../analyzers/sql/read-sql.ts";
import { project } from "../command/run-in.ts";

const DEEP = 10_000;
const nested = (open: string, inner: string, close: string): string => open.repeat(DEEP) + inner + close.repeat(DEEP);
const withPool = (code: string): string => `import { Pool } from "pg";\nconst pool = new Pool();\n${code}\n`;

/** A finding of another file, which shows that the run went on. */
const other = withPool('export const run = () => pool.query("LISTEN jobs");');

describe("source that is nested ten thousand deep", () => {
  it.each([
    ["parentheses", `pool.query(${nested("(", '"SET a = 1"', ")")});`],
    ["lists", `pool.query(${nested("[", "1", "]")});`],
    ["objects", `pool.query(${nested("{ a: ", "1", " }")});`],
    ["blocks", nested("{", 'pool.query("SET a = 1");', "}")],
    ["functions", nested("() => { ", 'pool.query("SET a = 1");', " }")],
    ["calls", `${nested("f(", "pool", ")")};`],
    ["a chain of calls", `pool${".query('SELECT 1')".repeat(DEEP)};`],
    ["a chain of members", `pool${".a".repeat(DEEP)}.query("SET a = 1");`],
    ["a sum", `pool.query(${Array.from({ length: DEEP }, (_, index) => `"t${String(index)}"`).join(" + ")});`],
    ["templates", `pool.query(${nested("`${", '"SET a = 1"', "}`")});`],
    ["conditions", `pool.query(${"a ? b : ".repeat(DEEP)}"SET a = 1");`],
    ["an if-else chain", `${"if (a) b(); else ".repeat(DEEP)}pool.query("SET a = 1");`],
    ["negations", `pool.query(${"!".repeat(DEEP)}a);`],
    ["types", `const p: ${nested("Promise<", "Pool", ">")} = a; p.query("SET a = 1");`],
    ["array types", `const p: Pool${"[]".repeat(DEEP)} = a; p.query("SET a = 1");`],
    ["markup", `pool.query(${nested("<a>", "x", "</a>")});`],
    ["classes", nested("class A { a = ", "1", " }")],
    ["await", `async function f() { ${"await ".repeat(DEEP)}pool.query("SET a = 1"); }`],
  ])("%s: the run goes on, and what was not understood is said", (_, code) => {
    const report = project({ "deep.tsx": withPool(code), "other.ts": other }).report();
    expect(report.findings.map(({ ruleId, path }) => `${ruleId} ${path}`)).toContain("no-listen other.ts");
    const isSeen = report.findings.some(({ path }) => path === "deep.tsx");
    const isNamed = report.coverage.notAnalysed.some(({ path }) => path === "deep.tsx");
    const { callSites } = report.coverage;
    // Nothing to report is right where the code sends nothing, or sends what the pooler keeps.
    const isHarmless = callSites.resolved + callSites.partial + callSites.unresolved > 1 || !code.includes("SET a");
    expect(isSeen || isNamed || isHarmless).toBe(true);
  });
});

describe("SQL that is nested ten thousand deep, or long", () => {
  it.each([
    ["parentheses", `SELECT ${nested("(", "1", ")")}`],
    ["selects", nested("SELECT (", "SELECT 1", ")")],
    ["values", `SELECT 1 WHERE a IN (${Array.from({ length: 40 }, () => "(VALUES (1))").join(", ")})`],
    ["operators", `SELECT ${"1 + ".repeat(DEEP)}1`],
    ["unions", Array.from({ length: DEEP }, () => "SELECT 1").join(" UNION ")],
    ["brackets", `SELECT a${"[1]".repeat(DEEP)}`],
    ["comments", `${nested("/*", "x", "*/")} SET a = 1`],
    ["an open dollar quote", `DO $$${" ".repeat(DEEP)}`],
    ["an open escape string", `SELECT E'${" ".repeat(DEEP)}`],
    ["quotes", `SELECT '${"''".repeat(DEEP)}'`],
    ["statements", "SET a = 1;".repeat(DEEP)],
    ["a literal of a megabyte", `SELECT '${"x".repeat(1_000_000)}'`],
  ])("%s", (_, sql) => {
    const location = { file: "a.sql", range: { start: 0, end: sql.length } };
    expect(readSql([{ kind: "text", value: sql, location }]).statements.length).toBeGreaterThan(0);
  });
});
