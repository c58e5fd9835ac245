import { globSync } from "glob";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { rules } from "../../analyzers/index.ts";
import { brokenLayers, type Imports } from "./layers.ts";

const root = join(import.meta.dirname, "../..");
const sources = globSync("{analyzers,src,eslint-plugin}/**/*.ts", {
  cwd: root,
  posix: true,
  ignore: ["**/dist/**", "**/node_modules/**"],
}).sort();
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Relative imports of a file, types too. */
const importsOf = (file: string): Imports => ({
  file,
  imports: ts
    .preProcessFile(read(file), true, true)
    .importedFiles.map((imported) => imported.fileName)
    .filter((name) => name.startsWith(".") && name.endsWith(".ts"))
    .map((name) => posix.join(dirname(file), name)),
});

describe("layers", () => {
  it("imports lead only where the design allows, without circles", () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(brokenLayers(sources.map(importsOf))).toEqual([]);
  });

  it("sees a rule that imports the flow engine", () => {
    expect(
      brokenLayers([
        { file: "analyzers/rules/x.ts", imports: ["analyzers/flow/analyse.ts"] },
        { file: "analyzers/flow/analyse.ts", imports: [] },
      ]),
    ).toEqual(["analyzers/rules/x.ts imports analyzers/flow/analyse.ts"]);
  });

  it("sees a face that imports the other, and a circle", () => {
    expect(
      brokenLayers([
        { file: "src/a.ts", imports: ["eslint-plugin/src/b.ts", "src/c.ts"] },
        { file: "src/c.ts", imports: ["src/a.ts"] },
        { file: "eslint-plugin/src/b.ts", imports: [] },
      ]),
    ).toEqual(["src/a.ts imports eslint-plugin/src/b.ts", "circle: src/a.ts -> src/c.ts -> src/a.ts"]);
  });
});

describe("files", () => {
  /** Longer than 400 lines, with the reason. */
  const LONG: Readonly<Record<string, string>> = {
    "analyzers/model.ts": "the nouns of the whole analysis are read side by side",
    "analyzers/sql/session-grammar.ts": "one grammar for each statement of the session, read against gram.y",
    "analyzers/flow/calls.ts": "one case for each kind of callee",
    "analyzers/flow/written-types.ts": "one case for each kind of type, and the names that lead to it",
  };

  it("are at most 400 lines long, or say why", () => {
    const long = sources.filter((file) => read(file).split("\n").length > 401);
    expect(long.filter((file) => LONG[file] === undefined)).toEqual([]);
  });

  it("name no path of a developer's machine", () => {
    const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" })
      .split("\n")
      .filter((file) => file !== "" && existsSync(join(root, file)));
    const machine = new RegExp(["", "(?:home|Users|work|tmp)", "[a-z]+", ""].join("/"));
    const named = tracked.filter((file) => !file.endsWith("package-lock.json") && machine.test(read(file)));
    expect(named).toEqual([]);
  });

  it("of a lock file hold no download address", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved": "https?:/);
  });

  it("of tests are neither skipped nor focused", () => {
    const focused = new RegExp(String.raw`\b(?:it|test|describe)\.(?:skip|only|todo)\b`);
    const tests = globSync("test/**/*.ts", { cwd: root, posix: true });
    expect(tests.filter((file) => focused.test(read(file)))).toEqual([]);
  });
});

describe("rules", () => {
  it("have a page each", () => {
    const pages = globSync("eslint-plugin/docs/rules/*.md", { cwd: root, posix: true }).map((file) =>
      posix.basename(file, ".md"),
    );
    expect(pages.sort()).toEqual(rules.map((rule) => rule.id).sort());
  });

  it("are each in a file of that name", () => {
    for (const rule of rules) expect(existsSync(join(root, `analyzers/rules/${rule.id}.ts`))).toBe(true);
  });
});

describe("packages", () => {
  interface Manifest {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly engines?: { readonly node?: string };
  }
  const manifest = (file: string): Manifest => JSON.parse(read(file)) as Manifest;

  it("stay within the budget of run-time dependencies", () => {
    expect(Object.keys(manifest("package.json").dependencies ?? {}).length).toBeLessThanOrEqual(15);
    expect(Object.keys(manifest("eslint-plugin/package.json").dependencies ?? {}).length).toBeLessThanOrEqual(4);
  });

  it("run on the oldest Node that is promised", () => {
    const refuses = Object.keys(manifest("package.json").dependencies ?? {}).filter((name) => {
      const range = manifest(`node_modules/${name}/package.json`).engines?.node ?? "*";
      return !allows20(range);
    });
    expect(refuses).toEqual([]);
    expect(allows20(">=22.13")).toBe(false);
    expect(allows20("^20.19.0 || >=22.12.0")).toBe(true);
  });

  /** Whether a range of the simple forms that packages write allows Node 20.19. */
  function allows20(range: string): boolean {
    return range.split("||").some((part) => {
      const words = part.trim();
      if (words === "*" || words === "") return true;
      const match = /^(\^|~|>=|>)?\s*v?(\d+)(?:\.(\d+))?/.exec(words);
      if (match === null) return false;
      const [, operator = "", major = "0", minor = "0"] = match;
      const version = Number(major) * 1000 + Number(minor);
      return operator === ">=" || operator === ">" ? version <= 20_019 : Number(major) === 20 && Number(minor) <= 19;
    });
  }
});
