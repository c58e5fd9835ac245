import { resolvedPercent } from "./coverage.ts";
import { pairByFingerprint } from "./fingerprint.ts";
import type { Report } from "./schema.ts";

/** What changed since a previous report: findings that are new and those that are gone; accepted ones are counted like all others. */
export function changeSince(
  previous: Report,
  findings: Report["findings"],
  callSites: Report["coverage"]["callSites"],
): NonNullable<Report["change"]> {
  const pairs = pairByFingerprint(findings, previous.findings);
  const kept = new Set(pairs.values());
  return {
    previous: { tool: previous.tool.version, verdict: previous.verdict, findings: previous.findings.length },
    added: findings.filter((finding) => !pairs.has(finding)).map(({ fingerprint }) => fingerprint),
    fixed: previous.findings
      .filter((finding) => !kept.has(finding))
      .map(({ ruleId, path, line, severity, message, fingerprint }) => ({
        ruleId,
        path,
        line,
        severity,
        message,
        fingerprint,
      })),
    kept: pairs.size,
    coverage: {
      before: rounded(resolvedPercent(previous.coverage.callSites)),
      after: rounded(resolvedPercent(callSites)),
    },
  };
}

const rounded = (percent: number): number => Math.round(percent * 10) / 10;
