import type { Report, ReportedFinding } from "../report/schema.ts";

/** An entry of GitLab's code quality report (GitLab documentation, "Code Quality report format"). */
interface GitlabIssue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: "info" | "minor" | "major" | "critical" | "blocker";
  readonly location: { readonly path: string; readonly lines: { readonly begin: number; readonly end: number } };
}

/** Findings for GitLab's merge request widget. Accepted ones are left out: the format has no word for them. */
export function reportAsGitlab({ findings }: Report): string {
  const issues = findings
    .filter(({ suppressed }) => suppressed === null)
    .map((finding): GitlabIssue => ({
      description: `${finding.message} ${finding.remedy}`,
      check_name: finding.ruleId,
      fingerprint: finding.fingerprint,
      severity: severityOf(finding),
      location: { path: finding.path, lines: { begin: finding.line, end: finding.endLine } },
    }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}

function severityOf({ severity, confidence, ruleId }: ReportedFinding): GitlabIssue["severity"] {
  if (severity === "info") return "info";
  if (severity === "warning") return "minor";
  if (ruleId === "no-session-identity" && confidence !== "possible") return "blocker";
  return confidence === "certain" ? "critical" : "major";
}
