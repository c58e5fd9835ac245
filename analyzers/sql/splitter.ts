import type { Token } from "./lexer.ts";

/** Splits tokens into statements at semicolons, as psql does: not inside parentheses, not inside BEGIN ATOMIC … END. */
export function splitStatements(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [];
  let current: Token[] = [];
  let parentheses = 0;
  let blocks = 0;
  for (const token of tokens) {
    if (token.kind === "punctuation") {
      if (token.value === "(") parentheses++;
      else if (token.value === ")") parentheses = Math.max(0, parentheses - 1);
      else if (token.value === ";" && parentheses === 0 && blocks === 0) {
        if (current.length > 0) statements.push(current);
        current = [];
        continue;
      }
    } else if (token.kind === "word" && isRoutine(current)) {
      const before = current.at(-1);
      if (token.value === "atomic" && before?.value === "begin") blocks++;
      else if (blocks > 0 && token.value === "case") blocks++;
      else if (blocks > 0 && token.value === "end") blocks--;
    }
    current.push(token);
  }
  if (current.length > 0) statements.push(current);
  return statements;
}

/** CREATE [OR REPLACE] FUNCTION | PROCEDURE. */
function isRoutine(tokens: readonly Token[]): boolean {
  if (tokens[0]?.value !== "create") return false;
  const next = tokens[1]?.value === "or" ? tokens[3]?.value : tokens[1]?.value;
  return next === "function" || next === "procedure";
}
