import { HOLE, PARAMETER } from "../model.ts";

/**
 * - `word`: identifier or keyword · `quoted`: "identifier" · `string`: any string constant · `number` · `parameter`: `$1` or a bind value
 * - `operator`: a run of operator characters, also `::`, `:=`, `=>` · `punctuation`: one of `( ) [ ] , ; . :` or any other character
 * - `error`: a token the text ends in (unterminated string, comment, …)
 */
export type TokenKind = "word" | "quoted" | "string" | "number" | "parameter" | "operator" | "punctuation" | "error";

/** A token of SQL text. Offsets are UTF-16, half-open. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** For words lower-cased as PostgreSQL folds them (ASCII only), for quoted identifiers unquoted, else as written. */
  readonly value: string;
}

/** A comment; offsets include its marks. */
export interface CommentToken {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly comments: readonly CommentToken[];
  /** The message for each error token. */
  readonly problems: readonly { readonly message: string; readonly start: number; readonly end: number }[];
}

const OPERATOR_CHARACTERS = new Set("~!@#^&|`?+-*/%<>=");
/** An operator may end in + or - only if it holds one of these (PostgreSQL 18 scan.l, rule `operator`). */
const KEEPS_SIGN = /[~!@#^&|`?%]/;

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;

const foldCase = (word: string): string => word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Splits SQL text into tokens as PostgreSQL 18's scan.l does. Never throws; time is linear in the length of the text. */
export function tokenize(text: string): Tokens {
  const tokens: Token[] = [];
  const comments: CommentToken[] = [];
  const problems: { message: string; start: number; end: number }[] = [];
  const { length } = text;
  let position = 0;

  const push = (kind: TokenKind, end: number, value = text.slice(position, end)): void => {
    tokens.push({ kind, start: position, end, value });
    position = end;
  };
  const fail = (message: string): void => {
    problems.push({ message, start: position, end: length });
    push("error", length);
  };

  while (position < length) {
    const code = text.charCodeAt(position);
    if (isSpace(code)) {
      position++;
      continue;
    }
    const next = text.charCodeAt(position + 1);
    if (code === 45 && next === 45) {
      const end = lineEnd(text, position);
      comments.push({ start: position, end, text: text.slice(position + 2, end) });
      position = end;
      continue;
    }
    if (code === 47 && next === 42) {
      const end = commentEnd(text, position);
      if (end === undefined) {
        fail("unterminated comment");
        break;
      }
      comments.push({ start: position, end, text: text.slice(position + 2, end - 2) });
      position = end;
      continue;
    }
    if (text[position] === PARAMETER) {
      push("parameter", position + 1);
      continue;
    }
    const prefix = stringPrefix(text, position);
    if (prefix !== undefined) {
      const end = stringEnd(text, position + prefix.length + 1, prefix === "e" || prefix === "E");
      if (end === undefined) fail("unterminated quoted string");
      else push("string", end);
      continue;
    }
    if (code === 34 || ((code === 85 || code === 117) && next === 38 && text[position + 2] === '"')) {
      const open = code === 34 ? position : position + 2;
      const end = quotedEnd(text, open + 1, 34);
      if (end === undefined) fail("unterminated quoted identifier");
      else push("quoted", end, text.slice(open + 1, end - 1).replaceAll('""', '"'));
      continue;
    }
    if (isLetter(code)) {
      let end = position + 1;
      while (end < length && isWordPart(text.charCodeAt(end)) && text[end] !== PARAMETER) end++;
      push("word", end, foldCase(text.slice(position, end)));
      continue;
    }
    if (code === 36) {
      if (isDigit(next)) {
        push("parameter", digitsEnd(text, position + 1));
        continue;
      }
      const tag = dollarTag(text, position);
      if (tag !== undefined) {
        const close = text.indexOf(tag, position + tag.length);
        if (close < 0) fail("unterminated dollar-quoted string");
        else push("string", close + tag.length);
        continue;
      }
      // The number of a parameter that the program counts: `$${values.length}`.
      if (text[position + 1] === HOLE) push("parameter", digitsEnd(text, position + 2));
      else push("punctuation", position + 1);
      continue;
    }
    if (isDigit(code) || (code === 46 && isDigit(next))) {
      push("number", numberEnd(text, position));
      continue;
    }
    if (code === 58 && (next === 58 || next === 61)) {
      push("operator", position + 2);
      continue;
    }
    if (code === 46 && next === 46) {
      push("operator", position + 2);
      continue;
    }
    if (OPERATOR_CHARACTERS.has(text.charAt(position))) {
      push("operator", operatorEnd(text, position));
      continue;
    }
    push("punctuation", position + 1);
  }
  return { tokens, comments, problems };
}

const isWordPart = (code: number): boolean => isLetter(code) || isDigit(code) || code === 36;

function digitsEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

function lineEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === 10 || code === 13) break;
    end++;
  }
  return end;
}

