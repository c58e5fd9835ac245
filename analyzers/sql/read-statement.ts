import { HOLE, type SqlAction, type SqlStatement } from "../model.ts";
import { makeActions, type ActionMaker } from "./action-maker.ts";
import { bodyOf, dynamicText, plpgsqlStatements, tokensInString } from "./bodies.ts";
import { actionOfCall, findCalls, mainVerb, shapeOfCall } from "./calls.ts";
import { cursorOver, closingIndex, name, peek, word, words } from "./cursor.ts";
import type { JoinedText } from "./joined-text.ts";
import type { Token } from "./lexer.ts";
import { parsedCalls } from "./parser-guard.ts";
import { createdTemporary, dropped, selectedInto, updatedSettings } from "./relations.ts";
import { resolutionOf } from "./resolution.ts";
import { readSessionStatement, SESSION_VERBS } from "./session-grammar.ts";
import { splitStatements } from "./splitter.ts";

/** Verbs whose expressions are evaluated when the statement runs. */
const EVALUATING = new Set([
  "select",
  "insert",
  "update",
  "delete",
  "merge",
  "values",
  "with",
  "table",
  "call",
  "copy",
  "refresh",
]);

/** Verbs of PostgreSQL 18 that are read no further here: the statement is known and does nothing to the session. */
const OTHER_VERBS = new Set(
  "alter analyze checkpoint cluster comment create drop explain grant import lock reassign reindex revoke security show truncate vacuum do execute".split(
    " ",
  ),
);

/** Second words that tell statements of a verb apart in reports. */
const TWO_WORD_VERBS = new Set(["create", "alter", "drop", "comment", "lock", "refresh", "import"]);

interface Read {
  readonly actions: readonly SqlAction[];
  readonly readBy: SqlStatement["readBy"];
}

/** Reads one statement of a text. */
export function readStatement(tokens: readonly Token[], joined: JoinedText): SqlStatement {
  const first = tokens[0];
  const last = tokens.at(-1);
  const start = first?.start ?? 0;
  const end = last?.end ?? start;
  const { actions, readBy } = readTokens(tokens, joined, "statement", 0);
  return {
    kind: kindOf(tokens, readBy),
    text: joined.text.slice(start, end),
    location: joined.locate(start, end),
    actions,
    resolution: resolutionOf(tokens, readBy !== "none"),
    readBy,
  };
}

function kindOf(tokens: readonly Token[], readBy: SqlStatement["readBy"]): string {
  const verb = tokens.find((token) => !(token.kind === "punctuation" && token.value === "("));
  if (verb?.kind !== "word" || verb.value.startsWith(HOLE) || readBy === "none") return "unknown";
  const second = tokens[1];
  return TWO_WORD_VERBS.has(verb.value) && second?.kind === "word" ? `${verb.value} ${second.value}` : verb.value;
}

/** How deep dynamic text inside bodies inside statements is followed. */
const MAX_NESTING = 3;

function readTokens(tokens: readonly Token[], joined: JoinedText, place: SqlAction["place"], nesting: number): Read {
  const make = makeActions(joined, tokens, place);
  const verb = mainVerb(tokens) === undefined ? tokens[0]?.value : tokens.find((token) => token.value !== "(")?.value;
  if (verb === undefined) return { actions: [], readBy: "none" };
  if (SESSION_VERBS.has(verb) && verb === tokens[0]?.value) {
    const actions = readSessionStatement(tokens, make);
    if (actions === undefined) return { actions: [], readBy: "none" };
    // DECLARE … FOR SELECT and EXECUTE's arguments are expressions too.
    const calls = verb === "declare" || verb === "execute" ? callActions(tokens, joined, make).actions : [];
    return { actions: [...actions, ...calls], readBy: "grammar" };
  }
  if (verb === "explain") return readExplain(tokens, joined, make, nesting);
  if (EVALUATING.has(verb)) return readEvaluating(tokens, verb, joined, make);
  if (verb === "create") return readCreate(tokens, joined, make, nesting);
  if (verb === "do")
    return {
      actions: bodyActions(tokens, joined, place === "statement" ? "do-body" : place, nesting),
      readBy: "lexer",
    };
  if (verb === "drop" || verb === "truncate") return { actions: dropped(tokens, make), readBy: "lexer" };
  return { actions: [], readBy: OTHER_VERBS.has(verb) ? "lexer" : "none" };
}

