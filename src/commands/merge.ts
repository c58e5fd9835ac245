import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigurationError } from "../../analyzers/index.ts";
import { mergeReports, type ReportPart } from "../report/merge.ts";
import { readReport } from "../report/read-report.ts";
import type { Surroundings } from "../surroundings.ts";
import type { GateFlags } from "./flags.ts";
import { type WritingFlags, writeReports } from "./write-reports.ts";

/** Merges reports, writes the result and returns the exit code. Throws a ConfigurationError for a file that is no report. */
export function runMerge(
  given: readonly string[],
  flags: GateFlags & WritingFlags,
  surroundings: Surroundings,
): number {
  const parts = given.map((words) => partOf(words, surroundings.cwd));
  if (parts.length === 0) throw new ConfigurationError("Name the reports to merge: A.json B.json, or FOLDER=A.json.");
  const { failOn, minCoverage } = flags;
  const report = mergeReports(parts, {
    ...(failOn === undefined ? {} : { failOn }),
    ...(minCoverage === undefined ? {} : { minCoverage }),
  });
  return writeReports(report, flags, surroundings);
}

/** `FILE`, or `FOLDER=FILE` for one whose paths are relative to a folder of the project. */
function partOf(words: string, cwd: string): ReportPart {
  const equals = existsSync(resolve(cwd, words)) ? -1 : words.indexOf("=");
  const folder = equals < 0 ? "." : words.slice(0, equals);
  const file = words.slice(equals + 1);
  return { folder, report: readReport(resolve(cwd, file), file) };
}
