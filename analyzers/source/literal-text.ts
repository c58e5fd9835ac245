import type { SourceLocation, SqlSegment, SqlText } from "../model.ts";

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
};

/**
 * The segments of the characters `start`..`end` of a string literal or template element (quotes excluded), as JavaScript cooks them:
 * runs without escapes are one-to-one with the source, each escape is a segment of its own that stands for its whole spelling.
 *
 * `raw` leaves escapes as they are written (String.raw). CRLF in a template is cooked to LF, as ECMAScript says (12.9.6).
 */
export function literalSegments(filename: string, source: string, start: number, end: number, raw: boolean): SqlText {
  const segments: SqlSegment[] = [];
  const at = (from: number, to: number): SourceLocation => ({ file: filename, range: { start: from, end: to } });
  let runStart = start;
  let index = start;
  const endRun = (): void => {
    if (index > runStart)
      segments.push({ kind: "text", value: source.slice(runStart, index), location: at(runStart, index) });
  };
  while (index < end) {
    const character = source[index];
    if (character === "\\" && !raw) {
      endRun();
      const escape = readEscape(source, index, end);
      if (escape.value !== "") {
        segments.push({ kind: "text", value: escape.value, location: at(index, escape.next) });
      }
      index = escape.next;
      runStart = index;
    } else if (character === "\r" && source[index + 1] === "\n" && index + 1 < end) {
      endRun();
      segments.push({ kind: "text", value: "\n", location: at(index, index + 2) });
      index += 2;
      runStart = index;
    } else {
      index++;
    }
  }
  endRun();
  return segments;
}

/** Reads one escape sequence at `index` (the backslash). A malformed one stands for the character after the backslash. */
function readEscape(source: string, index: number, end: number): { value: string; next: number } {
  const letter = source[index + 1] ?? "";
  const simple = SIMPLE_ESCAPES[letter];
  if (simple !== undefined) return { value: simple, next: index + 2 };
  if (letter === "\r") return { value: "", next: source[index + 2] === "\n" ? index + 3 : index + 2 };
  if (letter === "\n" || letter === "\u2028" || letter === "\u2029") return { value: "", next: index + 2 };
  const hex = (from: number, to: number): string | undefined => {
    const digits = source.slice(from, to);
    if (to > end || !/^[0-9a-f]+$/i.test(digits)) return undefined;
    const code = Number.parseInt(digits, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  };
  if (letter === "x") {
    const value = hex(index + 2, index + 4);
    if (value !== undefined) return { value, next: index + 4 };
  }
  if (letter === "u" && source[index + 2] === "{") {
    const close = source.indexOf("}", index + 3);
    const value = close > 0 && close < end && close - index <= 10 ? hex(index + 3, close) : undefined;
    if (value !== undefined) return { value, next: close + 1 };
  } else if (letter === "u") {
    const value = hex(index + 2, index + 6);
    if (value !== undefined) return { value, next: index + 6 };
  }
  if (letter >= "0" && letter <= "7") {
    const octal = /^[0-3]?[0-7]{1,2}/.exec(source.slice(index + 1, index + 4))?.[0] ?? letter;
    return { value: String.fromCharCode(Number.parseInt(octal, 8)), next: index + 1 + octal.length };
  }
  const point = source.codePointAt(index + 1);
  const value = point === undefined ? "" : String.fromCodePoint(point);
  return { value, next: Math.min(end, index + 1 + Math.max(1, value.length)) };
}
