import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { project, setting } from "./run-in.ts";

const main = join(import.meta.dirname, "../../dist/main.mjs");

/** Runs a line of the shell in a folder, in which `$AUDIT` is the built command. */
const shell = (folder: string, line: string): { status: number | null; stdout: string; stderr: string } =>
  spawnSync("bash", ["-c", line], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, CI: "true", AUDIT: `${process.execPath} ${main}` },
  });

/** So many findings that no pipe holds the report. */
const many = (): string =>
  Array.from({ length: 400 }, (_, index) => setting(`work_mem`, `run${String(index)}`).split("\n")[2])
    .toSpliced(0, 0, 'import { Pool } from "pg";', "const pool = new Pool();")
    .join("\n");

describe("a reader of standard output who goes away", () => {
  const given = project({ "a.ts": many() });

  it.each(["text", "json", "sarif", "html", "junit"])("ends %s quietly", (format) => {
    const { stdout, stderr } = shell(given.folder, `$AUDIT -f ${format} | head -c 1`);
    expect(stdout).toHaveLength(1);
    expect(stderr).toBe("exit code 1: 400 findings of level error or above\n");
  });

  it("does not change the exit code, nor what goes to files", () => {
    const { stderr, stdout } = shell(
      given.folder,
      "set -o pipefail; $AUDIT -f json -f sarif=out.sarif | head -c 1 > head.txt; echo ${PIPESTATUS[0]}",
    );
    expect(stderr).toBe("exit code 1: 400 findings of level error or above\n");
    expect(stdout).toBe("1\n");
    expect((JSON.parse(given.read("out.sarif")) as { runs: unknown[] }).runs).toHaveLength(1);
  });
});

describe("what cannot be written", () => {
  const given = project({ "a.ts": many() });

  it.runIf(existsSync("/dev/full"))("is said of a full disk under standard output", () => {
    const { status, stderr } = shell(given.folder, "$AUDIT > /dev/full");
    expect(status).toBe(2);
    expect(stderr).toMatch(/^pgbouncer-audit: Standard output cannot be written: the disk is full\.\n$/);
  });

  it.each(["missing/out.json", ".", "a.ts/out.json"])("is said of a report in %s, and nothing is left", (path) => {
    const before = readdirSync(given.folder);
    const { code, error } = given.run("-f", `json=${path}`);
    expect(code).toBe(2);
    expect(error).toMatch(/^pgbouncer-audit: The report cannot be written to .*: .*\.\n$/);
    expect(readdirSync(given.folder)).toEqual(before);
  });
});
