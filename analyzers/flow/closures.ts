import { holds } from "../source/holds.ts";
import { alternatives, type FunctionNode, type FunctionValue, type Value } from "../source/values.ts";
import { type PathState, isConstantKey } from "./path-state.ts";

/** A function with the variables that it sees whenever it is called. */
export interface Closure {
  readonly called: FunctionValue;
  readonly state: PathState;
}

/**
 * The functions that calls gave to their callers: what `makeRepository(pool)` returns is called by a router, a container or another
 * package, and works on that pool.
 */
export interface Closures {
  /** Notes the functions in the result of a call. */
  readonly note: (result: Value, state: PathState) => void;
  readonly of: (node: FunctionNode) => readonly Closure[];
  /** Keeps what the functions in a value close over, when the path that made them is not followed any further. */
  readonly keep: (value: Value, state: PathState) => void;
  /** A variable that was kept, by its key. */
  readonly variable: (key: string) => Value | undefined;
}

/** Values through which variables of a function can be reached when it has run. */
const CLOSING: ReadonlySet<Value["kind"]> = new Set(["function", "bound-method", "class"]);

const CONNECTIONS: ReadonlySet<Value["kind"]> = new Set(["handle"]);

/** Of one function no more are kept: further ones differ in what they work on, hardly in what they do. */
const ENOUGH = 4;

export function makeClosures(): Closures {
  const known = new Map<FunctionNode, Map<number, Closure>>();
  const kept = new Map<string, Value>();
  return {
    note: (result, state) => {
      for (const called of functionsWithin(result)) {
        const closures = known.get(called.node) ?? new Map<number, Closure>();
        known.set(called.node, closures);
        if (closures.size >= ENOUGH || closures.has(called.frame.id)) continue;
        // One way is enough for functions that were given no connection.
        if (closures.size > 0 && !holdsConnection(state)) continue;
        closures.set(called.frame.id, { called, state: state.deferred(isConstantKey) });
      }
    },
    of: (node) => [...(known.get(node)?.values() ?? [])],
    keep: (value, state) => {
      if (!holds(value, CLOSING)) return;
      for (const [key, held] of state.variables()) if (isConstantKey(key)) kept.set(key, held);
    },
    variable: (key) => kept.get(key),
  };
}

function holdsConnection(state: PathState): boolean {
  for (const [, held] of state.variables()) if (holds(held, CONNECTIONS)) return true;
  return false;
}

/** The functions in a value that were made inside another function. */
function functionsWithin(value: Value, depth = 0): FunctionValue[] {
  if (depth > 3) return [];
  return alternatives(value).flatMap((member): FunctionValue[] => {
    switch (member.kind) {
      case "function":
        return member.frame.owner === undefined ? [] : [member];
      case "object":
        return [...member.properties.values()].flatMap((property) => functionsWithin(property.value, depth + 1));
      case "array":
        return member.elements.flatMap((element) => functionsWithin(element, depth + 1));
      default:
        return [];
    }
  });
}
