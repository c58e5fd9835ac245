import { Linter } from "eslint";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as tsParser from "@typescript-eslint/parser";
import { globSync } from "glob";
import { describe, expect, it } from "vitest";
import { configs } from "../../eslint-plugin/src/index.ts";
import { audit } from "../../src/index.ts";
import type { Producer } from "../../src/parse-source.ts";

/** A finding that a project's expected.json lists, written by hand from what PgBouncer does. */
interface Expected {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  /** The text under the finding. */
  readonly at: string;
  readonly confidence: string;
}

const fixtures = join(import.meta.dirname, "../../fixtures");
const projects = readdirSync(fixtures);

function found(project: string, parser?: Producer): Expected[] {
  const { report } = audit({ paths: [join(fixtures, project)], ...(parser === undefined ? {} : { parser }) });
  return report.findings
    .filter((finding) => finding.ruleId !== "unresolved-sql")
    .map((finding) => {
      const line = readFileSync(join(fixtures, project, finding.path), "utf8").split("\n")[finding.line - 1] ?? "";
      return {
        rule: finding.ruleId,
        path: finding.path,
        line: finding.line,
        at: line.slice(finding.column - 1, finding.endColumn - 1),
        confidence: finding.confidence,
      };
    });
}

for (const project of projects) {
  describe(project, () => {
    it("has exactly the findings that were expected", () => {
      const expected = JSON.parse(readFileSync(join(fixtures, project, "expected.json"), "utf8")) as Expected[];
      expect(found(project)).toEqual(expected);
    });

    it("has the same findings whoever parses it", () => {
      const reports = (["oxc", "typescript-eslint"] as const).map(
        (parser) => audit({ paths: [join(fixtures, project)], parser }).report,
      );
      expect(reports[0]?.findings).toEqual(reports[1]?.findings);
      expect(reports[0]?.coverage).toEqual(reports[1]?.coverage);
    });

    it("shows in the editor only what the command finds too", () => {
      const { report } = audit({ paths: [join(fixtures, project)] });
      const command = new Set(
        report.findings.map(
          (finding) =>
            `${finding.ruleId} ${finding.path}:${String(finding.line)}:${String(finding.column)}-${String(finding.endLine)}:${String(finding.endColumn)}`,
        ),
      );
      for (const path of globSync("**/*.{ts,js}", { cwd: join(fixtures, project), posix: true })) {
        const code = readFileSync(join(fixtures, project, path), "utf8");
        const config = {
          ...configs.recommended,
          files: ["**/*.ts", "**/*.js"],
          languageOptions: { parser: tsParser, sourceType: "module" },
        } as Linter.Config;
        const messages = new Linter().verify(code, [config], { filename: path });
        const editor = messages.map(
          (message) =>
            `${String(message.ruleId).replace("pgbouncer/", "")} ${path}:${String(message.line)}:${String(message.column)}-${String(message.endLine)}:${String(message.endColumn)}`,
        );
        expect(editor.filter((finding) => !command.has(finding))).toEqual([]);
      }
    });
  });
}
