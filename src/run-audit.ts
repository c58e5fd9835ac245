import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigurationError, didYouMean } from "../analyzers/index.ts";
import type { AuditOptions } from "./audit-options.ts";
import { audit } from "./audit.ts";
import type { AuditFlags, Output } from "./flags.ts";
import { readingReason } from "./read-text.ts";
import type { Report } from "./report/schema.ts";
import { reportAsJson } from "./reporters/json.ts";
import { reportAsText } from "./reporters/text.ts";
import type { Surroundings } from "./surroundings.ts";

const LATER_COMMANDS = ["init", "baseline", "merge"];

/** Audits, writes every report that was asked for, and returns the exit code. Throws a ConfigurationError for mistakes in the call. */
export function runAudit(paths: readonly string[], flags: AuditFlags, surroundings: Surroundings): number {
  checkFirstWord(paths[0], surroundings.cwd);
  const report = auditWithProgress(
    {
      paths,
      cwd: surroundings.cwd,
      failOn: flags.failOn,
      ...(flags.pooler === undefined ? {} : { pooler: flags.pooler }),
      ...(flags.poolMode === undefined ? {} : { poolMode: flags.poolMode }),
      ...(flags.postgres === undefined ? {} : { postgresVersion: flags.postgres }),
      ...(flags.direct === undefined ? {} : { direct: flags.direct }),
      ...(flags.pooled === undefined ? {} : { pooled: flags.pooled }),
      ...(flags.minCoverage === undefined ? {} : { minCoverage: flags.minCoverage }),
      ...(flags.rule === undefined ? {} : { ruleLevels: flags.rule }),
      ...(flags.ignore === undefined ? {} : { ignore: flags.ignore }),
    },
    flags.progress && flags.quiet !== true ? surroundings : { ...surroundings, progress: undefined },
  );
  const outputs: readonly Output[] = flags.format ?? [{ format: "text", file: undefined }];
  for (const { format, file } of outputs) {
    const text =
      format === "json"
        ? reportAsJson(report)
        : reportAsText(report, {
            color: file === undefined && (flags.color ?? surroundings.colorOut),
            showInfo: flags.showInfo === true,
            quiet: flags.quiet === true,
            ...(file !== undefined || surroundings.width === undefined ? {} : { width: surroundings.width }),
          });
    if (file === undefined) surroundings.out(text);
    else writeReport(resolve(surroundings.cwd, file), file, text);
  }
  if (report.exit.code !== 0 && flags.quiet !== true)
    surroundings.error(`exit code 1: ${report.exit.reasons.join("; ")}\n`);
  return report.exit.code;
}

/** A first word that is no path may be a command with a slip in it. */
function checkFirstWord(word: string | undefined, cwd: string): void {
  if (word === undefined || existsSync(resolve(cwd, word))) return;
  if (LATER_COMMANDS.includes(word)) throw new ConfigurationError(`The command ${word} is not part of this version.`);
  const near = didYouMean(word, ["explain", "trace", "budget"]);
  if (near !== "") throw new ConfigurationError(`There is no file, folder or command ${word}.${near}`);
}

function auditWithProgress(
  options: AuditOptions,
  surroundings: { readonly progress?: Surroundings["progress"] | undefined },
): Report {
  const display = surroundings.progress?.("looking for files");
  try {
    return audit(display === undefined ? options : { ...options, onProgress: display.update }).report;
  } finally {
    display?.stop();
  }
}

function writeReport(path: string, given: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const reason = readingReason(error)
      .replace("it does not exist", "its folder does not exist")
      .replace(" read", " write");
    throw new ConfigurationError(`The report cannot be written to ${given}: ${reason}.`);
  }
}
