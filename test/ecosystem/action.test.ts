import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";

const repository = join(import.meta.dirname, "../..");
const script = join(repository, "ci/github/audit.sh");
const manifest = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));

/** Stands where npx would: notes what it was called with, writes the reports that it was asked for, prints, ends with a code. */
const FAKE_NPX = `#!/usr/bin/env node
const { appendFileSync, writeFileSync } = require("node:fs");
const words = process.argv.slice(2);
appendFileSync(process.env.FAKE_CALLS, JSON.stringify({ words, cwd: process.cwd() }) + "\\n");
if (process.env.FAKE_REPORTS !== "none")
  for (const word of words) {
    const [, format, file] = /^--format=(\\w+)=(.+)$/.exec(word) ?? [];
    if (file === undefined) continue;
    const uri = { uri: "src/a%20b.ts", uriBaseId: "%SRCROOT%" };
    const log = { runs: [{ results: [{ locations: [{ physicalLocation: { artifactLocation: uri } }] }] }] };
    const texts = {
      json: JSON.stringify({ verdict: process.env.FAKE_VERDICT ?? "not-ready" }),
      sarif: JSON.stringify(log),
    };
    writeFileSync(file, texts[format] ?? "<!-- pgbouncer-audit -->\\nthe " + format + "\\n");
  }
console.log(process.env.FAKE_OUT ?? "the report");
console.error(process.env.FAKE_ERROR ?? "exit code");
process.exitCode = Number(process.env.FAKE_CODE ?? 0);
`;

const callSchema = z.object({ words: z.array(z.string()), cwd: z.string() });

let folder = "";

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pgbouncer-audit-action-")));
  for (const name of ["bin", "temp", "workspace/.git", "workspace/apps/api/src", "workspace/merge"])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "bin/npx"), FAKE_NPX, { mode: 0o755 });
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly status: number | null;
  readonly log: string;
  /** How npx was called; undefined when it was not. */
  readonly words: readonly string[] | undefined;
  readonly cwd: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

const textOf = (name: string): string =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";

/** Runs the step with these inputs. */
function audit(environment: Readonly<Record<string, string>>): Ran {
  const { status, stdout, stderr } = spawnSync("bash", [script], {
    cwd: join(folder, "workspace"),
    encoding: "utf8",
    env: {
      PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"] ?? ""}`,
      HOME: folder,
      RUNNER_TEMP: join(folder, "temp"),
      GITHUB_WORKSPACE: join(folder, "workspace"),
      GITHUB_OUTPUT: join(folder, "output"),
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
      FAKE_CALLS: join(folder, "calls"),
      ...environment,
    },
  });
  const calls = textOf("calls")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => callSchema.parse(JSON.parse(line)));
  expect(calls.length).toBeLessThan(2);
  const lines = textOf("output")
    .split("\n")
    .filter((line) => line !== "");
  return {
    status,
    log: stdout + stderr,
    words: calls[0]?.words,
    cwd: calls[0]?.cwd,
    outputs: Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    ),
    summary: textOf("summary"),
  };
}

/** What comes after the reports that are always asked for. */
const askedBeside = (words: readonly string[] | undefined): readonly string[] =>
  (words ?? []).slice(3).filter((word) => !word.startsWith("--format="));

