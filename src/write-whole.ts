import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { ConfigurationError } from "../analyzers/index.ts";
import { readingReason } from "./read-text.ts";
import { writeAll } from "./write-all.ts";

/**
 * Writes a file whole or not at all: beside it first, then in its place, so that a full disk leaves neither half of a report nor the ruins of an
 * older one. What is no regular file (`/dev/stdout`, a pipe) is written to directly. Throws a ConfigurationError that names `what` and `shown`.
 */
export function writeWhole(path: string, text: string, what: string, shown: string): void {
  let isSpecial = true;
  const beside = `${path}.${String(process.pid)}.tmp`;
  try {
    isSpecial = statSync(path, { throwIfNoEntry: false })?.isFile() === false;
    writeAndClose(isSpecial ? path : beside, text, isSpecial);
    if (!isSpecial) renameSync(beside, path);
  } catch (error) {
    if (!isSpecial) rmSync(beside, { force: true });
    throw new ConfigurationError(`${what} cannot be written to ${shown}: ${writingReason(error)}.`);
  }
}

function writeAndClose(path: string, text: string, isSpecial: boolean): void {
  const descriptor = openSync(path, isSpecial ? "a" : "wx");
  try {
    writeAll(descriptor, text);
    // A disk that is full, or a quota, may only show here.
    if (!isSpecial) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Why something cannot be written, in words. */
export function writingReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "its folder does not exist";
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full";
    case "EROFS":
      return "the file system is read-only";
    case "EISDIR":
      return "it is a folder";
    default:
      return readingReason(error).replace(" read", " write");
  }
}
