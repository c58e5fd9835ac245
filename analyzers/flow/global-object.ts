import type { SourceUnit } from "../source/source-unit.ts";
import { holds } from "../source/holds.ts";
import { type Value } from "../source/values.ts";
import { union } from "../source/union.ts";
import type { Machine } from "./machine.ts";
import { evaluateLazily, lazyFrame } from "./variables.ts";

const GLOBAL_OBJECTS: ReadonlySet<string> = new Set(["globalThis", "global", "window", "self"]);

/** Values worth remembering: all others are looked up no better for it. */
const KEPT: ReadonlySet<Value["kind"]> = new Set(["handle", "instance", "function", "class"]);

/**
 * Properties of the global object that the program sets: where development servers reload modules, the one pool of a process is kept there.
 * Such a property is what is assigned to it anywhere, or still empty.
 */
export function makeGlobalObject(machine: Machine, units: () => Iterable<SourceUnit>): Machine["globalValue"] {
  const known = new Map<string, Value | undefined>();
  return (path) => {
    const [first = "", name, ...rest] = path;
    if (name === undefined || rest.length > 0 || !GLOBAL_OBJECTS.has(first)) return undefined;
    if (known.has(name)) return known.get(name);
    // Set first: a property that depends on itself is not known.
    known.set(name, undefined);
    const values: Value[] = [];
    for (const unit of units()) {
      for (const { value, within } of unit.globalAssignments.get(name) ?? []) {
        const assigned = evaluateLazily(machine, value, lazyFrame(machine, unit, within));
        if (holds(assigned, KEPT)) values.push(assigned);
      }
    }
    const whole =
      values.length === 0 ? undefined : union([...values, { kind: "external", module: "<global>", path } as const]);
    known.set(name, whole);
    return whole;
  };
}
