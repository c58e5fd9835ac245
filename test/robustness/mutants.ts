import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { rules } from "../../analyzers/index.ts";

/** Texts to begin with: the examples of the rules, and the files under a folder of one's own (`MUTANTS_OF=folder`). */
export function seeds(isWanted: "source" | "sql"): readonly string[] {
  const examples = rules
    .flatMap(({ examples: { reported, unreported } }) => [...reported, ...unreported])
    .flatMap(({ language = "ts", code, caller = "", given = "" }) =>
      isWanted === "sql"
        ? [...(language === "sql" ? [code] : []), given, ...textsIn(code)]
        : [...(language === "ts" ? [code, caller] : [])],
    )
    .filter((text) => text.trim() !== "");
  const folder = process.env["MUTANTS_OF"];
  return folder === undefined ? examples : [...examples, ...filesIn(folder, isWanted)];
}

/** What stands between backticks or quotes and begins like SQL. */
const textsIn = (code: string): string[] =>
  [...code.matchAll(/(["'`])((?:select|set|begin|create|insert|with|listen|prepare|declare)\b[^"'`]*)\1/gi)].flatMap(
    (match) => (match[2] === undefined ? [] : [match[2]]),
  );

const SIZE = 20_000;

function filesIn(folder: string, isWanted: "source" | "sql"): string[] {
  const wanted = isWanted === "sql" ? [".sql"] : [".ts", ".tsx", ".js", ".jsx", ".mts", ".cts"];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.includes(extname(entry.name)))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .filter((text) => text.length <= SIZE);
}

/** What parsers and lexers stumble over, from the grammar and from Unicode. */
const ODD: readonly string[] = [
  ..."\u0000 \uFEFF \uD800 \uDC00 \u2028 \u2029 \u202E \u200D \u0085 \u00A0 é e\u0301 💥 Ⅷ ٣ 漢 ﷺ".split(" "),
  ..."\r|\r\n|\t|\v|\f|\\|\\u{110000}|\\x|`|${|}|{|(|)|[|]|<|>|'|\"|''|\"\"|/|//|/*|*/|--|$$|$a$|E'|U&'|::|=>|?.|??|...|;|,|:|?|@|#|%|&&|=".split(
    "|",
  ),
  " async ",
  " await ",
  " yield ",
  " class ",
  " function ",
  " import(",
  " new ",
  " super",
  " this",
  " enum ",
  " as ",
  " satisfies ",
  " SET ",
  " LOCAL ",
  " BEGIN; ",
  " COMMIT; ",
  " WITH HOLD ",
  " DO $$ ",
  " END ",
  " (VALUES (1)) ",
  " AS (SELECT ",
  "<div>",
  "</div>",
  "9".repeat(400),
  "1e999",
  "0x",
  "\\u0027",
];

type Change =
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "remove" | "double" | "move"; readonly from: number; readonly to: number; readonly at: number }
  | { readonly kind: "insert"; readonly at: number; readonly piece: string }
  | {
      readonly kind: "splice";
      readonly from: number;
      readonly to: number;
      readonly other: number;
      readonly start: number;
    }
  | { readonly kind: "repeat"; readonly from: number; readonly length: number; readonly times: number }
  | { readonly kind: "lines"; readonly ending: string };

const place = fc.double({ min: 0, max: 1, noNaN: true });

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("cut" as const), at: place }),
  fc.record({
    kind: fc.constantFrom("remove" as const, "double" as const, "move" as const),
    from: place,
    to: place,
    at: place,
  }),
  fc.record({
    kind: fc.constant("insert" as const),
    at: place,
    piece: fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: "binary", maxLength: 6 })),
  }),
  fc.record({ kind: fc.constant("splice" as const), from: place, to: place, other: place, start: place }),
  fc.record({
    kind: fc.constant("repeat" as const),
    from: place,
    length: fc.integer({ min: 1, max: 12 }),
    times: fc.integer({ min: 2, max: 60 }),
  }),
  fc.record({ kind: fc.constant("lines" as const), ending: fc.constantFrom("\r\n", "\r", "\n\n", "\u2028", " ") }),
);

/** Texts made of these by one to five changes: cut off, spliced, doubled, with odd pieces, with other ends of lines. */
export const mutantsOf = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat({ max: texts.length - 1 }), fc.array(change, { minLength: 1, maxLength: 5 }))
    .map(([index, changes]) =>
      changes.reduce((text, one) => apply(text, one, texts), texts[index] ?? "").slice(0, SIZE),
    );

function apply(text: string, made: Change, texts: readonly string[]): string {
  const position = (share: number): number => Math.floor(share * text.length);
  switch (made.kind) {
    case "cut":
      return text.slice(0, position(made.at));
    case "insert":
      return text.slice(0, position(made.at)) + made.piece + text.slice(position(made.at));
    case "lines":
      return text.replaceAll("\n", made.ending);
    case "repeat": {
      const from = position(made.from);
      const piece = text.slice(from, from + made.length);
      return text.slice(0, from) + piece.repeat(made.times) + text.slice(from);
    }
    default: {
      const [from, to] = [position(made.from), position(made.to)].sort((left, right) => left - right) as [
        number,
        number,
      ];
      if (made.kind === "splice") {
        const other = texts[Math.floor(made.other * (texts.length - 1))] ?? "";
        return text.slice(0, from) + other.slice(Math.floor(made.start * other.length)) + text.slice(to);
      }
      const piece = text.slice(from, to);
      if (made.kind === "remove") return text.slice(0, from) + text.slice(to);
      if (made.kind === "double") return text.slice(0, to) + piece + text.slice(to);
      const rest = text.slice(0, from) + text.slice(to);
      const at = Math.floor(made.at * rest.length);
      return rest.slice(0, at) + piece + rest.slice(at);
    }
  }
}
