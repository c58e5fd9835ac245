import type { TSESTree } from "@typescript-eslint/types";
import type { SourceLocation } from "../model.ts";
import { isShared } from "../source/decorations.ts";
import { holds } from "../source/holds.ts";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import { union } from "../source/union.ts";
import { alternatives, type HandleValue, type Value } from "../source/values.ts";
import type { Machine } from "./machine.ts";
import { evaluateLazily, lazyFrame } from "./variables.ts";

/** Values worth remembering: of all others a handler learns nothing. */
const KEPT: ReadonlySet<Value["kind"]> = new Set(["handle", "instance"]);

/** A connection that came to a handler by its name: likely this one, in whatever state it is by then. */
function byName(machine: Machine, value: HandleValue, location: SourceLocation): HandleValue {
  const { driver, shape, connection } = machine.handles.get(value);
  const key = `decoration:${String(value.handle)}@${location.file}:${String(location.range.start)}`;
  return machine.handles.make(key, {
    driver,
    shape,
    known: "inferred",
    location,
    fromCaller: true,
    from: connection,
  });
}

/**
 * What the program hangs on what web frameworks hand to every handler, by name: `app.decorate("db", pool)`, `req.db = client`,
 * `app.locals.db = pool`. Undefined for what it does not.
 */
export function makeDecorations(machine: Machine, units: () => Iterable<SourceUnit>): Machine["decoration"] {
  const known = new Map<string, Value | undefined>();
  return (name) => {
    if (known.has(name)) return known.get(name);
    // Set first: something that depends on itself is not known.
    known.set(name, undefined);
    const values: Value[] = [];
    for (const unit of units()) {
      for (const { node, value, within } of unit.decorations.get(name) ?? []) {
        const hung = evaluateLazily(machine, value, lazyFrame(machine, unit, within));
        const kept = alternatives(hung).filter((member) => holds(member, KEPT));
        values.push(
          ...kept.map((member) => (member.kind === "handle" ? byName(machine, member, locate(unit, node)) : member)),
        );
      }
    }
    const whole = values.length === 0 ? undefined : union(values);
    known.set(name, whole);
    return whole;
  };
}

/** Whether a property is read of what every handler gets: `request.server.db`, `const { db } = req`, `this.db` in a handler. */
export const isReadOfShared = (node: TSESTree.Node): boolean =>
  node.type !== "MemberExpression" || node.object.type === "ThisExpression" || isShared(node.object);
