import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import picocolors from "picocolors";
import { ConfigurationError, rules, type Severity } from "../analyzers/index.ts";
import { audit, type AuditOptions } from "./audit.ts";
import { explainRule, findRule } from "./explain.ts";
import { didYouMean } from "./nearest.ts";
import type { Report } from "./report.ts";
import { reportAsJson } from "./reporters/json.ts";
import { reportAsText } from "./reporters/text.ts";
import { traceLine } from "./trace.ts";
import { version } from "./version.ts";

/** Where a run writes and what it knows of its surroundings; a test gives its own. */
export interface Surroundings {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly cwd: string;
  readonly colorOut: boolean;
  /** Starts a progress display; undefined where there is no terminal. */
  readonly progress?: (message: string) => { readonly update: (message: string) => void; readonly stop: () => void };
}

const FORMATS = ["text", "json"] as const;
const LATER_FORMATS = ["sarif", "html", "markdown", "gitlab", "junit", "github"];
const LEVELS = ["off", "info", "warning", "error"] as const;

interface Output {
  readonly format: (typeof FORMATS)[number];
  readonly file: string | undefined;
}

function parseFormat(value: string, previous: readonly Output[] = []): readonly Output[] {
  const [name = "", ...rest] = value.split("=");
  const format = FORMATS.find((candidate) => candidate === name);
  if (format === undefined) {
    const later = LATER_FORMATS.includes(name) ? ` ${name} is not written by this version.` : didYouMean(name, FORMATS);
    throw new InvalidArgumentError(`Formats: ${FORMATS.join(", ")}.${later}`);
  }
  const file = rest.join("=");
  return [...previous, { format, file: file === "" ? undefined : file }];
}

function parseRule(
  value: string,
  previous: Readonly<Record<string, Severity | "off">> = {},
): Readonly<Record<string, Severity | "off">> {
  const [id = "", level = ""] = value.split(":");
  const ids = rules.map((rule) => rule.id);
  if (!ids.includes(id)) throw new InvalidArgumentError(`There is no rule "${id}".${didYouMean(id, ids)}`);
  const known = LEVELS.find((candidate) => candidate === level);
  if (known === undefined)
    throw new InvalidArgumentError(`Write ID:LEVEL with a level of ${LEVELS.join(", ")}.${didYouMean(level, LEVELS)}`);
  return { ...previous, [id]: known };
}

function parsePercent(value: string): number {
  const percent = Number(value);
  if (value.trim() === "" || !(percent >= 0 && percent <= 100))
    throw new InvalidArgumentError("Write a number from 0 to 100.");
  return percent;
}

interface Flags {
  readonly pooler?: string;
  readonly format?: readonly Output[];
  readonly failOn: Severity | "never";
  readonly minCoverage?: number;
  readonly rule?: Readonly<Record<string, Severity | "off">>;
  readonly ignore?: readonly string[];
  readonly quiet?: boolean;
  readonly showInfo?: boolean;
  readonly progress: boolean;
  readonly color?: boolean;
}

