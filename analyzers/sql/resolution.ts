import { HOLE, type Resolution } from "../model.ts";
import { isHole } from "./cursor.ts";
import type { Token } from "./lexer.ts";

/** Words after which PostgreSQL wants a name or a value, so that a hole there cannot change which statement this is. */
const BEFORE_NAME_OR_VALUE = new Set([
  ..."from join into update table only exists view index schema sequence as by limit offset select distinct all where and or not in like ilike".split(
    " ",
  ),
  ..."similar between values set returning to using interval case when then else having database role authorization user type function procedure column".split(
    " ",
  ),
  ..."constraint add drop rename is isnull any some array row default references on cast extract listen unlisten notify savepoint release".split(
    " ",
  ),
  ..."trigger policy extension concurrently language execute prepare deallocate owner tablespace publication subscription domain".split(
    " ",
  ),
]);

const OPENING = new Set(["(", ",", ".", "[", ":"]);

/**
 * How well a statement is known. A hole inside a string, a quoted name or part of a name is a value or a name. A hole that is a word of
 * its own is one where PostgreSQL wants one; elsewhere it may be a clause, and before a parenthesis it may be any function.
 */
export function resolutionOf(tokens: readonly Token[], isKnown: boolean): Resolution {
  const first = tokens.find((token) => !(token.kind === "punctuation" && token.value === "("));
  if (first === undefined) return "resolved";
  if (first.value.startsWith(HOLE)) return "unresolved";
  if (!isKnown && tokens.some((token) => token.value.includes(HOLE))) return "unresolved";
  return tokens.every((token, index) => !isHole(token) || standsForNameOrValue(tokens, index)) ? "resolved" : "partial";
}

function standsForNameOrValue(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  if (before === undefined) return false;
  const named =
    before.kind === "word" &&
    ["into", "table", "exists", "update", "as", "with", "view", "function", "on", "references", "index"].includes(
      before.value,
    );
  if (
    after?.kind === "punctuation" &&
    after.value === "(" &&
    !named &&
    before.value !== "in" &&
    before.value !== "values"
  )
    return before.value === "." && isInsertTarget(tokens, index);
  if (before.kind === "operator") return true;
  if (before.kind === "punctuation") return OPENING.has(before.value);
  if (before.kind === "word") return named || BEFORE_NAME_OR_VALUE.has(before.value);
  return false;
}

/** INSERT INTO schema.hole (…), CREATE TABLE schema.hole (…). */
function isInsertTarget(tokens: readonly Token[], index: number): boolean {
  let start = index;
  while (tokens[start - 1]?.value === ".") start -= 2;
  const before = tokens[start - 1]?.value;
  return (
    before === "into" ||
    before === "table" ||
    before === "exists" ||
    before === "on" ||
    before === "references" ||
    before === "function"
  );
}