/** Comments nest. */
function commentEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let position = start;
  while (position < text.length - 1) {
    const code = text.charCodeAt(position);
    const next = text.charCodeAt(position + 1);
    if (code === 47 && next === 42) {
      depth++;
      position += 2;
    } else if (code === 42 && next === 47) {
      depth--;
      position += 2;
      if (depth === 0) return position;
    } else {
      position++;
    }
  }
  return undefined;
}

/** The letters before the opening quote of a string constant at `position`; undefined when none begins there. */
function stringPrefix(text: string, position: number): string | undefined {
  if (text[position] === "'") return "";
  const letter = text[position] ?? "";
  if (/[eEbBxX]/.test(letter) && text[position + 1] === "'") return letter;
  if ((letter === "U" || letter === "u") && text[position + 1] === "&" && text[position + 2] === "'")
    return `${letter}&`;
  return undefined;
}

/** The end of a string whose contents begin at `start`, with the parts that continue it on later lines. */
function stringEnd(text: string, start: number, escapes: boolean): number | undefined {
  let position = start;
  for (;;) {
    if (position >= text.length) return undefined;
    const code = text.charCodeAt(position);
    if (escapes && code === 92) {
      position += 2;
      continue;
    }
    if (code !== 39) {
      position++;
      continue;
    }
    if (text.charCodeAt(position + 1) === 39) {
      position += 2;
      continue;
    }
    const resumed = continuation(text, position + 1);
    if (resumed === undefined) return position + 1;
    position = resumed;
  }
}

/** Where a string goes on after white space with a newline (and line comments after it), as the standard has it. */
function continuation(text: string, start: number): number | undefined {
  let position = start;
  let newline = false;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === 10 || code === 13) newline = true;
    if (isSpace(code)) position++;
    else if (code === 45 && text.charCodeAt(position + 1) === 45) position = lineEnd(text, position);
    else return newline && code === 39 ? position + 1 : undefined;
  }
  return undefined;
}

function quotedEnd(text: string, start: number, quote: number): number | undefined {
  let position = start;
  while (position < text.length) {
    if (text.charCodeAt(position) === quote) {
      if (text.charCodeAt(position + 1) !== quote) return position + 1;
      position++;
    }
    position++;
  }
  return undefined;
}

/** `$tag$` at `position`. */
function dollarTag(text: string, position: number): string | undefined {
  let end = position + 1;
  if (end < text.length && isLetter(text.charCodeAt(end))) {
    end++;
    while (end < text.length && (isLetter(text.charCodeAt(end)) || isDigit(text.charCodeAt(end)))) end++;
  }
  return text[end] === "$" ? text.slice(position, end + 1) : undefined;
}

function numberEnd(text: string, start: number): number {
  const radix = /^0(?:x(?:_?[0-9a-f])+|o(?:_?[0-7])+|b(?:_?[01])+)/i.exec(text.slice(start, start + 80))?.[0];
  if (radix !== undefined) return start + radix.length;
  let end = start;
  const digits = (): void => {
    while (isDigit(text.charCodeAt(end)) || (text[end] === "_" && isDigit(text.charCodeAt(end + 1)) && end > start))
      end++;
  };
  digits();
  if (text[end] === "." && text[end + 1] !== ".") {
    end++;
    digits();
  }
  if (text[end] === "e" || text[end] === "E") {
    const signed = text[end + 1] === "+" || text[end + 1] === "-" ? end + 2 : end + 1;
    if (isDigit(text.charCodeAt(signed))) {
      end = signed;
      digits();
    }
  }
  return end;
}

function operatorEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && OPERATOR_CHARACTERS.has(text.charAt(end))) {
    const pair = text.slice(end, end + 2);
    if (end > start && (pair === "--" || pair === "/*")) break;
    end++;
  }
  const keeps = KEEPS_SIGN.test(text.slice(start, end));
  while (end - start > 1 && !keeps && (text[end - 1] === "+" || text[end - 1] === "-")) end--;
  return end;
}
