import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { audit, ConfigurationError, defineConfig, type Report } from "../../src/index.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pgbouncer-audit-config-"));
  file("package.json", "{}");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, text: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};

const run = (options: Parameters<typeof audit>[0] = {}): Report =>
  audit({ paths: [folder], cwd: folder, ...options }).report;

const rulesOf = ({ findings }: Report): string[] => findings.map(({ ruleId, path }) => `${ruleId} ${path}`);

/** A pool on a URL, and LISTEN on it. */
const listening = (url: string): string => `import { Pool } from "pg";
const pool = new Pool({ connectionString: process.env.${url} });
export const run = () => pool.query("LISTEN jobs");
`;

describe("a configuration file", () => {
  const settings = '{ rules: { "no-listen": "off" } }';
  it.each([
    [
      "pgbouncer-audit.config.ts",
      `import { defineConfig } from "pgbouncer-audit";\nexport default defineConfig(${settings} as const);\n`,
    ],
    ["pgbouncer-audit.config.mts", `const config: object = ${settings};\nexport default config;\n`],
    ["pgbouncer-audit.config.js", `module.exports = ${settings};\n`],
    ["pgbouncer-audit.config.mjs", `export default ${settings};\n`],
    ["pgbouncer-audit.config.cjs", `module.exports = ${settings};\n`],
    ["pgbouncer-audit.config.json", '{ "rules": { "no-listen": "off" } }'],
    ["pgbouncer-audit.config.jsonc", '// why\n{ "rules": { "no-listen": "off" /* not yet */ } }'],
    ["package.json", '{ "pgbouncer-audit": { "rules": { "no-listen": "off" } } }'],
  ])("is read: %s", (name, text) => {
    file("src/a.ts", listening("DATABASE_URL"));
    expect(rulesOf(run())).toEqual(["no-listen src/a.ts"]);
    file(name, text);
    const report = run();
    expect(rulesOf(report)).toEqual([]);
    expect(report.scope.configuration).toBe(name);
    expect(report.scope.rules.levels).toEqual([{ id: "no-listen", level: "off" }]);
    expect(rulesOf(run({ configFile: false }))).toEqual(["no-listen src/a.ts"]);
  });

  it("is found above the audited folder, up to the top of the repository and no further", () => {
    file("pgbouncer-audit.config.json", '{ "rules": { "no-listen": "off" } }');
    file("repo/apps/a/src/a.ts", listening("DATABASE_URL"));
    expect(rulesOf(run({ paths: [join(folder, "repo/apps/a")] }))).toEqual([]);
    mkdirSync(join(folder, "repo/.git"));
    expect(rulesOf(run({ paths: [join(folder, "repo/apps/a")] }))).toEqual(["no-listen src/a.ts"]);
  });

  it("is the one that is named", () => {
    file("src/a.ts", listening("DATABASE_URL"));
    file("other.json", '{ "rules": { "no-listen": "warning" } }');
    expect(run({ configFile: "other.json" }).findings.map(({ severity }) => severity)).toEqual(["warning"]);
  });

  it("is given by a program", () => {
    file("src/a.ts", listening("DATABASE_URL"));
    const configuration = defineConfig({ rules: { "no-listen": "info" } });
    expect(run({ configuration }).findings.map(({ severity }) => severity)).toEqual(["info"]);
  });

  it.each([
    ["{", "cannot be read"],
    ['{ "rule": {} }', 'there is no "rule", did you mean "rules"?'],
    ['{ "rules": { "no-listening": "off" } }', 'there is no rule "no-listening", did you mean "no-listen"?'],
    ['{ "pooler": "pgbounce" }', 'No data of the pooler "pgbounce"'],
    ['{ "pooler": { "version": 1.25 } }', "pooler.version: is a text"],
    ['{ "connections": [{ "match": {}, "via": "direct" }] }', "connections.0.match: needs env, host or file"],
    ['{ "baseline": "missing.json" }', "There is no baseline missing.json"],
    ['{ "pooler": { "configFile": "missing.ini" } }', "There is no file missing.ini"],
    ["[]", "is an object"],
  ])("that is wrong is said to be: %s", (text, words) => {
    file("src/a.ts", listening("DATABASE_URL"));
    file("pgbouncer-audit.config.json", text);
    expect(() => run()).toThrow(ConfigurationError);
    expect(() => run()).toThrow(words);
    expect(() => run()).toThrow(/^(?!.*\/tmp\/)/);
  });

  it("in TypeScript that throws is named, with its own words", () => {
    file("src/a.ts", listening("DATABASE_URL"));
    file("pgbouncer-audit.config.ts", 'throw new Error("no environment");\n');
    expect(() => run()).toThrow("no environment");
    expect(() => run()).toThrow(ConfigurationError);
  });

  it("that is named and not there is named", () => {
    file("src/a.ts", listening("DATABASE_URL"));
    expect(() => run({ configFile: "nowhere.json" })).toThrow(
      "The configuration nowhere.json cannot be read: it does not exist.",
    );
  });
});

