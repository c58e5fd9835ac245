import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { rules } from "../../../analyzers/index.ts";

/** What was seen of each example, by rule and title: for each place, one line in words. */
export interface Observations {
  /** Of the servers that were used last: `{ "PostgreSQL": "15.18" }`. */
  readonly postgres: string;
  readonly examples: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
}

const folder = join(import.meta.dirname, "..", "..", "witness", "observed");

/** The table of one major version of PostgreSQL. */
const fileOf = (major: number): string => join(folder, `postgres-${String(major)}.json`);

/** What was seen before on that major version of PostgreSQL; empty when nothing was. */
export function readObservations(major: number): Observations {
  const file = fileOf(major);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Observations) : { postgres: "", examples: {} };
}

/**
 * Writes what was seen into the table. What was seen before of examples or in places that were not visited this time stays; examples that
 * are no more go.
 */
export async function writeObservations(major: number, seen: Observations): Promise<void> {
  const before = readObservations(major);
  const examples = Object.fromEntries(
    rules.map((rule) => [
      rule.id,
      Object.fromEntries(
        [...rule.examples.reported, ...rule.examples.unreported]
          .map(
            ({ title }) =>
              [title, { ...before.examples[rule.id]?.[title], ...seen.examples[rule.id]?.[title] }] as const,
          )
          .filter(([, places]) => Object.keys(places).length > 0)
          .map(([title, places]) => [title, sorted(places)]),
      ),
    ]),
  );
  const text = JSON.stringify({ postgres: seen.postgres, examples });
  writeFileSync(fileOf(major), await format(text, { parser: "json", printWidth: 120 }));
}

const sorted = (places: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(places).sort(([left], [right]) => left.localeCompare(right, "en", { numeric: true })),
  );
