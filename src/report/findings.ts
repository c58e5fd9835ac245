import type { Connection, Finding, Severity, SourceLocation } from "../../analyzers/index.ts";
import { kindOf } from "../discovery/file-kinds.ts";
import type { FileStore } from "../file-store.ts";
import { compareText } from "../words.ts";
import { addressWords, rootsOf } from "./connection-map.ts";
import { enclosingSymbol } from "./enclosing-symbol.ts";
import { makeFingerprints } from "./fingerprint.ts";
import { maskSecrets } from "./mask-secrets.ts";
import type { ReportedFinding, ReportedPlace } from "./schema.ts";
import { snippetOf } from "./snippet.ts";

/** What findings need to be shown. */
export interface Presentation {
  /** The level of a rule in a file, where the user says one. */
  readonly levelOf: (ruleId: string, path: string) => Severity | "off" | undefined;
  readonly files: FileStore;
  readonly connections: readonly Connection[];
  readonly placeOf: (location: SourceLocation) => ReportedPlace;
  readonly workspaceOf: (path: string) => string;
}

/** Findings with lines, levels as configured and fingerprints, sorted by path, line, column, rule, suppressed ones among them. */
export function reportFindings(findings: readonly Finding[], shown: Presentation): ReportedFinding[] {
  const { levelOf, files, placeOf, workspaceOf } = shown;
  const fingerprintOf = makeFingerprints();
  const connectionOf = makeConnectionNamer(shown);
  return findings
    .map((finding) => ({ finding, place: placeOf(finding.location) }))
    .filter(({ finding, place }) => levelOf(finding.ruleId, place.path) !== "off")
    .sort(
      (left, right) =>
        compareText(left.place.path, right.place.path) ||
        left.place.line - right.place.line ||
        left.place.column - right.place.column ||
        compareText(left.finding.ruleId, right.finding.ruleId) ||
        compareText(left.finding.message, right.finding.message),
    )
    .map(({ finding, place }) => {
      const level = levelOf(finding.ruleId, place.path);
      const symbol = symbolOf(finding.location, files);
      const { path, line, column, endLine, endColumn } = place;
      return {
        ruleId: finding.ruleId,
        path,
        line,
        column,
        endLine,
        endColumn,
        severity: level === undefined || level === "off" ? finding.severity : level,
        confidence: finding.confidence,
        effect: finding.effect,
        message: maskSecrets(finding.message),
        remedy: finding.remedy,
        condition: maskSecrets(finding.condition),
        sql: finding.sql === undefined ? null : maskSecrets(finding.sql),
        breaksOn: finding.breaksOn,
        evidence: finding.evidence.map((step) => {
          const at = placeOf(step.location);
          return { path: at.path, line: at.line, column: at.column, message: step.message };
        }),
        connection: finding.connection === undefined ? null : connectionOf(finding.connection),
        symbol,
        workspace: workspaceOf(path),
        fingerprint: fingerprintOf({
          ruleId: finding.ruleId,
          symbol,
          // Two checks of a deployment may meet at one text.
          sql: finding.sql ?? `${finding.messageId} ${textAt(finding.location, files)}`,
        }),
        snippet: snippetOf(files.textOf(finding.location.file) ?? "", place),
        suppressed: acceptedBy(finding.suppressed, placeOf),
      };
    });
}

function acceptedBy(
  suppressed: Finding["suppressed"],
  placeOf: (location: SourceLocation) => ReportedPlace,
): ReportedFinding["suppressed"] {
  if (suppressed === undefined) return null;
  const { path, line } = placeOf(suppressed.location);
  return {
    kind: "inline",
    reason: maskSecrets(suppressed.reason),
    owner: null,
    expires: suppressed.expires ?? null,
    path,
    line,
  };
}

/** What a finding shows of its connection: of a client or a transaction, the connection that it was taken from. */
function makeConnectionNamer({
  connections,
  placeOf,
}: Presentation): (connection: Connection) => ReportedFinding["connection"] {
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  const known = new Map<number, ReportedFinding["connection"]>();
  return (connection) => {
    const answer = known.get(connection.id);
    if (answer !== undefined) return answer;
    const [root = connection] = rootsOf(connection, byId);
    const { path, line } = placeOf(root.location);
    const made = { name: addressWords(root.urls), driver: root.driver, route: root.route, path, line };
    known.set(connection.id, made);
    return made;
  };
}

function symbolOf({ file, range }: SourceLocation, files: FileStore): string {
  const parsed = kindOf(file) === "source" ? files.load(file) : undefined;
  return parsed === undefined ? "" : enclosingSymbol(parsed, range.start);
}

const textAt = ({ file, range }: SourceLocation, files: FileStore): string =>
  (files.textOf(file) ?? "").slice(range.start, range.end);
