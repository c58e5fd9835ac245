import { compareText } from "../words.ts";
import { conclude, type ReportFacts } from "./conclude.ts";
import { identityOf } from "./fingerprint.ts";
import { type Report, reportSchema } from "./schema.ts";
import type { Gate } from "./verdict.ts";

/** A report, and the folder that its paths are relative to, seen from the root of the merged one; `.` for the same root. */
export interface ReportPart {
  readonly folder: string;
  readonly report: Report;
}

/**
 * Makes one report of several: of the parts of a project that were audited one by one. What was counted is added up, so that a file should be in one
 * of them only; what all of them read, such as the pooler's settings, is in it once. Throws for an empty list.
 */
export function mergeReports(parts: readonly ReportPart[], gate: Gate): Report {
  const reports = parts.map(({ folder, report }) => rebased(report, folder));
  const [first] = reports;
  if (first === undefined) throw new Error("nothing to merge");
  const facts: ReportFacts = {
    schemaVersion: 1,
    tool: first.tool,
    profile: mergedProfile(first, reports),
    scope: mergedScope(first, reports),
    workspaces: mergedWorkspaces(reports),
    coverage: mergedCoverage(reports),
    findings: mergedFindings(reports),
    unresolved: distinct(reports.flatMap(({ unresolved }) => unresolved)).sort(byPlace),
    connections: distinct(reports.flatMap(({ connections }) => connections)).sort(byPlace),
    directConnections: distinct(reports.flatMap(({ directConnections }) => directConnections)).sort(byPlace),
    libraries: distinct(reports.flatMap(({ libraries }) => libraries)).sort((left, right) =>
      compareText(left.library, right.library),
    ),
    deployment: distinct(reports.flatMap(({ deployment }) => deployment)),
    budget: distinct(reports.flatMap(({ budget }) => budget)),
    safeFeatures: mergedFeatures(reports),
    limits: [...new Set(reports.flatMap(({ limits }) => limits))],
    // Fingerprints are counted anew: those that an earlier report has are not told apart any more.
    change: null,
  };
  return conclude(facts, gate);
}

/** Keys that hold paths, wherever they are in a report. */
const PATHS = new Set(["path", "paths", "workspace", "configuration", "baseline"]);

/** A report whose paths start at another root. */
function rebased(report: Report, folder: string): Report {
  const prefix = folder.replace(/^\.\//, "").replace(/(?<!\/)\/+$/, "");
  if (prefix === "" || prefix === ".") return report;
  const moved = (path: string): string => (path === "." ? prefix : `${prefix}/${path}`);
  const walk = (value: unknown, isPath: boolean): unknown => {
    if (typeof value === "string") return isPath ? moved(value) : value;
    if (Array.isArray(value)) return value.map((item) => walk(item, isPath && typeof item === "string"));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, PATHS.has(key))]));
  };
  return reportSchema.parse(walk(report, false));
}

const distinct = <Item>(items: readonly Item[]): Item[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
];

interface Place {
  readonly path: string;
  readonly line: number;
}

const byPlace = (left: Place, right: Place): number => compareText(left.path, right.path) || left.line - right.line;

/** One profile; what other parts were judged by is a doubt about it. */
function mergedProfile(first: Report, reports: readonly Report[]): Report["profile"] {
  const inWords = ({ pooler, version, poolMode }: Report["profile"]): string =>
    `${pooler} ${version}, ${poolMode} mode`;
  const others = [...new Set(reports.map(({ profile }) => inWords(profile)))].filter(
    (words) => words !== inWords(first.profile),
  );
  return {
    ...first.profile,
    facts: distinct(reports.flatMap(({ profile }) => profile.facts)),
    doubts: [
      ...distinct(reports.flatMap(({ profile }) => profile.doubts)),
      ...others.map((words) => ({ words: `a part of this report was judged by ${words}`, path: null, line: null })),
    ],
    sources: [...new Set(reports.flatMap(({ profile }) => profile.sources))],
  };
}

function mergedScope(first: Report, reports: readonly Report[]): Report["scope"] {
  const scopes = reports.map(({ scope }) => scope);
  const sum = new Map<string, { what: string; why: string; count: number }>();
  for (const { what, why, count } of scopes.flatMap(({ excluded }) => excluded)) {
    const key = `${what}\n${why}`;
    sum.set(key, { what, why, count: count + (sum.get(key)?.count ?? 0) });
  }
  const one = <Value>(values: readonly (Value | null)[]): Value | null => {
    const said = [...new Set(values)];
    return said.length === 1 ? (said[0] ?? null) : null;
  };
  return {
    paths: [...new Set(scopes.flatMap(({ paths }) => paths))],
    configuration: one(scopes.map(({ configuration }) => configuration)),
    baseline: one(scopes.map(({ baseline }) => baseline)),
    since: one(scopes.map(({ since }) => since)),
    rules: { count: first.scope.rules.count, levels: distinct(scopes.flatMap(({ rules }) => rules.levels)) },
    // A name that one part does not use may be another's.
    unusedDeclarations: first.scope.unusedDeclarations.filter((name) =>
      scopes.every(({ unusedDeclarations }) => unusedDeclarations.includes(name)),
    ),
    excluded: [...sum.values()],
  };
}

