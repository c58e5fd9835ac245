import { createHash } from "node:crypto";
import { relative, sep } from "node:path";
import {
  type Analysis,
  analyzeProject,
  ConfigurationError,
  type Finding,
  packagesNotUnderstood,
  type ParsedFile,
  type PoolerProfile,
  poolerProfile,
  rules,
  type Severity,
  type SourceLocation,
  type SqlFile,
} from "../analyzers/index.ts";
import { type Discovered, discover } from "./discover.ts";
import { type LineIndex, makeLineIndex } from "./line-index.ts";
import { parseSource, type Producer } from "./parse-source.ts";
import { looksMinified, readText } from "./read-text.ts";
import type { Report, ReportedFinding, ReportedPlace, Verdict } from "./report.ts";
import { makeResolver } from "./resolve-modules.ts";
import { selectFiles } from "./select-files.ts";
import { version } from "./version.ts";

/** What an audit is asked for. */
export interface AuditOptions {
  /** Files and folders; default the current folder. */
  readonly paths?: readonly string[];
  readonly cwd?: string;
  /** `pgbouncer` or `pgbouncer@1.25`. */
  readonly pooler?: string;
  /** Rule id to level; overrides the severity of its findings, `off` drops them. */
  readonly ruleLevels?: Readonly<Record<string, Severity | "off">>;
  /** Findings of this severity and above make the exit code 1. Default `error`. */
  readonly failOn?: Severity | "never";
  /** Percent of call sites that must be resolved; less makes the exit code 1. */
  readonly minCoverage?: number;
  /** Globs, relative to each folder that was given. */
  readonly ignore?: readonly string[];
  readonly parser?: Producer;
  /** Called with what is being done, for a progress display. */
  readonly onProgress?: (message: string) => void;
}

/** An audit with what it was made from. */
export interface AuditResult {
  readonly report: Report;
  readonly analysis: Analysis;
  readonly profile: PoolerProfile;
  /** By absolute name. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Below this share of resolved call sites an audit without errors proves nothing. */
const CONCLUSIVE_PERCENT = 80;

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Audits files and folders. Throws a ConfigurationError for what the user can set right; files that cannot be read are listed. */
export function audit(options: AuditOptions = {}): AuditResult {
  const known = new Set(rules.map((rule) => rule.id));
  for (const id of Object.keys(options.ruleLevels ?? {})) {
    if (!known.has(id)) throw new ConfigurationError(`There is no rule "${id}".`);
  }
  const profile = poolerProfile(options.pooler);
  const found = discover(options.paths ?? [], options.ignore, options.cwd);
  const texts = new Map<string, string>();
  const failed = new Map<string, string>();
  const nameOf = (path: string): string => relative(found.root, path).split(sep).join("/");

  const textOf = (path: string): string | undefined => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    if (failed.has(path)) return undefined;
    const read = readText(path);
    if ("reason" in read) {
      failed.set(path, read.reason);
      return undefined;
    }
    texts.set(path, read.text);
    return read.text;
  };

  const passedOver = new Map<string, string>();
  const handwritten = (path: string): string | undefined => {
    const text = textOf(path);
    if (text === undefined || found.named.has(path) || !looksMinified(path, text)) return text;
    passedOver.set(path, "passed over: minified or bundled code");
    return undefined;
  };

  const strangers = new Map<string, readonly string[]>();

  const parsed = new Map<string, ParsedFile | undefined>();
  const load = (path: string): ParsedFile | undefined => {
    if (!parsed.has(path)) {
      const text = textOf(path);
      const result = text === undefined ? undefined : parseSource(path, text, options.parser);
      if (result !== undefined && "reason" in result) failed.set(path, result.reason);
      parsed.set(path, result !== undefined && "file" in result ? result.file : undefined);
    }
    return parsed.get(path);
  };

  options.onProgress?.(`reading ${String(found.sourceFiles.length + found.sqlFiles.length)} files`);
  const resolve = makeResolver(found.root);
  const sourceFiles = selectFiles(
    found.sourceFiles.map((path) => {
      const text = handwritten(path);
      const packages = text === undefined ? [] : packagesNotUnderstood(text);
      if (packages.length > 0) strangers.set(path, packages);
      return { path, text };
    }),
    resolve,
  );
  // Most files of a project give no reason to look at them; their text is not kept.
  const selected = new Set(sourceFiles);
  for (const path of [...texts.keys()]) if (!selected.has(path)) texts.delete(path);
  const sqlFiles = found.sqlFiles.flatMap((path): SqlFile[] => {
    const text = textOf(path);
    return text === undefined ? [] : [{ filename: path, text }];
  });
  options.onProgress?.(`analysing ${String(sourceFiles.length)} files`);
  const analysis = analyzeProject({ sourceFiles, sqlFiles, load, resolve }, { profile });

