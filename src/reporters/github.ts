import type { Confidence, Severity } from "../../analyzers/index.ts";
import { inert, wellFormed } from "../report/inert.ts";
import type { Report, ReportedFinding } from "../report/schema.ts";
import { plural } from "../words.ts";

const COMMANDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice" };
const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];
const CONFIDENCES: readonly Confidence[] = ["certain", "likely", "possible"];

/** GitHub shows so many annotations of each level for a step, and drops the rest (GitHub documentation, workflow commands). */
const SHOWN = 10;

/** Escapes as the runner reads it (actions/toolkit, packages/core/src/command.ts). */
const data = (words: string): string =>
  inert(words.replace(/\n/g, " ")).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
const property = (words: string): string => data(words).replace(/:/g, "%3A").replace(/,/g, "%2C");

/** Workflow commands that make annotations. The surest errors come first, for GitHub shows the first ten of each level only. */
export function reportAsGithub(report: Report): string {
  const open = report.findings
    .filter(({ suppressed }) => suppressed === null)
    .toSorted(
      (left, right) =>
        SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) ||
        CONFIDENCES.indexOf(left.confidence) - CONFIDENCES.indexOf(right.confidence),
    );
  const hidden = SEVERITIES.reduce(
    (sum, severity) => sum + Math.max(open.filter((finding) => finding.severity === severity).length - SHOWN, 0),
    0,
  );
  const verdict = `${report.verdict} for ${report.profile.poolMode} mode: ${report.reasons.join("; ") || "nothing was found"}`;
  const rest = hidden > 0 ? ` (${plural(hidden, "finding")} more than GitHub shows here)` : "";
  return wellFormed([...open.map(lineOf), `::notice title=pgbouncer-audit::${data(verdict + rest)}`, ""].join("\n"));
}

function lineOf({
  severity,
  path,
  line,
  column,
  endLine,
  endColumn,
  ruleId,
  message,
  remedy,
}: ReportedFinding): string {
  const place = [
    `file=${property(path)}`,
    `line=${String(line)}`,
    `endLine=${String(endLine)}`,
    // Columns are for one line only.
    ...(line === endLine ? [`col=${String(column)}`, `endColumn=${String(endColumn)}`] : []),
    `title=${property(ruleId)}`,
  ];
  return `::${COMMANDS[severity]} ${place.join(",")}::${data(`${message} ${remedy}`)}`;
}
