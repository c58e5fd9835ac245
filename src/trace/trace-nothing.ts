import type { AuditResult } from "../audit.ts";
import { callsAtLine } from "./calls-at-line.ts";
import type { Places, TracedPlace } from "./trace-places.ts";

/** How many of the file's call sites are listed. */
const NEAREST = 5;

/** Why there is nothing to trace at a line, and what is near it. */
export function nothingAt(result: AuditResult, place: TracedPlace, places: Places): string[] {
  const { analysis, files, selected } = result;
  const problem = files.notAnalysed().find(({ path }) => path === place.file);
  if (problem !== undefined) return [`This file was not analysed: ${problem.reason}.`];
  const text = files.textOf(place.file);
  const count = (text ?? "").split("\n").length;
  if (place.line > count) return [`The file has ${String(count)} lines; there is no line ${String(place.line)}.`];

  const calls = text === undefined ? [] : callsAtLine(files.load(place.file), text, place.line);
  const lines = [
    "No SQL call site at this line.",
    ...calls.map(
      (call) =>
        `  ${call}(…) was not recognised as sending SQL: what it is called on does not lead to a driver that this tool knows.`,
    ),
  ];
  if (calls.length === 0) lines.push("  There is no call at this line.");
  for (const connection of analysis.connections.filter(({ location }) => places.isHere(location)))
    lines.push(
      `  A connection starts here: ${connection.scope} (${connection.driver}, ${connection.known}); its calls are elsewhere.`,
    );
  for (const limit of analysis.limits.filter(({ location }) => location.file === place.file))
    lines.push(`  This file was followed in part only: ${limit.reason} at ${places.at(limit.location)}.`);
  if (!selected.has(place.file))
    return [
      ...lines,
      "The file was passed over: it imports no driver, nor a file that does, and its text holds no query call and no session statement.",
    ];

  const here = analysis.callSites.filter((site) => site.location.file === place.file);
  if (here.length === 0)
    return [...lines, `No call site was found in this file; ${String(analysis.callSites.length)} in the other files.`];
  const away = (name: string): number => Math.abs(Number(name.slice(name.lastIndexOf(":") + 1)) - place.line);
  const named = [...new Set(here.map((site) => `${site.sink}  ${places.at(site.location)}`))];
  const nearest = named.sort((left, right) => away(left) - away(right)).slice(0, NEAREST);
  return [...lines, "The nearest call sites of this file:", ...nearest.map((name) => `  ${name}`)];
}