  const report = assemble({ options, found, analysis, profile, failed, passedOver, strangers, nameOf, textOf });
  return { report, analysis, profile, texts };
}

interface Parts {
  readonly options: AuditOptions;
  readonly found: Discovered;
  readonly analysis: Analysis;
  readonly profile: PoolerProfile;
  readonly failed: ReadonlyMap<string, string>;
  readonly passedOver: ReadonlyMap<string, string>;
  /** Database packages that are not understood, by the file that imports them. */
  readonly strangers: ReadonlyMap<string, readonly string[]>;
  readonly nameOf: (path: string) => string;
  readonly textOf: (path: string) => string | undefined;
}

function assemble({ options, found, analysis, profile, failed, passedOver, strangers, nameOf, textOf }: Parts): Report {
  const indexes = new Map<string, LineIndex>();
  const place = (location: SourceLocation): ReportedPlace => {
    let index = indexes.get(location.file);
    if (index === undefined) {
      index = makeLineIndex(textOf(location.file) ?? "");
      indexes.set(location.file, index);
    }
    const start = index.positionOf(location.range.start);
    const end = index.positionOf(location.range.end);
    return {
      path: nameOf(location.file),
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
    };
  };

  const findings = reportedFindings(analysis.findings, options, place);
  const notAnalysed = [
    ...found.notAnalysed.map(({ path, reason }) => ({ path: path.split(sep).join("/"), reason })),
    ...[...failed, ...passedOver].map(([path, reason]) => ({ path: nameOf(path), reason })),
    ...[...strangers].map(([path, packages]) => ({
      path: nameOf(path),
      reason: `uses ${packages.join(", ")}, which this version does not understand`,
    })),
    ...limitsByFile(analysis, nameOf),
  ].sort((left, right) => compare(left.path, right.path) || compare(left.reason, right.reason));
  const callSites = countSites(analysis);
  const connections = { pool: 0, client: 0, transaction: 0, direct: 0, unknown: 0 };
  for (const connection of analysis.connections) connections[connection.scope]++;
  const total = callSites.resolved + callSites.partial + callSites.unresolved;
  const percent = total === 0 ? 100 : ((callSites.resolved + callSites.partial) / total) * 100;
  const failedFiles = failed.size + found.notAnalysed.length;
  const judged = verdictOf(findings, { total, percent, failedFiles, strangers });
  return {
    root: found.root,
    tool: { name: "pgbouncer-audit", version },
    profile: {
      pooler: profile.pooler,
      version: profile.version,
      maxPreparedStatements: profile.maxPreparedStatements,
      sources: profile.sources,
    },
    ...judged,
    coverage: {
      files: {
        analysed: found.sourceFiles.length + found.sqlFiles.length - failed.size - passedOver.size,
        skipped: found.skipped + passedOver.size,
        failed: failedFiles,
      },
      callSites,
      connections,
      notAnalysed,
    },
    findings,
    directConnections: analysis.connections
      .filter((connection) => connection.scope === "direct")
      .map((connection) => ({
        path: nameOf(connection.location.file),
        line: place(connection.location).line,
        driver: connection.driver,
      })),
    deployment: [],
    exit: exitOf(findings, options, percent),
    textOf: (path) => textOf(`${found.root}${sep}${path.split("/").join(sep)}`),
  };
}

