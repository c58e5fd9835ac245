import type { Report } from "../report.ts";

/** The contract other tools read: schemaVersion 1. Same input, same bytes: no clock, no absolute path. */
export function reportAsJson(report: Report): string {
  const { tool, profile, verdict, reasons, coverage, findings, directConnections, deployment, exit } = report;
  return `${JSON.stringify({ schemaVersion: 1, tool, profile, verdict, reasons, coverage, findings: findings.map(orderedFinding), directConnections, deployment, exit }, null, 2)}\n`;
}

/** Keys in the order the contract lists them. */
function orderedFinding(finding: Report["findings"][number]): Record<string, unknown> {
  const {
    ruleId,
    path,
    line,
    column,
    endLine,
    endColumn,
    severity,
    confidence,
    effect,
    message,
    remedy,
    sql,
    breaksOn,
    evidence,
    fingerprint,
    suppressed,
  } = finding;
  return {
    ruleId,
    path,
    line,
    column,
    endLine,
    endColumn,
    severity,
    confidence,
    effect,
    message,
    remedy,
    ...(sql === null ? {} : { sql }),
    breaksOn,
    evidence,
    fingerprint,
    suppressed,
  };
}
