import { resolve } from "node:path";
import type { Report } from "../report/schema.ts";
import { formats } from "../reporters/formats.ts";
import type { Surroundings } from "../surroundings.ts";
import { writeWhole } from "../write-whole.ts";
import type { Output } from "./flags.ts";

/** How reports are written. */
export interface WritingFlags {
  readonly format?: readonly Output[];
  readonly quiet?: boolean;
  readonly showInfo?: boolean;
  readonly showSuppressed?: boolean;
  readonly color?: boolean;
}

/**
 * Writes every report that was asked for: to files first, so that a reader of standard output who has gone away costs none of them. Returns the
 * exit code, with its reasons on standard error. Throws a ConfigurationError for a file that cannot be written.
 */
export function writeReports(report: Report, flags: WritingFlags, surroundings: Surroundings): number {
  const outputs: readonly Output[] = flags.format ?? [{ format: "text", file: undefined }];
  const texts = outputs.map(({ format, file }) => ({
    file,
    text: formats[format](report, {
      color: file === undefined && (flags.color ?? surroundings.colorOut),
      showInfo: flags.showInfo === true,
      showSuppressed: flags.showSuppressed === true,
      quiet: flags.quiet === true,
      ...(file !== undefined || surroundings.width === undefined ? {} : { width: surroundings.width }),
    }),
  }));
  for (const { file, text } of texts)
    if (file !== undefined) writeWhole(resolve(surroundings.cwd, file), text, "The report", file);
  for (const { file, text } of texts) if (file === undefined) surroundings.out(text);
  if (report.exit.code !== 0 && flags.quiet !== true)
    surroundings.error(`exit code 1: ${report.exit.reasons.join("; ")}\n`);
  return report.exit.code;
}
