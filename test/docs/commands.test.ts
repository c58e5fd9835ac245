import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "glob";
import { describe, expect, it } from "vitest";
import { temporaryProject } from "../command/temporary-project.ts";
import { runCommand } from "../../src/commands/command.ts";

const root = join(import.meta.dirname, "../..");
const pages = ["README.md", "eslint-plugin/README.md", ...globSync("docs/*.md", { cwd: root, posix: true }).sort()];
const read = (page: string): string => readFileSync(join(root, page), "utf8");

/** Commands that CI itself runs in a fresh clone, or that need what a test does not start. */
const RUN_ELSEWHERE = [/^npm ci/, /^npm run (?:witness|bench|audit)\b/, /^npm (?:test|install)\b/, /^pre-commit\b/];

/** Commands of the shell blocks of a page, without their comments. */
const commandsOf = (page: string): string[] =>
  [...read(page).matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) =>
    block
      .replace(/\\\n\s*/g, " ")
      .split("\n")
      .map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
      .filter((line) => line !== ""),
  );

/** Words of a command line, quotes taken off. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? "");

/** A project with findings and a history, as a reader has one. */
function readersProject(): string {
  const folder = temporaryProject({});
  cpSync(join(root, "fixtures/tenant-api"), folder, { recursive: true });
  cpSync(join(root, "fixtures/tenant-api"), join(folder, "apps/api"), { recursive: true });
  const git = (...words: string[]) =>
    execFileSync(
      "git",
      ["-c", "user.name=a", "-c", "user.email=a@example.invalid", "-c", "init.defaultBranch=main", ...words],
      {
        cwd: folder,
        stdio: "ignore",
      },
    );
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "first");
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  return folder;
}

describe.each(pages)("%s", (page) => {
  it("shows commands that run", () => {
    const cwd = readersProject();
    for (const line of commandsOf(page)) {
      if (RUN_ELSEWHERE.some((pattern) => pattern.test(line))) continue;
      const [npx, name, ...argv] = wordsOf(line);
      expect([npx, name], line).toEqual(["npx", "pgbouncer-audit"]);
      let error = "";
      const code = runCommand(argv, {
        out: () => undefined,
        error: (text) => {
          error += text;
        },
        cwd,
        colorOut: false,
      });
      expect(code, `${line}\n${error}`).toBeLessThan(2);
    }
  });

  it("links to what is there", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });
});
