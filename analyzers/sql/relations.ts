import type { CreateTemporary, SqlAction } from "../model.ts";
import type { ActionMaker } from "./action-maker.ts";
import {
  atEnd,
  closingIndex,
  cursorOver,
  peek,
  qualifiedName,
  symbol,
  type TokenCursor,
  word,
  words,
} from "./cursor.ts";
import type { Token } from "./lexer.ts";

const isTemporarySchema = (parts: readonly Token[]): boolean => parts.length > 1 && parts[0]?.value === "pg_temp";

/** CREATE … of something temporary: by keyword, or in the schema pg_temp. Nothing for anything else. */
export function createdTemporary(tokens: readonly Token[], make: ActionMaker): SqlAction[] {
  const cursor = cursorOver(tokens, 1);
  words(cursor, "or", "replace");
  word(cursor, "global", "local");
  const keyword = word(cursor, "temp", "temporary");
  word(cursor, "unlogged");
  word(cursor, "recursive");
  const kind = word(cursor, "table", "view", "sequence", "function", "type");
  if (kind === undefined) return [];
  const ifNotExists = words(cursor, "if", "not", "exists");
  const parts = qualifiedName(cursor);
  const last = parts?.at(-1);
  if (parts === undefined || last === undefined || (keyword === undefined && !isTemporarySchema(parts))) return [];
  const object = kind.value as CreateTemporary["object"];
  const facts = {
    kind: "create-temporary",
    object,
    name: last.value,
    ifNotExists,
    via: keyword === undefined ? "pg_temp" : "keyword",
  } as const;
  const { onCommit, anchors } =
    object === "table" ? onCommitClause(tokens, cursor.index, make) : { onCommit: "preserve" as const, anchors: {} };
  const at = keyword === undefined ? tokens.indexOf(parts[0] ?? last) : tokens.indexOf(keyword);
  return [make.action(at, { ...facts, onCommit }, anchors)];
}

/** ON COMMIT DROP | DELETE ROWS | PRESERVE ROWS, or where it would be written: before AS, or after the column list and its options. */
function onCommitClause(
  tokens: readonly Token[],
  from: number,
  make: ActionMaker,
): { readonly onCommit: CreateTemporary["onCommit"]; readonly anchors: ReturnType<ActionMaker["anchor"]> } {
  let insertAt = tokens[from - 1];
  for (let index = from; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.kind === "punctuation" && token.value === "(") {
      index = closingIndex(tokens, index);
      insertAt = tokens[index] ?? insertAt;
      continue;
    }
    if (token.value === "as" && token.kind === "word") break;
    if (token.value === "on" && tokens[index + 1]?.value === "commit") {
      const what = tokens[index + 2];
      const end = what?.value === "drop" ? what : (tokens[index + 3] ?? what);
      const anchors = end === undefined ? {} : make.anchor("onCommit", token.start, end.end);
      return { onCommit: what?.value === "drop" ? "drop" : what?.value === "delete" ? "delete" : "preserve", anchors };
    }
    insertAt = token;
  }
  return {
    onCommit: "preserve",
    anchors: insertAt === undefined ? {} : make.anchor("onCommit", insertAt.end, insertAt.end),
  };
}

/** SELECT … INTO TEMP t, SELECT … INTO pg_temp.t. */
export function selectedInto(tokens: readonly Token[], make: ActionMaker): SqlAction[] {
  let depth = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind === "punctuation" && token.value === "(") depth++;
    else if (token?.kind === "punctuation" && token.value === ")") depth--;
    if (
      depth !== 0 ||
      token?.kind !== "word" ||
      token.value !== "into" ||
      tokens[index - 1]?.value === "insert" ||
      tokens[index - 1]?.value === "merge"
    )
      continue;
    const cursor = cursorOver(tokens, index + 1);
    word(cursor, "global", "local");
    const keyword = word(cursor, "temp", "temporary");
    word(cursor, "unlogged");
    word(cursor, "table");
    const parts = qualifiedName(cursor);
    const last = parts?.at(-1);
    if (parts === undefined || last === undefined || (keyword === undefined && !isTemporarySchema(parts))) return [];
    const at = keyword === undefined ? tokens.indexOf(parts[0] ?? last) : tokens.indexOf(keyword);
    return [
      make.action(at, {
        kind: "create-temporary",
        object: "table",
        name: last.value,
        onCommit: "preserve",
        ifNotExists: false,
        via: keyword === undefined ? "pg_temp" : "select-into",
      }),
    ];
  }
  return [];
}

const DROPPABLE = ["table", "view", "sequence", "function", "type"];

/** DROP and TRUNCATE, one action for each name. */
export function dropped(tokens: readonly Token[], make: ActionMaker): SqlAction[] {
  const isDrop = tokens[0]?.value === "drop";
  const cursor = cursorOver(tokens, 1);
  if (isDrop && word(cursor, ...DROPPABLE) === undefined) return [];
  if (!isDrop) word(cursor, "table");
  const ifExists = words(cursor, "if", "exists");
  if (!isDrop) word(cursor, "only");
  const actions: SqlAction[] = [];
  while (!atEnd(cursor)) {
    const parts = qualifiedName(cursor);
    const last = parts?.at(-1);
    if (parts === undefined || last === undefined) break;
    const schema = parts.at(-2)?.value;
    actions.push(
      make.action(0, {
        kind: "drop-relation",
        operation: isDrop ? "drop" : "truncate",
        name: last.value,
        ifExists,
        ...(schema === undefined ? {} : { schema }),
      }),
    );
    skipArguments(cursor);
    if (symbol(cursor, ",") === undefined) break;
  }
  return actions;
}

/** DROP FUNCTION f(int). */
function skipArguments(cursor: TokenCursor): void {
  const open = peek(cursor);
  if (open?.kind === "punctuation" && open.value === "(") cursor.index = closingIndex(cursor.tokens, cursor.index) + 1;
}

/** UPDATE pg_settings SET setting = 'x' WHERE name = 'y' is SET y TO x. */
export function updatedSettings(tokens: readonly Token[], make: ActionMaker): SqlAction[] {
  const cursor = cursorOver(tokens, 1);
  word(cursor, "only");
  const target = qualifiedName(cursor)?.at(-1);
  if (target?.value !== "pg_settings") return [];
  const at = tokens.findIndex(
    (token, index) => token.value === "name" && tokens[index + 1]?.value === "=" && index > cursor.index,
  );
  const named = at < 0 ? undefined : tokens[at + 2];
  const name = named?.kind === "string" ? named.value.replace(/^'|'$/g, "").toLowerCase() : "\uE000";
  const value = tokens.findIndex((token, index) => token.value === "setting" && tokens[index + 1]?.value === "=");
  return [make.setting(0, name, "session", "pg_settings", value < 0 ? undefined : tokens[value + 2]?.value, "alone")];
}
