import { HOLE } from "../model.ts";
import type { Token } from "./lexer.ts";

/** A position in a list of tokens that a grammar moves forward. */
export interface TokenCursor {
  readonly tokens: readonly Token[];
  index: number;
}

export const cursorOver = (tokens: readonly Token[], index = 0): TokenCursor => ({ tokens, index });

export const peek = (cursor: TokenCursor, ahead = 0): Token | undefined => cursor.tokens[cursor.index + ahead];

export const atEnd = (cursor: TokenCursor): boolean => cursor.index >= cursor.tokens.length;

/** True for a word that consists of a hole and nothing else. */
export const isHole = (token: Token | undefined): boolean => token?.kind === "word" && token.value === HOLE;

/** Takes the next token if it is one of these keywords. */
export function word(cursor: TokenCursor, ...keywords: readonly string[]): Token | undefined {
  const token = peek(cursor);
  if (token?.kind !== "word" || !keywords.includes(token.value)) return undefined;
  cursor.index++;
  return token;
}

/** Takes these keywords in a row, or none of them. */
export function words(cursor: TokenCursor, ...keywords: readonly string[]): boolean {
  if (
    !keywords.every((keyword, ahead) => peek(cursor, ahead)?.kind === "word" && peek(cursor, ahead)?.value === keyword)
  )
    return false;
  cursor.index += keywords.length;
  return true;
}

/** Takes the next token if it is this punctuation or operator. */
export function symbol(cursor: TokenCursor, ...symbols: readonly string[]): Token | undefined {
  const token = peek(cursor);
  if (
    token === undefined ||
    (token.kind !== "punctuation" && token.kind !== "operator") ||
    !symbols.includes(token.value)
  )
    return undefined;
  cursor.index++;
  return token;
}

/** Takes an identifier, quoted or not. */
export function name(cursor: TokenCursor): Token | undefined {
  const token = peek(cursor);
  if (token?.kind !== "word" && token?.kind !== "quoted") return undefined;
  cursor.index++;
  return token;
}

/** Takes the next token if it is of this kind. */
export function ofKind(cursor: TokenCursor, ...kinds: readonly Token["kind"][]): Token | undefined {
  const token = peek(cursor);
  if (token === undefined || !kinds.includes(token.kind)) return undefined;
  cursor.index++;
  return token;
}

/** Takes `a.b.c` and gives its parts. */
export function qualifiedName(cursor: TokenCursor): Token[] | undefined {
  const first = name(cursor);
  if (first === undefined) return undefined;
  const parts = [first];
  while (peek(cursor)?.value === "." && peek(cursor)?.kind === "punctuation") {
    cursor.index++;
    const part = name(cursor);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts;
}

/** The index of the token that closes the parenthesis at `open`; the number of tokens when none does. */
export function closingIndex(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind !== "punctuation") continue;
    if (token.value === "(") depth++;
    else if (token.value === ")" && --depth === 0) return index;
  }
  return tokens.length;
}

/** The token ranges of a parenthesised list's items, split at commas of its own level. */
export function listItems(tokens: readonly Token[], open: number): Token[][] {
  const close = closingIndex(tokens, open);
  const items: Token[][] = [];
  let current: Token[] = [];
  let depth = 0;
  for (let index = open + 1; index < close; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.kind === "punctuation") {
      if (token.value === "(" || token.value === "[") depth++;
      else if (token.value === ")" || token.value === "]") depth--;
      else if (token.value === "," && depth === 0) {
        items.push(current);
        current = [];
        continue;
      }
    }
    current.push(token);
  }
  if (current.length > 0 || items.length > 0) items.push(current);
  return items;
}
