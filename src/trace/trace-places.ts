import type { SourceLocation } from "../../analyzers/index.ts";
import type { AuditResult } from "../audit.ts";
import { type LineIndex, makeLineIndex } from "../report/line-index.ts";
import { displayName } from "../words.ts";

/** The line that is asked about. */
export interface TracedPlace {
  /** Absolute name. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Where things are, for a trace. */
export interface Places {
  /** `src/db.ts:7`. */
  readonly at: (location: SourceLocation) => string;
  /** Whether a location touches the line that is asked about. */
  readonly isHere: (location: SourceLocation) => boolean;
}

/** Makes the places of one trace. */
export function makePlaces({ root, files }: AuditResult, { file, line }: TracedPlace): Places {
  const indexes = new Map<string, LineIndex>();
  const lineOf = (name: string, offset: number): number => {
    let index = indexes.get(name);
    if (index === undefined) {
      index = makeLineIndex(files.textOf(name) ?? "");
      indexes.set(name, index);
    }
    return index.positionOf(offset).line;
  };
  return {
    at: (location) => `${displayName(root, location.file)}:${String(lineOf(location.file, location.range.start))}`,
    isHere: ({ file: name, range }) =>
      name === file && lineOf(name, range.start) <= line && line <= lineOf(name, range.end),
  };
}
