import { type Reach, shownUrl, type SqlAction, type SqlCallSite, type StatementUse } from "../../analyzers/index.ts";
import type { AuditResult } from "../audit.ts";
import { inert } from "../report/inert.ts";
import { HOLE_SHOWN, PARAMETER_SHOWN } from "../shown.ts";
import { nothingAt } from "./trace-nothing.ts";
import { makePlaces, type Places, type TracedPlace } from "./trace-places.ts";

/** How the calls at a line were understood, from the sink to the verdicts of the rules; where there is none, what was seen instead. */
export function traceLine(result: AuditResult, place: TracedPlace): string {
  const { analysis } = result;
  const places = makePlaces(result, place);
  const { isHere } = places;
  const isSqlFile = (site: SqlCallSite): boolean => site.connection.driver === "sql-file";
  const sites = analysis.callSites.filter(
    (site) => !isSqlFile(site) && (isHere(site.location) || site.text.some((segment) => isHere(segment.location))),
  );
  const uses = analysis.statementUses.filter((use) => isSqlFile(use.site) && isHere(use.statement.location));
  const findings = analysis.findings.filter((finding) => isHere(finding.location));
  const lines: string[] = [];
  for (const site of sites) lines.push(...siteLines(result, site, places), "");
  for (const use of uses) lines.push(...useLines(use, places), "");
  for (const parameter of analysis.startupParameters.filter(({ location }) => isHere(location)))
    lines.push(
      `startup parameter ${parameter.name} (${parameter.via}, ${parameter.confidence}) of the connection made at ${places.at(parameter.connection.location)}`,
      "",
    );
  for (const use of analysis.libraryUses.filter(({ location }) => isHere(location)))
    lines.push(`package ${use.library} (${use.confidence}) needs ${use.needs}`, "");
  if (lines.length === 0 && findings.length === 0) lines.push(...nothingAt(result, place, places));
  else {
    lines.push("verdicts");
    if (findings.length === 0) lines.push("  no rule reports anything here");
    for (const finding of findings)
      lines.push(`  ${finding.severity} ${finding.ruleId} (${finding.confidence}): ${finding.message}`);
  }
  return `${inert(lines.join("\n"))}\n`;
}

function siteLines({ analysis }: AuditResult, site: SqlCallSite, places: Places): string[] {
  const { connection } = site;
  const text = site.text
    .map((segment) =>
      segment.kind === "text" ? segment.value : segment.kind === "hole" ? `«${segment.reason}»` : PARAMETER_SHOWN,
    )
    .join("");
  const lines = [
    `${site.sink}  ${places.at(site.location)}`,
    `  SQL        ${oneLine(text) || "(empty)"}  [${site.resolution}, ${site.protocol} protocol]`,
    `  connection ${connection.scope} (${connection.driver}, ${connection.known}) from ${places.at(connection.location)}${addressWords(connection)}`,
  ];
  if (site.statementName !== undefined)
    lines.push(`  named      ${site.statementName.name ?? "a name that is not known"}`);
  if (site.hook !== undefined) lines.push(`  hook       runs once per client connection: ${site.hook.event}`);
  for (const problem of site.reading.problems)
    lines.push(`  not read   ${problem.message} at ${places.at(problem.location)}`);
  for (const use of analysis.statementUses.filter((candidate) => candidate.site === site))
    lines.push(...useLines(use, places));
  return lines;
}

/** Where a connection leads, as far as it is known. */
const addressWords = ({ urls, route }: SqlCallSite["connection"]): string => {
  const known = urls.map(shownUrl).filter((words) => words !== "…");
  return `${known.length === 0 ? "" : ` with ${known.join(" or ")}`}${route === "unknown" ? "" : `, ${route}`}`;
};

function useLines(use: StatementUse, places: Places): string[] {
  const { statement } = use;
  return [
    `  statement  ${oneLine(shown(statement.text)).slice(0, 100)}  [${statement.kind}, read by ${statement.readBy}]`,
    ...statement.actions.map((action) => `    does     ${actionWords(action)}`),
    ...use.reaches.flatMap((reach) => reachLines(reach, places)),
  ];
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

const shown = (text: string): string => text.replaceAll("\uE000", HOLE_SHOWN).replaceAll("\uE001", PARAMETER_SHOWN);

function actionWords(action: SqlAction): string {
  const facts = Object.entries(action)
    .filter(([name, value]) => !["kind", "location", "anchors", "place"].includes(name) && value !== undefined)
    .map(([name, value]) => `${name}=${shown(String(value))}`);
  return [action.kind, ...facts, ...(action.place === "statement" ? [] : [`in a ${action.place}`])].join(" ");
}

function reachLines(reach: Reach, places: Places): string[] {
  const endings = reach.endings.map(({ how, then }) =>
    then.length > 0 ? `${how} after ${then.map((action) => action.kind).join(", ")}` : how,
  );
  return [
    `    reached  ${reach.state}, transaction ${reach.transaction} (connection ${reach.confidence}, state ${reach.stateConfidence}); ends: ${endings.join(" | ")}`,
    ...reach.path.map((step) => `             ${step.message}: ${places.at(step.location)}`),
  ];
}
