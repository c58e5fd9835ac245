import { join, resolve, sep } from "node:path";
import {
  type Connection,
  namesOfUrl,
  type ProjectAnalysis,
  rules,
  type SourceLocation,
} from "../../analyzers/index.ts";
import type { AuditOptions } from "../audit-options.ts";
import { applyBaseline } from "../baseline/apply.ts";
import type { Baseline } from "../baseline/baseline-file.ts";
import type { ChangedLines } from "../changed-lines.ts";
import type { Settings } from "../configuration/settings.ts";
import { type Discovered, total } from "../discovery/discover.ts";
import type { NotAnalysed } from "../discovery/walk.ts";
import type { FileStore } from "../file-store.ts";
import { version } from "../version.ts";
import { compareText } from "../words.ts";
import { changeSince } from "./change.ts";
import { conclude, type ReportFacts } from "./conclude.ts";
import { mapConnections, reportConnections, reportDirect, unseenNames } from "./connection-map.ts";
import { countCallSites, countConnections, listNotAnalysed, unreadSql } from "./coverage.ts";
import { reportBudget, reportProfile } from "./deployment.ts";
import { reportFindings } from "./findings.ts";
import { makeFingerprints } from "./fingerprint.ts";
import { listLibraries } from "./libraries.ts";
import { LIMITS } from "./limits.ts";
import { makePlacer } from "./places.ts";
import { listSafeFeatures } from "./safe-features.ts";
import type { Report, ReportedFinding } from "./schema.ts";
import { listUnresolved } from "./unresolved.ts";
import { makeWorkspaces, type Workspaces } from "./workspaces.ts";

/** What a report is made from. */
export interface ReportParts {
  readonly options: AuditOptions;
  readonly settings: Settings;
  readonly found: Discovered;
  readonly analysis: ProjectAnalysis;
  readonly files: FileStore;
  /** Database packages that are not understood, by the absolute path of the file that imports them. */
  readonly strangers: ReadonlyMap<string, readonly string[]>;
  readonly baseline: Baseline | undefined;
  /** Only what changed is listed. */
  readonly changed: ChangedLines | undefined;
  /** The name of an absolute path in the report. */
  readonly nameOf: (path: string) => string;
}

/**
 * Makes the report of an audit. What an import led to outside the files asked for is no part of it: such files were read to understand the
 * others, not to be judged.
 */
export function assembleReport(parts: ReportParts): Report {
  const { options, settings, found, analysis, files, changed, nameOf } = parts;
  const audited = new Set([...found.sourceFiles, ...found.sqlFiles]);
  const deployment = new Set(found.deploymentFiles);
  const isAudited: IsAudited = ({ location }) => audited.has(location.file) || deployment.has(location.file);
  const placeOf = makePlacer(files, nameOf);
  const workspaces = makeWorkspaces(found.root, found.packages);
  const fileOf = (path: string): string => join(found.root, path.split("/").join(sep));

  const shown = reportFindings(analysis.findings.filter(isAudited), {
    levelOf: (ruleId, path) => settings.levelOf(ruleId, fileOf(path)),
    files,
    connections: analysis.connections,
    placeOf,
    workspaceOf: workspaces.of,
  });
  const findings = withBaseline(shown, parts, fileOf);

  const unread = files.notAnalysed().filter(({ path }) => audited.has(path));
  const unreadParts = unreadSql(analysis.callSites.filter(isAudited), (location) => placeOf(location).line);
  const problems = [...found.notAnalysed, ...unread, ...unreadParts];
  const callSites = countCallSites(analysis.callSites.filter(isAudited));
  const mapped = mapConnections(analysis, isAudited, placeOf);
  const doubts = new Map(analysis.directDoubts.map(({ connection, words }) => [connection, words]));
  const ruleFor = ({ urls, location }: Connection) => settings.ruleFor(urls.flatMap(namesOfUrl), location.file);
  const connections = reportConnections(mapped, {
    workspaceOf: workspaces.of,
    nameOf: (connection) => ruleFor(connection)?.name ?? null,
    reasonFor: (connection) => ruleFor(connection)?.reason ?? null,
    doubtOf: (connection) => doubts.get(connection) ?? null,
  });
  const directConnections = reportDirect(mapped);
  const libraries = listLibraries(analysis.libraryUses.filter(isAudited), placeOf);
  const facts: ReportFacts = {
    schemaVersion: 1,
    tool: { name: "pgbouncer-audit", version },
    profile: reportProfile(analysis.profile, analysis.resolved, placeOf),
    scope: scopeOf(parts, unseenNames(settings.declaredNames, connections, libraries)),
    workspaces: workspaceFacts(workspaces, { ...parts, problems, isAudited }),
    coverage: {
      files: {
        analysed: audited.size - unread.length - unreadParts.length,
        skipped: total(found.skipped) + unread.filter((problem) => !problem.failed).length,
        failed: problems.filter((problem) => problem.failed).length,
      },
      callSites,
      connections: countConnections(analysis.connections.filter(isAudited)),
      notAnalysed: notAnalysedOf(parts, problems, isAudited),
      unknownPackages: unknownPackages(parts),
    },
    findings,
    unresolved: listUnresolved(analysis.callSites.filter(isAudited), placeOf, workspaces.of),
    connections,
    directConnections,
    libraries,
    deployment: analysis.checks,
    budget: reportBudget(analysis.budget, placeOf),
    safeFeatures: listSafeFeatures(
      analysis.statementUses.filter(({ site }) => isAudited(site)),
      makeIsReported(analysis),
      placeOf,
    ),
    limits: LIMITS,
    change: options.previous === undefined ? null : changeSince(options.previous, findings, callSites),
  };
  return conclude(facts, {
    failOn: settings.failOn,
    ...(settings.minCoverage === undefined ? {} : { minCoverage: settings.minCoverage }),
    ...(changed === undefined ? {} : { isListed: (finding) => hasChanged(finding, changed, fileOf) }),
  });
}