describe("the step that audits", () => {
  it("runs the version of the action once, with four reports and the text for the log", () => {
    const { words, cwd, status } = audit({});
    expect(status).toBe(0);
    expect(cwd).toBe(join(folder, "workspace"));
    expect(words?.slice(0, 3)).toEqual(["--yes", "--", `pgbouncer-audit@${manifest.version}`]);
    const formats = words?.filter((word) => word.startsWith("--format=")).map((word) => word.split("=")[1]);
    expect(formats).toEqual(["sarif", "markdown", "json", "html", "text"]);
    expect(askedBeside(words)).toEqual(["--", "."]);
  });

  it("passes each input as one word, with spaces, quotes and line ends of YAML", () => {
    const { words, cwd } = audit({
      AUDIT_WORKING_DIRECTORY: "apps/api",
      AUDIT_VERSION: "^1.2",
      AUDIT_POOLER: "pgbouncer@1.25\n",
      AUDIT_FAIL_ON: "warning",
      AUDIT_MIN_COVERAGE: "95",
      AUDIT_SINCE: "origin/main",
      AUDIT_BASELINE: "my baseline.json",
      AUDIT_CONFIG: "it's.json",
      AUDIT_ARGS: "--ignore\n**/*.generated.ts\n\n--rule=no-listen:off\n",
      AUDIT_PATHS: "src\n  other folder/src  \n",
    });
    expect(cwd).toBe(join(folder, "workspace/apps/api"));
    expect(words?.[2]).toBe("pgbouncer-audit@^1.2");
    expect(askedBeside(words)).toEqual([
      "--pooler=pgbouncer@1.25",
      "--fail-on=warning",
      "--min-coverage=95",
      "--since=origin/main",
      "--baseline=my baseline.json",
      "--config=it's.json",
      "--ignore",
      "**/*.generated.ts",
      "--rule=no-listen:off",
      "--",
      "./src",
      "./other folder/src",
    ]);
  });

  it("runs nothing that is in an input", () => {
    const hostile = [
      `$(touch ${folder}/ran)`,
      `\`touch ${folder}/ran\``,
      `; touch ${folder}/ran`,
      `" && touch ${folder}/ran "`,
      `' || touch ${folder}/ran '`,
      `a > ${folder}/ran`,
      "*",
      "--config=evil.json",
    ];
    const { words } = audit({
      AUDIT_PATHS: hostile.join("\n"),
      AUDIT_ARGS: hostile.join("\n"),
      AUDIT_POOLER: hostile[0] ?? "",
      AUDIT_SINCE: hostile[1] ?? "",
      AUDIT_BASELINE: "--config=evil.json",
      AUDIT_CONFIG: hostile[2] ?? "",
      AUDIT_FAIL_ON: "-q",
    });
    expect(existsSync(join(folder, "ran"))).toBe(false);
    const paths = hostile.map((path) => `./${path}`);
    expect(askedBeside(words)).toEqual([
      `--pooler=${hostile[0] ?? ""}`,
      "--fail-on=-q",
      `--since=${hostile[1] ?? ""}`,
      "--baseline=--config=evil.json",
      `--config=${hostile[2] ?? ""}`,
      ...hostile,
      "--",
      ...paths,
    ]);
  });

  it("takes a folder that is called as a command is for a folder", () => {
    expect(askedBeside(audit({ AUDIT_PATHS: "merge" }).words)).toEqual(["--", "./merge"]);
    rmSync(join(folder, "calls"));
    const absolute = join(folder, "workspace/merge");
    expect(askedBeside(audit({ AUDIT_PATHS: absolute }).words)).toEqual(["--", absolute]);
  });

  for (const version of [
    "file:../evil",
    "https://example.com/evil.tgz",
    "npm:evil@1.0.0",
    "github:evil/evil",
    "evil.tgz",
    "1.0.0-evil.tar.gz",
    "../evil",
    "1.0.0 --registry=https://example.com",
    "1.0.0\n--registry=https://example.com",
    "$(id)",
    "-g",
  ])
    it(`does not install ${JSON.stringify(version)}`, () => {
      const { status, words, log, outputs } = audit({ AUDIT_VERSION: version });
      expect({ status, words }).toEqual({ status: 0, words: undefined });
      expect(outputs).toEqual({ "exit-code": "2" });
      expect(log.trim().split("\n")).toHaveLength(1);
      expect(log).toContain("::error title=pgbouncer-audit::The input version must be");
    });

  for (const version of ["latest", "1", "1.2.3", "~1.2", "2.0.0-beta.1"])
    it(`installs ${version}`, () => {
      expect(audit({ AUDIT_VERSION: version }).words?.[2]).toBe(`pgbouncer-audit@${version}`);
    });

  it("refuses an input of several lines, and a folder that is not there", () => {
    const several = audit({ AUDIT_SINCE: "main\n::set-output name=verdict::ready" });
    expect(several.words).toBeUndefined();
    expect(several.outputs).toEqual({ "exit-code": "2" });
    expect(several.log).toContain("The input since must be one line.");
    rmSync(join(folder, "output"));
    const missing = audit({ AUDIT_WORKING_DIRECTORY: "nowhere\n::notice::x" });
    expect(missing.log).not.toMatch(/^::notice/m);
    rmSync(join(folder, "output"));
    expect(audit({ AUDIT_WORKING_DIRECTORY: "nowhere" }).log).toContain("There is no folder nowhere");
    expect(audit({ AUDIT_WORKING_DIRECTORY: "nowhere" }).outputs).toEqual({ "exit-code": "2" });
  });

  it("keeps what is printed from being taken for commands of the workflow", () => {
    const { log } = audit({
      FAKE_OUT: "::set-output name=verdict::ready\n##[error]x",
      FAKE_ERROR: "::add-mask::a",
      FAKE_CODE: "1",
    });
    const lines = log.split("\n");
    const token = /^::stop-commands::([\da-f-]{36})$/.exec(lines[0] ?? "")?.[1] ?? "";
    const end = lines.indexOf(`::${token}::`);
    for (const printed of ["::set-output name=verdict::ready", "##[error]x", "::add-mask::a"]) {
      expect(lines.indexOf(printed)).toBeGreaterThan(0);
      expect(lines.indexOf(printed)).toBeLessThan(end);
    }
    expect(lines.slice(end + 1).join("")).toBe("");
  });

  it("says what came of it and does not fail yet", () => {
    const { status, outputs, summary } = audit({ FAKE_CODE: "1", AUDIT_SUMMARY: "true" });
    expect(status).toBe(0);
    const { "sarif-file": sarif, "markdown-file": markdown, "html-file": html, ...rest } = outputs;
    expect(rest).toEqual({
      "exit-code": "1",
      verdict: "not-ready",
      folder: "",
      category: "pgbouncer-audit",
      "artifact-name": "pgbouncer-audit",
    });
    for (const [file, name] of [
      [sarif, "pgbouncer-audit.sarif"],
      [markdown, "pgbouncer-audit.md"],
      [html, "pgbouncer-audit.html"],
    ]) {
      expect(file?.startsWith(`${join(folder, "temp")}/pgbouncer-audit.`)).toBe(true);
      expect(file?.endsWith(`/${name ?? ""}`)).toBe(true);
      expect(existsSync(file ?? "")).toBe(true);
    }
    expect(summary).toBe("<!-- pgbouncer-audit -->\nthe markdown\n");
  });

  it("adds nothing to the summary unless it is to", () => {
    const { outputs, summary } = audit({ AUDIT_SUMMARY: "false" });
    expect(outputs["exit-code"]).toBe("0");
    expect(summary).toBe("");
  });

  for (const [title, environment] of [
    ["npx fails", { FAKE_CODE: "1", FAKE_REPORTS: "none" }],
    ["there are no reports", { FAKE_REPORTS: "none" }],
    ["the command could not run", { FAKE_CODE: "2" }],
    ["a verdict is none", { FAKE_VERDICT: "x\nexit-code=0" }],
  ] as const)
    it(`ends with code 2 when ${title}`, () => {
      const { status, outputs, log, summary } = audit({ ...environment, AUDIT_SUMMARY: "true" });
      expect(status).toBe(0);
      expect(outputs).toEqual({ "exit-code": "2" });
      expect(log).toContain("::error title=pgbouncer-audit::");
      expect(summary).toBe("pgbouncer-audit could not run; the log of the job says why.\n");
    });

  it("says what is needed where there is no Node", () => {
    rmSync(join(folder, "bin/npx"));
    // What the script needs beside it, and nothing else.
    for (const name of ["bash", "dirname"]) {
      const found = spawnSync("bash", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
      writeFileSync(join(folder, "bin", name), `#!/bin/sh\nexec ${found} "$@"\n`, { mode: 0o755 });
    }
    const { outputs, log } = audit({ PATH: join(folder, "bin") });
    expect(outputs).toEqual({ "exit-code": "2" });
    expect(log).toContain("Add actions/setup-node before this action.");
  });
});

describe("a folder of the repository", () => {
  const uriOf = ({ outputs }: Ran): string | undefined =>
    /"uri": ?"([^"]+)"/.exec(readFileSync(outputs["sarif-file"] ?? "", "utf8"))?.[1];

  it("is in the paths for code scanning, and in the names of what is uploaded", () => {
    const ran = audit({ AUDIT_WORKING_DIRECTORY: "apps/api" });
    expect(uriOf(ran)).toBe("apps/api/src/a%20b.ts");
    expect(ran.outputs["folder"]).toBe("apps/api");
    expect(ran.outputs["category"]).toBe("pgbouncer-audit/apps/api");
    expect(ran.outputs["artifact-name"]).toBe("pgbouncer-audit-apps-api");
  });

  it("is so too when it is the one path", () => {
    const ran = audit({ AUDIT_PATHS: "apps/api" });
    expect([uriOf(ran), ran.outputs["folder"]]).toEqual(["apps/api/src/a%20b.ts", "apps/api"]);
  });

  it("is not when there are several paths: they are relative to the folder that holds them", () => {
    const ran = audit({ AUDIT_PATHS: "apps/api/src\napps" });
    expect([uriOf(ran), ran.outputs["folder"]]).toEqual(["src/a%20b.ts", ""]);
  });

  it("is told from a repository that is cloned into it, and from a submodule", () => {
    mkdirSync(join(folder, "workspace/apps/.git"));
    expect(audit({ AUDIT_WORKING_DIRECTORY: "apps/api" }).outputs["folder"]).toBe("api");
    for (const name of ["calls", "output", "workspace/apps/.git"]) rmSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "workspace/apps/.git"), "gitdir: ../.git/modules/apps\n");
    expect(audit({ AUDIT_WORKING_DIRECTORY: "apps/api" }).outputs["folder"]).toBe("apps/api");
  });
});

it("works with the command itself", () => {
  writeFileSync(join(folder, "bin/npx"), `#!/bin/sh\nshift 3\nexec node ${repository}/dist/main.mjs "$@"\n`, {
    mode: 0o755,
  });
  writeFileSync(
    join(folder, "workspace/apps/api/src/listen.ts"),
    `import { Pool } from "pg";\nconst pool = new Pool();\nawait pool.query("LISTEN jobs");\n`,
  );
  const { outputs, log, summary } = audit({ AUDIT_PATHS: "apps/api", AUDIT_SUMMARY: "true" });
  expect(outputs["exit-code"]).toBe("1");
  expect(outputs["verdict"]).toBe("not-ready");
  expect(log).toContain("no-listen");
  expect(summary.split("\n")[0]).toBe("<!-- pgbouncer-audit -->");
  const sarif = readFileSync(outputs["sarif-file"] ?? "", "utf8");
  expect(sarif).toContain(`"uri": "apps/api/src/listen.ts"`);
  expect(sarif).not.toContain(`"uri": "src/listen.ts"`);
  expect(readFileSync(outputs["html-file"] ?? "", "utf8")).toContain("<!doctype html>");
});