function callActions(
  tokens: readonly Token[],
  joined: JoinedText,
  make: ActionMaker,
): { actions: SqlAction[]; parsed: boolean } {
  const candidates = findCalls(tokens);
  if (candidates.length === 0) return { actions: [], parsed: false };
  const start = tokens[0]?.start ?? 0;
  const end = tokens.at(-1)?.end ?? start;
  const calls = parsedCalls(joined.text.slice(start, end), tokens);
  const confirmed =
    calls === undefined
      ? candidates
      : candidates.filter((candidate) => calls.has(tokens[candidate.index]?.value ?? ""));
  return {
    actions: confirmed.map((candidate) =>
      actionOfCall(candidate, tokens, joined, make, shapeOfCall(tokens, candidate.index)),
    ),
    parsed: calls !== undefined,
  };
}

/** What must follow the verb for the text to be SQL and not prose ("Select a plan", "Update failed"). */
function looksLikeStatement(tokens: readonly Token[], verb: string): boolean {
  const has = (...keywords: readonly string[]): boolean =>
    tokens.some((token) => token.kind === "word" && keywords.includes(token.value));
  switch (verb) {
    case "insert":
    case "merge":
      return tokens[1]?.value === "into";
    case "update":
      return has("set");
    case "delete":
      return tokens[1]?.value === "from";
    case "with":
      return has("as");
    case "table":
      return tokens.length <= 4 && (tokens[1]?.kind === "word" || tokens[1]?.kind === "quoted");
    case "values":
      return tokens[1]?.value === "(" || tokens[1]?.value.startsWith(HOLE) === true;
    case "call":
      return tokens.some((token) => token.value === "(");
    case "copy":
      return has("from", "to");
    case "refresh":
      return has("materialized");
    default:
      return tokens.length > 1;
  }
}

function readEvaluating(tokens: readonly Token[], verb: string, joined: JoinedText, make: ActionMaker): Read {
  if (!looksLikeStatement(tokens, verb)) return { actions: [], readBy: "none" };
  const { actions: calls, parsed } = callActions(tokens, joined, make);
  const actions: SqlAction[] = [...calls];
  const main = mainVerb(tokens);
  if (main === "insert")
    actions.push(
      make.action(
        Math.max(
          0,
          tokens.findIndex((token) => token.value === "insert"),
        ),
        { kind: "sequence-advance", function: "insert" },
      ),
    );
  if (main === "update") actions.push(...updatedSettings(tokens, make));
  if (main === "select") actions.push(...selectedInto(tokens, make));
  return { actions, readBy: parsed ? "parser" : "lexer" };
}

/** EXPLAIN shows a plan; only with ANALYZE does it run the statement. EXPLAIN EXECUTE needs the prepared statement either way. */
function readExplain(tokens: readonly Token[], joined: JoinedText, make: ActionMaker, nesting: number): Read {
  const cursor = cursorOver(tokens, 1);
  let runs = false;
  if (peek(cursor)?.value === "(") {
    const close = closingIndex(tokens, cursor.index);
    const options = tokens.slice(cursor.index + 1, close);
    const at = options.findIndex((token) => token.value === "analyze" || token.value === "analyse");
    runs = at >= 0 && !["false", "off", "0"].includes(options[at + 1]?.value ?? "");
    cursor.index = close + 1;
  }
  while (word(cursor, "analyze", "analyse", "verbose") !== undefined)
    runs ||= tokens[cursor.index - 1]?.value !== "verbose";
  const rest = tokens.slice(cursor.index);
  if (rest.length === 0) return { actions: [], readBy: "none" };
  if (rest[0]?.value === "execute")
    return { actions: readTokens(rest, joined, make.place, nesting).actions, readBy: "grammar" };
  const inner = readTokens(rest, joined, make.place, nesting);
  return { actions: runs ? inner.actions : [], readBy: inner.readBy };
}

