import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const plugin = join(root, "eslint-plugin/dist/index.mjs");
const require = createRequire(import.meta.url);
const parser = require.resolve("@typescript-eslint/parser");

/** A folder inside the repository, so that packages resolve as they do for a user who installed them. */
let folder = "";

const CODE = `import { Pool } from "pg";

const pool = new Pool();

export const run = (): Promise<unknown> => pool.query("SET work_mem = '64MB'");
`;

beforeAll(() => {
  folder = mkdtempSync(join(root, "test/eslint/installed-"));
  writeFileSync(join(folder, "code.ts"), CODE);
  writeFileSync(
    join(folder, "eslint.config.mjs"),
    `import parser from ${JSON.stringify(parser)};
import pgbouncer, { configs } from ${JSON.stringify(plugin)};
if (pgbouncer.configs.recommended !== configs.recommended) throw new Error("two configurations");
export default [{ files: ["**/*.ts"], languageOptions: { parser } }, { files: ["**/*.ts"], ...configs.recommended }];
`,
  );
  writeFileSync(
    join(folder, "eslint.config.cjs"),
    `const pgbouncer = require(${JSON.stringify(plugin)});
module.exports = [{ files: ["**/*.ts"], languageOptions: { parser: require(${JSON.stringify(parser)}) } }, { files: ["**/*.ts"], ...pgbouncer.configs.recommended }];
`,
  );
  writeFileSync(
    join(folder, ".oxlintrc.json"),
    JSON.stringify({
      jsPlugins: [plugin],
      categories: { correctness: "off" },
      rules: { "pgbouncer/no-session-set": "error" },
    }),
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (file: string, ...flags: string[]) =>
  spawnSync(process.execPath, [file, ...flags], { cwd: folder, encoding: "utf8" });

describe("the built plugin in a process of its own", () => {
  for (const [version, name] of [
    ["10", "eslint"],
    ["9", "eslint-9"],
  ] as const) {
    for (const config of ["eslint.config.mjs", "eslint.config.cjs"]) {
      it(`works with ESLint ${version} and ${config}`, () => {
        const result = run(
          join(root, "node_modules", name, "bin/eslint.js"),
          "--config",
          config,
          "--format",
          "json",
          "code.ts",
        );
        expect(result.stderr).toBe("");
        const [file] = JSON.parse(result.stdout) as { messages: { ruleId: string; line: number; column: number }[] }[];
        expect(file?.messages.map(({ ruleId, line, column }) => ({ ruleId, line, column }))).toEqual([
          { ruleId: "pgbouncer/no-session-set", line: 5, column: 56 },
        ]);
        expect(result.status).toBe(1);
      });
    }
  }

  it("works in oxlint", () => {
    const result = run(join(root, "node_modules/oxlint/bin/oxlint"), "code.ts");
    expect(result.stdout).toContain("pgbouncer(no-session-set)");
    expect(result.status).toBe(1);
  });
});
