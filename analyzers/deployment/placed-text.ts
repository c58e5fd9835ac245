import type { SourceLocation } from "../model.ts";

/**
 * A text with where each of its letters stands in a file. The letters need not follow one another there: a script inside a JSON string
 * has escapes, one inside a YAML block is indented.
 */
export interface PlacedText {
  readonly file: string;
  readonly text: string;
  /** For each UTF-16 unit of `text` its offset in the file, ascending. */
  readonly offsets: readonly number[];
}

/** A whole file. */
export const wholeText = (file: string, text: string): PlacedText => partOfFile(file, text, 0, text.length);

/** A piece of a file as it stands there. */
export const partOfFile = (file: string, text: string, start: number, end: number): PlacedText => ({
  file,
  text: text.slice(start, end),
  offsets: Array.from({ length: Math.max(end - start, 0) }, (_, index) => start + index),
});

/** A piece of a placed text. */
export const slice = ({ file, text, offsets }: PlacedText, start: number, end = text.length): PlacedText => ({
  file,
  text: text.slice(start, end),
  offsets: offsets.slice(start, end),
});

/** Several pieces of one file as one text. */
export const joined = (file: string, pieces: readonly PlacedText[]): PlacedText => ({
  file,
  text: pieces.map((piece) => piece.text).join(""),
  offsets: pieces.flatMap((piece) => piece.offsets),
});

/** Where a piece of a text stands; an empty piece is an empty range. */
export function locationOf({ file, offsets }: PlacedText, start = 0, end = offsets.length): SourceLocation {
  const first = offsets[start] ?? offsets.at(-1) ?? 0;
  const last = end > start ? (offsets[end - 1] ?? first) + 1 : first;
  return { file, range: { start: first, end: last } };
}

/** The range from the first letter of one text to the last of another of the same file. */
export const spanOf = (first: PlacedText, last: PlacedText): SourceLocation => ({
  file: first.file,
  range: { start: locationOf(first).range.start, end: locationOf(last).range.end },
});

/** A text that stands for another, which is where it is shown. */
export const standingAt = ({ text }: PlacedText, place: PlacedText): PlacedText => {
  const first = place.offsets[0] ?? 0;
  const last = place.offsets.at(-1) ?? first;
  return {
    file: place.file,
    text,
    offsets: Array.from({ length: text.length }, (_, index) => (index === text.length - 1 ? last : first)),
  };
};

/** How many letters of a source an escape sequence takes that begins at this backslash. */
const escapeLength = (source: string, at: number): number => {
  const kind = source[at + 1];
  return kind === "u" ? 6 : kind === "x" ? 4 : kind === "U" ? 10 : 2;
};

/**
 * The text that a scalar of JSON or YAML stands for, placed: its letters are looked for in the source one after the other. `escapes` where
 * a backslash begins an escape sequence. A letter that is not found stands where the last one did.
 */
export function placeScalar(
  file: string,
  source: string,
  range: { readonly start: number; readonly end: number },
  value: string,
  escapes: boolean,
): PlacedText {
  const offsets: number[] = [];
  let at = range.start;
  for (const unit of value.split("")) {
    let next = at;
    while (next < range.end && !(escapes && source[next] === "\\") && !isSame(source[next], unit)) next++;
    if (next >= range.end) {
      offsets.push(Math.max(Math.min(at, range.end) - 1, range.start));
      continue;
    }
    offsets.push(next);
    at = next + (escapes && source[next] === "\\" ? escapeLength(source, next) : 1);
  }
  return { file, text: value, offsets };
}

/** A line break that was folded into a blank is that blank. */
const isSame = (found: string | undefined, wanted: string): boolean =>
  found === wanted || (wanted === " " && found === "\n");