function readCreate(tokens: readonly Token[], joined: JoinedText, make: ActionMaker, nesting: number): Read {
  const actions = createdTemporary(tokens, make);
  const cursor = cursorOver(tokens, 1);
  words(cursor, "or", "replace");
  if (word(cursor, "function", "procedure") !== undefined) {
    actions.push(...bodyActions(tokens, joined, "routine-body", nesting));
  } else {
    actions.push(...createdFromQuery(tokens, joined, make));
  }
  return { actions, readBy: "lexer" };
}

/** CREATE TABLE … AS query and CREATE MATERIALIZED VIEW … AS query run the query. */
function createdFromQuery(tokens: readonly Token[], joined: JoinedText, make: ActionMaker): SqlAction[] {
  const cursor = cursorOver(tokens, 1);
  word(cursor, "global", "local");
  word(cursor, "temp", "temporary", "unlogged");
  if (word(cursor, "table") === undefined && !words(cursor, "materialized", "view")) return [];
  let depth = 0;
  for (let index = cursor.index; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind === "punctuation" && token.value === "(") depth++;
    else if (token?.kind === "punctuation" && token.value === ")") depth--;
    if (depth !== 0 || token?.kind !== "word" || token.value !== "as") continue;
    const query = tokens.slice(index + 1);
    const executed = cursorOver(query);
    if (word(executed, "execute") !== undefined) {
      const statement = name(executed);
      return statement === undefined
        ? []
        : [make.action(index + 1, { kind: "prepared-statement", operation: "execute", name: statement.value })];
    }
    return callActions(query, joined, makeActions(joined, query, make.place)).actions;
  }
  return [];
}

/** What a DO block or routine does when it runs. */
function bodyActions(
  tokens: readonly Token[],
  joined: JoinedText,
  place: SqlAction["place"],
  nesting: number,
): SqlAction[] {
  const body = nesting >= MAX_NESTING ? undefined : bodyOf(tokens);
  if (body === undefined) return [];
  if (body.language === "sql") {
    return splitStatements(body.tokens).flatMap(
      (statement) => readTokens(statement, joined, place, nesting + 1).actions,
    );
  }
  return plpgsqlStatements(body.tokens).flatMap((statement) => readPlpgsql(statement, joined, place, nesting + 1));
}

/** Statements that PL/pgSQL has of its own, with SQL's words. */
const PLPGSQL_OWN = new Set([
  "execute",
  "fetch",
  "move",
  "close",
  "open",
  "end",
  "declare",
  "begin",
  "prepare",
  "return",
  "raise",
  "exit",
  "continue",
  "get",
  "perform",
  "if",
  "elsif",
  "while",
  "for",
  "foreach",
  "case",
  "when",
  "exception",
  "assert",
]);

function readPlpgsql(
  tokens: readonly Token[],
  joined: JoinedText,
  place: SqlAction["place"],
  nesting: number,
): readonly SqlAction[] {
  const make = makeActions(joined, tokens, place);
  const verb = tokens[0]?.value ?? "";
  const dynamic = dynamicText(tokens);
  if (dynamic !== undefined && nesting < MAX_NESTING) {
    const inner = splitStatements(formatTokens(tokensInString(dynamic)));
    return inner.flatMap((statement) => readTokens(statement, joined, place, nesting + 1).actions);
  }
  if (PLPGSQL_OWN.has(verb) || (!SESSION_VERBS.has(verb) && !EVALUATING.has(verb) && !OTHER_VERBS.has(verb))) {
    return callActions(tokens, joined, make).actions;
  }
  // SELECT … INTO variable creates no table in PL/pgSQL, and INTO TEMP is no variable.
  return readTokens(tokens, joined, place, nesting).actions;
}

/** `%I`, `%L`, `%s` and `%1$I` of a format() template as holes, each token where it was. */
function formatTokens(tokens: readonly Token[]): Token[] {
  const result: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    const next = tokens[index + 1];
    if (token === undefined) break;
    if (
      token.kind === "operator" &&
      token.value.endsWith("%") &&
      next?.start === token.end &&
      /^[ils]$/.test(next.value)
    ) {
      if (token.value.length > 1) result.push({ ...token, end: token.end - 1, value: token.value.slice(0, -1) });
      result.push({ kind: "word", start: token.end - 1, end: next.end, value: HOLE });
      index++;
    } else {
      result.push(token);
    }
  }
  return result;
}
