import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { project } from "./run-in.ts";

const twoPools = `import { Pool } from "pg";
export const pool = new Pool({ connectionString: process.env.DATABASE_URL });
export const other = new Pool({ connectionString: process.env.LISTEN_URL });
export const listen = () => other.query("LISTEN jobs");
`;
const JSONC = "pgbouncer-audit.config.jsonc";
const TYPESCRIPT = "pgbouncer-audit.config.ts";

describe("init", () => {
  it("writes JSON with comments where the package is not installed, and the audit reads it", () => {
    const given = project({ "package.json": "{}", "src/a.ts": twoPools });
    const { code, out } = given.run("init");
    expect(code).toBe(0);
    expect(out).toContain(`${JSONC} was written.`);
    expect(out).toContain("drivers: pg");
    expect(out).toContain("1 SQL call site, 0 unresolved");
    expect(given.read(JSONC)).toContain("// Found: drivers: pg");
    const report = given.report();
    expect(report.scope.configuration).toBe(JSONC);
    expect(report.findings.map(({ ruleId }) => ruleId)).toEqual(
      given.report("--no-config").findings.map((f) => f.ruleId),
    );
  });

  it("writes TypeScript where the package is a dependency", () => {
    const given = project({
      "package.json": '{ "devDependencies": { "pgbouncer-audit": "^0.1.0" } }',
      "src/a.ts": twoPools,
    });
    expect(given.run("init", "--yes").code).toBe(0);
    const text = given.read(TYPESCRIPT);
    expect(text).toContain('import { defineConfig } from "pgbouncer-audit";');
    expect(text).toContain('  failOn: "error",');
    expect(given.report().scope.configuration).toBe(TYPESCRIPT);
  });

  it("asks what nothing says, asks again for what is no answer, and writes the answers down", () => {
    const given = project({ "package.json": "{}", "src/a.ts": twoPools });
    const { code, asked } = given.runAsked(["bouncer", "pgbouncer@1.25", "y", "w"], "init");
    expect(code).toBe(0);
    expect(asked).toEqual([
      expect.stringContaining("Which pooler and version?"),
      expect.stringMatching(/bouncer[\s\S]*Which pooler and version\?/),
      "Does LISTEN_URL lead past the pooler? (y/N) ",
      "Fail the build on errors, or on warnings too? (E/w) ",
    ]);
    const settings = parse(given.read(JSONC).replace(/^\s*\/\/.*$/gm, "")) as Record<string, unknown>;
    expect(settings).toMatchObject({
      pooler: "pgbouncer@1.25",
      connections: [{ match: { env: "LISTEN_URL" }, via: "direct" }],
      failOn: "warning",
    });
    const report = given.report();
    expect(report.profile.facts.find(({ name }) => name === "pooler")).toMatchObject({ from: "configuration" });
    expect(report.findings).toEqual([]);
  });

  it("asks nothing with --yes", () => {
    const given = project({ "package.json": "{}", "src/a.ts": twoPools });
    const { code, asked } = given.runAsked(["pgbouncer@1.25"], "init", "--yes");
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
  });

  it("leaves a configuration that is there as it is", () => {
    const given = project({ "package.json": "{}", "src/a.ts": twoPools, "pgbouncer-audit.config.json": "{}" });
    const { code, error } = given.run("init");
    expect(code).toBe(2);
    expect(error).toContain("There is a configuration already: pgbouncer-audit.config.json.");
    expect(given.read("pgbouncer-audit.config.json")).toBe("{}");
  });

  it("writes nothing where there is nothing to audit", () => {
    const given = project({ "package.json": "{ broken" });
    const { code, error } = given.run("init");
    expect(code).toBe(2);
    expect(error).toBe("pgbouncer-audit: No JavaScript, TypeScript or SQL file in this folder.\n");
    expect(() => given.read(JSONC)).toThrow("ENOENT");
  });
});