describe("connections", () => {
  it("are direct by the name of a variable, by a host, and by the file that makes them", () => {
    file("src/a.ts", listening("JOBS_URL"));
    file("src/b.ts", listening("DATABASE_URL"));
    file("apps/worker/c.ts", listening("DATABASE_URL"));
    file(
      "src/d.ts",
      listening("DATABASE_URL").replace("process.env.DATABASE_URL", '"postgres://db.internal:5432/app"'),
    );
    const report = run({
      configuration: {
        connections: [
          { name: "jobs", match: { env: "JOBS_URL" }, via: "direct", reason: "it listens" },
          { match: { host: "db.internal:5432" }, via: "direct" },
          { match: { file: "apps/worker/**" }, via: "direct", reason: "graphile-worker" },
        ],
      },
    });
    expect(rulesOf(report)).toEqual(["no-listen src/b.ts"]);
    expect(report.connections.map(({ path, name, route, reason }) => [path, name, route, reason])).toEqual([
      ["apps/worker/c.ts", "DATABASE_URL", "direct", "graphile-worker"],
      ["src/a.ts", "jobs", "direct", "it listens"],
      ["src/b.ts", "DATABASE_URL", "unknown", null],
      ["src/d.ts", "db.internal:5432/app", "direct", null],
    ]);
  });

  it("of a pool from elsewhere are direct in the files that are declared so", () => {
    file("packages/db/pool.ts", `import { Pool } from "pg";\nexport const pool = new Pool();\n`);
    const using = `import { pool } from "../../packages/db/pool.ts";\nexport const run = () => pool.query("LISTEN jobs");\n`;
    file("apps/worker/a.ts", using);
    file("apps/api/a.ts", using);
    const configuration = { connections: [{ match: { file: "apps/worker/**" }, via: "direct" as const }] };
    expect(rulesOf(run({ configuration }))).toEqual(["no-listen apps/api/a.ts"]);
  });

  it("are pooled although their name says direct", () => {
    file("src/a.ts", listening("DIRECT_URL"));
    expect(rulesOf(run())).toEqual([]);
    const configuration = { connections: [{ match: { env: "DIRECT_URL" }, via: "pooler" as const }] };
    expect(rulesOf(run({ configuration }))).toEqual(["no-listen src/a.ts"]);
  });

  it("that no connection uses are named", () => {
    file("src/a.ts", listening("DATABASE_URL"));
    const configuration = { connections: [{ match: { env: ["JOB_URL", "DATABASE_URL"] }, via: "pooler" as const }] };
    const report = run({ configuration });
    expect(report.scope.unusedDeclarations).toEqual(["JOB_URL"]);
    expect(report.reasons).toContain("no connection was seen to use JOB_URL, which was declared");
  });

  it("that claim to be direct and have a pooled address are in doubt", () => {
    file("src/a.ts", listening("DIRECT_URL"));
    file(
      "src/b.ts",
      `import { Pool } from "pg";\nexport const pool = new Pool({ connectionString: process.env.DATABASE_URL });\n`,
    );
    file(".env.production", "DATABASE_URL=postgres://app@db:5432/app\nDIRECT_URL=postgres://app@db:5432/app\n");
    const report = run();
    expect(report.connections.map(({ name, doubt }) => [name, doubt])).toEqual([
      ["DIRECT_URL", expect.stringContaining("has the address of DATABASE_URL: db:5432")],
      ["DATABASE_URL", null],
    ]);
    expect(report.conditions.map(({ id, blocking }) => [id.split("/")[0], blocking])).toContainEqual([
      "settle-route",
      true,
    ]);
    file(".env.production", "DATABASE_URL=postgres://app@pooler:6432/app\nDIRECT_URL=postgres://app@db:5432/app\n");
    expect(run().connections.every(({ doubt }) => doubt === null)).toBe(true);
  });
});

