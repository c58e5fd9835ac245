import { codeFrameColumns } from "@babel/code-frame";
import { inert } from "../report/inert.ts";
import type { ReportedPlace, Snippet } from "../report/schema.ts";

/** The lines of a snippet with a marker under the place. Empty when there is no snippet. */
export function codeFrame(snippet: Snippet | null, place: ReportedPlace): string[] {
  if (snippet === null) return [];
  const { startLine, startColumn, lines } = snippet;
  const isCut = startColumn > 1;
  // A report that was read back may hold anything.
  const shown = lines.map((line) => inert(isCut && line !== "" ? `…${line}` : line));
  const shift = isCut ? startColumn - 2 : 0;
  const last = startLine + lines.length - 1;
  const widest = Math.max(...shown.map((line) => line.length)) + 1;
  const endColumn = last === place.endLine ? place.endColumn - shift : (shown.at(-1)?.length ?? 0) + 1;
  const bound = (column: number): number => Math.min(Math.max(column, 1), widest);
  // `startLine` is missing from the published types of 7.29.
  const options = { startLine, linesAbove: 1, linesBelow: 0, highlightCode: false };
  const start = { line: place.line, column: bound(place.column - shift) };
  const end = { line: last, column: bound(endColumn) };
  return codeFrameColumns(shown.join("\n"), { start, end }, options).split("\n");
}
