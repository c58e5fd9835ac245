import { readFileSync, statSync } from "node:fs";

/** The text of a file, or why it was not read. */
export type ReadText = { readonly text: string } | { readonly reason: string };

/** Larger source files are generated or bundled: 2 MiB is ten times the largest hand-written one seen. */
const MAX_BYTES = 2 * 1024 * 1024;
/** Dumps are larger, and cheap to read. */
const MAX_SQL_BYTES = 16 * 1024 * 1024;

/** Whether code looks as if nobody wrote it: lines of more than 500 characters on average, and not just a few of them. */
export function looksMinified(path: string, text: string): boolean {
  if (!/\.[cm]?js$/.test(path) || text.length < 16 * 1024) return false;
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return text.length / lines > 500;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a file as UTF-8. Never throws: what cannot be read comes back as a reason. */
export function readText(path: string): ReadText {
  try {
    const { size } = statSync(path);
    const limit = path.endsWith(".sql") ? MAX_SQL_BYTES : MAX_BYTES;
    if (size > limit)
      return {
        reason: `too large: ${(size / 1024 / 1024).toFixed(1)} MiB, the limit is ${String(limit / 1024 / 1024)} MiB`,
      };
    const bytes = readFileSync(path);
    if (bytes.includes(0)) return { reason: "not text: it holds NUL bytes" };
    return { text: utf8.decode(bytes) };
  } catch (error) {
    return { reason: readingReason(error) };
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
