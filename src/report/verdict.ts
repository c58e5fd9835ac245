import { type Severity, shownUrl } from "../../analyzers/index.ts";
import type { AuditOptions } from "../audit-options.ts";
import { addressesOf } from "./connection-map.ts";
import { resolvedPercent } from "./coverage.ts";
import type { Report, ReportedFinding, Verdict } from "./schema.ts";
import { plural } from "../words.ts";

/** Below this share of resolved call sites an audit without errors proves nothing. */
const CONCLUSIVE_PERCENT = 80;

const SEVERITIES: readonly Severity[] = ["info", "warning", "error"];

/** What a verdict rests on. */
export interface VerdictParts {
  readonly findings: readonly ReportedFinding[];
  readonly poolMode: string;
  readonly callSites: Report["coverage"]["callSites"];
  readonly failedFiles: number;
  readonly unknownPackages: Report["coverage"]["unknownPackages"];
  readonly directConnections: Report["directConnections"];
  /** Names whose route the user declared, and that nothing was seen to use. */
  readonly unseenNames: readonly string[];
}

/**
 * - `not-ready`: an error that is certain or likely;
 * - else `inconclusive`: a file that should have been analysed was not, or uses a database package that is not understood, less than 80 % of the call sites are resolved, or there is none;
 * - else `ready-with-conditions`: warnings, errors that are only possible, accepted risks, or code on connections that have to stay direct;
 * - else `ready`.
 */
export function verdictOf({
  findings,
  poolMode,
  callSites,
  failedFiles,
  unknownPackages,
  directConnections,
  unseenNames,
}: VerdictParts): {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
} {
  // An ignore comment that is of no use says nothing of a pooler.
  const open = findings.filter((finding) => finding.suppressed === null && finding.ruleId !== "valid-suppression");
  const accepted = findings.filter(({ suppressed, severity }) => suppressed !== null && severity !== "info").length;
  const errors = open.filter(({ severity, confidence }) => severity === "error" && confidence !== "possible").length;
  const inCode = open.filter(
    ({ severity, confidence, ruleId }) =>
      severity === "error" && confidence !== "possible" && ruleId !== "pooler-config",
  ).length;
  const warnings = open.filter(({ severity }) => severity !== "info").length - errors;
  const total = callSites.resolved + callSites.partial + callSites.unresolved;
  const percent = resolvedPercent(callSites);

  const doubts: string[] = [];
  if (percent < CONCLUSIVE_PERCENT)
    doubts.push(
      `only ${percent.toFixed(1)} % of ${plural(total, "SQL call site")} could be resolved, ${String(CONCLUSIVE_PERCENT)} % are needed for a verdict`,
    );
  if (failedFiles > 0)
    doubts.push(`${plural(failedFiles, "file or folder", "files or folders")} could not be analysed`);
  const strangers = new Set(unknownPackages.flatMap(({ paths }) => paths));
  if (strangers.size > 0) {
    const names = unknownPackages.map((entry) => entry.package).join(", ");
    const [uses, sends] = strangers.size === 1 ? ["uses", "it sends"] : ["use", "they send"];
    doubts.push(`${plural(strangers.size, "file")} ${uses} ${names}: nothing is known of what ${sends}`);
  }
  if (total === 0) doubts.push("no SQL call site was found: nothing here reaches PostgreSQL in a way this tool knows");
  const reasons = [
    ...(inCode > 0 ? [`${plural(inCode, "error")}: code that fails in ${poolMode} mode`] : []),
    ...(errors > inCode ? [`${plural(errors - inCode, "error")} in how the pooler is set up`] : []),
    ...doubts,
    ...(warnings > 0 ? [`${plural(warnings, "warning")}: it depends on settings, versions or the connection`] : []),
    ...(accepted > 0 ? [`${plural(accepted, "risk")} accepted with a reason`] : []),
    ...directWords(directConnections),
    ...(unseenNames.length > 0 ? [`no connection was seen to use ${unseenNames.join(", ")}, which was declared`] : []),
  ];
  if (errors > 0) return { verdict: "not-ready", reasons };
  if (doubts.length > 0) return { verdict: "inconclusive", reasons };
  const hasConditions = warnings > 0 || accepted > 0 || directWords(directConnections).length > 0;
  return { verdict: hasConditions ? "ready-with-conditions" : "ready", reasons };
}

/** The condition that connections stay direct on which SQL is sent. */
function directWords(directConnections: Report["directConnections"]): readonly string[] {
  const used = directConnections.filter(({ callSites }) => callSites.length > 0);
  if (used.length === 0) return [];
  const places = new Set(used.flatMap(({ callSites }) => callSites.map(({ path, line }) => `${path}:${String(line)}`)));
  const names = addressesOf(used).map(shownUrl);
  const named = names.length === 0 ? "" : ` (${names.join(", ")})`;
  return [
    `${plural(used.length, "direct connection")}${named}, used at ${plural(places.size, "place")}: past the pooler; keep it so`,
  ];
}

/** What the exit code goes by. */
export type Gate = Pick<AuditOptions, "failOn" | "minCoverage">;

/** What the gate says: 1 when a finding reaches its level, or when coverage is below the minimum. */
export function exitOf(findings: readonly ReportedFinding[], options: Gate, percent: number): Report["exit"] {
  const reasons: string[] = [];
  const { failOn = "error", minCoverage } = options;
  if (failOn !== "never") {
    const counted = findings.filter(
      ({ suppressed, severity }) => suppressed === null && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(failOn),
    );
    if (counted.length > 0) reasons.push(`${plural(counted.length, "finding")} of level ${failOn} or above`);
  }
  if (minCoverage !== undefined && percent < minCoverage)
    reasons.push(`coverage ${percent.toFixed(1)} % is below ${String(minCoverage)} %`);
  return { code: reasons.length > 0 ? 1 : 0, reasons };
}
