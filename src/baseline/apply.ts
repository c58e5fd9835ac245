import { suppressionFinding } from "../../analyzers/index.ts";
import { pairByFingerprint } from "../report/fingerprint.ts";
import type { ReportedFinding } from "../report/schema.ts";
import { type Baseline, type BaselineEntry, fileOfEntry, pathInBaseline } from "./baseline-file.ts";

/** What a baseline is held against. */
export interface BaselineContext {
  readonly today: string;
  /** The absolute path of a path in the report, and back. */
  readonly fileOf: (path: string) => string;
  readonly nameOf: (file: string) => string;
  /** Whether a file is part of what is audited: nothing is said of entries for others. */
  readonly isAudited: (file: string) => boolean;
}

/** Findings with those marked that the baseline accepts, and what is wrong with its entries: `problems` have no fingerprint yet. */
export interface AppliedBaseline {
  readonly findings: readonly ReportedFinding[];
  readonly problems: readonly Omit<ReportedFinding, "fingerprint">[];
  /** Entries that matched nothing although their files were looked at. */
  readonly unmatched: readonly BaselineEntry[];
}

/** Holds findings against a baseline. Entries without a reason, or whose day is past, accept nothing and are reported. */
export function applyBaseline(
  findings: readonly ReportedFinding[],
  baseline: Baseline,
  context: BaselineContext,
): AppliedBaseline {
  const { today, fileOf, isAudited } = context;
  const open = findings
    .filter((finding) => finding.suppressed === null)
    .map((finding) => ({
      finding,
      fingerprint: finding.fingerprint,
      path: pathInBaseline(baseline.file, fileOf(finding.path)),
    }));
  const pairs = pairByFingerprint(open, baseline.entries);
  const accepted = new Map([...pairs].map(([{ finding }, entry]) => [finding, entry]));
  const isOver = ({ expires }: BaselineEntry): boolean => expires !== null && expires < today;
  const matched = new Set(pairs.values());
  const unmatched = baseline.entries.filter(
    (entry) => !matched.has(entry) && isAudited(fileOfEntry(baseline.file, entry)),
  );
  const problem = (messageId: string, entry: BaselineEntry): Omit<ReportedFinding, "fingerprint"> =>
    problemOf(messageId, entry, baseline, context);
  return {
    findings: findings.map((finding) => {
      const entry = accepted.get(finding);
      if (entry === undefined || isOver(entry) || entry.reason.trim() === "") return finding;
      return { ...finding, suppressed: suppressionOf(entry, baseline, context) };
    }),
    problems: [
      ...[...matched].filter(isOver).map((entry) => problem("expiredEntry", entry)),
      ...[...matched].filter(({ reason }) => reason.trim() === "").map((entry) => problem("entryWithoutReason", entry)),
      ...unmatched.map((entry) => problem("unmatchedEntry", entry)),
    ],
    unmatched,
  };
}

const suppressionOf = (
  entry: BaselineEntry,
  { file, lineOf }: Baseline,
  { nameOf }: BaselineContext,
): NonNullable<ReportedFinding["suppressed"]> => ({
  kind: "baseline",
  reason: entry.reason,
  owner: entry.owner,
  expires: entry.expires,
  path: nameOf(file),
  line: lineOf(entry),
});

function problemOf(
  messageId: string,
  entry: BaselineEntry,
  { file, lineOf }: Baseline,
  { nameOf }: BaselineContext,
): Omit<ReportedFinding, "fingerprint"> {
  const finding = suppressionFinding(
    messageId,
    { rules: `\`${entry.rule}\``, path: entry.path, expires: entry.expires ?? "" },
    { file, range: { start: 0, end: 0 } },
  );
  const line = lineOf(entry);
  return {
    ruleId: finding.ruleId,
    path: nameOf(file),
    line,
    column: 1,
    endLine: line,
    endColumn: 1,
    severity: finding.severity,
    confidence: finding.confidence,
    effect: finding.effect,
    message: finding.message,
    remedy: finding.remedy,
    condition: finding.condition,
    sql: null,
    breaksOn: [],
    evidence: [],
    connection: null,
    symbol: entry.symbol,
    workspace: ".",
    snippet: null,
    suppressed: null,
  };
}
