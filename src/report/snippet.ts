import { deploymentKindOf } from "../../analyzers/index.ts";
import { inert } from "./inert.ts";
import { maskDeploymentSecrets, maskSecrets } from "./mask-secrets.ts";
import type { ReportedPlace, Snippet } from "./schema.ts";

/** Longer lines are shown around the place only. */
const WIDTH = 140;
/** What stands before the place in a line that was cut. */
const LEAD = 60;
/** A finding of more lines is shown by its first ones. */
const MAX_LINES = 4;

/**
 * The lines of a place, one line above, with secrets starred out and nothing in them that steers a terminal. Long lines are cut to the part
 * around the place, all at the same column. Null when the text has no such line.
 */
export function snippetOf(text: string, place: ReportedPlace): Snippet | null {
  const first = Math.max(place.line - 1, 1);
  const last = Math.min(place.endLine, place.line + MAX_LINES - 1);
  const isDeployment = deploymentKindOf(place.path) !== undefined;
  const [above] = first === 1 ? [] : linesBetween(text, first - 1, first - 1);
  const source = linesBetween(text, first, last).map((line, index, lines) =>
    isDeployment ? maskDeploymentSecrets(line, index === 0 ? above : lines[index - 1]) : maskSecrets(line),
  );
  const marked = source[place.line - first];
  if (marked === undefined) return null;
  const cut = marked.length > WIDTH ? Math.max(place.column - 1 - LEAD, 0) : 0;
  const lines = source.map((line) => inert(line.slice(cut, cut + WIDTH) + (line.length > cut + WIDTH ? "…" : "")));
  return { startLine: first, startColumn: cut + 1, lines };
}

/** Lines `first` to `last`, counted from 1, without splitting the rest of the text. */
function linesBetween(text: string, first: number, last: number): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let number = 1; number <= last && start <= text.length; number++) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    if (number >= first) lines.push(text.slice(start, stop).replace(/\r$/, ""));
    start = stop + 1;
  }
  return lines;
}
