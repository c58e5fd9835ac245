import type { Token } from "./lexer.ts";
import { tokenize } from "./lexer.ts";

/** A program inside a statement: tokens with offsets of the whole text. */
export interface Body {
  readonly language: "plpgsql" | "sql";
  readonly tokens: readonly Token[];
}

/** The body of DO and of CREATE FUNCTION / PROCEDURE in PL/pgSQL or SQL; undefined when there is none that is text here. */
export function bodyOf(tokens: readonly Token[]): Body | undefined {
  const atomic = tokens.findIndex((token, index) => token.value === "atomic" && tokens[index - 1]?.value === "begin");
  if (atomic >= 0) return { language: "sql", tokens: tokens.slice(atomic + 1, -1) };
  const isDo = tokens[0]?.value === "do";
  const at = isDo
    ? tokens.findIndex((token) => token.kind === "string")
    : tokens.findIndex((token, index) => token.kind === "string" && tokens[index - 1]?.value === "as");
  const string = tokens[at];
  if (string === undefined) return undefined;
  const written = tokens.findIndex((token, index) => token.value === "language" && index !== at);
  const language =
    written < 0 ? (isDo ? "plpgsql" : undefined) : tokens[written + 1]?.value.replace(/'/g, "").toLowerCase();
  if (language !== "plpgsql" && language !== "sql") return undefined;
  return { language, tokens: tokensInString(string) };
}

/** The tokens of what a string constant holds. Escapes are blanked so that every offset stays where it is. */
export function tokensInString(string: Token): Token[] {
  // Not the text itself: inside a body the token is read from a text whose quotes are undoubled already.
  const written = string.value;
  const dollar = /^\$[^$]*\$/.exec(written)?.[0];
  const open = dollar?.length ?? written.indexOf("'") + 1;
  const inner = written.slice(open, written.length - (dollar?.length ?? 1));
  const contents = dollar === undefined ? inner.replaceAll("''", "' ").replace(/\\[nrt]/g, "  ") : inner;
  const base = string.start + open;
  return tokenize(contents).tokens.map((token) => ({ ...token, start: token.start + base, end: token.end + base }));
}

/** Words after which a PL/pgSQL statement begins. */
const OPENS_STATEMENT = new Set(["begin", "then", "else", "loop"]);

/** The statements of a PL/pgSQL block: what stands between semicolons and block words, without declarations. */
export function plpgsqlStatements(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [];
  let current: Token[] = [];
  let declaring = false;
  let cases = 0;
  const finish = (): void => {
    if (current.length > 0 && !declaring) statements.push(current);
    current = [];
  };
  for (const token of tokens) {
    if (token.kind === "punctuation" && token.value === ";") {
      finish();
      cases = 0;
      continue;
    }
    if (token.kind === "word") {
      const isFirst = current.length === 0;
      if (isFirst && token.value === "declare") {
        declaring = true;
        continue;
      }
      if (token.value === "begin" && (isFirst || declaring)) {
        current = [];
        declaring = false;
        continue;
      }
      // CASE inside an expression has THEN and ELSE of its own; as a statement it begins one.
      if (token.value === "case" && !isFirst) cases++;
      else if (token.value === "end" && cases > 0) cases--;
      else if (OPENS_STATEMENT.has(token.value) && token.value !== "begin" && cases === 0 && !declaring) {
        current.push(token);
        finish();
        continue;
      }
    }
    current.push(token);
  }
  finish();
  return statements;
}

/** The constant text that `EXECUTE '…'` or `EXECUTE format('…', …)` runs; undefined when it is built otherwise. */
export function dynamicText(statement: readonly Token[]): Token | undefined {
  if (statement[0]?.value !== "execute") return undefined;
  const [, second, third, fourth] = statement;
  if (second?.kind === "string") return second;
  return second?.value === "format" && third?.value === "(" && fourth?.kind === "string" ? fourth : undefined;
}
