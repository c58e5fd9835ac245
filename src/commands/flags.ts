import { type Command, InvalidArgumentError, Option } from "commander";
import { didYouMean, rules, type Severity } from "../../analyzers/index.ts";
import { FORMAT_NAMES, type FormatName } from "../reporters/formats.ts";

const LEVELS = ["off", "info", "warning", "error"] as const;

/** A report to write: to standard output, or to the file. */
export interface Output {
  readonly format: FormatName;
  readonly file: string | undefined;
}

/** Flags that say by what is judged. */
export interface JudgingFlags {
  readonly config?: string | false;
  readonly pooler?: string;
  readonly poolMode?: "session" | "transaction" | "statement";
  readonly postgres?: number;
  readonly direct?: readonly string[];
  readonly pooled?: readonly string[];
}

/** Flags of the gate. */
export interface GateFlags {
  readonly failOn?: Severity | "never";
  readonly minCoverage?: number;
}

/** The flags of an audit, checked. */
export interface AuditFlags extends JudgingFlags, GateFlags {
  readonly format?: readonly Output[];
  readonly rule?: Readonly<Record<string, Severity | "off">>;
  readonly since?: string;
  readonly baseline?: string | false;
  readonly previous?: string;
  readonly ignore?: readonly string[];
  readonly quiet?: boolean;
  readonly showInfo?: boolean;
  readonly showSuppressed?: boolean;
  readonly progress: boolean;
  readonly color?: boolean;
}

/** Declares the flags of an audit. What is wrong with one is said with the nearest right word. */
export function declareAuditFlags(program: Command): Command {
  declareJudgingFlags(program);
  declareGateFlags(program)
    .option("--rule <id:level>", "level of a rule, repeatable: off, info, warning, error", parseRule)
    .option("--since <ref>", "list and count only what changed since this commit of git; all is analysed")
    .option("--baseline <file>", "findings that were accepted (see the command baseline)")
    .option("--no-baseline", "no baseline, whatever the configuration says")
    .option("--previous <file>", "an earlier report in JSON: say what changed since")
    .option("--ignore <glob>", "leave files out, repeatable; paths as in the report, syntax of .gitignore", append);
  return declareWritingFlags(program);
}

/** Declares the flags that say by what is judged. */
export const declareJudgingFlags = (program: Command): Command =>
  program
    .option(
      "-c, --config <file>",
      "the configuration (default: the first that is found from the audited folder upwards)",
    )
    .option("--no-config", "no configuration file")
    .option(
      "-p, --pooler <kind[@version]>",
      "the pooler to judge by, such as pgbouncer@1.25 (default: PgBouncer of unknown version)",
    )
    .addOption(
      new Option(
        "--pool-mode <mode>",
        "pool mode to judge by (default: what deployment files say, else transaction)",
      ).choices(["transaction", "session", "statement"]),
    )
    .option("--postgres <version>", "major version of PostgreSQL", parseMajor)
    .option(
      "--direct <name>",
      "a variable, setting or host that bypasses the pooler, repeatable: --direct LISTEN_URL",
      append,
    )
    .option("--pooled <name>", "the same for one that leads to the pooler, whatever its name says", append);

/** Declares the flags of the gate. */
export const declareGateFlags = (program: Command): Command =>
  program
    .addOption(
      new Option("--fail-on <level>", "findings of this level or above exit 1 (default: error)").choices([
        "error",
        "warning",
        "info",
        "never",
      ]),
    )
    .option("--min-coverage <percent>", "exit 1 when less of the SQL call sites could be resolved", parsePercent);

/** Declares the flags that say how reports are written. */
export const declareWritingFlags = (program: Command): Command =>
  program
    .option("-f, --format <name[=file]>", `report format, repeatable: ${FORMAT_NAMES.join(", ")}`, parseFormat)
    .option("--show-info", "list findings of level info in the text report")
    .option("--show-suppressed", "list accepted findings in the text report")
    .option("-q, --quiet", "only the summary")
    .option("--color", "colours, whatever the terminal")
    .option("--no-color", "no colours")
    .option("--no-progress", "no progress display");

/** One more value of a flag that may be repeated. */
export const append = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
];

function parseFormat(value: string, previous: readonly Output[] | undefined): readonly Output[] {
  const [name = "", ...rest] = value.split("=");
  const format = FORMAT_NAMES.find((candidate) => candidate === name);
  if (format === undefined)
    throw new InvalidArgumentError(`Formats: ${FORMAT_NAMES.join(", ")}.${didYouMean(name, FORMAT_NAMES)}`);
  const file = rest.join("=");
  const outputs = [...(previous ?? []), { format, file: file === "" ? undefined : file }];
  if (outputs.filter((output) => output.file === undefined).length > 1)
    throw new InvalidArgumentError(
      `Standard output takes one report: write the other to a file, as in --format ${name}=FILE.`,
    );
  return outputs;
}

function parseRule(
  value: string,
  previous: Readonly<Record<string, Severity | "off">> | undefined,
): Readonly<Record<string, Severity | "off">> {
  const [id = "", level = ""] = value.replace(/^pgbouncer\//, "").split(":");
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

function parseMajor(value: string): number {
  const version = Number(value);
  if (!Number.isInteger(version) || version < 9 || version > 99)
    throw new InvalidArgumentError("Write the major version of PostgreSQL, such as 18.");
  return version;
}
