import { HOLE, type SettingScope, type SqlAction } from "../model.ts";
import type { ActionMaker } from "./action-maker.ts";
import {
  atEnd,
  cursorOver,
  isHole,
  name,
  ofKind,
  peek,
  qualifiedName,
  symbol,
  type TokenCursor,
  word,
  words,
} from "./cursor.ts";
import type { Token } from "./lexer.ts";

/**
 * Statements about the session and the transaction, each matched to its last token as PostgreSQL 18's gram.y has them, so that prose and
 * other stores' statements are none. pgsql-ast-parser parses few of them.
 */
type Grammar = (cursor: TokenCursor, make: ActionMaker) => readonly SqlAction[] | undefined;

/** `undefined` when the tokens are no complete statement of these kinds; else what it does (an empty list for one that does nothing here). */
export function readSessionStatement(tokens: readonly Token[], make: ActionMaker): readonly SqlAction[] | undefined {
  const first = tokens[0];
  if (first?.kind !== "word") return undefined;
  const grammar = Object.hasOwn(GRAMMARS, first.value) ? GRAMMARS[first.value] : undefined;
  if (grammar === undefined) return undefined;
  const cursor = cursorOver(tokens, 1);
  const actions = grammar(cursor, make);
  return actions !== undefined && atEnd(cursor) ? actions : undefined;
}

/** Parameters whose name in SET differs from the one in pg_settings. */
const ALIASES: Readonly<Record<string, string>> = { seed: "seed", xmloption: "xmloption" };

const canonical = (parts: readonly Token[]): string => {
  const joined = parts.map((part) => part.value.toLowerCase()).join(".");
  return ALIASES[joined] ?? joined;
};

/** A value in SET: a constant, a word, a signed number, a bind value that the driver writes into the text. */
function settingValue(cursor: TokenCursor): boolean {
  if (symbol(cursor, "+", "-") !== undefined) return ofKind(cursor, "number") !== undefined || isHoleTaken(cursor);
  if (ofKind(cursor, "string", "number", "parameter", "word", "quoted") !== undefined) {
    // pg-promise writes `$1:name`, `$1~`, `$1^`.
    if (symbol(cursor, "~", "^") === undefined && peek(cursor)?.value === ":" && peek(cursor, 1)?.kind === "word")
      cursor.index += 2;
    return true;
  }
  return symbol(cursor, "?", "??") !== undefined;
}

function isHoleTaken(cursor: TokenCursor): boolean {
  if (!isHole(peek(cursor))) return false;
  cursor.index++;
  return true;
}

function settingValues(cursor: TokenCursor): boolean {
  do {
    if (!settingValue(cursor)) return false;
  } while (symbol(cursor, ",") !== undefined);
  return true;
}

/** ISOLATION LEVEL …, READ ONLY | WRITE, [NOT] DEFERRABLE, in any number; a hole stands for one or more of them. */
function transactionModes(cursor: TokenCursor, required: boolean): boolean {
  let count = 0;
  for (;;) {
    if (count > 0) symbol(cursor, ",");
    if (words(cursor, "isolation", "level")) {
      if (!(
        words(cursor, "read", "committed") ||
        words(cursor, "read", "uncommitted") ||
        words(cursor, "repeatable", "read") ||
        word(cursor, "serializable") !== undefined ||
        isHoleTaken(cursor)
      )) {
        return false;
      }
      if (isHole(peek(cursor))) cursor.index++;
    } else if (word(cursor, "read") !== undefined) {
      if (word(cursor, "only", "write") === undefined && !isHoleTaken(cursor)) return false;
    } else if (!(
      word(cursor, "deferrable") !== undefined ||
      words(cursor, "not", "deferrable") ||
      isHoleTaken(cursor)
    )) {
      return count > 0 || !required;
    }
    count++;
  }
}