describe("sinks", () => {
  const configuration = {
    sinks: [
      { import: "@acme/db", name: "run", sqlArg: 0, valuesArg: 1 },
      { import: "@acme/db", name: "db.exec", sqlArg: 1 },
      { import: "@acme/db", name: "withTx", callbackArg: 0, opens: "transaction" as const },
      { import: "@acme/db", name: "withClient", callbackArg: 0, opens: "client" as const },
      { import: "@acme/db", name: "getPool", gives: "pool" as const },
    ],
  };

  it("are nothing until they are declared", () => {
    file("src/a.ts", `import { run } from "@acme/db";\nexport const a = () => run("LISTEN jobs");\n`);
    expect(run().coverage.callSites).toEqual({ resolved: 0, partial: 0, unresolved: 0 });
  });

  it("send SQL, open transactions and give connections", () => {
    file(
      "src/a.ts",
      `import { db, getPool, run, withClient, withTx } from "@acme/db";
export const a = (id: string) => run("SELECT set_config('app.tenant', $1, false)", [id]);
export const b = () => db.exec(5, "LISTEN jobs");
export const c = () => withTx(async (tx) => { await tx.query("SET LOCAL work_mem = '1MB'"); });
export const d = () => withClient(async (client) => { await client.query("SET LOCAL work_mem = '1MB'"); });
export const e = () => getPool().query("LOAD 'auto_explain'");
`,
    );
    const report = run({ configuration });
    expect(report.findings.map(({ ruleId, line }) => [ruleId, line])).toEqual([
      ["no-session-identity", 2],
      ["no-listen", 3],
      ["no-set-local-outside-transaction", 5],
      ["no-load-library", 6],
    ]);
    expect(report.coverage.callSites).toEqual({ resolved: 5, partial: 0, unresolved: 0 });
  });

  it("go before the source of the module, where that is part of the project", () => {
    file("packages/db/package.json", '{ "name": "@acme/db", "main": "index.ts" }');
    file(
      "packages/db/index.ts",
      `export const run = (text: string) => fetch("/sql", { body: text });\nexport const other = 1;\n`,
    );
    file(
      "src/a.ts",
      `import { other, run } from "@acme/db";\nexport const a = () => run("LISTEN jobs" + (other === 1 ? "" : "_2"));\n`,
    );
    expect(rulesOf(run())).toEqual([]);
    expect(rulesOf(run({ configuration }))).toContain("no-listen src/a.ts");
  });
});

describe("workspaces", () => {
  it("have a pooler and rules of their own", () => {
    for (const name of ["api", "reports", "tools"]) {
      file(`apps/${name}/package.json`, `{ "name": "@acme/${name}" }`);
      file(`apps/${name}/src/a.ts`, listening("DATABASE_URL"));
    }
    file(
      "pgbouncer-audit.config.json",
      JSON.stringify({
        pooler: { version: "1.25" },
        workspaces: {
          "apps/reports": { pooler: { poolMode: "session" } },
          "apps/tools/": { rules: { "no-listen": "warning" } },
        },
      }),
    );
    const report = run();
    expect(report.findings.map(({ path, severity }) => [path, severity])).toEqual([
      ["apps/api/src/a.ts", "error"],
      ["apps/tools/src/a.ts", "warning"],
    ]);
    expect(report.workspaces.map(({ path, name, verdict, poolMode }) => [path, name, verdict, poolMode])).toEqual([
      [".", ".", null, "transaction"],
      ["apps/api", "@acme/api", "not-ready", "transaction"],
      ["apps/reports", "@acme/reports", "ready", "session"],
      ["apps/tools", "@acme/tools", "ready-with-conditions", "transaction"],
    ]);
  });

  it("have routes of their own", () => {
    for (const name of ["api", "worker"]) file(`apps/${name}/a.ts`, listening("DATABASE_URL"));
    const configuration = {
      workspaces: { "apps/worker": { connections: [{ match: { env: "DATABASE_URL" }, via: "direct" as const }] } },
    };
    expect(rulesOf(run({ configuration }))).toEqual(["no-listen apps/api/a.ts"]);
  });
});

describe("files", () => {
  it("are those that are included and not ignored, and the report says how many were left out", () => {
    for (const name of ["src/a.ts", "src/b.generated.ts", "scripts/c.ts"]) file(name, listening("DATABASE_URL"));
    const configuration = { include: "src/**", ignore: ["**/*.generated.ts"] };
    const report = run({ configuration });
    expect(rulesOf(report)).toEqual(["no-listen src/a.ts"]);
    expect(report.scope.excluded).toEqual([
      { what: "files and folders", why: "left out by --ignore or the configuration", count: 2 },
    ]);
  });
});

describe("the pooler's own file", () => {
  it("counts wherever it is, and the others do not", () => {
    file("src/a.ts", listening("DATABASE_URL"));
    file("deploy/pgbouncer.ini", "[pgbouncer]\npool_mode = transaction\n");
    file("deploy/session/pgbouncer.ini", "[pgbouncer]\npool_mode = session\n");
    const report = run({ configuration: { pooler: { configFile: "deploy/session/pgbouncer.ini" } } });
    expect(report.profile.poolMode).toBe("session");
    expect(report.findings.filter(({ ruleId }) => ruleId === "no-listen")).toEqual([]);
  });
});
