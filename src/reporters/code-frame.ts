import { codeFrameColumns } from "@babel/code-frame";
import { deploymentKindOf } from "../../analyzers/index.ts";
import { maskDeploymentSecrets, maskSecrets } from "../mask-secrets.ts";
import type { ReportedPlace } from "../report.ts";
import { inert } from "./inert.ts";

/** Longer lines are shown around the place only. */
const WIDTH = 140;
/** What stands before the place in a line that was cut. */
const LEAD = 60;
/** A finding of more lines is shown by its first ones. */
const MAX_LINES = 4;

/** The lines of a place with a marker under it, one line above, each safe for a terminal. Empty when the text has no such line. */
export function codeFrame(text: string, place: ReportedPlace): string[] {
  const first = Math.max(place.line - 1, 1);
  const last = Math.min(place.endLine, place.line + MAX_LINES - 1);
  const isDeployment = deploymentKindOf(place.path) !== undefined;
  const [above] = first === 1 ? [] : linesBetween(text, first - 1, first - 1);
  const source = linesBetween(text, first, last).map((line, index, lines) =>
    isDeployment ? maskDeploymentSecrets(line, index === 0 ? above : lines[index - 1]) : maskSecrets(line),
  );
  const marked = source[place.line - first];
  if (marked === undefined) return [];
  const cut = marked.length > WIDTH ? Math.max(place.column - 1 - LEAD, 0) : 0;
  const shown = source.map((line) => {
    const part = line.slice(cut, cut + WIDTH);
    return inert(`${cut > 0 && line !== "" ? "…" : ""}${part}${line.length > cut + WIDTH ? "…" : ""}`);
  });
  const shift = cut > 0 ? cut - 1 : 0;
  const endColumn = last === place.endLine ? place.endColumn : (source.at(-1)?.length ?? 0) + 1;
  const bound = (column: number): number => Math.min(Math.max(column - shift, 1), WIDTH + 2);
  // `startLine` is missing from the published types of 7.29.
  const options = { startLine: first, linesAbove: 1, linesBelow: 0, highlightCode: false };
  const start = { line: place.line, column: bound(place.column) };
  const end = { line: last, column: bound(endColumn) };
  return codeFrameColumns(shown.join("\n"), { start, end }, options).split("\n");
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
