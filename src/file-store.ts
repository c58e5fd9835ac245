import type { ParsedFile } from "../analyzers/index.ts";
import type { NotAnalysed } from "./discovery/walk.ts";
import { parseSource, type Producer } from "./parse-source.ts";
import { readText } from "./read-text.ts";

/** The files of one audit, each read and parsed at most once. Paths are absolute. */
export interface FileStore {
  /** Undefined when it cannot be read; the reason is in `notAnalysed`. */
  readonly textOf: (path: string) => string | undefined;
  /** Undefined when it cannot be read or parsed; the reason is in `notAnalysed`. */
  readonly load: (path: string) => ParsedFile | undefined;
  /** Forgets the text of a file that gives no reason to be analysed; it is read again when asked for. */
  readonly forget: (path: string) => void;
  /** Notes that a file that was read could not be analysed. */
  readonly giveUp: (path: string, reason: string) => void;
  /** What could not be read, parsed or analysed so far. */
  readonly notAnalysed: () => readonly NotAnalysed[];
}

/** `named` are the files the user named: nothing but an error keeps them from being analysed. */
export function makeFileStore(named: ReadonlySet<string>, parser?: Producer): FileStore {
  const texts = new Map<string, string>();
  const parsed = new Map<string, ParsedFile | undefined>();
  const problems = new Map<string, NotAnalysed>();

  const textOf = (path: string): string | undefined => {
    const known = texts.get(path);
    if (known !== undefined || problems.has(path)) return known;
    const read = readText(path, named.has(path));
    if ("reason" in read) {
      problems.set(path, { path, ...read });
      return undefined;
    }
    texts.set(path, read.text);
    return read.text;
  };

  const load = (path: string): ParsedFile | undefined => {
    if (parsed.has(path)) return parsed.get(path);
    const text = textOf(path);
    const result = text === undefined ? undefined : parseSource(path, text, parser);
    if (result !== undefined && "reason" in result) problems.set(path, { path, reason: result.reason, failed: true });
    const file = result !== undefined && "file" in result ? result.file : undefined;
    parsed.set(path, file);
    return file;
  };

  return {
    textOf,
    load,
    forget: (path) => {
      texts.delete(path);
    },
    giveUp: (path, reason) => {
      problems.set(path, { path, reason, failed: true });
    },
    notAnalysed: () => [...problems.values()],
  };
}
