import type { Severity } from "../../analyzers/index.ts";
import { conditionsOf } from "./conditions.ts";
import { resolvedPercent } from "./coverage.ts";
import type { Report, ReportedFinding, ReportedWorkspace } from "./schema.ts";
import { exitOf, type Gate, verdictOf } from "./verdict.ts";

/** What was seen, before anything is concluded from it. */
export interface ReportFacts extends Omit<
  Report,
  "verdict" | "reasons" | "conditions" | "acceptedRisks" | "exit" | "workspaces"
> {
  readonly workspaces: readonly Omit<ReportedWorkspace, "verdict" | "reasons" | "findings">[];
}

/** Which findings are listed, and what the exit code goes by. */
export interface Listing extends Gate {
  /** Whether a finding is listed; all count for the verdict. Default: each is. */
  readonly isListed?: (finding: ReportedFinding) => boolean;
}

/** Draws the conclusions of a report: verdicts, conditions, accepted risks, exit code. */
export function conclude(facts: ReportFacts, { isListed = () => true, ...gate }: Listing): Report {
  const { findings, coverage, connections, directConnections, unresolved, scope } = facts;
  const listed = findings.filter(isListed);
  const hidden = findings.length - listed.length;
  const judged = verdictOf({
    findings,
    poolMode: facts.profile.poolMode,
    callSites: coverage.callSites,
    failedFiles: coverage.files.failed,
    unknownPackages: coverage.unknownPackages,
    directConnections,
    unseenNames: scope.unusedDeclarations,
  });
  const concluded: Pick<Report, "verdict" | "reasons" | "conditions" | "acceptedRisks" | "exit" | "workspaces"> = {
    verdict: judged.verdict,
    reasons: [
      ...judged.reasons,
      ...(hidden > 0 && scope.since !== null
        ? [
            `${String(hidden)} of ${String(findings.length)} findings are not listed: nothing of them changed since ${scope.since}`,
          ]
        : []),
    ],
    conditions: conditionsOf({ findings, connections, directConnections, unresolved }),
    acceptedRisks: acceptedRisks(findings),
    exit: exitOf(listed, gate, resolvedPercent(coverage.callSites)),
    workspaces: facts.workspaces.map((workspace) => concludeWorkspace(workspace, facts)),
  };
  return { ...facts, findings: listed, ...concluded };
}

const acceptedRisks = (findings: readonly ReportedFinding[]): Report["acceptedRisks"] =>
  findings.flatMap(({ ruleId, path, line, message, severity, effect, fingerprint, suppressed }) =>
    suppressed === null ? [] : [{ ruleId, path, line, message, severity, effect, fingerprint, accepted: suppressed }],
  );

function concludeWorkspace(
  workspace: ReportFacts["workspaces"][number],
  { findings, coverage, directConnections, workspaces }: ReportFacts,
): ReportedWorkspace {
  const inner = workspaces.filter(({ path }) => path !== workspace.path && isWithin(path, workspace.path));
  const isOwn = ({ path }: { readonly path: string }): boolean =>
    isWithin(path, workspace.path) && !inner.some((other) => isWithin(path, other.path));
  const own = findings.filter((finding) => finding.workspace === workspace.path);
  const { resolved, partial, unresolved } = workspace.callSites;
  const unknownPackages = coverage.unknownPackages
    .map((entry) => ({ ...entry, paths: entry.paths.filter((path) => isOwn({ path })) }))
    .filter(({ paths }) => paths.length > 0);
  const isIdle =
    resolved + partial + unresolved === 0 &&
    own.every(({ severity }) => severity === "info") &&
    unknownPackages.length === 0;
  const { verdict, reasons } = verdictOf({
    findings: own,
    poolMode: workspace.poolMode,
    callSites: workspace.callSites,
    failedFiles: workspace.files.failed,
    unknownPackages,
    directConnections: directConnections.filter(isOwn),
    unseenNames: [],
  });
  const count = (severity: Severity): number =>
    own.filter((finding) => finding.suppressed === null && finding.severity === severity).length;
  return {
    ...workspace,
    verdict: isIdle ? null : verdict,
    reasons: isIdle ? ["nothing in it reaches PostgreSQL in a way this tool knows"] : reasons,
    findings: {
      error: count("error"),
      warning: count("warning"),
      info: count("info"),
      suppressed: own.filter(({ suppressed }) => suppressed !== null).length,
    },
  };
}

/** Whether a path is in a folder; everything is in `.`. */
export const isWithin = (path: string, folder: string): boolean =>
  folder === "." || path === folder || path.startsWith(`${folder}/`);
