import type { Finding, Severity, SourceLocation } from "../analyzers/index.ts";
import { kindOf } from "./discovery/file-kinds.ts";
import { enclosingSymbol } from "./enclosing-symbol.ts";
import type { FileStore } from "./file-store.ts";
import { makeFingerprints } from "./fingerprint.ts";
import { maskSecrets } from "./mask-secrets.ts";
import type { ReportedFinding, ReportedPlace } from "./report.ts";
import { compareText } from "./words.ts";

/** What findings need to be shown. */
export interface Presentation {
  readonly ruleLevels: Readonly<Record<string, Severity | "off">>;
  readonly files: FileStore;
  readonly placeOf: (location: SourceLocation) => ReportedPlace;
}

/** Findings with lines, levels as configured and fingerprints, sorted by path, line, column, rule. */
export function reportFindings(
  findings: readonly Finding[],
  { ruleLevels, files, placeOf }: Presentation,
): ReportedFinding[] {
  const fingerprintOf = makeFingerprints();
  return findings
    .filter((finding) => ruleLevels[finding.ruleId] !== "off")
    .map((finding) => ({ finding, place: placeOf(finding.location) }))
    .sort(
      (left, right) =>
        compareText(left.place.path, right.place.path) ||
        left.place.line - right.place.line ||
        left.place.column - right.place.column ||
        compareText(left.finding.ruleId, right.finding.ruleId) ||
        compareText(left.finding.message, right.finding.message),
    )
    .map(({ finding, place }) => {
      const level = ruleLevels[finding.ruleId];
      return {
        ...place,
        ruleId: finding.ruleId,
        severity: level === undefined || level === "off" ? finding.severity : level,
        confidence: finding.confidence,
        effect: finding.effect,
        message: maskSecrets(finding.message),
        remedy: finding.remedy,
        sql: finding.sql === undefined ? null : maskSecrets(finding.sql),
        breaksOn: finding.breaksOn,
        evidence: finding.evidence.map((step) => {
          const { path, line } = placeOf(step.location);
          return { path, line, message: step.message };
        }),
        fingerprint: fingerprintOf({
          ruleId: finding.ruleId,
          path: place.path,
          symbol: symbolOf(finding.location, files),
          sql: finding.sql ?? textAt(finding.location, files),
        }),
        suppressed: null,
      };
    });
}

function symbolOf({ file, range }: SourceLocation, files: FileStore): string {
  const parsed = kindOf(file) === "source" ? files.load(file) : undefined;
  return parsed === undefined ? "" : enclosingSymbol(parsed, range.start);
}

const textAt = ({ file, range }: SourceLocation, files: FileStore): string =>
  (files.textOf(file) ?? "").slice(range.start, range.end);
