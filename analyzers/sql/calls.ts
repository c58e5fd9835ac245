import { HOLE, type SettingScope, type SqlAction, type StatementShape } from "../model.ts";
import type { ActionMaker } from "./action-maker.ts";
import { closingIndex, isHole, listItems } from "./cursor.ts";
import { FUNCTIONS, type FunctionFacts } from "./functions.ts";
import type { JoinedText } from "./joined-text.ts";
import type { Token } from "./lexer.ts";

/** A call of an interesting function, as token shapes show it. */
export interface CallCandidate {
  /** Index of the name's token. */
  readonly index: number;
  readonly facts: FunctionFacts;
  readonly arguments: readonly (readonly Token[])[];
}

/** Words after which `name(` is no call: a relation with a column list, a routine being named. */
const NOT_BEFORE_CALL = new Set([
  "into",
  "table",
  "view",
  "function",
  "procedure",
  "routine",
  "update",
  "index",
  "references",
]);

/** Finds calls: an interesting name, alone or in pg_catalog, followed by a parenthesis. */
export function findCalls(tokens: readonly Token[]): CallCandidate[] {
  const found: CallCandidate[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== "word" && token.kind !== "quoted") return;
    const facts = FUNCTIONS.get(token.value);
    const open = tokens[index + 1];
    if (facts === undefined || open?.kind !== "punctuation" || open.value !== "(") return;
    const qualified = tokens[index - 1]?.value === "." && tokens[index - 1]?.kind === "punctuation";
    const schema = qualified ? tokens[index - 2] : undefined;
    if (
      qualified &&
      schema?.value !== "pg_catalog" &&
      !(schema?.value.startsWith("dblink") ?? false) &&
      !isHole(schema) &&
      schema?.value !== "public" &&
      schema?.value !== "extensions"
    )
      return;
    const before = tokens[qualified ? index - 3 : index - 1];
    if (before?.kind === "word" && NOT_BEFORE_CALL.has(before.value)) return;
    // WITH currval(x) AS (…) names a query.
    if (
      before?.kind === "word" &&
      (before.value === "with" || before.value === "recursive") &&
      tokens[closingIndex(tokens, index + 1) + 1]?.value === "as"
    )
      return;
    found.push({ index, facts, arguments: listItems(tokens, index + 1) });
  });
  return found;
}

const TRUE_WORDS = new Set(["true", "t", "yes", "y", "on", "1", "tr", "tru", "ye"]);
const FALSE_WORDS = new Set(["false", "f", "no", "n", "off", "0", "fa", "fal", "fals", "of"]);

/** What set_config()'s third argument says: NULL counts as false (PostgreSQL 15 to 18, set_config_by_name). */
function scopeOfLocalFlag(argument: readonly Token[] | undefined): SettingScope {
  if (argument === undefined) return "unknown";
  let tokens = argument;
  let negated = false;
  while (tokens[0]?.kind === "word" && tokens[0].value === "not") {
    negated = !negated;
    tokens = tokens.slice(1);
  }
  while (tokens[0]?.value === "(" && tokens.at(-1)?.value === ")") tokens = tokens.slice(1, -1);
  const cast = tokens.findIndex((token) => token.kind === "operator" && token.value === "::");
  const [value, ...rest] = cast < 0 ? tokens : tokens.slice(0, cast);
  if (value === undefined || rest.length > 0) return "unknown";
  const words =
    value.kind === "string"
      ? value.value
          .replace(/^[eE]?'|'$/g, "")
          .trim()
          .toLowerCase()
      : value.value;
  if (value.kind === "word" && words === "null") return "session";
  if (value.kind === "word" && words !== "true" && words !== "false") return "unknown";
  if (!["word", "string", "number"].includes(value.kind)) return "unknown";
  const truth = TRUE_WORDS.has(words) ? true : FALSE_WORDS.has(words) ? false : undefined;
  if (truth === undefined) return "unknown";
  return truth !== negated ? "local" : "session";
}

const textOf = (joined: JoinedText, tokens: readonly Token[]): string => {
  const first = tokens[0];
  const last = tokens.at(-1);
  return first === undefined || last === undefined ? "" : joined.text.slice(first.start, last.end).replace(/\s+/g, " ");
};

