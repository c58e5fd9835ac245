import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import type { MarkedStatement } from "./marks.ts";
import { packagesOf, type Program } from "./programs.ts";
import type { Recorded } from "./recorded.ts";
import type { PooledRun } from "./runs.ts";

/** What was seen of a program directly on PostgreSQL, without anything that differs from run to run. */
export interface Observation {
  /** With the versions that were run. */
  readonly packages: readonly string[];
  /** `name=value`. */
  readonly startupParameters: readonly string[];
  /** SQL of the driver's own making, in which no text of the program's is, besides the control of transactions; sorted. */
  readonly sentByItself: readonly string[];
  /** Names of prepared statements: the program's as they are, and whether the driver makes some. */
  readonly statementNames: readonly string[];
  /** By mark: where it ran and how it travelled. */
  readonly statements: Readonly<Record<string, string>>;
}

/** A row of the table: what was seen of one program. */
export interface Row extends Observation {
  /** By version of PgBouncer: what became of the program behind it. */
  readonly behindPgBouncer: Readonly<Record<string, string>>;
}

const file = join(import.meta.dirname, "..", "..", "witness", "observed", "drivers.json");

/** What was seen before, by program. */
export function readRows(): Readonly<Record<string, Row>> {
  const rows: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  if (!areRows(rows)) throw new Error(`${file} is no table of rows: write it anew with WITNESS_UPDATE=1`);
  return rows;
}

/** What the rows hold besides is compared with what is seen. */
const areRows = (rows: unknown): rows is Readonly<Record<string, Row>> =>
  typeof rows === "object" &&
  rows !== null &&
  Object.values(rows).every((row) => typeof row === "object" && row !== null && "behindPgBouncer" in row);

/** Writes down what is seen, by program. */
export async function writeRows(rows: Readonly<Record<string, Row>>): Promise<void> {
  const sorted = Object.fromEntries(Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, await format(JSON.stringify(sorted), { parser: "json", printWidth: 120 }));
}

const joined = (values: ReadonlySet<string | undefined>): string => [...values].sort().join("/");

const inWords = ({ runsIn, protocol, names }: MarkedStatement): string =>
  [joined(runsIn), joined(protocol), ...([...names].some((name) => name !== "") ? ["named"] : [])].join(" ");

/** A name that a driver makes holds a random part or a counter, and the program does not hold it. */
const shownName = (name: string, program: Program): string => (program.code.includes(`"${name}"`) ? name : "…");

/** On one line, without the names and places of replication. */
const shownText = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\bpostgresjs_\w+/g, "postgresjs_…")
    .replaceAll(/\b[0-9A-F]+\/[0-9A-F]+\b/g, "…")
    .trim();

/** What is written down of a program that ran directly on PostgreSQL. */
export function observationOf(program: Program, recorded: Recorded): Observation {
  return {
    packages: packagesOf(program),
    startupParameters: recorded.parameters.map(({ name, value }) => `${name}=${value ?? ""}`),
    sentByItself: recorded.ownTexts.map(shownText).sort(),
    statementNames: [...new Set([...recorded.names].map((name) => shownName(name, program)))].sort(),
    statements: Object.fromEntries(
      [...recorded.statements].sort(([a], [b]) => (a < b ? -1 : 1)).map(([mark, seen]) => [mark, inWords(seen)]),
    ),
  };
}

/** What became of a program behind a pooler, in one line. */
export const pooledInWords = ({ failure, harm }: PooledRun): string =>
  [failure === undefined ? "works" : `fails: ${failure}`, ...harm].join("; ");
