import { createRequire } from "node:module";
import { rules } from "../../analyzers/index.ts";
import { resolvedPercent } from "../report/coverage.ts";
import { wellFormed } from "../report/inert.ts";
import type { Report, ReportedFinding } from "../report/schema.ts";

const require = createRequire(import.meta.url);

/** Characters that XML 1.0 has no way to write (section 2.2, Char). */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

// The library writes long texts as CDATA, which nothing can escape.
const xml = (words: string): string => wellFormed(words).replace(NOT_XML, "\ufffd").replaceAll("]]>", "]] >");

/**
 * JUnit's XML, as Jenkins and GitLab read it: a suite for each rule, those that report nothing passed, and one for the verdict. Notes and accepted
 * findings are skipped cases. No time and no host name: the same input gives the same bytes.
 */
export function reportAsJunit(report: Report): string {
  // Loaded when needed: it takes a fifth of the time in which everything else is loaded.
  const builder = require("junit-report-builder") as (typeof import("junit-report-builder"))["default"];
  const made = builder.newBuilder();
  made.name(report.tool.name);
  const { resolved, partial, unresolved } = report.coverage.callSites;
  const whole = made.testSuite().name("audit");
  const verdict = whole.testCase().className("audit").name(`ready for ${report.profile.poolMode} mode`);
  const words = [
    `verdict: ${report.verdict}`,
    ...report.reasons,
    `SQL call sites: ${String(resolved + partial + unresolved)}, ${resolvedPercent(report.coverage.callSites).toFixed(1)} % resolved`,
  ];
  verdict.standardOutput(xml(words.join("\n")));
  if (report.exit.code === 1) verdict.failure(xml(report.exit.reasons.join("; ")), report.verdict);

  for (const rule of rules) {
    const suite = made.testSuite().name(rule.id);
    const findings = report.findings.filter(({ ruleId }) => ruleId === rule.id);
    if (findings.length === 0) suite.testCase().className(rule.id).name(xml(rule.summary));
    for (const finding of findings) {
      const test = suite
        .testCase()
        .className(rule.id)
        .name(xml(nameOf(finding)))
        .file(xml(finding.path));
      const accepted = finding.suppressed === null ? [] : [`accepted: ${finding.suppressed.reason}`];
      const details = [finding.message, finding.remedy, ...accepted].join("\n");
      if (finding.severity === "info" || finding.suppressed !== null) test.skipped().standardOutput(xml(details));
      else {
        test.failure(xml(finding.message), finding.severity);
        test.stacktrace(xml([details, ...detailsOf(finding)].join("\n")));
      }
    }
  }
  return `${made.build().trimEnd()}\n`;
}

const nameOf = ({ path, line, column }: ReportedFinding): string => `${path}:${String(line)}:${String(column)}`;

const detailsOf = (finding: ReportedFinding): string[] => [
  `${finding.effect} · ${finding.confidence}`,
  ...finding.evidence.map(({ message, path, line }) => `${message}: ${path}:${String(line)}`),
  `at ${nameOf(finding)}`,
];
