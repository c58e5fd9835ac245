import { astVisitor, parse, type Statement } from "pgsql-ast-parser";
import { HOLE, PARAMETER } from "../model.ts";
import type { Token } from "./lexer.ts";

/** Longer statements are left to the lexer: the parser needs about 23 µs a token (measured, pgsql-ast-parser 12.0.2). */
const MAX_TOKENS = 5_000;
/**
 * pgsql-ast-parser 12.0.2 follows every derivation of an ambiguous text: `(VALUES …)` and sub-selects double their number each time,
 * 32 of them end in an out-of-memory that cannot be caught. Real statements were seen to have 6 at most.
 */
const MAX_AMBIGUOUS = 8;
/** Deeper nesting is left to the lexer: the parser's tree is walked recursively. */
const MAX_DEPTH = 150;

/** Whether the parser may be given these tokens: it must end, and soon. */
export function isSafeToParse(tokens: readonly Token[]): boolean {
  if (tokens.length > MAX_TOKENS) return false;
  let ambiguous = 0;
  let depth = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    // An unclosed `$$` or `E'` sends the parser's own lexer into exponential backtracking.
    if (token === undefined || token.kind === "error") return false;
    if (token.kind === "punctuation" && token.value === "$") return false;
    if (token.kind !== "punctuation") continue;
    if (token.value === ")") depth--;
    if (token.value !== "(") continue;
    if (++depth > MAX_DEPTH) return false;
    const next = tokens[index + 1]?.value;
    if ((next === "values" || next === "select" || next === "with") && ++ambiguous > MAX_AMBIGUOUS) return false;
  }
  return true;
}

/** The names of the functions that the parser sees called in executed positions; undefined when it cannot parse the statement. */
export function parsedCalls(text: string, tokens: readonly Token[]): ReadonlySet<string> | undefined {
  if (!isSafeToParse(tokens)) return undefined;
  // One letter for one character keeps every offset.
  const substituted = text.replaceAll(`$${HOLE}`, "$1").replaceAll(HOLE, "x").replaceAll(PARAMETER, "x");
  let statements: Statement[];
  try {
    statements = parse(substituted, { locationTracking: true });
  } catch {
    // Whatever the reason, it says nothing about the statement: the parser knows two thirds of PostgreSQL's grammar.
    return undefined;
  }
  const calls = new Set<string>();
  try {
    for (const statement of statements) {
      astVisitor((visitor) => ({
        call: (call) => {
          calls.add(call.function.name.toLowerCase());
          visitor.super().call(call);
        },
      })).statement(statement);
    }
  } catch {
    return undefined;
  }
  return calls;
}
