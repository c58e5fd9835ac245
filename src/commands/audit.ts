import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigurationError, didYouMean } from "../../analyzers/index.ts";
import type { AuditOptions } from "../audit-options.ts";
import { audit, type AuditResult } from "../audit.ts";
import { readReport } from "../report/read-report.ts";
import type { Surroundings } from "../surroundings.ts";
import type { AuditFlags } from "./flags.ts";
import { writeReports } from "./write-reports.ts";

const COMMANDS = ["explain", "trace", "budget", "init", "baseline", "merge"];

/** Audits, writes every report that was asked for, and returns the exit code. Throws a ConfigurationError for mistakes in the call. */
export function runAudit(paths: readonly string[], flags: AuditFlags, surroundings: Surroundings): number {
  checkFirstWord(paths[0], surroundings.cwd);
  const { report } = auditWithProgress(optionsOf(paths, flags, surroundings), flags, surroundings);
  return writeReports(report, flags, surroundings);
}

/** What the flags say, as options of an audit. */
export function optionsOf(
  paths: readonly string[],
  flags: AuditFlags,
  { cwd }: Pick<Surroundings, "cwd">,
): AuditOptions {
  const { previous, config, postgres, rule, pooler, poolMode, direct, pooled, minCoverage, ignore, failOn } = flags;
  return {
    paths,
    cwd,
    ...(failOn === undefined ? {} : { failOn }),
    ...(config === undefined ? {} : { configFile: config }),
    ...(flags.baseline === undefined ? {} : { baseline: flags.baseline }),
    ...(flags.since === undefined ? {} : { since: flags.since }),
    ...(previous === undefined ? {} : { previous: readReport(resolve(cwd, previous), previous) }),
    ...(pooler === undefined ? {} : { pooler }),
    ...(poolMode === undefined ? {} : { poolMode }),
    ...(postgres === undefined ? {} : { postgresVersion: postgres }),
    ...(direct === undefined ? {} : { direct }),
    ...(pooled === undefined ? {} : { pooled }),
    ...(minCoverage === undefined ? {} : { minCoverage }),
    ...(rule === undefined ? {} : { ruleLevels: rule }),
    ...(ignore === undefined ? {} : { ignore }),
  };
}

/** A first word that is no path may be a command with a slip in it. */
function checkFirstWord(word: string | undefined, cwd: string): void {
  if (word === undefined || existsSync(resolve(cwd, word))) return;
  const near = didYouMean(word, COMMANDS);
  if (near !== "") throw new ConfigurationError(`There is no file, folder or command ${word}.${near}`);
}

/** Audits with a progress display, where there is a terminal for one. */
export function auditWithProgress(
  options: AuditOptions,
  flags: Pick<AuditFlags, "progress" | "quiet">,
  surroundings: Pick<Surroundings, "progress">,
): AuditResult {
  const display = flags.progress && flags.quiet !== true ? surroundings.progress?.("looking for files") : undefined;
  try {
    return audit(display === undefined ? options : { ...options, onProgress: display.update });
  } finally {
    display?.stop();
  }
}
