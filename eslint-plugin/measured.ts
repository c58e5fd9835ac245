/** What was seen of the examples when they were run, for the rule pages. Written by the witness: `WITNESS_UPDATE=1 npm run witness`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** For each place (`directly`, `pgbouncer@1.18.0`) one line in words. */
type Seen = Readonly<Record<string, string>>;

interface Table {
  /** `15`. */
  readonly major: string;
  readonly version: string;
  readonly examples: Readonly<Record<string, Readonly<Record<string, Seen>>>>;
}

const folder = join(import.meta.dirname, "..", "test", "witness", "observed");

const tables: readonly Table[] = (existsSync(folder) ? readdirSync(folder) : [])
  .map((file) => ({ file, major: /^postgres-(\d+)\.json$/.exec(file)?.[1] }))
  .filter((entry): entry is { file: string; major: string } => entry.major !== undefined)
  .sort((left, right) => Number(left.major) - Number(right.major))
  .map(({ file, major }) => {
    const { postgres, examples } = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
      postgres: string;
      examples: Table["examples"];
    };
    return { major, version: postgres, examples };
  });

/** Places in words: `directly`, `PgBouncer 1.18.0`. */
const placeName = (place: string): string =>
  place === "directly" ? place : place.replace(/^pgbouncer@/, "PgBouncer ");

/** `directly`, `PgBouncer 1.18.0 and 1.21.0`. */
function inOneName(places: readonly string[]): string {
  const names = places.map((place, index) =>
    index === 0 ? placeName(place) : placeName(place).replace(/^PgBouncer /, ""),
  );
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** Text of a server's or a program's as a code span. */
const span = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);

/** An outcome as Markdown: its kinds in plain words, what servers and programs wrote in code spans. */
const marked = (words: string): string =>
  words
    .split(/; (?=(?:leaves|takes away) )/)
    .map((part) =>
      part.replace(
        /^(.*?)(fails: |leaves (?!a transaction open)|takes away )(.*)$/s,
        (_, on: string, kind: string, what: string) => `${on}${kind}${span(what)}`,
      ),
    )
    .join("; ");

/** Lines `- PgBouncer 1.18.0: fails: …`, one for each way that it was seen to go; places of the same outcome share one. */
function linesOf(seen: readonly { readonly place: string; readonly words: string }[]): readonly string[] {
  const byKind = new Map<string, string[]>();
  for (const { place, words } of seen) {
    const key = `${place === "directly" ? "d" : "p"}${words}`;
    byKind.set(key, [...(byKind.get(key) ?? []), place]);
  }
  return [...byKind].map(([key, places]) => `- ${inOneName([...new Set(places)])}: ${marked(key.slice(1))}`);
}

/** What was seen of an example, as a Markdown list; empty when it was not run. */
export function measured(rule: string, title: string): string {
  const places = new Set(tables.flatMap((table) => Object.keys(table.examples[rule]?.[title] ?? {})));
  const same: { place: string; words: string }[] = [];
  const differing: { place: string; words: string }[] = [];
  for (const place of places) {
    const byMajor = tables.flatMap(({ major, examples }) => {
      const words = examples[rule]?.[title]?.[place];
      return words === undefined ? [] : [{ major, words }];
    });
    const [first] = byMajor;
    if (first !== undefined && byMajor.every(({ words }) => words === first.words))
      same.push({ place, words: first.words });
    else differing.push(...byMajor.map(({ major, words }) => ({ place, words: `on PostgreSQL ${major}, ${words}` })));
  }
  return linesOf([...same, ...differing]).join("\n");
}

/** The servers of the measurements: `PostgreSQL 15.18 and 18.4`; empty when nothing was measured. */
export const measuredOn = tables.length === 0 ? "" : `PostgreSQL ${tables.map(({ version }) => version).join(" and ")}`;
