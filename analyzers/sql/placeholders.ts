import type { SqlSegment, SqlText } from "../model.ts";

/** A placeholder that is filled in before PostgreSQL sees the text: by a value, or by text that may be anything a name may be. */
interface Style {
  readonly pattern: RegExp;
  readonly isValue: (match: string) => boolean;
  /** What a match stands for when it is no placeholder: `%%` is a percent sign. */
  readonly literal?: (match: string) => string | undefined;
}

/** Strings and comments, in which no placeholder stands; what is not closed goes on to the end. */
const SKIPPED = String.raw`'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|--[^\n]*|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)`;

/** Whether a match is such a string or comment, or a cast. */
const isSkipped = (match: string): boolean => /^(?:['"-]|::|\$\w*\$)/.test(match);

/**
 * How packages write placeholders that they fill in themselves. pg-format 1.0.4: `%I`, `%L`, `%s`; knex 3.3, sequelize 6.37 and MikroORM 6
 * replacements: `?`, `??`, `:name`, `:name:`; sequelize's binds: `$name`; node-pg-migrate 9.0: `{name}`; pg-promise 12.7
 * (formatting.js): `$1`, `$<name>`, `${name}` …, with a filter such as `~`, `:name`, `^` or `:raw` for text that is no value.
 */
/* eslint-disable regexp/no-super-linear-move -- each alternative of SKIPPED that begins also ends, at the latest with the text */
const STYLES = {
  format: {
    pattern: /%(?:\d+\$)?[ILs]|%%/g,
    isValue: () => false,
    literal: (match: string) => (match === "%%" ? "%" : undefined),
  },
  "question-mark": {
    pattern: new RegExp(String.raw`${SKIPPED}|\\\?|\?\?|\?|::\w|(?<![:\w]):\w+(?::(?!:))?`, "g"),
    isValue: (match: string) => match === "?" || (match.startsWith(":") && !match.endsWith(":")),
    literal: (match: string) => (match === "\\?" ? "?" : isSkipped(match) ? match : undefined),
  },
  colon: {
    pattern: new RegExp(String.raw`${SKIPPED}|::\w|\?|(?<![:\w]):\w+|\$[A-Za-z_]\w*`, "g"),
    isValue: () => true,
    literal: (match: string) => (isSkipped(match) ? match : undefined),
  },
  braces: {
    pattern: new RegExp(String.raw`${SKIPPED}|\{\w+\}`, "g"),
    isValue: () => false,
    literal: (match: string) => (isSkipped(match) ? match : undefined),
  },
  "pg-promise": {
    pattern:
      /\$(?:\d+|\{[^{}\n]*\}|<[^<>\n]*>|\([^()\n]*\)|\[[^[\]\n]*\]|\/[^/\n]*\/)(?:[~#^]|:(?:name|alias|raw|value|csv|list|json|open)\b)?/g,
    isValue: (match: string) => !/[~^#]|:(?:name|alias|raw|value|open)\b/.test(match),
  },
} satisfies Readonly<Record<string, Style>>;
/* eslint-enable regexp/no-super-linear-move */

export type Placeholders = keyof typeof STYLES;

/** A text in which no escaped question mark begins a piece: in the source `"\\?"` the backslash is a piece of its own. */
const joinEscapes = (text: SqlText): SqlText =>
  text.flatMap((segment, index): readonly SqlSegment[] => {
    const next = text[index + 1];
    const before = text[index - 1];
    const isText = segment.kind === "text";
    if (isText && segment.value === "\\" && next?.kind === "text" && next.value.startsWith("?")) return [];
    if (!isText || before?.kind !== "text" || before.value !== "\\" || !segment.value.startsWith("?")) return [segment];
    const { file, range } = segment.location;
    return [
      { kind: "text", value: "\\?", location: { file, range: { start: range.start, end: range.start + 1 } } },
      { kind: "text", value: segment.value.slice(1), location: { file, range: { ...range, start: range.start + 1 } } },
    ];
  });

/** A text with such placeholders as bind parameters, or as holes where they stand for something that is no value. */
export function fillPlaceholders(text: SqlText, placeholders: Placeholders): SqlText {
  const style: Style = STYLES[placeholders];
  return joinEscapes(text).flatMap((segment): readonly SqlSegment[] => {
    if (segment.kind !== "text") return [segment];
    const { file, range } = segment.location;
    const oneToOne = segment.value.length === range.end - range.start;
    const parts: SqlSegment[] = [];
    const at = (start: number, end: number): SqlSegment["location"] =>
      oneToOne ? { file, range: { start: range.start + start, end: range.start + end } } : segment.location;
    let last = 0;
    const take = (end: number): void => {
      if (end > last) parts.push({ kind: "text", value: segment.value.slice(last, end), location: at(last, end) });
    };
    for (const match of segment.value.matchAll(style.pattern)) {
      const [words] = match;
      const end = match.index + words.length;
      const literal = style.literal?.(words);
      if (literal === words) continue;
      take(match.index);
      last = end;
      if (literal !== undefined) parts.push({ kind: "text", value: literal, location: at(match.index, end) });
      else if (style.isValue(words)) parts.push({ kind: "parameter", location: at(match.index, end) });
      else parts.push({ kind: "hole", reason: `filled in for ${words}`, location: at(match.index, end) });
    }
    take(segment.value.length);
    return parts;
  });
}