const setStatement: Grammar = (cursor, make) => {
  const scopeToken = peek(cursor);
  let scope: SettingScope = "session";
  if (words(cursor, "constraints")) {
    if (word(cursor, "all") === undefined) {
      do {
        if (qualifiedName(cursor) === undefined) return undefined;
      } while (symbol(cursor, ",") !== undefined);
    }
    return word(cursor, "deferred", "immediate") === undefined && !isHoleTaken(cursor)
      ? undefined
      : [make.action(0, { kind: "set-constraints" })];
  }
  if (isHole(scopeToken) && peek(cursor, 1)?.kind === "word" && peek(cursor, 1)?.value !== "to") {
    scope = "unknown";
    cursor.index++;
  } else if (word(cursor, "local") !== undefined) scope = "local";
  else if (
    peek(cursor)?.value === "session" &&
    !["characteristics", "authorization", "to", "=", "."].includes(peek(cursor, 1)?.value ?? "")
  ) {
    word(cursor, "session");
  }
  if (peek(cursor)?.value === "session" && peek(cursor, 1)?.value === "characteristics")
    return sessionCharacteristics(cursor, make, scopeToken);
  const anchors = make.scopeAnchor(
    scopeToken?.value === "session" && cursor.index > 1 ? scopeToken : undefined,
    peek(cursor),
  );
  const set = (name: string, valueFrom: number): readonly SqlAction[] => {
    const value = make.textBetween(valueFrom, cursor.index);
    return [make.setting(0, name, scope, "set", value, "alone", anchors)];
  };
  const start = cursor.index;
  const identity = setIdentity(cursor, make, scope, anchors);
  if (identity !== undefined) return identity;
  cursor.index = start;
  if (words(cursor, "transaction", "snapshot"))
    return ofKind(cursor, "string", "parameter") === undefined
      ? undefined
      : [make.action(0, { kind: "set-transaction" })];
  if (word(cursor, "transaction") !== undefined)
    return transactionModes(cursor, true) ? [make.action(0, { kind: "set-transaction" })] : undefined;
  const valueFrom = cursor.index + 1;
  if (words(cursor, "time", "zone"))
    return timeZone(cursor)
      ? resetOr(cursor, make, "timezone", scope, () => set("timezone", start + 2), start + 2)
      : undefined;
  if (word(cursor, "schema") !== undefined) {
    if (settingValue(cursor)) return set("search_path", valueFrom);
    cursor.index = start;
  }
  if (word(cursor, "names") !== undefined) {
    if (atEnd(cursor)) return [make.action(0, { kind: "reset-parameter", name: "client_encoding", scope })];
    if (settingValue(cursor) && atEnd(cursor))
      return resetOr(cursor, make, "client_encoding", scope, () => set("client_encoding", valueFrom), valueFrom);
    cursor.index = start;
  }
  if (words(cursor, "xml", "option"))
    return word(cursor, "document", "content") === undefined ? undefined : set("xmloption", start + 2);
  const parts = qualifiedName(cursor);
  if (parts === undefined) return undefined;
  const setting = canonical(parts);
  if (atEnd(cursor))
    return parts.length === 1 && isHole(parts[0])
      ? [make.setting(0, HOLE, scope, "set", undefined, "alone", anchors)]
      : undefined;
  if (words(cursor, "from", "current")) return set(setting, cursor.index);
  if (word(cursor, "to") === undefined && symbol(cursor, "=") === undefined) return undefined;
  const from = cursor.index;
  return settingValues(cursor) ? resetOr(cursor, make, setting, scope, () => set(setting, from), from) : undefined;
};

/** SET x TO DEFAULT is RESET x. */
function resetOr(
  cursor: TokenCursor,
  make: ActionMaker,
  setting: string,
  scope: SettingScope,
  otherwise: () => readonly SqlAction[],
  from: number,
): readonly SqlAction[] {
  const only = cursor.index === from + 1 ? cursor.tokens[from] : undefined;
  const isDefault =
    only?.kind === "word" && (only.value === "default" || (setting === "timezone" && only.value === "local"));
  return isDefault ? [make.action(0, { kind: "reset-parameter", name: setting, scope })] : otherwise();
}

