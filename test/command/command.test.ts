import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "../../src/commands/command.ts";

const folders: string[] = [];
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pgbouncer-audit-"));
  folders.push(folder);
});

afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

function file(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
  return path;
}

function run(...argv: string[]): { code: number; out: string; error: string } {
  let out = "";
  let error = "";
  const code = runCommand(argv, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    cwd: folder,
    colorOut: false,
  });
  return { code, out, error };
}

interface Json {
  schemaVersion: number;
  verdict: string;
  reasons: string[];
  profile: Record<string, unknown>;
  coverage: {
    files: Record<string, number>;
    callSites: Record<string, number>;
    notAnalysed: { path: string; reason: string }[];
  };
  findings: Record<string, unknown>[];
  exit: { code: number };
}

const json = (...argv: string[]): Json => JSON.parse(run("--format", "json", ...argv).out) as Json;

const BAD = `import { Pool } from "pg";
const pool = new Pool();
export const run = () => pool.query("SET work_mem = '64MB'");
`;
const GOOD = `import { Pool } from "pg";
const pool = new Pool();
export const run = () => pool.query("SELECT 1");
`;

describe("exit codes", () => {
  it("is 1 with findings, 0 without", () => {
    file("src/a.ts", BAD);
    expect(run().code).toBe(1);
    file("src/a.ts", GOOD);
    expect(run().code).toBe(0);
  });

  it("is 0 for findings below the gate", () => {
    file("a.ts", BAD);
    expect(run("--fail-on", "never").code).toBe(0);
    expect(run("--rule", "no-session-set:warning").code).toBe(0);
    expect(run("--rule", "no-session-set:warning", "--fail-on", "warning").code).toBe(1);
    expect(run("--rule", "no-session-set:off").code).toBe(0);
  });

  it("is 1 when coverage is below what is asked", () => {
    file(
      "a.ts",
      `import { Pool } from "pg";\nconst pool = new Pool();\nexport const run = (sql: string) => pool.query(sql);\n`,
    );
    expect(run("--min-coverage", "50").code).toBe(1);
    expect(run().code).toBe(0);
    expect(json().verdict).toBe("inconclusive");
  });

  it("is 2 for mistakes in the call, each named", () => {
    file("a.ts", GOOD);
    for (const [argv, message] of [
      [["missing"], "There is no file or folder missing."],
      [["explian", "no-listen"], 'Did you mean "explain"?'],
      [["--format", "json", "--format", "text"], "Standard output takes one report"],
      [["trace", "missing.ts:1"], "There is no file missing.ts."],
      [["trace", "a.ts:0"], "write FILE:LINE"],
      [["--formt", "json"], "--format"],
      [["--format", "jsn"], 'Did you mean "json"?'],
      [["--rule", "no-sesion-set:off"], 'Did you mean "no-session-set"?'],
      [["--rule", "no-session-set:of"], 'Did you mean "off"?'],
      [["--pooler", "pgpool"], 'No data of the pooler "pgpool"'],
      [["--pooler", "pgbouncer@new"], "no PgBouncer version"],
      [["--min-coverage", "many"], "number from 0 to 100"],
      [["--format", "json=missing/out.json"], "cannot be written to missing/out.json"],
      [["explain", "no-lisen"], 'Did you mean "no-listen"?'],
      [["trace", "a.ts"], "write FILE:LINE"],
    ] as const) {
      const { code, error } = run(...argv);
      expect(error, argv.join(" ")).toContain(message);
      expect(code, argv.join(" ")).toBe(2);
    }
  });

  it("is 2 when there is nothing to look at", () => {
    file("readme.txt", "nothing");
    expect(run()).toMatchObject({
      code: 2,
      error: expect.stringContaining("No JavaScript, TypeScript or SQL file") as string,
    });
  });

  it("is 0 for help and version", () => {
    expect(run("--help")).toMatchObject({ code: 0, out: expect.stringContaining("explain") as string });
    expect(run("--version").out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("budget", () => {
  it("says that there is nothing to count where no PgBouncer is set up", () => {
    file("src/a.ts", GOOD);
    const { code, out } = run("budget");
    expect(code).toBe(0);
    expect(out).toContain("No PgBouncer is set up in these files");
  });

  it("works on a folder without any code", () => {
    file("pgbouncer.ini", "[databases]\napp = host=db user=app pool_size=5\n[pgbouncer]\nmax_client_conn = 50\n");
    const { code, out } = run("budget");
    expect(code).toBe(0);
    expect(out).toContain("max_client_conn + pool_size × databases = 50 + 5 × 1 = 55 (PgBouncer's documentation)");
  });
});

describe("the pooler of a deployment", () => {
  it("that does not start is a reason of its own", () => {
    file("src/a.ts", GOOD);
    file("pgbouncer.ini", "[databases]\napp = host=db\n[pgbouncer]\nlisten_addr = 127.0.0.1\npool_mode = tx\n");
    const { code, out } = run();
    expect(code).toBe(1);
    expect(out).toContain("- 1 error in how the pooler is set up\n");
    expect(out).toContain("PgBouncer does not start: pool_mode cannot be `tx`.");
  });

  it("in session mode is named in the verdict", () => {
    file("src/a.ts", BAD);
    file("pgbouncer.ini", "[databases]\napp = host=db\n[pgbouncer]\nlisten_addr = 127.0.0.1\npool_mode = session\n");
    const { out } = run();
    expect(out).toContain("for session mode");
    expect(out).toMatch(/pool_mode +session +\(pgbouncer\.ini:5\)/);
    expect(run("--pool-mode", "transaction").out).toContain("1 error: code that fails in transaction mode");
  });
});

describe("the JSON report", () => {
  it("has the shape of the contract", () => {
    file("src/a.ts", BAD);
    const report = json();
    expect(Object.keys(report)).toEqual([
      "schemaVersion",
      "tool",
      "profile",
      "verdict",
      "reasons",
      "scope",
      "workspaces",
      "coverage",
      "conditions",
      "findings",
      "unresolved",
      "connections",
      "directConnections",
      "libraries",
      "deployment",
      "budget",
      "acceptedRisks",
      "safeFeatures",
      "limits",
      "change",
      "exit",
    ]);
    expect(report.schemaVersion).toBe(1);
    expect(report.profile).toEqual({
      pooler: "pgbouncer",
      version: "unknown",
      poolMode: "transaction",
      maxPreparedStatements: "unknown",
      facts: [{ name: "pooler", value: "pgbouncer", from: "default", path: null, line: null }],
      doubts: [],
      sources: expect.any(Array) as unknown,
      date: expect.stringMatching(/^\d{4}-\d\d$/) as string,
    });
    expect(report.coverage.files).toEqual({ analysed: 1, skipped: 0, failed: 0 });
    expect(report.coverage.callSites).toEqual({ resolved: 1, partial: 0, unresolved: 0 });
    expect(report.findings).toEqual([
      {
        ruleId: "no-session-set",
        path: "src/a.ts",
        line: 3,
        column: 38,
        endLine: 3,
        endColumn: 41,
        severity: "error",
        confidence: "certain",
        effect: "leak",
        message: expect.stringContaining("`work_mem` is set on the server connection") as string,
        remedy: expect.stringContaining("SET LOCAL") as string,
        condition: "Move `work_mem` into `SET LOCAL` inside the transaction that needs it, or into `ALTER ROLE … SET`.",
        sql: "SET work_mem = '64MB'",
        breaksOn: ["every PgBouncer version in transaction mode"],
        evidence: [{ path: "src/a.ts", line: 2, column: 14, message: "pool created here" }],
        connection: { name: "PGHOST", driver: "pg", route: "unknown", path: "src/a.ts", line: 2 },
        symbol: "run",
        workspace: ".",
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}:1$/) as string,
        snippet: expect.objectContaining({ startLine: 2, startColumn: 1 }) as unknown,
        suppressed: null,
      },
    ]);
    expect(report.exit).toEqual({ code: 1, reasons: ["1 finding of level error or above"] });
  });

  it("is the same bytes for the same input, and names no absolute path", () => {
    file("src/a.ts", BAD);
    file("src/b.ts", BAD);
    const first = run("--format", "json").out;
    expect(run("--format", "json").out).toBe(first);
    expect(first).not.toContain(folder);
  });

  it("keeps a fingerprint when lines move", () => {
    file("a.ts", BAD);
    const before = json().findings[0]?.["fingerprint"];
    file("a.ts", `${"\n".repeat(20)}${BAD}`);
    expect(json().findings[0]?.["fingerprint"]).toBe(before);
  });

  it("goes to a file beside the text on standard output", () => {
    file("a.ts", BAD);
    const { out } = run("--format", "json=report.json", "--format", "text");
    expect(out).toContain("NOT READY");
    expect(execFileSync("cat", [join(folder, "report.json")], { encoding: "utf8" })).toContain('"schemaVersion": 1');
  });
});

describe("the text report", () => {
  it("shows the code, the evidence, the remedy and the verdict", () => {
    file("src/a.ts", BAD);
    const { out } = run();
    expect(out).toContain("src/a.ts\n  3:38  error  no-session-set");
    expect(out).toContain("leak · certain · pool created at src/a.ts:2");
    expect(out).toMatch(/> 3 \|.*\n.*\^\^\^/);
    expect(out).toContain(
      "NOT READY for transaction mode · 1 error, 0 warnings · 1 file, 1 SQL call site: 100.0 % resolved, 0 unresolved",
    );
  });

  it("is inert: control characters of the analysed code do not reach the terminal", () => {
    file(
      "a.ts",
      `import { Pool } from "pg";\nconst pool = new Pool();\nexport const run = () => pool.query("SET x.y\u001b[31m\u202e = 1; SET work_mem = 1");\n`,
    );
    const { out } = run();
    expect(out).not.toContain("\u001b");
    expect(out).not.toContain("\u202e");
  });
});

describe("bad input", () => {
  const cases: readonly (readonly [string, string | Uint8Array, string])[] = [
    ["syntax.ts", `import "pg";\nconst = ;\n`, "syntax error at 2:"],
    ["latin1.ts", Uint8Array.from([0x2f, 0x2f, 0x20, 0xe9, 0x0a]), "not valid UTF-8"],
    ["binary.ts", Uint8Array.from([0, 1, 2, 3]), "NUL"],
    ["huge.ts", `import "pg";${"x".repeat(10 * 1024 * 1024)}`, "too large: 10.0 MiB"],
  ];
  for (const [name, contents, reason] of cases) {
    it(`${name} is named, and the run goes on`, () => {
      file(name, contents);
      file("good.ts", BAD);
      const report = json();
      expect(report.coverage.notAnalysed).toEqual([{ path: name, reason: expect.stringContaining(reason) as string }]);
      expect(report.findings).toHaveLength(1);
      expect(report.coverage.files).toEqual({ analysed: 1, skipped: 0, failed: 1 });
      expect(run().code).toBe(1);
    });
  }

  it("a large file that reaches no database is named, and is no doubt", () => {
    file("picture.tsx", `export const icon = "data:image/png;base64,${"A".repeat(3 * 1024 * 1024)}";\n`);
    file("good.ts", GOOD);
    const report = json();
    expect(report.coverage.notAnalysed).toEqual([
      { path: "picture.tsx", reason: "too large: 3.0 MiB, the limit is 2.0 MiB" },
    ]);
    expect(report.coverage.files).toEqual({ analysed: 1, skipped: 1, failed: 0 });
    expect(report.verdict).toBe("ready");
  });

  it("a NUL in a string is a character like others", () => {
    file("separator.ts", `${BAD}\nexport const key = (a: string, b: string) => \`\${a}\0\${b}\`;\n`);
    const report = json();
    expect(report.coverage.notAnalysed).toEqual([]);
    expect(report.findings).toHaveLength(1);
  });

  it("minified code is passed over and said so, unless it is named", () => {
    const minified = `import{Pool}from"pg";const pool=new Pool();pool.query("SET work_mem = 1");${"var a=1;".repeat(4_000)}`;
    file("vendored.js", minified);
    file("good.ts", GOOD);
    const report = json();
    expect(report.coverage.notAnalysed).toEqual([
      { path: "vendored.js", reason: "passed over: minified or bundled code" },
    ]);
    expect(report.coverage.files).toEqual({ analysed: 1, skipped: 1, failed: 0 });
    expect(report.verdict).toBe("ready");
    expect(json("vendored.js").findings).toHaveLength(1);
  });

  it("a database package that is not understood makes a clean run inconclusive, and is named", () => {
    file("src/a.ts", GOOD);
    file(
      "src/b.ts",
      `import massive from "massive";\nimport * as db from "zapatos/db";\nexport default [massive, db];\n`,
    );
    const report = json();
    expect(report.verdict).toBe("inconclusive");
    expect(report.reasons).toEqual(["1 file uses massive, zapatos: nothing is known of what it sends"]);
    expect(report.coverage.notAnalysed).toEqual([
      { path: "src/b.ts", reason: "uses massive, zapatos, which this version does not understand" },
    ]);
    expect(report.coverage.files).toEqual({ analysed: 2, skipped: 0, failed: 0 });
  });

  it("an unparsable file makes a clean run inconclusive, not an error", () => {
    file("syntax.ts", `import "pg";\nconst = ;\n`);
    file("good.ts", GOOD);
    expect(json().verdict).toBe("inconclusive");
    expect(run().code).toBe(0);
  });

  it("empty files, a circle of links and a link to nowhere are named; a folder named like a file is walked", () => {
    file("empty.ts", "");
    file("empty.sql", "\n");
    file("folder.ts/inside.ts", BAD);
    symlinkSync(folder, join(folder, "circle"));
    symlinkSync(join(folder, "nowhere.ts"), join(folder, "broken.ts"));
    symlinkSync(join(folder, "b.ts"), join(folder, "a.ts"));
    symlinkSync(join(folder, "a.ts"), join(folder, "b.ts"));
    const report = json();
    expect(report.findings.map((finding) => finding["path"])).toEqual(["folder.ts/inside.ts"]);
    expect(report.coverage.notAnalysed).toEqual([
      { path: "a.ts", reason: "a circle of symbolic links" },
      { path: "b.ts", reason: "a circle of symbolic links" },
      { path: "broken.ts", reason: "a symbolic link to nothing" },
      { path: "circle", reason: "a circle: a symbolic link to a folder above it, not followed" },
      { path: "empty.sql", reason: "empty" },
      { path: "empty.ts", reason: "empty" },
    ]);
    expect(report.coverage.files).toEqual({ analysed: 1, skipped: 3, failed: 3 });
  });

  it("code nested too deep is named, and the rest is analysed", () => {
    file("deep.ts", `${GOOD}pool.query(${Array.from({ length: 20_000 }, () => '"a"').join(" + ")});\n`);
    file("good.ts", BAD);
    const report = json();
    expect(report.coverage.notAnalysed.map(({ path }) => path)).toEqual(["deep.ts"]);
    expect(report.findings).toHaveLength(1);
  });

  it("one expression of a thousand terms does not end the run", () => {
    file("deep.ts", `${GOOD}pool.query(${Array.from({ length: 1000 }, () => '"a"').join(" + ")});\n`);
    file("good.ts", BAD);
    expect(json().findings.map((finding) => finding["path"])).toEqual(["good.ts"]);
  });

  it("files and folders without permission are named", () => {
    // Root may read everything, so the run is another user's where the tests are root's.
    file("secret.ts", GOOD);
    file("closed/a.ts", GOOD);
    file("good.ts", BAD);
    chmodSync(folder, 0o755);
    chmodSync(join(folder, "secret.ts"), 0);
    chmodSync(join(folder, "closed"), 0);
    // Root may read everything, so its rights are given up where the tests are root's; after a first audit, which loads all that is
    // loaded when it is needed: another user could not load from a checkout that only root may read.
    const built = pathToFileURL(join(import.meta.dirname, "../../dist/index.mjs")).href;
    const program = `
      const { audit } = await import(${JSON.stringify(built)});
      audit({ paths: [${JSON.stringify(join(folder, "good.ts"))}] });
      if (process.getuid?.() === 0) { process.setgid(65534); process.setuid(65534); }
      const { report } = audit({ paths: [${JSON.stringify(folder)}] });
      const { coverage, findings, exit } = report;
      console.log(JSON.stringify({ notAnalysed: coverage.notAnalysed, findings: findings.length, code: exit.code }));`;
    const result = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
    chmodSync(join(folder, "closed"), 0o755);
    expect(JSON.parse(result.stdout)).toEqual({
      notAnalysed: [
        { path: "closed", reason: "no permission to read the folder" },
        { path: "secret.ts", reason: "no permission to read it" },
      ],
      findings: 1,
      code: 1,
    });
  });

  it("SQL that is broken is read as far as it goes", () => {
    file(
      "a.sql",
      `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_lock(1); END $$;\nSELECT 'never closed;\n`,
    );
    const report = json();
    expect(report.findings.map((finding) => finding["ruleId"])).toEqual(["no-session-advisory-lock"]);
    expect(report.coverage.notAnalysed).toEqual([
      { path: "a.sql", reason: "read in part only: unterminated quoted string at line 2" },
    ]);
    expect(report.coverage.files).toEqual({ analysed: 0, skipped: 0, failed: 1 });
  });

  it("a closed standard output ends quietly", () => {
    file("a.ts", BAD);
    const built = join(import.meta.dirname, "../../dist/main.mjs");
    const result = spawnSync("sh", ["-c", `"${process.execPath}" "${built}" "${folder}" | head -c 1`], {
      encoding: "utf8",
    });
    expect(result.stderr).not.toContain("bug");
  });
});

describe("discovery", () => {
  it("leaves out what is ignored, installed, built and minified, and takes what is named", () => {
    file(".git/HEAD", "ref: refs/heads/main\n");
    file(".gitignore", "generated/\n*.gen.ts\n!keep.gen.ts\n");
    file("packages/a/.gitignore", "local.ts\n");
    for (const name of [
      "generated/a.ts",
      "b.gen.ts",
      "packages/a/local.ts",
      "node_modules/x/index.js",
      "dist/out.js",
      "lib.min.js",
      ".hidden/a.ts",
    ])
      file(name, BAD);
    for (const name of ["keep.gen.ts", "packages/a/kept.ts"]) file(name, BAD);
    expect(json().findings.map((finding) => finding["path"])).toEqual(["keep.gen.ts", "packages/a/kept.ts"]);
    expect(json("b.gen.ts").findings.map((finding) => finding["path"])).toEqual(["b.gen.ts"]);
    expect(json("--ignore", "packages/**").findings.map((finding) => finding["path"])).toEqual(["keep.gen.ts"]);
  });
});

describe("explain and trace", () => {
  it("explains a rule with what was measured and code both ways", () => {
    const { out, code } = run("explain", "pgbouncer/no-listen");
    expect(code).toBe(0);
    for (const words of [
      "no-listen: ",
      "Measured on PgBouncer",
      "What to do",
      "Reported",
      "Not reported",
      'client.query("LISTEN jobs")',
    ])
      expect(out).toContain(words);
  });

  it("traces a call from its SQL to the verdicts", () => {
    file("a.ts", BAD);
    const { out } = run("trace", "a.ts:3");
    for (const words of [
      "pool.query  a.ts:3",
      "SET work_mem = '64MB'",
      "connection pool (pg, created) from a.ts:2",
      "set-parameter name=work_mem scope=session",
      "autocommit, transaction none",
      "error no-session-set (certain)",
    ]) {
      expect(out).toContain(words);
    }
  });

  it("says what it saw where there is nothing", () => {
    file("a.ts", `${BAD}\nexport const other = (store: { run(sql: string): void }) => store.run("SELECT 1");\n`);
    file("b.ts", "export const b = 1;\n");
    const { out } = run("trace", "a.ts:5");
    expect(out).toContain("No SQL call site at this line.");
    expect(out).toContain("store.run(…) was not recognised as sending SQL");
    expect(out).toContain("pool.query  a.ts:3");
    expect(run("trace", "a.ts:2").out).toContain("A connection starts here: pool (pg, created)");
    expect(run("trace", "a.ts:99").out).toContain("there is no line 99");
    expect(run("trace", "b.ts:1").out).toContain("The file was passed over");
  });
});
