import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { project, type Project, setting } from "./run-in.ts";

const git = ({ folder }: Project, ...words: string[]): string =>
  execFileSync(
    "git",
    ["-c", "user.name=a", "-c", "user.email=a@example.invalid", "-c", "init.defaultBranch=main", ...words],
    {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    },
  );

function repository(files: Readonly<Record<string, string>>): Project {
  const given = project(files);
  git(given, "init", "-q");
  git(given, "add", "-A");
  git(given, "commit", "-qm", "first");
  return given;
}

const listed = (given: Project, ...argv: string[]): string[] =>
  given.report(...argv).findings.map(({ path, line }) => `${path}:${String(line)}`);

describe("--since", () => {
  it("lists what changed, new files included, and analyses all", () => {
    const given = repository({ "src/a.ts": setting(), "src/b.ts": setting("lock_timeout") });
    given.write("src/b.ts", `// one line more\n${setting("lock_timeout")}`);
    given.write("src/new.ts", setting("jit"));
    const report = given.report("--since", "HEAD");
    expect(report.findings.map(({ path }) => path)).toEqual(["src/new.ts"]);
    expect(report.verdict).toBe("not-ready");
    expect(report.reasons).toContain("2 of 3 findings are not listed: nothing of them changed since HEAD");
    expect(report.coverage.files.analysed).toBe(3);
    given.write("src/b.ts", setting("statement_timeout"));
    expect(listed(given, "--since", "HEAD")).toEqual(["src/b.ts:3", "src/new.ts:3"]);
  });

  it("counts for the exit code only what is listed", () => {
    const given = repository({ "src/a.ts": setting() });
    expect(given.run("--since", "HEAD").code).toBe(0);
    given.write("src/a.ts", setting("jit"));
    expect(given.run("--since", "HEAD").code).toBe(1);
  });

  it("lists a finding whose way leads through a changed line", () => {
    const given = repository({
      "src/db.ts": `import { Pool } from "pg";\nexport const pool = new Pool();\n`,
      "src/a.ts": `import { pool } from "./db.ts";\nexport const run = () => pool.query("SET work_mem = '1MB'");\n`,
    });
    expect(listed(given, "--since", "HEAD")).toEqual([]);
    given.write("src/db.ts", `import { Pool } from "pg";\nexport const pool = new Pool({ max: 5 });\n`);
    expect(listed(given, "--since", "HEAD")).toEqual(["src/a.ts:2"]);
  });

  it("compares with where the branches parted, below the top of the repository, with names of all kinds", () => {
    const given = repository({ "app/src/a.ts": setting() });
    git(given, "checkout", "-qb", "feature");
    given.write("app/src/sp ace é.ts", setting("jit"));
    git(given, "add", "-A");
    git(given, "commit", "-qm", "second");
    git(given, "checkout", "-q", "main");
    given.write("app/src/later.ts", setting("geqo"));
    git(given, "add", "-A");
    git(given, "commit", "-qm", "third");
    git(given, "checkout", "-q", "feature");
    expect(listed(given, "--since", "main", "app")).toEqual(["src/sp ace é.ts:3"]);
  });

  it.each([
    ["nowhere", "There is no commit nowhere"],
    ["--upload-pack=x", "There is no commit --upload-pack=x"],
  ])("says that there is no %s", (ref, words) => {
    const { code, error } = repository({ "src/a.ts": setting() }).run(`--since=${ref}`);
    expect(error).toContain(words);
    expect(code).toBe(2);
  });

  it("says that there is no repository", () => {
    expect(project({ "src/a.ts": setting() }).run("--since", "HEAD")).toMatchObject({
      code: 2,
      error: expect.stringContaining("This folder is in no repository of git") as string,
    });
  });

  it("runs no program that the repository's configuration names", () => {
    const given = repository({ "src/a.ts": setting(), ".gitattributes": "*.ts diff=evil\n" });
    const ran = join(given.folder, "ran");
    writeFileSync(join(given.folder, "evil.sh"), `#!/bin/sh\ntouch ${JSON.stringify(ran)}\ncat "$1" 2>/dev/null\n`);
    chmodSync(join(given.folder, "evil.sh"), 0o755);
    for (const key of ["core.fsmonitor", "diff.external", "diff.evil.textconv", "diff.evil.command"])
      git(given, "config", key, join(given.folder, "evil.sh"));
    given.write("src/a.ts", setting("jit"));
    expect(listed(given, "--since", "HEAD")).toEqual(["src/a.ts:3"]);
    expect(existsSync(ran)).toBe(false);
  });
});

