import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyzeFile, mayReachPostgres } from "../../analyzers/index.ts";
import { readSql } from "../../analyzers/sql/read-sql.ts";
import { moduleLinks } from "../../src/module-links.ts";
import { parseSource } from "../../src/parse-source.ts";
import { mutantsOf, seeds } from "./mutants.ts";

/** How many mutants of each kind: `MUTANTS=50000`. The time it takes is written down where somebody asked for many. */
const RUNS = Number(process.env["MUTANTS"] ?? 300);
const options: fc.Parameters<[string]> = {
  numRuns: RUNS,
  ...(process.env["MUTANTS"] === undefined ? { seed: 7 } : {}),
};
const TIMEOUT = 3_600_000;
/** Milliseconds after which a mutant is worth a look. */
const SLOW = 1_000;

/** Runs something on mutants, and tells which took long. */
function survive(texts: readonly string[], run: (text: string) => unknown): void {
  const slow: string[] = [];
  let analysed = 0;
  fc.assert(
    fc.property(mutantsOf(texts), (text) => {
      const begun = performance.now();
      if (run(text) !== undefined) analysed++;
      const taken = performance.now() - begun;
      if (taken > SLOW) slow.push(`${taken.toFixed(0)} ms: ${JSON.stringify(text)}`);
    }),
    options,
  );
  expect(analysed).toBeGreaterThan(RUNS / 20);
  if (process.env["MUTANTS"] !== undefined)
    console.log(
      `${String(RUNS)} mutants, ${String(analysed)} of them analysed, ${String(slow.length)} slow\n${slow.join("\n")}`,
    );
}

describe("whatever is done to a text, it is survived", () => {
  it("a source file", { timeout: TIMEOUT }, () => {
    survive(seeds("source"), (text) => {
      mayReachPostgres(text);
      moduleLinks(text);
      const parsed = parseSource("mutant.tsx", text, "oxc");
      return "file" in parsed ? analyzeFile(parsed.file) : undefined;
    });
  });

  it("SQL", { timeout: TIMEOUT }, () => {
    survive(seeds("sql"), (text) => {
      const { statements } = readSql([
        { kind: "text", value: text, location: { file: "mutant.sql", range: { start: 0, end: text.length } } },
      ]);
      for (const { location } of statements) {
        expect(location.range.start).toBeGreaterThanOrEqual(0);
        expect(location.range.end).toBeLessThanOrEqual(text.length);
      }
      return statements.length > 0 ? statements : undefined;
    });
  });
});