/** SET TIME ZONE's value: also INTERVAL '…' HOUR TO MINUTE. */
function timeZone(cursor: TokenCursor): boolean {
  if (word(cursor, "interval") === undefined) return settingValue(cursor);
  if (
    symbol(cursor, "(") !== undefined &&
    (ofKind(cursor, "number") === undefined || symbol(cursor, ")") === undefined)
  )
    return false;
  if (ofKind(cursor, "string") === undefined) return false;
  while (word(cursor, "hour", "to", "minute", "day", "second", "year", "month") !== undefined);
  return true;
}

function sessionCharacteristics(
  cursor: TokenCursor,
  make: ActionMaker,
  scopeToken: Token | undefined,
): readonly SqlAction[] | undefined {
  if (!words(cursor, "session", "characteristics", "as", "transaction")) return undefined;
  const from = cursor.index;
  if (!transactionModes(cursor, true)) return undefined;
  const values = cursor.tokens.slice(from, cursor.index).map((token) => token.value);
  const setting =
    values.includes("only") || values.includes("write")
      ? "default_transaction_read_only"
      : values.includes("deferrable") && !values.includes("level")
        ? "default_transaction_deferrable"
        : "default_transaction_isolation";
  return [
    make.setting(
      0,
      setting,
      "session",
      "session-characteristics",
      make.textBetween(from, cursor.index),
      "alone",
      make.scopeAnchor(undefined, scopeToken),
    ),
  ];
}

function setIdentity(
  cursor: TokenCursor,
  make: ActionMaker,
  scope: SettingScope,
  anchors: ReturnType<ActionMaker["scopeAnchor"]>,
): readonly SqlAction[] | undefined {
  const role = peek(cursor)?.value === "role" && word(cursor, "role") !== undefined;
  if (!role && !words(cursor, "session", "authorization")) return undefined;
  // SET role = 'x' is SET ROLE x.
  if (role && word(cursor, "to") === undefined) symbol(cursor, "=");
  const from = cursor.index;
  if (!settingValue(cursor)) return undefined;
  const value = cursor.tokens[from];
  const identity = role ? "role" : "session_authorization";
  const isNobody = value?.kind === "word" && (value.value === "default" || (role && value.value === "none"));
  // SET LOCAL ROLE NONE ends with the transaction, as any SET LOCAL.
  if (isNobody && scope !== "local") return [make.action(0, { kind: "reset-identity", identity })];
  return [make.identity(0, identity, scope, "set", make.textBetween(from, cursor.index), "alone", anchors)];
}

const resetStatement: Grammar = (cursor, make) => {
  const reset = (setting: string): readonly SqlAction[] => [
    make.action(0, { kind: "reset-parameter", name: setting, scope: "session" }),
  ];
  if (words(cursor, "session", "authorization"))
    return [make.action(0, { kind: "reset-identity", identity: "session_authorization" })];
  if (words(cursor, "time", "zone")) return reset("timezone");
  if (words(cursor, "transaction", "isolation", "level")) return reset("transaction_isolation");
  if (word(cursor, "all") !== undefined) return reset("all");
  const parts = qualifiedName(cursor);
  if (parts === undefined) return undefined;
  const setting = canonical(parts);
  return setting === "role" ? [make.action(0, { kind: "reset-identity", identity: "role" })] : reset(setting);
};

/** A channel, cursor or statement name; also a bind value that a driver writes into the text. */
function looseName(cursor: TokenCursor): Token | undefined {
  const token = name(cursor) ?? ofKind(cursor, "parameter") ?? symbol(cursor, "?", "??");
  if (token !== undefined && token.kind !== "word" && token.kind !== "quoted") {
    if (symbol(cursor, "~") === undefined && peek(cursor)?.value === ":" && peek(cursor, 1)?.kind === "word")
      cursor.index += 2;
  }
  return token;
}

const listenStatement: Grammar = (cursor, make) => {
  const channel = looseName(cursor);
  return channel === undefined
    ? undefined
    : [make.action(0, { kind: "notification", operation: "listen", channel: channel.value })];
};

const unlistenStatement: Grammar = (cursor, make) => {
  if (symbol(cursor, "*") !== undefined) return [make.action(0, { kind: "notification", operation: "unlisten-all" })];
  const channel = looseName(cursor);
  return channel === undefined
    ? undefined
    : [make.action(0, { kind: "notification", operation: "unlisten", channel: channel.value })];
};