describe("--previous", () => {
  it("says what is new and what is gone", () => {
    const given = project({ "src/a.ts": setting(), "src/b.ts": setting("lock_timeout", "other") });
    given.run("--format", "json=before.json");
    given.remove("src/b.ts");
    given.write("src/renamed.ts", given.read("src/a.ts"));
    given.remove("src/a.ts");
    given.write("src/c.ts", setting("jit", "third"));
    const { change, findings } = given.report("--previous", "before.json");
    expect(change).toMatchObject({
      previous: { verdict: "not-ready", findings: 2 },
      added: [findings.find(({ path }) => path === "src/c.ts")?.fingerprint],
      fixed: [{ ruleId: "no-session-set", path: "src/b.ts", line: 3 }],
      kept: 1,
      coverage: { before: 100, after: 100 },
    });
  });

  it.each([
    ["nowhere.json", "The report nowhere.json cannot be read: it does not exist"],
    ["package.json", "package.json is no report of this version"],
    ["src/a.ts", "The report src/a.ts cannot be read: it is no JSON"],
  ])("says what is wrong with %s", (name, words) => {
    const { code, error } = project({ "src/a.ts": setting(), "package.json": "{}" }).run("--previous", name);
    expect(error).toContain(words);
    expect(code).toBe(2);
  });
});

describe("merge", () => {
  it("makes of the parts what an audit of the whole says", () => {
    const files = {
      "apps/api/package.json": '{ "name": "api" }',
      "apps/api/src/a.ts": setting(),
      "apps/web/package.json": '{ "name": "web" }',
      "apps/web/src/a.ts": setting(),
      "apps/web/src/b.ts": `import { Pool } from "pg";\nconst pool = new Pool();\nexport const run = (text: string) => pool.query(text);\n`,
    };
    const given = project(files);
    given.run("apps/api", "--format", "json=api.json");
    given.run("apps/web", "--format", "json=web.json");
    const { out, code } = given.run("merge", "apps/api=api.json", "apps/web=web.json", "--format", "json");
    const merged = JSON.parse(out) as ReturnType<Project["report"]>;
    const whole = given.report("apps");
    expect(code).toBe(1);
    expect(merged.findings.map(({ path, line, ruleId, fingerprint }) => [path, line, ruleId, fingerprint])).toEqual(
      whole.findings.map(({ path, line, ruleId, fingerprint }) => [`apps/${path}`, line, ruleId, fingerprint]),
    );
    expect(merged.verdict).toBe(whole.verdict);
    expect(merged.coverage.callSites).toEqual(whole.coverage.callSites);
    expect(merged.coverage.files).toEqual(whole.coverage.files);
    expect(merged.workspaces.map(({ path, verdict, findings }) => [path, verdict, findings])).toEqual([
      ["apps/api", "not-ready", { error: 1, warning: 0, info: 0, suppressed: 0 }],
      ["apps/web", "not-ready", { error: 1, warning: 0, info: 1, suppressed: 0 }],
    ]);
    expect(merged.conditions.map(({ action, places }) => [action, places.length])).toEqual(
      whole.conditions.map(({ action, places }) => [action, places.length]),
    );
  });

  it("is good when every part is, though one has no SQL", () => {
    const given = project({
      "a/a.ts": `import { Pool } from "pg";\nconst pool = new Pool();\nexport const run = () => pool.query("SELECT 1");\n`,
      "b/b.ts": "export const one = 1;\n",
    });
    given.run("a", "--format", "json=a.json");
    given.run("b", "--format", "json=b.json");
    expect(given.report("b").verdict).toBe("inconclusive");
    const { out, code } = given.run("merge", "a=a.json", "b=b.json");
    expect(out).toContain("READY for transaction mode");
    expect(code).toBe(0);
  });

  it("goes by its own gate and writes every format", () => {
    const given = project({ "src/a.ts": setting() });
    given.run("--format", "json=a.json");
    expect(
      given.run("merge", "a.json", "--fail-on", "never", "-f", "sarif=out.sarif", "-f", "html=out.html").code,
    ).toBe(0);
    expect(given.read("out.sarif")).toContain('"no-session-set"');
    expect(given.read("out.html")).toContain("no-session-set");
  });

  it("says what is no report", () => {
    const given = project({ "src/a.ts": setting(), "a.json": "{}" });
    expect(given.run("merge", "a.json")).toMatchObject({
      code: 2,
      error: expect.stringContaining("a.json is no report of this version") as string,
    });
    expect(given.run("merge").code).toBe(2);
  });
});

describe("reports in files", () => {
  it("are several in one run", () => {
    const given = project({ "src/a.ts": setting() });
    const formats = ["json", "sarif", "html", "markdown", "gitlab", "junit", "github", "text"];
    const { code, out } = given.run(...formats.flatMap((name) => ["--format", `${name}=out.${name}`]));
    expect(code).toBe(1);
    expect(out).toBe("");
    for (const name of formats) expect(given.read(`out.${name}`).length, name).toBeGreaterThan(100);
  });

  it("leave nothing half-written behind, and name what is wrong", () => {
    const given = project({ "src/a.ts": setting(), "folder/x": "" });
    for (const [target, words] of [
      ["missing/out.json", "cannot be written to missing/out.json: its folder does not exist"],
      ["folder", "cannot be written to folder"],
    ] as const) {
      const { code, error } = given.run("--format", `json=${target}`);
      expect(error).toContain(words);
      expect(code).toBe(2);
    }
    expect(readdirSync(given.folder).sort()).toEqual(["folder", "src"]);
  });

  it.runIf(existsSync("/dev/full"))("say that the disk is full", () => {
    expect(project({ "src/a.ts": setting() }).run("--format", "json=/dev/full")).toMatchObject({
      code: 2,
      error: expect.stringContaining("the disk is full") as string,
    });
  });
});
