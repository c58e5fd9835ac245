import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import * as z from "zod";
import { ConfigurationError } from "../../analyzers/index.ts";
import { readingReason } from "../read-text.ts";
import { compareText } from "../words.ts";
import { writeWhole } from "../write-whole.ts";

const entrySchema = z.strictObject({
  fingerprint: z.string().min(1),
  rule: z.string().min(1),
  path: z.string().min(1).meta({ description: "relative to the folder of this file, with /" }),
  symbol: z.string().meta({ description: "the function or class around it" }),
  reason: z.string().meta({ description: "why it is accepted" }),
  owner: z.string().nullable().default(null).meta({ description: "who answers for it" }),
  expires: z.iso.date().nullable().default(null).meta({ description: "the last day on which it is accepted" }),
});

export const baselineSchema = z
  .strictObject({ $schema: z.string().optional(), version: z.literal(1), entries: z.array(entrySchema) })
  .meta({ title: "Baseline of pgbouncer-audit: findings that were accepted" });

/** A finding that was accepted. */
export type BaselineEntry = Readonly<z.infer<typeof entrySchema>>;

/** A baseline as it was read. */
export interface Baseline {
  /** Absolute. */
  readonly file: string;
  readonly entries: readonly BaselineEntry[];
  /** The line of an entry in the file, from 1. */
  readonly lineOf: (entry: BaselineEntry) => number;
}

/** Reads a baseline. Throws a ConfigurationError for a file that is not there or is none. */
export function readBaseline(file: string, cwd: string): Baseline {
  const shown = relative(cwd, file) || file;
  if (!existsSync(file))
    throw new ConfigurationError(`There is no baseline ${shown}: \`pgbouncer-audit baseline\` writes one.`);
  let text: string;
  let given: unknown;
  try {
    text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
    given = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : readingReason(error);
    throw new ConfigurationError(`The baseline ${shown} cannot be read: ${reason}.`);
  }
  const result = baselineSchema.safeParse(given);
  if (!result.success) {
    const [issue] = result.error.issues;
    const at = issue === undefined ? "" : `${issue.path.map(String).join(".")}: ${issue.message}`;
    throw new ConfigurationError(`The baseline ${shown} is none: ${at}.`);
  }
  const { entries } = result.data;
  return { file, entries, lineOf: (entry) => lineOf(text, entry, entries) };
}

/** The line on which an entry has its fingerprint; of equal ones the n-th for the n-th. */
function lineOf(text: string, entry: BaselineEntry, entries: readonly BaselineEntry[]): number {
  const before = entries
    .slice(0, entries.indexOf(entry))
    .filter(({ fingerprint }) => fingerprint === entry.fingerprint);
  let at = -1;
  for (let count = 0; count <= before.length; count++) at = text.indexOf(JSON.stringify(entry.fingerprint), at + 1);
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}

/** Writes a baseline, sorted, whole or not at all. Throws a ConfigurationError when it cannot be written. */
export function writeBaseline(file: string, entries: readonly BaselineEntry[], cwd: string): void {
  const sorted = [...entries]
    .sort(
      (left, right) =>
        compareText(left.path, right.path) ||
        compareText(left.rule, right.rule) ||
        compareText(left.fingerprint, right.fingerprint),
    )
    .map(({ fingerprint, rule, path, symbol, reason, owner, expires }) => ({
      fingerprint,
      rule,
      path,
      symbol,
      reason,
      owner,
      expires,
    }));
  writeWhole(
    file,
    `${JSON.stringify({ version: 1, entries: sorted }, null, 2)}\n`,
    `The baseline`,
    relative(cwd, file),
  );
}

/** The path of a file as a baseline names it. */
export const pathInBaseline = (baseline: string, file: string): string =>
  relative(dirname(baseline), file).split(sep).join("/");

/** The absolute path of the file that an entry names. */
export const fileOfEntry = (baseline: string, { path }: BaselineEntry): string => resolve(dirname(baseline), path);
