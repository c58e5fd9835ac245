import { resolve } from "node:path";
import { type ProjectAnalysis, rules, type Severity, type SourceLocation } from "../../analyzers/index.ts";
import type { AuditOptions } from "../audit-options.ts";
import { type Discovered, total } from "../discovery/discover.ts";
import type { NotAnalysed } from "../discovery/walk.ts";
import type { FileStore } from "../file-store.ts";
import { version } from "../version.ts";
import { changeSince } from "./change.ts";
import { conditionsOf } from "./conditions.ts";
import { addressWords, mapConnections, reportConnections, reportDirect, unseenNames } from "./connection-map.ts";
import { countCallSites, countConnections, listNotAnalysed, resolvedPercent, unreadSql } from "./coverage.ts";
import { reportBudget, reportProfile } from "./deployment.ts";
import { reportFindings } from "./findings.ts";
import { listLibraries } from "./libraries.ts";
import { LIMITS } from "./limits.ts";
import { type LineIndex, makeLineIndex } from "./line-index.ts";
import { listSafeFeatures } from "./safe-features.ts";
import type { Report, ReportedFinding, ReportedPlace, ReportedWorkspace } from "./schema.ts";
import { listUnresolved } from "./unresolved.ts";
import { exitOf, type VerdictParts, verdictOf } from "./verdict.ts";
import { makeWorkspaces, type Workspaces } from "./workspaces.ts";

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
export function assembleReport(parts: ReportParts): Report {
  const { options, found, analysis, files, strangers, nameOf } = parts;
  const audited = new Set([...found.sourceFiles, ...found.sqlFiles]);
  const deployment = new Set(found.deploymentFiles);
  const isAudited = ({ location }: { readonly location: SourceLocation }): boolean =>
    audited.has(location.file) || deployment.has(location.file);
  const placeOf = makePlacer(files, nameOf);
  const workspaces = makeWorkspaces(found.root, found.packages);

  const conditioned = reportFindings(analysis.findings.filter(isAudited), {
    levelOf: levelsOf(options),
    files,
    connections: analysis.connections,
    placeOf,
    workspaceOf: workspaces.of,
  });
  const findings = conditioned.map(({ finding }) => finding);

  const unread = files.notAnalysed().filter(({ path }) => audited.has(path));
  const unreadParts = unreadSql(analysis.callSites.filter(isAudited), (location) => placeOf(location).line);
  const problems = [...found.notAnalysed, ...unread, ...unreadParts];
  const callSites = countCallSites(analysis.callSites.filter(isAudited));
  const mapped = mapConnections(analysis, isAudited, placeOf);
  const doubts = new Map(analysis.directDoubts.map(({ connection, words }) => [connection, words]));
  const connections = reportConnections(mapped, {
    workspaceOf: workspaces.of,
    reasonFor: () => null,
    doubtOf: (connection) => doubts.get(connection) ?? null,
  });
  const directConnections = reportDirect(mapped);
  const libraries = listLibraries(analysis.libraryUses.filter(isAudited), placeOf);
  const unresolved = listUnresolved(analysis.callSites.filter(isAudited), placeOf, workspaces.of);
  const failed = problems.filter((problem) => problem.failed).length;
  const judged: VerdictParts = {
    findings,
    poolMode: analysis.profile.poolMode,
    callSites,
    failedFiles: failed,
    strangers,
    directConnections,
    unseenNames: unseenNames([...(options.direct ?? []), ...(options.pooled ?? [])], connections, libraries),
  };
  return {
    schemaVersion: 1,
    tool: { name: "pgbouncer-audit", version },
    profile: reportProfile(analysis.profile, analysis.resolved, placeOf),
    ...verdictOf(judged),
    scope: scopeOf(parts),
    workspaces: workspacesOf(workspaces, judged, { ...parts, problems, isAudited }),
    coverage: {
      files: {
        analysed: audited.size - unread.length - unreadParts.length,
        skipped: total(found.skipped) + unread.filter((problem) => !problem.failed).length,
        failed,
      },
      callSites,
      connections: countConnections(analysis.connections.filter(isAudited)),
      notAnalysed: notAnalysedOf(parts, problems, isAudited),
    },
    conditions: conditionsOf({
      findings: conditioned,
      connections,
      directConnections,
      unresolved,
      nameOfDirect: ({ urls, driver }) =>
        urls.some(({ kind }) => kind !== "unknown") ? addressWords(urls) : `the direct connection of ${driver}`,
    }),
    findings,
    unresolved,
    connections,
    directConnections,
    libraries,
    deployment: analysis.checks,
    budget: reportBudget(analysis.budget, placeOf),
    acceptedRisks: acceptedRisks(findings),
    safeFeatures: listSafeFeatures(
      analysis.statementUses.filter(({ site }) => isAudited(site)),
      makeIsReported(analysis),
      placeOf,
    ),
    limits: LIMITS,
    change: options.previous === undefined ? null : changeSince(options.previous, findings, callSites),
    exit: exitOf(findings, options, resolvedPercent(callSites)),
  };
}

/** The level of a rule, where the user says one. */
const levelsOf =
  ({ ruleLevels = {} }: AuditOptions) =>
  (ruleId: string): Severity | "off" | undefined =>
    ruleLevels[ruleId];

