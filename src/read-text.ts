import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { mayReachPostgres } from "../analyzers/index.ts";

/** The text of a file, or why there is none. `failed` when the file should have been analysed. */
export type ReadText = { readonly text: string } | { readonly reason: string; readonly failed: boolean };

/** Larger source files are generated or bundled: 2 MiB is ten times the largest hand-written one seen. */
const MAX_BYTES = 2 * 1024 * 1024;
/** Dumps are larger, and cheap to read. */
const MAX_SQL_BYTES = 16 * 1024 * 1024;
/** Larger ones are not even searched for signs of a database. */
const MAX_SEARCHED_BYTES = 16 * 1024 * 1024;
/** How much of a file says whether it is minified. */
const SAMPLE_BYTES = 64 * 1024;

/** A byte order mark is no part of the text: columns count from the first letter, as in an editor. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/**
 * Reads a file as UTF-8. Never throws: what cannot be read comes back as a reason. A JavaScript file that looks minified is left out
 * unless it was `named`.
 */
export function readText(path: string, named = false): ReadText {
  try {
    const { size } = statSync(path);
    if (!named && /\.[cm]?js$/.test(path) && isMinified(path, size))
      return { reason: "passed over: minified or bundled code", failed: false };
    const limit = /\.sql$/i.test(path) ? MAX_SQL_BYTES : MAX_BYTES;
    if (size > limit) {
      const reason = `too large: ${mebibytes(size)}, the limit is ${mebibytes(limit)}`;
      // A component with a picture inside is large too, and reaches no database.
      return { reason, failed: size > MAX_SEARCHED_BYTES || mayReachPostgres(readFileSync(path, "latin1")) };
    }
    const bytes = readFileSync(path);
    if (isBinary(bytes)) return { reason: "not text: it holds NUL bytes", failed: true };
    const text = utf8.decode(bytes);
    return text.trim() === "" ? { reason: "empty", failed: false } : { text };
  } catch (error) {
    return { reason: readingReason(error), failed: true };
  }
}

/** Whether bytes are no text. A NUL here and there may stand in a string: a separator that no key contains. */
function isBinary(bytes: Uint8Array): boolean {
  let found = 0;
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, at + 1)) found++;
  return found * 100 > bytes.length;
}

const mebibytes = (size: number): string => `${(size / 1024 / 1024).toFixed(1)} MiB`;

/** Lines of more than 500 bytes on average are nobody's handwriting. */
function isMinified(path: string, size: number): boolean {
  if (size < 16 * 1024) return false;
  const sample = Buffer.alloc(Math.min(size, SAMPLE_BYTES));
  const descriptor = openSync(path, "r");
  try {
    const length = readSync(descriptor, sample, 0, sample.length, 0);
    let lines = 1;
    for (let at = sample.indexOf(10); at >= 0 && at < length; at = sample.indexOf(10, at + 1)) lines++;
    return length / lines > 500 && !sample.includes(0);
  } finally {
    closeSync(descriptor);
  }
}

/** Why reading failed, without the path: whoever reports it names the file. */
export function readingReason(error: unknown): string {
  if (error instanceof TypeError) return "not valid UTF-8";
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "no permission to read it",
    EPERM: "no permission to read it",
    ENOENT: "it does not exist",
    EISDIR: "it is a folder",
    ELOOP: "a circle of symbolic links",
    ENAMETOOLONG: "its name is too long",
  };
  return reasons[code] ?? (code === "" ? String(error) : `it cannot be read (${code})`);
}
