import type { SourceLocation } from "../../analyzers/index.ts";
import type { FileStore } from "../file-store.ts";
import { type LineIndex, makeLineIndex } from "./line-index.ts";
import type { ReportedPlace } from "./schema.ts";

/** Turns offsets into lines and columns. */
export function makePlacer(
  files: FileStore,
  nameOf: (path: string) => string,
): (location: SourceLocation) => ReportedPlace {
  const indexes = new Map<string, LineIndex>();
  return ({ file, range }) => {
    let index = indexes.get(file);
    if (index === undefined) {
      index = makeLineIndex(files.textOf(file) ?? "");
      indexes.set(file, index);
    }
    const start = index.positionOf(range.start);
    const end = index.positionOf(range.end);
    return { path: nameOf(file), line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  };
}
