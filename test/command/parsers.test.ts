import { globSync } from "glob";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Analysis, analyzeFile, poolerProfile, rules } from "../../analyzers/index.ts";
import { audit } from "../../src/audit.ts";
import { parseSource, type Producer } from "../../src/parse-source.ts";

const PRODUCERS: readonly [Producer, Producer] = ["oxc", "typescript-eslint"];

/** What an analysis says, without the object identity of its parts. */
const said = ({ findings, callSites, statementUses, startupParameters, libraryUses }: Analysis): unknown => ({
  findings,
  callSites: callSites.map(({ location, sink, connection, resolution }) => ({
    location,
    sink,
    connection,
    resolution,
  })),
  reaches: statementUses.map(({ reaches }) =>
    reaches.map(({ state, transaction, path }) => ({ state, transaction, path })),
  ),
  startupParameters,
  libraryUses,
});

function analysed(filename: string, text: string, producer: Producer, pooler?: string): unknown {
  const parsed = parseSource(filename, text, producer);
  return "reason" in parsed ? parsed : said(analyzeFile(parsed.file, { profile: poolerProfile(pooler) }));
}

describe("both parsers lead to the same analysis", () => {
  for (const rule of rules) {
    it(`of the examples of ${rule.id}`, () => {
      for (const example of [...rule.examples.reported, ...rule.examples.unreported]) {
        const { language = "ts" } = example;
        if (language !== "ts" && language !== "js") continue;
        const name = `example.${language}`;
        const [oxc, tseslint] = PRODUCERS.map((producer) => analysed(name, example.code, producer, example.pooler));
        expect(oxc, example.title).toEqual(tseslint);
        expect(oxc, example.title).not.toHaveProperty("reason");
      }
    });
  }

  const fixtures = join(import.meta.dirname, "../../fixtures");
  for (const project of globSync("*/", { cwd: fixtures }).sort()) {
    it(`of fixtures/${project}`, () => {
      const [oxc, tseslint] = PRODUCERS.map((parser) => audit({ paths: [join(fixtures, project)], parser }));
      expect(said(oxc?.analysis ?? raise())).toEqual(said(tseslint?.analysis ?? raise()));
      expect(oxc?.report.findings).toEqual(tseslint?.report.findings);
      expect(oxc?.report.coverage).toEqual(tseslint?.report.coverage);
    });
  }

  it("of syntax that they describe in different ways", () => {
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

  it("of its own sources", () => {
    for (const name of globSync("../../src/**/*.ts", { cwd: import.meta.dirname, absolute: true }).sort()) {
      const text = readFileSync(name, "utf8");
      expect(analysed(name, text, "oxc"), name).toEqual(analysed(name, text, "typescript-eslint"));
    }
  });
});

describe("what one parser refuses", () => {
  it("is a CommonJS module with return at its top: taken all the same", () => {
    expect(parseSource("a.cjs", `if (off) return;\nrequire("pg");\n`)).toHaveProperty("file");
    expect(parseSource("a.js", `const await = 1;\n`)).toHaveProperty("file");
  });

  it("is JavaScript with the types of Flow: read without them, each thing in its place", () => {
    const code = `// @flow\nimport type { Options } from "./options";\nimport { Pool } from "pg";\nconst pool = new Pool();
export async function listen(channel: ?string, { all }: {| all: boolean |}): Promise<*> {
  if ((channel: any).length > 0) await pool.query("LISTEN changes");
}\n`;
    const parsed = parseSource("a.js", code);
    if ("reason" in parsed) throw new Error(parsed.reason);
    expect(
      analyzeFile(parsed.file).findings.map(({ ruleId, location: { range } }) => [
        ruleId,
        code.slice(range.start, range.end),
      ]),
    ).toEqual([["no-listen", "LISTEN"]]);
    expect(parsed.file.text).toBe(code);
    expect(parseSource("a.js", code.replace("@flow", "flow"))).toHaveProperty("reason");
    expect(parseSource("a.js", `// @flow\nconst = ;\n`)).toHaveProperty("reason");
  });

  it("and the other too is named with its place", () => {
    expect(parseSource("a.ts", `const a = 1;\nconst = ;\n`)).toEqual({
      reason: expect.stringMatching(/^syntax error at 2:7: /) as string,
    });
  });
});

function raise(): never {
  throw new Error("no analysis");
}