/** Runs the command. Returns the exit code: 0 clean, 1 findings, 2 could not run. */
export function runCommand(argv: readonly string[], surroundings: Surroundings): number {
  let code = 0;
  const program = new Command("pgbouncer-audit")
    .description("Finds what breaks, leaks or silently does nothing behind PgBouncer's pool_mode = transaction.")
    .version(version, "-v, --version")
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({ writeOut: surroundings.out, writeErr: surroundings.error })
    .enablePositionalOptions();

  auditFlags(program.argument("[paths...]", "files and folders (default: the current folder)")).action(
    (paths: string[], flags: Flags) => {
      code = runAudit(paths, flags, surroundings);
    },
  );
  program
    .command("explain")
    .argument("<rule>", "a rule id")
    .description("what a rule is about: what breaks, what was measured, what to do")
    .action((id: string) => {
      const rule = findRule(id);
      if (rule === undefined)
        throw new ConfigurationError(
          `There is no rule "${id}".${
            didYouMean(
              id,
              rules.map((candidate) => candidate.id),
            ) || ` Rules: ${rules.map((candidate) => candidate.id).join(", ")}.`
          }`,
        );
      surroundings.out(explainRule(rule));
    });
  program
    .command("trace")
    .argument("<file:line>", "a place in the source")
    .argument("[paths...]", "what to analyse together with it (default: the current folder)")
    .option("-p, --pooler <kind[@version]>", "the pooler to judge by")
    .description("how the call at a line was understood")
    .action((place: string, paths: string[], flags: { pooler?: string }) => {
      surroundings.out(runTrace(place, paths, flags, surroundings));
    });

  try {
    program.parse([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof ConfigurationError) {
      surroundings.error(`pgbouncer-audit: ${error.message}\n`);
      return 2;
    }
    throw error;
  }
}

function auditFlags(program: Command): Command {
  return program
    .option(
      "-p, --pooler <kind[@version]>",
      "the pooler to judge by, such as pgbouncer@1.25 (default: PgBouncer of unknown version)",
    )
    .option("-f, --format <name[=file]>", `report format, repeatable: ${FORMATS.join(", ")}`, parseFormat)
    .addOption(
      new Option("--fail-on <level>", "findings of this level or above exit 1")
        .choices(["error", "warning", "info", "never"])
        .default("error"),
    )
    .option("--min-coverage <percent>", "exit 1 when less of the SQL call sites could be resolved", parsePercent)
    .option("--rule <id:level>", "level of a rule, repeatable: off, info, warning, error", parseRule)
    .option(
      "--ignore <glob>",
      "leave files out, repeatable",
      (value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value],
    )
    .option("--show-info", "list findings of level info in the text report")
    .option("-q, --quiet", "only the summary")
    .option("--color", "colours, whatever the terminal")
    .option("--no-color", "no colours")
    .option("--no-progress", "no progress display");
}

function runAudit(paths: readonly string[], flags: Flags, surroundings: Surroundings): number {
  const outputs = flags.format ?? [{ format: "text", file: undefined }];
  const display = flags.progress && flags.quiet !== true ? surroundings.progress?.("looking for files") : undefined;
  const options: AuditOptions = {
    paths,
    cwd: surroundings.cwd,
    failOn: flags.failOn,
    ...(flags.pooler === undefined ? {} : { pooler: flags.pooler }),
    ...(flags.minCoverage === undefined ? {} : { minCoverage: flags.minCoverage }),
    ...(flags.rule === undefined ? {} : { ruleLevels: flags.rule }),
    ...(flags.ignore === undefined ? {} : { ignore: flags.ignore }),
    ...(display === undefined ? {} : { onProgress: display.update }),
  };
  let report: Report;
  try {
    ({ report } = audit(options));
  } finally {
    display?.stop();
  }
  for (const { format, file } of outputs) {
    const color = file === undefined && (flags.color ?? surroundings.colorOut);
    const text =
      format === "json"
        ? reportAsJson(report)
        : reportAsText(report, { color, showInfo: flags.showInfo === true, quiet: flags.quiet === true });
    if (file === undefined) surroundings.out(text);
    else writeReport(resolve(surroundings.cwd, file), file, text);
  }
  if (report.exit.code !== 0 && flags.quiet !== true) surroundings.error(`${report.exit.reasons.join("; ")}\n`);
  return report.exit.code;
}

function writeReport(path: string, given: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new ConfigurationError(
      `The report cannot be written to ${given}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function runTrace(
  place: string,
  paths: readonly string[],
  flags: { pooler?: string },
  surroundings: Surroundings,
): string {
  const match = /^(.+):(\d+)(?::\d+)?$/.exec(place);
  if (match?.[1] === undefined || match[2] === undefined)
    throw new ConfigurationError(`"${place}" is no place: write FILE:LINE.`);
  const file = resolve(surroundings.cwd, match[1]);
  const { report, analysis, texts } = audit({
    paths: [...(paths.length === 0 ? ["."] : paths), match[1]],
    cwd: surroundings.cwd,
    ...(flags.pooler === undefined ? {} : { pooler: flags.pooler }),
  });
  return traceLine({ analysis, root: report.root, file, line: Number(match[2]), texts });
}

/** Whether a stream is to be coloured: a terminal, unless NO_COLOR; FORCE_COLOR wins. */
export const wantsColor = (isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean =>
  environment["FORCE_COLOR"] !== undefined && environment["FORCE_COLOR"] !== "0"
    ? true
    : (environment["NO_COLOR"] ?? "") === "" && isTerminal && picocolors.isColorSupported;