type IsAudited = (found: { readonly location: SourceLocation }) => boolean;

/** Findings with those marked that the baseline accepts, and with what is wrong in it. */
function withBaseline(
  findings: readonly ReportedFinding[],
  { baseline, settings, found, nameOf }: ReportParts,
  fileOf: (path: string) => string,
): readonly ReportedFinding[] {
  if (baseline === undefined) return findings;
  const applied = applyBaseline(findings, baseline, {
    today: settings.analysis.today,
    fileOf,
    nameOf,
    isAudited: (file) => found.holds(file),
  });
  const fingerprintOf = makeFingerprints();
  const problems = applied.problems.flatMap((problem): ReportedFinding[] => {
    const level = settings.levelOf(problem.ruleId, fileOf(problem.path));
    if (level === "off") return [];
    const fingerprint = fingerprintOf({ ...problem, sql: problem.message });
    return [{ ...problem, severity: level ?? problem.severity, fingerprint }];
  });
  return [...applied.findings, ...problems].sort(
    (left, right) =>
      compareText(left.path, right.path) ||
      left.line - right.line ||
      left.column - right.column ||
      compareText(left.ruleId, right.ruleId) ||
      compareText(left.message, right.message),
  );
}

/** Whether a line of a finding, or of the way to it, is new or changed. */
const hasChanged = (finding: ReportedFinding, changed: ChangedLines, fileOf: (path: string) => string): boolean =>
  changed.has(fileOf(finding.path), finding.line, finding.endLine) ||
  finding.evidence.some(({ path, line }) => changed.has(fileOf(path), line, line));

/** Whether a rule said anything at a place. */
function makeIsReported({ findings }: ProjectAnalysis): (location: SourceLocation) => boolean {
  const key = ({ file, range }: SourceLocation): string => `${file}:${String(range.start)}`;
  const reported = new Set(findings.map(({ location }) => key(location)));
  return (location) => reported.has(key(location));
}

function unknownPackages({ strangers, nameOf }: ReportParts): Report["coverage"]["unknownPackages"] {
  const names = [...new Set([...strangers.values()].flat())].sort(compareText);
  return names.map((name) => ({
    package: name,
    paths: [...strangers]
      .flatMap(([path, packages]) => (packages.includes(name) ? [nameOf(path)] : []))
      .sort(compareText),
  }));
}

function notAnalysedOf(
  { analysis, files, found, strangers, nameOf }: ReportParts,
  problems: readonly NotAnalysed[],
  isAudited: IsAudited,
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

function scopeOf(
  { options, settings, found, baseline, nameOf }: ReportParts,
  unusedDeclarations: readonly string[],
): Report["scope"] {
  const paths = (options.paths ?? []).length === 0 ? ["."] : (options.paths ?? []);
  return {
    paths: paths.map((path) => nameOf(resolve(options.cwd ?? process.cwd(), path))),
    configuration: settings.file === undefined ? null : nameOf(settings.file),
    baseline: baseline === undefined ? null : nameOf(baseline.file),
    since: options.since ?? null,
    rules: { count: rules.length, levels: settings.levels },
    unusedDeclarations,
    excluded: [...found.skipped].map(([why, count]) => ({ what: "files and folders", why, count })),
  };
}

interface WorkspaceParts extends ReportParts {
  readonly problems: readonly NotAnalysed[];
  readonly isAudited: IsAudited;
}

/** Each package of the project with what was read of it. */
function workspaceFacts(
  workspaces: Workspaces,
  { found, files, settings, analysis, problems, nameOf, isAudited }: WorkspaceParts,
): ReportFacts["workspaces"] {
  const group = <Item>(items: readonly Item[], pathOf: (item: Item) => string): ReadonlyMap<string, Item[]> => {
    const groups = new Map<string, Item[]>();
    for (const item of items) {
      const folder = workspaces.of(pathOf(item));
      const known = groups.get(folder);
      if (known === undefined) groups.set(folder, [item]);
      else known.push(item);
    }
    return groups;
  };
  const sites = group(analysis.callSites.filter(isAudited), ({ location }) => nameOf(location.file));
  const open = group(problems, ({ path }) => nameOf(path));
  const read = group([...found.sourceFiles, ...found.sqlFiles], nameOf);
  const unread = new Set(files.notAnalysed().map(({ path }) => path));
  return workspaces.all.map(({ name, path }) => {
    const all = read.get(path) ?? [];
    const analysed = all.filter((file) => !unread.has(file)).length;
    const own = settings.analysis.poolerFor(join(found.root, path, "package.json"));
    return {
      name,
      path,
      poolMode: own?.poolMode ?? analysis.profile.poolMode,
      files: {
        analysed,
        skipped: all.length - analysed,
        failed: (open.get(path) ?? []).filter((problem) => problem.failed).length,
      },
      callSites: countCallSites(sites.get(path) ?? []),
    };
  });
}
