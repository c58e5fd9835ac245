import { alternatives, type HandleValue, type Value } from "../source/values.ts";
import { identityOf, valueKey } from "../source/value-key.ts";
import type { Machine } from "./machine.ts";
import { freshConnection, type PathState } from "./path-state.ts";

/**
 * What a method is called on: no `undefined`, and where connections are among the alternatives nothing of which nothing is known
 * (`globalThis.db ?? makeDb()`).
 */
export function receiversAmong(value: Value): readonly Value[] {
  const callable = alternatives(value).filter((member) => member.kind !== "constant");
  const known = callable.filter((member) => member.kind === "handle" || member.kind === "instance");
  const rest = callable.filter(
    (member) =>
      !["unknown", "handle", "instance"].includes(member.kind) &&
      !(member.kind === "external" && member.module === "<global>"),
  );
  if (known.length > 0) return [...known, ...rest];
  return callable.length === 0 ? [value] : callable;
}

/** Whether a caller may have given another connection than the known ones: `(client ?? pool).query(…)`. */
export function mayBeAnother(value: Value): boolean {
  const members = alternatives(value);
  return members.length > 1 && members.some((member) => member.kind === "unknown" && member.elsewhere !== true);
}

/** Whether receivers are different things: connections made at one place, and instances of one class, are not. */
export function areSeveral(machine: Machine, members: readonly Value[]): boolean {
  if (members.length < 2) return false;
  const kinds = members.map((member) => {
    if (member.kind === "handle") {
      const { location, scope, driver } = machine.handles.get(member).connection;
      return `${scope} ${driver} ${location.file}:${String(location.range.start)}-${String(location.range.end)}`;
    }
    return member.kind === "instance" ? `class ${String(identityOf(member.class.node))}` : valueKey(member);
  });
  return new Set(kinds).size > 1;
}

/** Nothing on the path says that it is this pool and none of the others, at later calls no more than at the first. */
export function rememberChoice(machine: Machine, member: Value, state: PathState): void {
  if (member.kind !== "handle" || machine.handles.get(member).shape.scope !== "pool") return;
  if (state.handle(member.handle) === undefined)
    state.setHandle(member.handle, { ...freshConnection, confidence: "possible" });
}

/** The connections that a value is, or that an instance of a class keeps. */
function connectionsOf(value: Value): readonly HandleValue[] {
  switch (value.kind) {
    case "handle":
      return [value];
    case "union":
      return value.members.flatMap(connectionsOf);
    case "instance":
      return [
        ...(value.base === undefined ? [] : [value.base]),
        ...[...value.fields.values()].flatMap(alternatives).filter((member) => member.kind === "handle"),
      ];
    default:
      return [];
  }
}

/** Lowers how sure the states of connections are that were given to code which is not followed; `mayBegin` when its name says so. */
export function doubtStates(values: readonly Value[], state: PathState, mayBegin: boolean): void {
  for (const { handle } of values.flatMap(connectionsOf)) {
    const before = state.handle(handle);
    if (before === undefined) continue;
    state.setHandle(handle, {
      ...before,
      transaction: mayBegin ? "unknown" : before.transaction,
      confidence: before.transaction === "autocommit" ? "possible" : "likely",
    });
  }
}