const notifyStatement: Grammar = (cursor, make) => {
  const channel = looseName(cursor);
  if (channel === undefined) return undefined;
  if (
    symbol(cursor, ",") !== undefined &&
    ofKind(cursor, "string", "parameter") === undefined &&
    !isHoleTaken(cursor) &&
    symbol(cursor, "?") === undefined
  )
    return undefined;
  return [make.action(0, { kind: "notification", operation: "notify", channel: channel.value })];
};

const loadStatement: Grammar = (cursor, make) => {
  const library = ofKind(cursor, "string", "parameter") ?? (isHole(peek(cursor)) ? name(cursor) : undefined);
  return library === undefined
    ? undefined
    : [make.action(0, { kind: "load-library", library: library.value.replace(/^'|'$/g, "") })];
};

const discardStatement: Grammar = (cursor, make) => {
  const target = word(cursor, "all", "plans", "sequences", "temp", "temporary");
  if (target === undefined) return undefined;
  return [
    make.action(0, {
      kind: "discard",
      target: target.value === "temporary" ? "temp" : (target.value as "all" | "plans" | "sequences" | "temp"),
    }),
  ];
};

const deallocateStatement: Grammar = (cursor, make) => {
  if (peek(cursor, 1) !== undefined) word(cursor, "prepare");
  if (word(cursor, "all") !== undefined)
    return [make.action(0, { kind: "prepared-statement", operation: "deallocate-all" })];
  const statement = looseName(cursor);
  return statement === undefined
    ? undefined
    : [make.action(0, { kind: "prepared-statement", operation: "deallocate", name: statement.value })];
};

const PREPARABLE = ["select", "insert", "update", "delete", "merge", "values", "with", "table", HOLE];

const prepareStatement: Grammar = (cursor, make) => {
  if (word(cursor, "transaction") !== undefined) {
    if (ofKind(cursor, "string", "parameter") === undefined && !isHoleTaken(cursor)) return undefined;
    return [make.action(0, { kind: "transaction", operation: "prepare-transaction", chain: false })];
  }
  const statement = name(cursor);
  if (statement === undefined) return undefined;
  if (symbol(cursor, "(") !== undefined && !skipParenthesis(cursor)) return undefined;
  if (word(cursor, "as") === undefined) return undefined;
  while (symbol(cursor, "(") !== undefined);
  const body = peek(cursor);
  if (body?.kind !== "word" || !PREPARABLE.some((keyword) => body.value.startsWith(keyword))) return undefined;
  cursor.index = cursor.tokens.length;
  return [make.action(0, { kind: "prepared-statement", operation: "prepare", name: statement.value })];
};

/** After an opening parenthesis, moves past the closing one. */
function skipParenthesis(cursor: TokenCursor): boolean {
  for (let depth = 1; !atEnd(cursor); cursor.index++) {
    const token = peek(cursor);
    if (token?.kind !== "punctuation") continue;
    if (token.value === "(") depth++;
    else if (token.value === ")" && --depth === 0) {
      cursor.index++;
      return true;
    }
  }
  return false;
}

const executeStatement: Grammar = (cursor, make) => {
  const statement = name(cursor);
  if (statement === undefined) return undefined;
  if (symbol(cursor, "(") !== undefined && !skipParenthesis(cursor)) return undefined;
  return [make.action(0, { kind: "prepared-statement", operation: "execute", name: statement.value })];
};

const declareStatement: Grammar = (cursor, make) => {
  const declared = name(cursor);
  if (declared === undefined) return undefined;
  while (word(cursor, "binary", "insensitive", "asensitive", "scroll") !== undefined || words(cursor, "no", "scroll"));
  if (word(cursor, "cursor") === undefined) return undefined;
  const hold = words(cursor, "with", "hold");
  if (!hold && !words(cursor, "without", "hold")) isHoleTaken(cursor);
  if (word(cursor, "for") === undefined) return undefined;
  if (atEnd(cursor)) return undefined;
  cursor.index = cursor.tokens.length;
  return [make.action(0, { kind: "cursor", operation: "declare", name: declared.value, hold })];
};

