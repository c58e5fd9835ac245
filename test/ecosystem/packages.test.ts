import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryProject } from "../command/temporary-project.ts";

const root = join(import.meta.dirname, "../..");

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface Packed {
  readonly manifest: Manifest;
  readonly tarball: string;
  readonly files: readonly string[];
}

const read = (path: string): Manifest => JSON.parse(readFileSync(path, "utf8")) as Manifest;

/** Packs a package as it would be published; the build is there already. */
function pack(folder: string, into: string): Packed {
  const out = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", into], {
    cwd: folder,
    encoding: "utf8",
  });
  const said = JSON.parse(out) as unknown;
  // npm 11 gives a list, others an object by name.
  const [entry] = (Array.isArray(said) ? said : Object.values(said as object)) as {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  if (entry === undefined) throw new Error(out);
  return {
    manifest: read(join(folder, "package.json")),
    tarball: join(into, entry.filename),
    files: entry.files.map(({ path }) => path).sort(),
  };
}

const folders = { command: root, plugin: join(root, "eslint-plugin") } as const;
let packed: Record<keyof typeof folders, Packed>;

beforeAll(() => {
  const into = temporaryProject({});
  packed = { command: pack(folders.command, into), plugin: pack(folders.plugin, into) };
});

/** A package of the repository's node_modules. */
const own = (name: string): string => join(root, "node_modules", name);

/** An empty project with both packages in it as npm would unpack them, and besides them only what they say that they need, and `more`. */
function install(more: Readonly<Record<string, string>>): string {
  const folder = temporaryProject({ "package.json": '{ "name": "empty", "private": true, "type": "module" }' });
  const modules = join(folder, "node_modules");
  const link = (name: string, target: string): void => {
    if (existsSync(join(modules, name))) return;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(realpathSync(target), join(modules, name));
  };
  for (const { manifest, tarball } of Object.values(packed)) {
    mkdirSync(join(modules, manifest.name), { recursive: true });
    execFileSync("tar", ["xzf", tarball, "--strip-components=1", "-C", join(modules, manifest.name)]);
    for (const name of Object.keys(manifest.dependencies ?? {})) link(name, own(name));
  }
  for (const [name, target] of Object.entries(more)) link(name, target);
  return folder;
}

const CODE = `import { Pool } from "pg";\n\nconst pool = new Pool();\n\nexport const run = () => pool.query("SET work_mem = '64MB'");\n`;

const node = (folder: string, ...words: string[]) =>
  spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });

