import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { relative, resolve } from "node:path";
import { ConfigurationError } from "../analyzers/index.ts";

/** What changed since a commit. */
export interface ChangedLines {
  /** Whether any of these lines of a file (absolute path, lines from 1, both included) is new or was changed. */
  readonly has: (file: string, first: number, last: number) => boolean;
}

interface Span {
  readonly first: number;
  readonly last: number;
}

const MAX_OUTPUT = 1 << 28;

/** git, with nothing of the repository's configuration that runs a program: no hooks, no external diff, no text conversion. */
function git(folder: string, ...words: readonly string[]): string {
  return execFileSync("git", ["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", ...words], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_EXTERNAL_DIFF: "" },
  });
}

/**
 * The lines of the working tree that are new or changed since the commit where `ref` and the present branch parted, untracked files included. Throws
 * a ConfigurationError when there is no git, no repository or no such commit.
 */
export function changedSince(ref: string, folder: string): ChangedLines {
  const top = ask("This folder is in no repository of git", () => git(folder, "rev-parse", "--show-toplevel")).trim();
  const commit = ask(`There is no commit ${ref}`, () =>
    git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`),
  ).trim();
  const base = ask(`${ref} and the present branch have nothing in common`, () =>
    git(folder, "merge-base", commit, "HEAD"),
  ).trim();
  const diff = ask(`What changed since ${ref} cannot be told`, () =>
    git(
      top,
      "diff",
      "--no-ext-diff",
      "--no-textconv",
      "--no-color",
      "--no-renames",
      "--unified=0",
      "--src-prefix=a/",
      "--dst-prefix=b/",
      base,
      "--",
    ),
  );
  const untracked = ask("New files cannot be listed", () =>
    git(top, "ls-files", "--others", "--exclude-standard", "-z"),
  );
  const spans = spansOf(diff);
  for (const name of untracked.split("\0")) if (name !== "") spans.set(name, [{ first: 1, last: Infinity }]);
  return {
    has: (file, first, last) => {
      const name = relative(realpathSync(top), real(file)).split("\\").join("/");
      return (spans.get(name) ?? []).some((span) => span.first <= last && first <= span.last);
    },
  };
}

const real = (file: string): string => {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file);
  }
};

function ask(problem: string, run: () => string): string {
  try {
    return run();
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new ConfigurationError(
      isMissing ? "--since needs git, which was not found." : `${problem}: --since needs a commit to compare with.`,
    );
  }
}

/** New and changed lines by file, from a diff without context. A file whose lines were only taken out has none. */
function spansOf(diff: string): Map<string, Span[]> {
  const spans = new Map<string, Span[]>();
  let current: Span[] = [];
  for (const line of diff.split("\n")) {
    if (line.startsWith("+++ ")) {
      const name = unquoted(line.slice(4).replace(/\t$/, ""));
      current = [];
      if (name.startsWith("b/")) spans.set(name.slice(2), current);
      continue;
    }
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk === null) continue;
    const first = Number(hunk[1]);
    const count = hunk[2] === undefined ? 1 : Number(hunk[2]);
    if (count > 0) current.push({ first, last: first + count - 1 });
  }
  return spans;
}

/** A name that git wrote in quotes, as C does. */
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name;
  const bytes: number[] = [];
  const inner = name.slice(1, -1);
  const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 };
  for (let index = 0; index < inner.length; index++) {
    const letter = inner[index] ?? "";
    if (letter !== "\\") {
      bytes.push(...Buffer.from(letter));
      continue;
    }
    const octal = /^[0-7]{3}/.exec(inner.slice(index + 1))?.[0];
    if (octal !== undefined) {
      bytes.push(parseInt(octal, 8));
      index += 3;
      continue;
    }
    const next = inner[++index] ?? "";
    bytes.push(escapes[next] ?? next.charCodeAt(0));
  }
  return Buffer.from(bytes).toString("utf8");
}