const DIRECTIONS = ["next", "prior", "first", "last", "absolute", "relative", "forward", "backward", "all"];

const fetchStatement: Grammar = (cursor, make) => {
  while (
    word(cursor, ...DIRECTIONS) !== undefined ||
    symbol(cursor, "-", "+") !== undefined ||
    ofKind(cursor, "number", "parameter") !== undefined
  ) {
    if (atEnd(cursor)) return undefined;
  }
  if (isHole(peek(cursor)) && peek(cursor, 1) !== undefined) cursor.index++;
  word(cursor, "from", "in");
  const fetched = name(cursor);
  return fetched === undefined
    ? undefined
    : [make.action(0, { kind: "cursor", operation: "fetch", name: fetched.value, hold: false })];
};

const closeStatement: Grammar = (cursor, make) => {
  if (word(cursor, "all") !== undefined)
    return [make.action(0, { kind: "cursor", operation: "close-all", hold: false })];
  const closed = name(cursor);
  return closed === undefined
    ? undefined
    : [make.action(0, { kind: "cursor", operation: "close", name: closed.value, hold: false })];
};

const beginStatement: Grammar = (cursor, make) => {
  word(cursor, "work", "transaction");
  return transactionModes(cursor, false)
    ? [make.action(0, { kind: "transaction", operation: "begin", chain: false })]
    : undefined;
};

const startStatement: Grammar = (cursor, make) =>
  word(cursor, "transaction") !== undefined && transactionModes(cursor, false)
    ? [make.action(0, { kind: "transaction", operation: "begin", chain: false })]
    : undefined;

const endOf =
  (operation: "commit" | "rollback"): Grammar =>
  (cursor, make) => {
    if (word(cursor, "prepared") !== undefined) {
      if (ofKind(cursor, "string", "parameter") === undefined && !isHoleTaken(cursor)) return undefined;
      return [
        make.action(0, {
          kind: "transaction",
          operation: operation === "commit" ? "commit-prepared" : "rollback-prepared",
          chain: false,
        }),
      ];
    }
    word(cursor, "work", "transaction");
    if (operation === "rollback" && word(cursor, "to") !== undefined) {
      if (peek(cursor, 1) !== undefined) word(cursor, "savepoint");
      const savepoint = name(cursor);
      return savepoint === undefined
        ? undefined
        : [
            make.action(0, {
              kind: "transaction",
              operation: "rollback-to-savepoint",
              chain: false,
              name: savepoint.value,
            }),
          ];
    }
    const chain = words(cursor, "and", "chain");
    if (!chain) words(cursor, "and", "no", "chain");
    return [make.action(0, { kind: "transaction", operation, chain })];
  };

const savepointStatement: Grammar = (cursor, make) => {
  const savepoint = name(cursor);
  return savepoint === undefined
    ? undefined
    : [make.action(0, { kind: "transaction", operation: "savepoint", chain: false, name: savepoint.value })];
};

const releaseStatement: Grammar = (cursor, make) => {
  if (peek(cursor, 1) !== undefined) word(cursor, "savepoint");
  const savepoint = name(cursor);
  return savepoint === undefined
    ? undefined
    : [make.action(0, { kind: "transaction", operation: "release-savepoint", chain: false, name: savepoint.value })];
};

const GRAMMARS: Readonly<Record<string, Grammar>> = {
  set: setStatement,
  reset: resetStatement,
  listen: listenStatement,
  unlisten: unlistenStatement,
  notify: notifyStatement,
  load: loadStatement,
  discard: discardStatement,
  deallocate: deallocateStatement,
  prepare: prepareStatement,
  execute: executeStatement,
  declare: declareStatement,
  fetch: fetchStatement,
  move: fetchStatement,
  close: closeStatement,
  begin: beginStatement,
  start: startStatement,
  commit: endOf("commit"),
  end: endOf("commit"),
  rollback: endOf("rollback"),
  abort: endOf("rollback"),
  savepoint: savepointStatement,
  release: releaseStatement,
};

/** Words a statement of these grammars begins with. */
export const SESSION_VERBS: ReadonlySet<string> = new Set(Object.keys(GRAMMARS));
