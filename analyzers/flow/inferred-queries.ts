import { QUERY_METHODS, TAGGED_QUERY_METHODS } from "../drivers/query-methods.ts";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import { alternatives, type HandleValue, type MessageValue, unknown, type Value } from "../source/values.ts";
import { union } from "../source/union.ts";
import { valueKey } from "../source/value-key.ts";
import { type Activation, calleeOf, type CallSite, type Machine, type Outcome } from "./machine.ts";
import { inferredShape, operate, runQuery } from "./operations.ts";
import { type Message, messagesOf } from "./messages.ts";
import type { PathState } from "./path-state.ts";
import { sendAll } from "./pending-queries.ts";

/** Whether objects of unknown make are asked to run SQL by a method of this name. */
export const isQueryMethod = (name: string): boolean => QUERY_METHODS.has(name);

/** Whether a text or query is PostgreSQL as far as it is known. */
function isSql(machine: Machine, value: Value): boolean {
  const text = value.kind === "message" ? value.text : value;
  if (text.kind !== "text") return false;
  const { statements } = machine.readSql(text.segments);
  return (
    statements.length > 0 &&
    statements.every((statement) => statement.readBy !== "none" && statement.resolution !== "unresolved")
  );
}

/** What a method is called on, as it is written. */
function receiverWords(unit: SourceUnit, { node }: CallSite): string {
  const callee = calleeOf(node);
  const [start, end] = callee.type === "MemberExpression" ? callee.object.range : callee.range;
  return unit.text.slice(start, end);
}

/** `x.query("SELECT …")` on an object nobody knows: a call site all the same when the argument is PostgreSQL. */
export function inferQuery(
  machine: Machine,
  receiver: Value & { readonly kind: "unknown" | "external" | "handle" },
  name: string,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] | undefined {
  if (activation.silent || !(QUERY_METHODS.has(name) || TAGGED_QUERY_METHODS.has(name))) return undefined;
  const { unit } = activation.frame;
  if (receiver.kind === "external") {
    const { module, path } = receiver;
    if (module === "<global>" || machine.catalogue.exportOf(module, [...path, name]) !== undefined) return undefined;
  }
  if (unit.modules.some((module) => machine.catalogue.isOtherDialect(module))) return undefined;
  // `sql.raw(text)` makes a part of a query in every library that has such a tag.
  if (name === "raw" && /(?:^|\.)sql$/i.test(receiverWords(unit, site))) return undefined;
  const first = values[0];
  const given = first?.kind === "object" ? first.properties.get("text")?.value : first;
  const isQuery = (given === undefined ? [] : alternatives(given)).some(
    (member) => (member.kind === "message" || QUERY_METHODS.has(name)) && isSql(machine, member),
  );
  if (!isQuery) return undefined;
  const handle = inferredHandle(machine, receiver, activation, site);
  return handle === undefined ? undefined : operate(machine, handle, "query", values, state, activation, site);
}

/** What a method calls the SQL that it is given in an object. */
const SQL_PROPERTIES = ["text", "sql", "raw", "query", "statement"];

/**
 * `x.execute({ db: pool, raw: "SELECT …" })`, where nobody knows `x`: it is given a connection and SQL, so the SQL runs on that connection.
 * Alternatives of another kind of database are none of our business.
 */
export function queryOnGiven(
  machine: Machine,
  receiver: Value,
  name: string,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] | undefined {
  const [given] = values;
  if (activation.silent || given?.kind !== "object" || !QUERY_METHODS.has(name)) return undefined;
  if (!alternatives(receiver).every((member) => member.kind === "unknown" && member.elsewhere !== true))
    return undefined;
  const ours = [...given.properties.values()]
    .map(({ value }) => alternatives(value).filter((member) => member.kind !== "unknown" || member.elsewhere !== true))
    .filter((members) => members.some((member) => member.kind === "handle"));
  const [handle, ...others] = ours.flat();
  const sql = SQL_PROPERTIES.flatMap((property) => {
    const value = given.properties.get(property)?.value;
    return value === undefined ? [] : alternatives(value).filter((member) => isSql(machine, member));
  });
  if (handle?.kind !== "handle" || others.length > 0 || sql.length === 0) return undefined;
  const { unit } = activation.frame;
  const place = locate(unit, site.node);
  const messages = messagesOf({ does: "query", sql: 0 }, [union(sql)], place, () => "", place);
  const likely = messages.map((message): Message => ({ ...message, confidence: "likely" }));
  const query = { handle, uncertain: false, messages: likely, site, activation };
  return sendAll(machine, query, state, activation).map((path) => ({ state: path, value: unknown("a result") }));
}

/** ``sql`SELECT …` `` with a tag nobody knows: a query of its own where somebody waits for it, and else only a text. */
export function inferTag(
  machine: Machine,
  message: MessageValue,
  tag: Value,
  state: PathState,
  activation: Activation,
  site: CallSite,
): Value {
  const { catalogue } = machine;
  const { modules } = activation.frame.unit;
  const isNobodys =
    tag.kind === "external"
      ? tag.module !== "<global>" && catalogue.driverOf(tag.module) === undefined
      : tag.kind === "unknown";
  if (activation.silent || !isNobodys || modules.some(catalogue.isOtherDialect) || !isSql(machine, message))
    return message;
  const handle = inferredHandle(machine, tag, activation, site);
  if (handle === undefined) return message;
  const [sent] = runQuery(machine, handle, { does: "query", sql: 0, lazy: {} }, [message], state, activation, site);
  return sent?.value.kind === "message" && sent.value.pending !== undefined
    ? { ...message, pending: sent.value.pending }
    : message;
}

/** The handle that a value must be which is asked to run SQL, the same again for the same value. */
export function inferredHandle(
  machine: Machine,
  receiver: Value,
  activation: Activation,
  site: CallSite,
): HandleValue | undefined {
  if (receiver.kind === "unknown" && receiver.elsewhere === true) return undefined;
  const location = locate(activation.frame.unit, site.node);
  const identity =
    receiver.kind === "external" || receiver.kind === "handle"
      ? valueKey(receiver)
      : receiver.kind === "unknown"
        ? receiver.identity
        : undefined;
  return machine.handles.make(`inferred:${identity ?? `${location.file}:${String(location.range.start)}`}`, {
    driver: undefined,
    shape: inferredShape,
    known: "inferred",
    location,
    fromCaller: receiver.kind === "unknown" && (receiver.fromCaller ?? false),
    ...(receiver.kind === "unknown" && receiver.madeWith !== undefined ? { urls: receiver.madeWith } : {}),
  });
}
