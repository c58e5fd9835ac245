import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../../analyzers/index.ts";
import { formatters, type Report } from "../../src/index.ts";
import { schemas } from "../../src/generate-docs.ts";
import { hostileReport, reportOf } from "../support/reports.ts";
import { gitlabProblems, junitProblems, reportProblems, sarifProblems } from "../support/validators.ts";

const root = join(import.meta.dirname, "../..");

const cases: readonly (readonly [string, () => Report])[] = [
  ...readdirSync(join(root, "fixtures")).map((name) => [name, () => reportOf(name)] as const),
  ["a report full of hostile text", hostileReport],
];

describe.each(cases)("%s", (_, report) => {
  it("is valid in JSON, SARIF, GitLab's format and JUnit", async () => {
    expect(reportProblems(formatters.json(report()))).toEqual([]);
    expect(sarifProblems(formatters.sarif(report()))).toEqual([]);
    expect(gitlabProblems(formatters.gitlab(report()))).toEqual([]);
    expect(await junitProblems(formatters.junit(report()))).toEqual([]);
  });
});

describe("the validators", () => {
  it("see what is wrong", async () => {
    const report = reportOf("tenant-api");
    expect(reportProblems(formatters.json(report).replace('"not-ready"', '"nearly"'))).not.toEqual([]);
    expect(sarifProblems(formatters.sarif(report).replace('"error"', '"grave"'))).not.toEqual([]);
    expect(gitlabProblems(formatters.gitlab(report).replace(/"severity": "\w+"/, '"severity": "grave"'))).not.toEqual(
      [],
    );
    expect(await junitProblems(formatters.junit(report).replace("<testsuite ", "<suite "))).not.toEqual([]);
  });
});

describe("the published schemas", () => {
  it("are those of the code", () => {
    for (const [name, schema] of Object.entries(schemas()))
      expect(JSON.parse(readFileSync(join(root, "docs/schemas", name), "utf8")), name).toEqual(
        JSON.parse(JSON.stringify(schema)),
      );
  });
});

describe("SARIF", () => {
  interface Log {
    readonly runs: readonly {
      readonly tool: { readonly driver: { readonly rules: readonly Record<string, unknown>[] } };
      readonly results: readonly Record<string, unknown>[];
    }[];
  }
  const [run] = (JSON.parse(formatters.sarif(reportOf("tenant-api"))) as Log).runs;

  it("lists every rule, with what GitHub asks of each", () => {
    const listed = run?.tool.driver.rules ?? [];
    expect(listed.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    for (const rule of listed) {
      expect(rule).toMatchObject({
        shortDescription: { text: expect.stringMatching(/./) as string },
        fullDescription: { text: expect.stringMatching(/./) as string },
        help: { text: expect.stringMatching(/./) as string, markdown: expect.stringMatching(/./) as string },
        helpUri: expect.stringMatching(/^https:\/\/github\.com\/.*\.md$/) as string,
        properties: { precision: expect.stringMatching(/^(?:very-high|high|medium|low)$/) as string },
      });
    }
    const secure = listed.filter(({ properties }) => "security-severity" in (properties as object)).map(({ id }) => id);
    expect(secure).toEqual(["no-session-identity"]);
  });

  it("has for each finding a region with four coordinates, a fingerprint, and the way to it", () => {
    const report = reportOf("tenant-api");
    expect(run?.results).toHaveLength(report.findings.length);
    const result = run?.results.find(({ ruleId }) => ruleId === "no-session-identity");
    const finding = report.findings.find(({ ruleId }) => ruleId === "no-session-identity");
    expect(result).toMatchObject({
      level: "error",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: finding?.path, uriBaseId: "%SRCROOT%" },
            region: {
              startLine: finding?.line,
              startColumn: finding?.column,
              endLine: finding?.endLine,
              endColumn: finding?.endColumn,
            },
          },
        },
      ],
      partialFingerprints: { "pgbouncerAudit/v1": finding?.fingerprint },
    });
    const withWay = run?.results.filter((one) => "codeFlows" in one) ?? [];
    expect(withWay).toHaveLength(report.findings.filter(({ evidence }) => evidence.length > 0).length);
  });

  it("writes paths as URIs", () => {
    const report = reportOf("tenant-api");
    const [first] = report.findings;
    if (first === undefined) throw new Error("no finding");
    const text = formatters.sarif({ ...report, findings: [{ ...first, path: "src/a b#c%d/é?.ts" }] });
    expect(text).toContain('"uri": "src/a%20b%23c%25d/%C3%A9%3F.ts"');
  });

  it("says who accepted what", () => {
    const report = reportOf("tenant-api");
    const findings = report.findings.map((finding) => ({
      ...finding,
      suppressed: { kind: "inline" as const, reason: "agreed", owner: null, expires: null, path: "a.ts", line: 1 },
    }));
    const log = JSON.parse(formatters.sarif({ ...report, findings })) as Log;
    expect(log.runs[0]?.results[0]?.["suppressions"]).toEqual([
      { kind: "inSource", status: "accepted", justification: "agreed" },
    ]);
  });
});