const acceptedRisks = (findings: readonly ReportedFinding[]): Report["acceptedRisks"] =>
  findings.flatMap(({ ruleId, path, line, message, severity, effect, fingerprint, suppressed }) =>
    suppressed === null ? [] : [{ ruleId, path, line, message, severity, effect, fingerprint, accepted: suppressed }],
  );

/** Whether a rule said anything at a place. */
function makeIsReported({ findings }: ProjectAnalysis): (location: SourceLocation) => boolean {
  const key = ({ file, range }: SourceLocation): string => `${file}:${String(range.start)}`;
  const reported = new Set(findings.map(({ location }) => key(location)));
  return (location) => reported.has(key(location));
}

function notAnalysedOf(
  { analysis, files, found, strangers, nameOf }: ReportParts,
  problems: readonly NotAnalysed[],
  isAudited: (found: { readonly location: SourceLocation }) => boolean,
): Report["coverage"]["notAnalysed"] {
  const audited = new Set([...found.sourceFiles, ...found.sqlFiles]);
  const deployment = new Set(found.deploymentFiles);
  const unfamiliar = [...strangers].map(([path, packages]) => ({
    path,
    reason: `uses ${packages.join(", ")}, which this version does not understand`,
    failed: false,
  }));
  const unreadDeployment = [
    ...analysis.unreadFiles.map(({ file, reason }) => ({ path: file, reason, failed: false })),
    ...files.notAnalysed().filter(({ path, failed }) => failed && deployment.has(path) && !audited.has(path)),
  ];
  return listNotAnalysed([...problems, ...unreadDeployment, ...unfamiliar], analysis.limits.filter(isAudited), nameOf);
}

function scopeOf({ options, found, nameOf }: ReportParts): Report["scope"] {
  const paths = (options.paths ?? []).length === 0 ? ["."] : (options.paths ?? []);
  return {
    // A path from elsewhere would name a folder of the machine.
    paths: paths
      .map((path) => nameOf(resolve(options.cwd ?? process.cwd(), path)))
      .map((path) => (path.startsWith("..") ? "." : path)),
    configuration: null,
    baseline: null,
    since: null,
    rules: {
      count: rules.length,
      levels: Object.entries(options.ruleLevels ?? {}).map(([id, level]) => ({ id, level })),
    },
    excluded: [...found.skipped].map(([why, count]) => ({ what: "files and folders", why, count })),
  };
}

interface WorkspaceParts extends ReportParts {
  readonly problems: readonly NotAnalysed[];
  readonly isAudited: (found: { readonly location: SourceLocation }) => boolean;
}

/** Each package of the project with a verdict of its own. */
function workspacesOf(
  workspaces: Workspaces,
  judged: VerdictParts,
  { found, files, analysis, problems, strangers, nameOf, isAudited }: WorkspaceParts,
): ReportedWorkspace[] {
  const group = <Item>(items: readonly Item[], pathOf: (item: Item) => string): ReadonlyMap<string, Item[]> => {
    const groups = new Map<string, Item[]>();
    for (const item of items) {
      const folder = workspaces.of(pathOf(item));
      groups.set(folder, [...(groups.get(folder) ?? []), item]);
    }
    return groups;
  };
  const findings = group(judged.findings, ({ path }) => path);
  const sites = group(analysis.callSites.filter(isAudited), ({ location }) => nameOf(location.file));
  const direct = group(judged.directConnections, ({ path }) => path);
  const open = group(problems, ({ path }) => nameOf(path));
  const strange = group([...strangers], ([path]) => nameOf(path));
  const read = group([...found.sourceFiles, ...found.sqlFiles], nameOf);
  const unread = new Set(files.notAnalysed().map(({ path }) => path));
  return workspaces.all.map(({ name, path }) => {
    const own = findings.get(path) ?? [];
    const callSites = countCallSites(sites.get(path) ?? []);
    const failed = (open.get(path) ?? []).filter((problem) => problem.failed).length;
    const all = read.get(path) ?? [];
    const analysed = all.filter((file) => !unread.has(file)).length;
    const count = (severity: Severity): number =>
      own.filter((finding) => finding.suppressed === null && finding.severity === severity).length;
    const isIdle =
      callSites.resolved + callSites.partial + callSites.unresolved === 0 &&
      own.every(({ severity }) => severity === "info") &&
      (strange.get(path) ?? []).length === 0;
    const { verdict, reasons } = verdictOf({
      findings: own,
      poolMode: judged.poolMode,
      callSites,
      failedFiles: failed,
      strangers: new Map(strange.get(path) ?? []),
      directConnections: direct.get(path) ?? [],
      unseenNames: [],
    });
    return {
      name,
      path,
      verdict: isIdle ? null : verdict,
      reasons: isIdle ? ["nothing in it reaches PostgreSQL in a way this tool knows"] : reasons,
      poolMode: judged.poolMode,
      files: { analysed, skipped: all.length - analysed, failed },
      callSites,
      findings: {
        error: count("error"),
        warning: count("warning"),
        info: count("info"),
        suppressed: own.filter(({ suppressed }) => suppressed !== null).length,
      },
    };
  });
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
