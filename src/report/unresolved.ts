import type { SqlCallSite, SourceLocation } from "../../analyzers/index.ts";
import { HOLE_SHOWN, PARAMETER_SHOWN } from "../shown.ts";
import { compareText } from "../words.ts";
import { maskSecrets } from "./mask-secrets.ts";
import type { Report, ReportedPlace } from "./schema.ts";

type Unresolved = Report["unresolved"][number];

/** More of a text than this helps nobody to find it. */
const MAX_KNOWN = 400;

/** The call sites of which the SQL is not known, or not wholly, with what is known, what is not and what would resolve it. */
export function listUnresolved(
  sites: readonly SqlCallSite[],
  placeOf: (location: SourceLocation) => ReportedPlace,
  workspaceOf: (path: string) => string,
): Unresolved[] {
  const found = new Map<string, Unresolved>();
  for (const site of sites) {
    if (site.resolution === "resolved" || site.connection.driver === "sql-file") continue;
    const place = placeOf(site.location);
    const holes = site.text.flatMap((segment) => {
      if (segment.kind !== "hole") return [];
      const { path, line } = placeOf(segment.location);
      return [{ path, line, reason: segment.reason }];
    });
    const known = knownText(site);
    const key = JSON.stringify([place.path, place.line, place.column, known]);
    found.set(key, {
      ...place,
      sink: site.sink,
      resolution: site.resolution,
      known,
      holes,
      advice: adviceFor(site),
      workspace: workspaceOf(place.path),
    });
  }
  return [...found.values()].sort(
    (left, right) =>
      compareText(left.path, right.path) ||
      left.line - right.line ||
      left.column - right.column ||
      compareText(left.known, right.known),
  );
}

function knownText({ text }: SqlCallSite): string {
  const whole = text
    .map((segment) =>
      segment.kind === "text" ? segment.value : segment.kind === "parameter" ? PARAMETER_SHOWN : HOLE_SHOWN,
    )
    .join("")
    .replace(/\s+/g, " ")
    .trim();
  return maskSecrets(whole.length > MAX_KNOWN ? `${whole.slice(0, MAX_KNOWN)}${HOLE_SHOWN}` : whole);
}

/** What the author can do, by what is missing. */
function adviceFor(site: SqlCallSite): string {
  const hole = site.text.find((segment) => segment.kind === "hole");
  if (hole?.kind === "hole" && hole.setting !== undefined)
    return `It is the value of ${hole.setting}: read what that is set to where the program runs.`;
  if (/\bparameter\b|\bargument\b/.test(hole?.kind === "hole" ? hole.reason : ""))
    return "Its callers decide what is sent: audit them together with this file, or name this function as a sink in the configuration.";
  if (site.resolution === "partial")
    return "The statement is known; read what the missing part can be, and send values as bind parameters.";
  return "Write the text where it is sent, or in a constant, with bind values for what varies.";
}
