import { relative, sep } from "node:path";
import { HOLE_SHOWN, PARAMETER_SHOWN } from "./shown.ts";
import type { Analysis, Reach, SourceLocation, SqlAction, SqlCallSite, StatementUse } from "../analyzers/index.ts";
import { makeLineIndex } from "./line-index.ts";

/** What a trace needs to know. */
export interface TraceInput {
  readonly analysis: Analysis;
  readonly root: string;
  /** Absolute name. */
  readonly file: string;
  readonly line: number;
  readonly texts: ReadonlyMap<string, string>;
}

/** How the calls at a line were understood, from the sink to the verdicts of the rules. */
export function traceLine(input: TraceInput): string {
  const touches = (location: SourceLocation): boolean => {
    if (location.file !== input.file) return false;
    const index = makeLineIndex(input.texts.get(location.file) ?? "");
    return (
      index.positionOf(location.range.start).line <= input.line &&
      input.line <= index.positionOf(location.range.end).line
    );
  };
  const sites = input.analysis.callSites.filter(
    (site) =>
      site.connection.driver !== "sql-file" &&
      (touches(site.location) || site.text.some((segment) => touches(segment.location))),
  );
  const uses = input.analysis.statementUses.filter(
    (use) => use.site.connection.driver === "sql-file" && touches(use.statement.location),
  );
  const at = (location: SourceLocation): string => {
    const index = makeLineIndex(input.texts.get(location.file) ?? "");
    return `${relative(input.root, location.file).split(sep).join("/")}:${String(index.positionOf(location.range.start).line)}`;
  };
  const lines: string[] = [];
  for (const site of sites) lines.push(...siteLines(input, site, at), "");
  for (const use of uses) lines.push(...useLines(use, at), "");
  const findings = input.analysis.findings.filter((finding) => touches(finding.location));
  if (sites.length > 0 || uses.length > 0 || findings.length > 0) {
    lines.push("verdicts");
    if (findings.length === 0) lines.push("  no rule reports anything here");
    for (const finding of findings)
      lines.push(`  ${finding.severity} ${finding.ruleId} (${finding.confidence}): ${finding.message}`);
    return `${lines.join("\n")}\n`;
  }
  return `${nothingAt(input, at).join("\n")}\n`;
}

function siteLines(input: TraceInput, site: SqlCallSite, at: (location: SourceLocation) => string): string[] {
  const { connection } = site;
  const text = site.text
    .map((segment) =>
      segment.kind === "text" ? segment.value : segment.kind === "hole" ? `«${segment.reason}»` : PARAMETER_SHOWN,
    )
    .join("");
  const lines = [
    `${site.sink}  ${at(site.location)}`,
    `  SQL        ${text.replace(/\s+/g, " ").trim() || "(empty)"}  [${site.resolution}, ${site.protocol} protocol]`,
    `  connection ${connection.scope} (${connection.driver}, ${connection.known}) from ${at(connection.location)}`,
  ];
  if (site.statementName !== undefined)
    lines.push(`  named      ${site.statementName.name ?? "a name that is not known"}`);
  if (site.hook !== undefined) lines.push(`  hook       runs once per client connection: ${site.hook.event}`);
  for (const problem of site.reading.problems) lines.push(`  not read   ${problem.message} at ${at(problem.location)}`);
  for (const use of input.analysis.statementUses.filter((candidate) => candidate.site === site))
    lines.push(...useLines(use, at));
  return lines;
}

function useLines(use: StatementUse, at: (location: SourceLocation) => string): string[] {
  const shown = use.statement.text
    .replaceAll("\uE000", HOLE_SHOWN)
    .replaceAll("\uE001", PARAMETER_SHOWN)
    .replace(/\s+/g, " ")
    .slice(0, 100);
  const lines = [`  statement  ${shown}  [${use.statement.kind}, read by ${use.statement.readBy}]`];
  for (const action of use.statement.actions) lines.push(`    does     ${actionWords(action)}`);
  for (const reach of use.reaches) lines.push(...reachLines(reach, at));
  return lines;
}

const actionWords = (action: SqlAction): string => {
  const facts = Object.entries(action)
    .filter(([name, value]) => !["kind", "location", "anchors", "place"].includes(name) && value !== undefined)
    .map(
      ([name, value]) =>
        `${name}=${String(value).replaceAll("\uE000", HOLE_SHOWN).replaceAll("\uE001", PARAMETER_SHOWN)}`,
    );
  return [action.kind, ...facts, ...(action.place === "statement" ? [] : [`in a ${action.place}`])].join(" ");
};

function reachLines(reach: Reach, at: (location: SourceLocation) => string): string[] {
  const endings = reach.endings.map(
    (ending) =>
      `${ending.how}${ending.then.length > 0 ? ` after ${ending.then.map((action) => action.kind).join(", ")}` : ""}`,
  );
  return [
    `    reached  ${reach.state}, transaction ${reach.transaction} (connection ${reach.confidence}, state ${reach.stateConfidence}); ends: ${endings.join(" | ")}`,
    ...reach.path.map((step) => `             ${step.message}: ${at(step.location)}`),
  ];
}

/** Why there is nothing to trace, and what is near. */
function nothingAt(input: TraceInput, at: (location: SourceLocation) => string): string[] {
  const here = input.analysis.callSites.filter((site) => site.location.file === input.file);
  if (!input.texts.has(input.file))
    return [
      "Nothing was analysed in this file: its text gives no reason to (no driver, no session statement, no query call).",
    ];
  const lines = ["No SQL call site at this line: no call here was recognised as one that reaches PostgreSQL."];
  if (here.length === 0)
    lines.push(
      "None was found in this file. A receiver that comes from a package or parameter without a known type is recognised only by what it is given.",
    );
  else
    lines.push("Call sites of this file:", ...[...new Set(here.map((site) => `  ${site.sink}  ${at(site.location)}`))]);
  return lines;
}
