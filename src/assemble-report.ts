import { join, sep } from "node:path";
import type { ProjectAnalysis, SourceLocation } from "../analyzers/index.ts";
import type { AuditOptions } from "./audit-options.ts";
import { mapConnections, reportConnections, reportDirect, unseenNames } from "./connection-map.ts";
import { countCallSites, countConnections, listNotAnalysed, resolvedPercent, unreadSql } from "./coverage.ts";
import type { Discovered } from "./discovery/discover.ts";
import type { FileStore } from "./file-store.ts";
import { listLibraries } from "./list-libraries.ts";
import { makeLineIndex, type LineIndex } from "./line-index.ts";
import { reportBudget, reportProfile } from "./report-deployment.ts";
import { reportFindings } from "./report-findings.ts";
import type { Report, ReportedPlace } from "./report.ts";
import { exitOf, verdictOf } from "./verdict.ts";
import { version } from "./version.ts";

/** What a report is made from. */
export interface ReportParts {
  readonly options: AuditOptions;
  readonly found: Discovered;
  readonly analysis: ProjectAnalysis;
  readonly files: FileStore;
  /** Database packages that are not understood, by the absolute path of the file that imports them. */
  readonly strangers: ReadonlyMap<string, readonly string[]>;
  /** The name of an absolute path in the report. */
  readonly nameOf: (path: string) => string;
}

/**
 * Makes the report of an audit. What an import led to outside the files asked for is no part of it: such files were read to understand the
 * others, not to be judged.
 */
export function assembleReport({ options, found, analysis, files, strangers, nameOf }: ReportParts): Report {
  const audited = new Set([...found.sourceFiles, ...found.sqlFiles]);
  const deployment = new Set(found.deploymentFiles);
  const isAudited = ({ location }: { readonly location: SourceLocation }): boolean =>
    audited.has(location.file) || deployment.has(location.file);
  const placeOf = makePlacer(files, nameOf);

  const findings = reportFindings(analysis.findings.filter(isAudited), {
    ruleLevels: options.ruleLevels ?? {},
    files,
    placeOf,
  });
  const unread = files.notAnalysed().filter(({ path }) => audited.has(path));
  const unreadParts = unreadSql(analysis.callSites.filter(isAudited), (location) => placeOf(location).line);
  const problems = [...found.notAnalysed, ...unread, ...unreadParts];
  const unfamiliar = [...strangers].map(([path, packages]) => ({
    path,
    reason: `uses ${packages.join(", ")}, which this version does not understand`,
    failed: false,
  }));
  const unreadDeployment = [
    ...analysis.unreadFiles.map(({ file, reason }) => ({ path: file, reason, failed: false })),
    ...files.notAnalysed().filter(({ path, failed }) => failed && deployment.has(path) && !audited.has(path)),
  ];
  const failed = problems.filter((problem) => problem.failed).length;
  const callSites = countCallSites(analysis.callSites.filter(isAudited));
  const mapped = mapConnections(analysis, isAudited, placeOf);
  const connections = reportConnections(mapped);
  const directConnections = reportDirect(mapped);
  const libraries = listLibraries(analysis.libraryUses.filter(isAudited), placeOf);
  const unseen = unseenNames([...(options.direct ?? []), ...(options.pooled ?? [])], connections, libraries);
  return {
    root: found.root,
    tool: { name: "pgbouncer-audit", version },
    profile: reportProfile(analysis.profile, analysis.resolved, placeOf),
    ...verdictOf({
      findings,
      poolMode: analysis.profile.poolMode,
      callSites,
      failedFiles: failed,
      strangers,
      directConnections,
      unseenNames: unseen,
    }),
    coverage: {
      files: {
        analysed: audited.size - unread.length - unreadParts.length,
        skipped: found.skipped + unread.filter((problem) => !problem.failed).length,
        failed,
      },
      callSites,
      connections: countConnections(analysis.connections.filter(isAudited)),
      notAnalysed: listNotAnalysed(
        [...problems, ...unreadDeployment, ...unfamiliar],
        analysis.limits.filter(isAudited),
        nameOf,
      ),
    },
    findings,
    connections,
    directConnections,
    libraries,
    deployment: analysis.checks,
    budget: reportBudget(analysis.budget, placeOf),
    exit: exitOf(findings, options, resolvedPercent(callSites)),
    textOf: (path) => files.textOf(join(found.root, path.split("/").join(sep))),
  };
}

/** Turns offsets into lines and columns. */
function makePlacer(files: FileStore, nameOf: (path: string) => string): (location: SourceLocation) => ReportedPlace {
  const indexes = new Map<string, LineIndex>();
  return ({ file, range }) => {
    let index = indexes.get(file);
    if (index === undefined) {
      index = makeLineIndex(files.textOf(file) ?? "");
      indexes.set(file, index);
    }
    const start = index.positionOf(range.start);
    const end = index.positionOf(range.end);
    return { path: nameOf(file), line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  };
}