/** The constant a name argument is, folded; one with holes keeps them; an expression is a hole. */
function nameArgument(joined: JoinedText, tokens: readonly Token[] | undefined): string {
  const [only, ...rest] = tokens ?? [];
  if (only?.kind === "string" && (rest.length === 0 || rest[0]?.value === "::"))
    return only.value.replace(/^[eE]?'|'$/g, "").toLowerCase();
  return only?.kind === "parameter" && rest.length === 0 ? textOf(joined, [only]) : HOLE;
}

/** The action that a call is. */
export function actionOfCall(
  call: CallCandidate,
  tokens: readonly Token[],
  joined: JoinedText,
  make: ActionMaker,
  shape: StatementShape,
): SqlAction {
  const token = tokens[call.index];
  const functionName = token?.value ?? "";
  const named =
    token === undefined
      ? {}
      : make.anchor(
          "functionName",
          token.kind === "quoted" ? token.start + 1 : token.start,
          token.kind === "quoted" ? token.end - 1 : token.end,
        );
  const { facts } = call;
  const list = call.arguments.map((argument) => textOf(joined, argument));
  switch (facts.does) {
    case "lock":
      return make.action(
        call.index,
        {
          kind: "advisory-lock",
          operation: facts.operation,
          scope: facts.scope,
          shared: facts.shared,
          function: functionName,
          shape,
          ...(facts.operation === "unlock-all" ? {} : { key: list.join(", ") }),
        },
        named,
      );
    case "set-config": {
      const flag = call.arguments[2];
      const first = flag?.[0];
      const last = flag?.at(-1);
      const anchors = first === undefined || last === undefined ? {} : make.anchor("isLocal", first.start, last.end);
      return make.setting(
        call.index,
        nameArgument(joined, call.arguments[0]),
        scopeOfLocalFlag(flag),
        "set_config",
        list[1],
        shape,
        { ...named, ...anchors },
      );
    }
    case "set-seed":
      return make.setting(call.index, "seed", "session", "setseed", list[0], shape, named);
    case "advance":
      return make.action(call.index, {
        kind: "sequence-advance",
        function: facts.function,
        ...(list[0] === undefined ? {} : { sequence: list[0] }),
      });
    case "notify":
      return make.action(call.index, {
        kind: "notification",
        operation: "notify",
        channel: nameArgument(joined, call.arguments[0]),
      });
    case "session":
      return make.action(
        call.index,
        { kind: "session-function", function: functionName, arguments: list, shape },
        named,
      );
  }
}

const WRITING = new Set(["insert", "update", "delete", "merge"]);

/** How the rest of the statement can use the effect of a call at `index`. */
export function shapeOfCall(tokens: readonly Token[], index: number): StatementShape {
  const verb = mainVerb(tokens);
  if (verb !== undefined && WRITING.has(verb)) return "write";
  // Open parentheses around the call that hold a sub-select of WITH, FROM or JOIN.
  const open: number[] = [];
  for (let at = 0; at < index; at++) {
    const token = tokens[at];
    if (token?.kind !== "punctuation") continue;
    if (token.value === "(") open.push(at);
    else if (token.value === ")") open.pop();
  }
  for (const at of open) {
    if (tokens[at + 1]?.value !== "select" && tokens[at + 1]?.value !== "with" && tokens[at + 1]?.value !== "(")
      continue;
    const before = tokens[at - 1]?.value;
    if (
      before === "as" ||
      before === "materialized" ||
      before === "from" ||
      before === "join" ||
      before === "lateral" ||
      before === ","
    )
      return "cte";
  }
  return "alone";
}

/** The verb of the statement proper, behind WITH and its queries. */
export function mainVerb(tokens: readonly Token[]): string | undefined {
  let index = 0;
  while (tokens[index]?.value === "(") index++;
  if (tokens[index]?.value !== "with") return tokens[index]?.value;
  let depth = 0;
  for (index++; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind === "punctuation" && token.value === "(") depth++;
    else if (token?.kind === "punctuation" && token.value === ")") depth--;
    else if (
      depth === 0 &&
      token?.kind === "word" &&
      ["select", "insert", "update", "delete", "merge", "values", "table"].includes(token.value)
    )
      return token.value;
  }
  return undefined;
}
