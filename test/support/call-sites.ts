import { type Analysis, analyzeFile } from "../../analyzers/index.ts";
import { parseSource } from "./parse.ts";

/** SQL as a reader would write it: `$` for a bind value, `…` for what is not known. */
export const readable = (segments: Analysis["callSites"][number]["text"]): string =>
  segments
    .map((segment) => (segment.kind === "text" ? segment.value : segment.kind === "parameter" ? "$" : "…"))
    .join("")
    // A name that the driver quotes.
    .replaceAll('"…"', "…")
    .replace(/\s+/g, " ")
    .trim();

const order = (values: readonly string[]): string => [...new Set(values)].sort().join("/");

/**
 * The call sites of a module in source order, each in one line: `SQL | scope | state | protocol`, with the statement's name where it has
 * one. Several states of one site are separated by `/`; `implicit` says that the statements of a message share a transaction.
 */
export function callSitesIn(code: string, filename = "example.ts"): string[] {
  return describe(analyzeFile(parseSource(filename, code)));
}

/** The same of an analysis. */
export function describe(analysis: Analysis): string[] {
  return analysis.callSites.map((site) => describeCallSite(analysis, site));
}

/** One call site: `SQL | scope | state | protocol`. */
export function describeCallSite(analysis: Analysis, site: Analysis["callSites"][number]): string {
  const uses = analysis.statementUses.filter((use) => use.site === site);
  const states = order(
    uses.flatMap((use) => use.reaches.map((reach) => (reach.transaction === "implicit" ? "implicit" : reach.state))),
  );
  const name = site.statementName === undefined ? "" : ` | named ${site.statementName.name ?? "…"}`;
  const hook = site.hook === undefined ? "" : ` | on ${site.hook.event}`;
  return `${readable(site.text)} | ${site.connection.scope} | ${states} | ${site.protocol}${name}${hook}`;
}
