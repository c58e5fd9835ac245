import { describe, expect, it } from "vitest";
import type { BaselineEntry } from "../../src/baseline/baseline-file.ts";
import { project, type Project, setting } from "./run-in.ts";

const FILE = "pgbouncer-baseline.json";
const accept = ["--reason", "before the migration"] as const;

const entriesOf = ({ read }: Project): BaselineEntry[] =>
  (JSON.parse(read(FILE)) as { entries: BaselineEntry[] }).entries;

const open = (given: Project, ...argv: string[]): string[] =>
  given
    .report("--baseline", FILE, ...argv)
    .findings.filter(({ suppressed }) => suppressed === null)
    .map(({ ruleId, path, line }) => `${ruleId} ${path}:${String(line)}`);

describe("baseline", () => {
  it("accepts today's findings with a reason, and the gate is silent about them", () => {
    const given = project({ "src/a.ts": setting(), "src/b.ts": setting("lock_timeout", "other") });
    expect(given.run().code).toBe(1);
    const { code, out } = given.run("baseline", ...accept, "--owner", "ada", "--expires", "2999-01-31");
    expect(code).toBe(0);
    expect(out).toContain("pgbouncer-baseline.json: 2 findings accepted.");
    expect(entriesOf(given)).toEqual([
      {
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}:1$/) as string,
        rule: "no-session-set",
        path: "src/a.ts",
        symbol: "run",
        reason: "before the migration",
        owner: "ada",
        expires: "2999-01-31",
      },
      expect.objectContaining({ path: "src/b.ts", symbol: "other" }),
    ]);
    const after = given.run("--baseline", FILE);
    expect(after.code).toBe(0);
    expect(after.out).toContain("2 accepted findings: --show-suppressed");
    const report = given.report("--baseline", FILE);
    expect(report.verdict).toBe("ready-with-conditions");
    expect(
      report.acceptedRisks.map(({ path, accepted }) => [path, accepted.reason, accepted.owner, accepted.path]),
    ).toEqual([
      ["src/a.ts", "before the migration", "ada", FILE],
      ["src/b.ts", "before the migration", "ada", FILE],
    ]);
    expect(given.run("--baseline", FILE, "--show-suppressed").out).toContain(
      `accepted at ${FILE}:5: before the migration · ada · until 2999-01-31`,
    );
  });

  it("stays silent when lines move, files are renamed and code is formatted anew", () => {
    const given = project({ "src/a.ts": setting() });
    given.run("baseline", ...accept);
    const before = given.report().findings[0]?.fingerprint;
    given.write("src/a.ts", "\n".repeat(20) + setting());
    expect(open(given)).toEqual([]);
    given.remove("src/a.ts");
    given.write("src/deep/renamed.ts", "\n".repeat(20) + setting());
    expect(open(given)).toEqual([]);
    given.write(
      "src/deep/renamed.ts",
      `import { Pool } from 'pg'\n\nconst pool = new Pool()\n\nexport const run = () =>\n  pool.query(\n    \`SET   work_mem='64MB'\`,\n  )\n`,
    );
    expect(open(given)).toEqual([]);
    expect(given.report().findings[0]?.fingerprint).toBe(before);
  });

  it("reports a new finding of the same kind in another file, and not the accepted one", () => {
    const given = project({ "src/b.ts": setting() });
    given.run("baseline", ...accept);
    given.write("src/a.ts", setting());
    expect(open(given)).toEqual(["no-session-set src/a.ts:3"]);
    given.write("src/c.ts", setting());
    expect(open(given)).toEqual(["no-session-set src/a.ts:3", "no-session-set src/c.ts:3"]);
    expect(given.run("--baseline", FILE).code).toBe(1);
  });

  it("is added to by update, and emptied of what is gone by prune", () => {
    const given = project({ "src/a.ts": setting() });
    given.run("baseline", ...accept);
    given.write("src/b.ts", setting("lock_timeout"));
    expect(given.run("baseline", "update", "--reason", "found later").out).toContain("1 finding accepted");
    expect(entriesOf(given).map(({ path, reason }) => [path, reason])).toEqual([
      ["src/a.ts", "before the migration"],
      ["src/b.ts", "found later"],
    ]);
    given.remove("src/a.ts");
    const report = given.report("--baseline", FILE);
    expect(report.findings.filter(({ ruleId }) => ruleId === "valid-suppression")).toMatchObject([
      {
        path: FILE,
        line: 5,
        severity: "warning",
        message: "The baseline accepts `no-session-set` in src/a.ts, where nothing is reported any more.",
      },
    ]);
    expect(report.verdict).toBe("ready-with-conditions");
    expect(given.run("baseline", "prune").out).toBe(`${FILE}: 1 entry taken out, 1 entry left.\n`);
    expect(entriesOf(given).map(({ path }) => path)).toEqual(["src/b.ts"]);
    expect(given.run("baseline", "prune").out).toBe(`${FILE}: nothing to take out, 1 entry left.\n`);
  });

  it("accepts nothing after its day, or without a reason, and says so", () => {
    const given = project({ "src/a.ts": setting(), "src/b.ts": setting("lock_timeout", "other") });
    given.run("baseline", ...accept);
    const [first, second] = entriesOf(given);
    given.write(
      FILE,
      JSON.stringify({
        version: 1,
        entries: [
          { ...first, expires: "2020-01-31" },
          { ...second, reason: " " },
        ],
      }),
    );
    expect(open(given)).toEqual([
      `valid-suppression ${FILE}:1`,
      `valid-suppression ${FILE}:1`,
      "no-session-set src/a.ts:3",
      "no-session-set src/b.ts:3",
    ]);
    const words = given.report("--baseline", FILE).findings.map(({ message }) => message);
    expect(words).toContain("What the baseline says of `no-session-set` in src/a.ts held until 2020-01-31.");
    expect(words).toContain("The baseline accepts `no-session-set` in src/b.ts without a reason.");
  });

  it("says nothing of entries for files that are not audited", () => {
    const given = project({ "src/a.ts": setting(), "lib/b.ts": setting("lock_timeout", "other") });
    given.run("baseline", ...accept);
    expect(open(given, "src")).toEqual([]);
    expect(given.report("--baseline", FILE, "src").findings).toHaveLength(1);
  });

  it("is the one that the configuration names", () => {
    const given = project({
      "src/a.ts": setting(),
      "pgbouncer-audit.config.json": '{ "baseline": "ops/accepted.json" }',
      "ops/README.md": "",
    });
    expect(given.run().error).toContain("There is no baseline ops/accepted.json");
    expect(given.run("baseline", ...accept).code).toBe(0);
    expect(given.run().code).toBe(0);
    expect(given.run("--no-baseline").code).toBe(1);
    expect(JSON.parse(given.read("ops/accepted.json"))).toMatchObject({ entries: [{ path: "../src/a.ts" }] });
  });

  it.each([
    [["baseline"], "Say why these findings are accepted: --reason TEXT."],
    [["baseline", "--reason", "x", "--expires", "soon"], '"soon" is no day'],
    [["baseline", "update", "--reason", "x"], "There is no baseline pgbouncer-baseline.json"],
    [["baseline", "prune"], "There is no baseline pgbouncer-baseline.json"],
    [["--baseline", "package.json"], "The baseline package.json is none"],
    [["--baseline", "src/a.ts"], "The baseline src/a.ts cannot be read"],
  ])("says what is wrong with %j", (argv, words) => {
    const given = project({ "src/a.ts": setting(), "package.json": "{}" });
    const { code, error } = given.run(...argv);
    expect(error).toContain(words);
    expect(code).toBe(2);
  });

  it("is not written over", () => {
    const given = project({ "src/a.ts": setting() });
    given.run("baseline", ...accept);
    expect(given.run("baseline", ...accept)).toMatchObject({
      code: 2,
      error: expect.stringContaining("There is a baseline pgbouncer-baseline.json already") as string,
    });
  });
});