/** Adds counts up, key by key. */
function added<Key extends string>(
  counts: readonly Readonly<Record<Key, number>>[],
  keys: readonly Key[],
): Record<Key, number> {
  const sum = (key: Key): number => counts.reduce((total, count) => total + count[key], 0);
  return Object.fromEntries(keys.map((key) => [key, sum(key)])) as Record<Key, number>;
}

const FILE_KEYS = ["analysed", "skipped", "failed"] as const;
const SITE_KEYS = ["resolved", "partial", "unresolved"] as const;

function mergedWorkspaces(reports: readonly Report[]): ReportFacts["workspaces"] {
  const all = reports.flatMap(({ workspaces }) => workspaces);
  const paths = [...new Set(all.map(({ path }) => path))].sort(compareText);
  return paths.flatMap((path) => {
    const own = all.filter((workspace) => workspace.path === path);
    const [first] = own;
    if (first === undefined) return [];
    return [
      {
        name: first.name,
        path,
        poolMode: first.poolMode,
        files: added(
          own.map(({ files }) => files),
          FILE_KEYS,
        ),
        callSites: added(
          own.map(({ callSites }) => callSites),
          SITE_KEYS,
        ),
      },
    ];
  });
}

function mergedCoverage(reports: readonly Report[]): Report["coverage"] {
  const all = reports.map(({ coverage }) => coverage);
  const packages = all.flatMap(({ unknownPackages }) => unknownPackages);
  const names = [...new Set(packages.map((entry) => entry.package))].sort(compareText);
  return {
    files: added(
      all.map(({ files }) => files),
      FILE_KEYS,
    ),
    callSites: added(
      all.map(({ callSites }) => callSites),
      SITE_KEYS,
    ),
    connections: added(
      all.map(({ connections }) => connections),
      ["pool", "client", "transaction", "direct", "unknown"],
    ),
    notAnalysed: distinct(all.flatMap(({ notAnalysed }) => notAnalysed)).sort(
      (left, right) => compareText(left.path, right.path) || compareText(left.reason, right.reason),
    ),
    unknownPackages: names.map((name) => ({
      package: name,
      paths: [...new Set(packages.filter((entry) => entry.package === name).flatMap(({ paths }) => paths))].sort(
        compareText,
      ),
    })),
  };
}

/** Findings of all parts, each once; those of one identity are counted anew, in the order of the merged report. */
function mergedFindings(reports: readonly Report[]): Report["findings"] {
  const byKey = new Map<string, Report["findings"][number]>();
  for (const finding of reports.flatMap(({ findings }) => findings)) {
    const { path, line, column, ruleId, message } = finding;
    const key = JSON.stringify([path, line, column, ruleId, message]);
    if ((byKey.get(key)?.suppressed ?? null) === null) byKey.set(key, finding);
  }
  const ordinals = new Map<string, number>();
  return [...byKey.values()]
    .sort(
      (left, right) =>
        byPlace(left, right) ||
        left.column - right.column ||
        compareText(left.ruleId, right.ruleId) ||
        compareText(left.message, right.message),
    )
    .map((finding) => {
      const identity = identityOf(finding.fingerprint);
      const ordinal = (ordinals.get(identity) ?? 0) + 1;
      ordinals.set(identity, ordinal);
      return { ...finding, fingerprint: `${identity}:${String(ordinal)}` };
    });
}

/** How many places of a feature are named. */
const MAX_PLACES = 5;

function mergedFeatures(reports: readonly Report[]): Report["safeFeatures"] {
  const all = reports.flatMap(({ safeFeatures }) => safeFeatures);
  return [...new Set(all.map(({ id }) => id))].flatMap((id) => {
    const own = all.filter((feature) => feature.id === id);
    const [first] = own;
    if (first === undefined) return [];
    return [
      {
        ...first,
        count: own.reduce((total, { count }) => total + count, 0),
        places: own
          .flatMap(({ places }) => places)
          .sort(byPlace)
          .slice(0, MAX_PLACES),
      },
    ];
  });
}
