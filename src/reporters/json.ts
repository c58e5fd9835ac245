import type { Report, ReportedFinding } from "../report.ts";

/** The keys of a finding in the order the contract lists them. */
const FINDING_KEYS = [
  "ruleId",
  "path",
  "line",
  "column",
  "endLine",
  "endColumn",
  "severity",
  "confidence",
  "effect",
  "message",
  "remedy",
  "sql",
  "breaksOn",
  "evidence",
  "fingerprint",
  "suppressed",
] as const satisfies readonly (keyof ReportedFinding)[];

/** A finding with its keys in order, without `sql` where there is none. */
const orderedFinding = (finding: ReportedFinding): Record<string, unknown> =>
  Object.fromEntries(
    FINDING_KEYS.filter((key) => key !== "sql" || finding.sql !== null).map((key) => [key, finding[key]]),
  );

/** The contract other tools read: schemaVersion 1. Same input, same bytes: no clock, no absolute path. */
export function reportAsJson(report: Report): string {
  const { tool, profile, verdict, reasons, coverage, findings, deployment, budget, exit } = report;
  const { connections, directConnections, libraries } = report;
  const shown = { schemaVersion: 1, tool, profile, verdict, reasons, coverage, findings: findings.map(orderedFinding) };
  return `${JSON.stringify({ ...shown, connections, directConnections, libraries, deployment, budget, exit }, null, 2)}\n`;
}
