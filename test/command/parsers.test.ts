import { describe, expect, it } from "vitest";
import { analyzeFile, poolerProfile, rules } from "../../analyzers/index.ts";
import { parseSource, type Producer } from "../../src/parse-source.ts";

/** What the analysis makes of a text, whoever parses it. */
function analysed(filename: string, code: string, producer: Producer, pooler?: string): unknown {
  const parsed = parseSource(filename, code, producer);
  if ("reason" in parsed) return parsed.reason.split(":")[0];
  const { findings, callSites } = analyzeFile(parsed.file, { profile: poolerProfile(pooler) });
  return { findings, callSites };
}

describe("the two parsers lead to the same analysis", () => {
  for (const rule of rules) {
    it(`on every example of ${rule.id}`, () => {
      for (const example of [...rule.examples.reported, ...rule.examples.unreported]) {
        if (example.language === "sql") continue;
        const filename = `example.${example.language ?? "ts"}`;
        expect(analysed(filename, example.code, "oxc", example.pooler), example.title).toEqual(
          analysed(filename, example.code, "typescript-eslint", example.pooler),
        );
      }
    });
  }

  it("on syntax that they describe in different ways", () => {
    for (const [filename, code] of [
      [
        "a.tsx",
        `import { Pool } from "pg"; const pool = new Pool(); export const A = () => <p onClick={() => pool.query("SET x = 1")}>é &amp;</p>;`,
      ],
      [
        "a.js",
        `import { Pool } from "pg"; const pool = new Pool(); export const A = () => <p>{pool.query("LISTEN a")}</p>;`,
      ],
      [
        "a.ts",
        `#!/usr/bin/env node\nimport { Pool } from "pg";\nconst pool = new Pool();\n// 😀 é\npool.query(\`SET a.b = '😀\${1}'\`);\r\npool.query("SET \\u0061.c = 1");`,
      ],
      [
        "a.ts",
        `\uFEFFimport { Pool } from "pg"; enum E { A = "SET x = 1", B } class C { @d() x!: Pool; constructor(@e() private readonly p: Pool = new Pool()) { void p.query(E.A); } }`,
      ],
      [
        "a.ts",
        `import pg = require("pg"); const p: pg.Pool = new pg.Pool(); void p.query(<string>"SET x = 1"); void p.query("SET x = 1" satisfies string); export = p;`,
      ],
      ["a.cts", `const { Pool } = require("pg"); using x = y; p?.q?.(); new Pool()!.query("UNLISTEN *");`],
    ] as const) {
      expect(analysed(filename, code, "oxc"), code).toEqual(analysed(filename, code, "typescript-eslint"));
    }
  });
});