/** Files in which the flow analysis stopped somewhere, each once for each reason. */
function limitsByFile(analysis: Analysis, nameOf: (path: string) => string): { path: string; reason: string }[] {
  const counts = new Map<string, number>();
  for (const { location, reason } of analysis.limits) {
    const key = `${nameOf(location.file)}\n${reason}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => {
    const [path = "", reason = ""] = key.split("\n");
    return { path, reason: `followed in part only: ${reason} (${plural(count, "place")})` };
  });
}

const LEVELS: readonly Severity[] = ["info", "warning", "error"];

function reportedFindings(
  findings: readonly Finding[],
  options: AuditOptions,
  place: (location: SourceLocation) => ReportedPlace,
): ReportedFinding[] {
  const shown = findings.flatMap((finding): Omit<ReportedFinding, "fingerprint">[] => {
    const level = options.ruleLevels?.[finding.ruleId];
    if (level === "off") return [];
    return [
      {
        ...place(finding.location),
        ruleId: finding.ruleId,
        severity: level ?? finding.severity,
        confidence: finding.confidence,
        effect: finding.effect,
        message: finding.message,
        remedy: finding.remedy,
        sql: finding.sql ?? null,
        breaksOn: finding.breaksOn,
        evidence: finding.evidence.map((step) => {
          const { path, line } = place(step.location);
          return { path, line, message: step.message };
        }),
        suppressed: null,
      },
    ];
  });
  shown.sort(
    (left, right) =>
      compare(left.path, right.path) ||
      left.line - right.line ||
      left.column - right.column ||
      compare(left.ruleId, right.ruleId),
  );
  const ordinals = new Map<string, number>();
  return shown.map((finding) => {
    const identity = [finding.ruleId, finding.path, finding.sql ?? finding.message].join("\n");
    const ordinal = ordinals.get(identity) ?? 0;
    ordinals.set(identity, ordinal + 1);
    const fingerprint = createHash("sha256")
      .update(`${identity}\n${String(ordinal)}`)
      .digest("hex")
      .slice(0, 32);
    return { ...finding, fingerprint };
  });
}

/** A call site is one place in the source, as well known as the worst of its texts. */
function countSites(analysis: Analysis): Report["coverage"]["callSites"] {
  const worst = new Map<string, number>();
  const order = ["resolved", "partial", "unresolved"] as const;
  for (const site of analysis.callSites) {
    const key = `${site.location.file}:${String(site.location.range.start)}`;
    worst.set(key, Math.max(worst.get(key) ?? 0, order.indexOf(site.resolution)));
  }
  const counts = { resolved: 0, partial: 0, unresolved: 0 };
  for (const level of worst.values()) counts[order[level] ?? "unresolved"]++;
  return counts;
}

const plural = (count: number, noun: string): string => `${String(count)} ${noun}${count === 1 ? "" : "s"}`;

function verdictOf(
  findings: readonly ReportedFinding[],
  coverage: {
    readonly total: number;
    readonly percent: number;
    readonly failedFiles: number;
    readonly strangers: Parts["strangers"];
  },
): { readonly verdict: Verdict; readonly reasons: readonly string[] } {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity && finding.suppressed === null).length;
  const errors = count("error");
  const warnings = count("warning");
  const reasons: string[] = [];
  if (errors > 0) reasons.push(`${plural(errors, "error")}: code that fails in transaction mode`);
  if (coverage.percent < CONCLUSIVE_PERCENT)
    reasons.push(
      `only ${coverage.percent.toFixed(1)} % of ${plural(coverage.total, "SQL call site")} could be resolved`,
    );
  if (coverage.failedFiles > 0) reasons.push(`${plural(coverage.failedFiles, "file")} could not be analysed`);
  const packages = [...new Set([...coverage.strangers.values()].flat())].sort();
  if (packages.length > 0) {
    const files = coverage.strangers.size;
    reasons.push(
      `${plural(files, "file")} ${files === 1 ? "uses" : "use"} ${packages.join(", ")}: nothing is known of what ${files === 1 ? "it sends" : "they send"}`,
    );
  }
  if (warnings > 0) reasons.push(`${plural(warnings, "warning")}: it depends on settings, versions or the connection`);
  if (coverage.total === 0)
    reasons.push("no SQL call site was found: nothing here reaches PostgreSQL in a way this tool knows");
  if (errors > 0) return { verdict: "not-ready", reasons };
  if (coverage.percent < CONCLUSIVE_PERCENT || coverage.failedFiles > 0 || coverage.total === 0 || packages.length > 0)
    return { verdict: "inconclusive", reasons };
  return { verdict: warnings > 0 ? "ready-with-conditions" : "ready", reasons };
}

function exitOf(findings: readonly ReportedFinding[], options: AuditOptions, percent: number): Report["exit"] {
  const reasons: string[] = [];
  const failOn = options.failOn ?? "error";
  if (failOn !== "never") {
    const counted = findings.filter(
      (finding) => finding.suppressed === null && LEVELS.indexOf(finding.severity) >= LEVELS.indexOf(failOn),
    );
    if (counted.length > 0) reasons.push(`${plural(counted.length, "finding")} of level ${failOn} or above`);
  }
  if (options.minCoverage !== undefined && percent < options.minCoverage) {
    reasons.push(`coverage ${percent.toFixed(1)} % is below ${String(options.minCoverage)} %`);
  }
  return { code: reasons.length > 0 ? 1 : 0, reasons };
}