describe("the packages", () => {
  it("hold what is run and read, and nothing of the repository else", () => {
    const { command, plugin } = packed;
    for (const name of [
      "LICENSE",
      "README.md",
      "package.json",
      "NOTICE.md",
      "dist/main.mjs",
      "dist/index.mjs",
      "dist/index.d.mts",
      "docs/schemas/report.json",
    ])
      expect(command.files).toContain(name);
    for (const name of [
      "LICENSE",
      "README.md",
      "package.json",
      "dist/index.mjs",
      "dist/index.d.mts",
      "docs/rules/no-listen.md",
    ])
      expect(plugin.files).toContain(name);
    const strange = [...command.files, ...plugin.files].filter(
      (path) => !/^(?:LICENSE|README\.md|NOTICE\.md|package\.json|dist\/|docs\/)/.test(path),
    );
    expect(strange).toEqual([]);
    expect([...command.files, ...plugin.files].filter((path) => /\.(?:map|test\.\w+)$/.test(path))).toEqual([]);
  });

  it("share their version", () => {
    expect(packed.plugin.manifest.version).toBe(packed.command.manifest.version);
  });

  it("name whose code they bundle", () => {
    const text = readFileSync(join(root, "NOTICE.md"), "utf8");
    const dev = Object.keys(
      (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { devDependencies: object }).devDependencies,
    );
    const imported = new Set(
      execFileSync("git", ["grep", "-hoE", 'from "[^."][^"]*"', "--", "src", "analyzers", "eslint-plugin/src"], {
        cwd: root,
        encoding: "utf8",
      })
        .split("\n")
        .map((line) => line.slice('from "'.length, -1)),
    );
    const bundled = ["lilconfig", "marked", "picocolors", "preact", "preact-render-to-string"];
    for (const name of bundled) {
      expect(dev).toContain(name);
      expect(imported).toContain(name);
      expect(text).toContain(`| ${name} `);
    }
  });

  it.each(["command", "plugin"] as const)("are as publint and arethetypeswrong want them: %s", async (which) => {
    const bytes = new Uint8Array(readFileSync(packed[which].tarball)).buffer;
    const { messages, pkg } = await publint({ pack: { tarball: bytes }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
    const analysis = await checkPackage(createPackageFromTarballData(readFileSync(packed[which].tarball)));
    if (analysis.types === false) throw new Error("no types");
    // ESM only: who calls require() gets ESM, which Node 20.19 and later load; and nobody resolves by the rules of Node 10, which knows no `exports`.
    const problems = analysis.problems.filter(
      (problem) =>
        problem.kind !== "CJSResolvesToESM" &&
        !("resolutionKind" in problem && problem.resolutionKind === "node10" && problem.kind === "NoResolution"),
    );
    expect(problems.map((problem) => JSON.stringify(problem))).toEqual([]);
  });
});

describe("in an empty project", () => {
  let folder = "";

  beforeAll(() => {
    folder = install({
      eslint: own("eslint"),
      typescript: own("typescript"),
      "@types/node": own("@types/node"),
      "@typescript-eslint/parser": own("@typescript-eslint/parser"),
    });
    writeFileSync(join(folder, "bad.ts"), CODE);
    mkdirSync(join(folder, "good"));
    writeFileSync(join(folder, "good/a.ts"), CODE.replace("SET work_mem = '64MB'", "SELECT 1"));
  });

  it("the command audits, with its exit codes", () => {
    const main = "node_modules/pgbouncer-audit/dist/main.mjs";
    expect(node(folder, main, "--version").stdout.trim()).toBe(packed.command.manifest.version);
    expect(node(folder, main, "bad.ts")).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("no-session-set") as string,
    });
    expect(node(folder, main, "good")).toMatchObject({ status: 0, stderr: "" });
    expect(node(folder, main, "missing").status).toBe(2);
    const html = node(folder, main, "bad.ts", "--format", "html");
    expect(html.stdout).toContain("<!doctype html>");
  });

  it("the API audits", () => {
    writeFileSync(
      join(folder, "use.mjs"),
      `import { audit, defineConfig, formatters } from "pgbouncer-audit";
import schema from "pgbouncer-audit/schemas/report.json" with { type: "json" };
const { report } = audit({ paths: ["bad.ts"], configuration: defineConfig({ rules: { "no-session-set": "warning" } }) });
console.log(JSON.stringify([report.findings[0].severity, Object.keys(formatters), formatters.sarif(report).length > 1000, schema.title]));
`,
    );
    const result = node(folder, "use.mjs");
    expect(result.stderr.replace(/.*ExperimentalWarning.*\n.*\n/, "")).toBe("");
    expect(JSON.parse(result.stdout)).toEqual([
      "warning",
      ["text", "json", "html", "sarif", "markdown", "gitlab", "junit", "github"],
      true,
      "Report of pgbouncer-audit",
    ]);
  });

  it("a configuration in TypeScript is read", () => {
    writeFileSync(
      join(folder, "good/pgbouncer-audit.config.ts"),
      `import { defineConfig } from "pgbouncer-audit";\nexport default defineConfig({ pooler: "pgbouncer@1.25" });\n`,
    );
    const result = node(folder, "node_modules/pgbouncer-audit/dist/main.mjs", "good", "--format", "json");
    expect(result.stdout).toContain('"version": "1.25"');
  });

  it("a program in TypeScript type-checks against both", () => {
    writeFileSync(
      join(folder, "use.ts"),
      `import { audit, type Configuration, defineConfig, formatters, type Report } from "pgbouncer-audit";
import pgbouncer, { configs } from "eslint-plugin-pgbouncer";
const configuration: Configuration = defineConfig({ failOn: "warning" });
const report: Report = audit({ paths: ["."], configuration }).report;
export const text: string = formatters.markdown(report);
export const rules: number = Object.keys(pgbouncer.rules ?? {}).length + Object.keys(configs.recommended.rules ?? {}).length;
// @ts-expect-error -- there is no such level
defineConfig({ failOn: "fatal" });
`,
    );
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          module: "nodenext",
          target: "es2022",
          strict: true,
          noEmit: true,
          types: ["node"],
          skipLibCheck: true,
        },
        files: ["use.ts"],
      }),
    );
    const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
    expect(node(folder, tsc, "-p", "tsconfig.json").stdout).toBe("");
  });

  it.each([
    ["10", "eslint"],
    ["9", "eslint-9"],
  ])("ESLint %s shows the same finding", (_, name) => {
    writeFileSync(
      join(folder, "eslint.config.mjs"),
      `import parser from "@typescript-eslint/parser";
import pgbouncer from "eslint-plugin-pgbouncer";
export default [{ files: ["**/*.ts"], languageOptions: { parser } }, { files: ["**/*.ts"], ...pgbouncer.configs.recommended }];
`,
    );
    const result = node(folder, join(own(name), "bin/eslint.js"), "--format", "json", "bad.ts");
    expect(result.stderr).toBe("");
    const [file] = JSON.parse(result.stdout) as { messages: { ruleId: string; line: number }[] }[];
    expect(file?.messages.map(({ ruleId, line }) => [ruleId, line])).toEqual([["pgbouncer/no-session-set", 5]]);
  });
});
