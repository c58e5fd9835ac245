import type { TSESTree } from "@typescript-eslint/types";
import { literalSegments } from "../source/literal-text.ts";
import { keyName } from "../source/names.ts";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import {
  constantText,
  type HandleValue,
  type PropertyValue,
  text,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { union } from "../source/union.ts";
import { type Activation, type Machine, type Outcome } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { evaluateAll } from "./outcomes.ts";

/** A literal as it is written. */
export function literalValue(unit: SourceUnit, node: TSESTree.Literal): Value {
  if (typeof node.value === "string") {
    return text(literalSegments(unit.filename, unit.text, node.range[0] + 1, node.range[1] - 1, false));
  }
  if ("regex" in node) return unknown("a regular expression");
  return { kind: "constant", value: node.value };
}

/** What is known of an object on one path. */
interface ObjectPath {
  readonly state: PathState;
  readonly properties: Map<string, PropertyValue>;
  readonly open: boolean;
  readonly unnamed: readonly Value[];
  readonly base?: HandleValue;
}

/** An object literal, once for each path that its properties fork. */
export function objectValue(
  machine: Machine,
  node: TSESTree.ObjectExpression,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const { unit } = activation.frame;
  let paths: ObjectPath[] = [{ state, properties: new Map(), open: false, unnamed: [] }];
  for (const property of node.properties) {
    const source = property.type === "SpreadElement" ? property.argument : property.value;
    paths = paths.flatMap((path) =>
      machine.evaluate(source, path.state, activation).map((outcome, index, { length }) => {
        // Each path has a table of its own; the last one goes on with the table that is there.
        const properties = index === length - 1 ? path.properties : new Map(path.properties);
        if (property.type === "SpreadElement") {
          const open = spread(outcome.value, properties);
          const base = outcome.value.kind === "handle" ? outcome.value : baseOf(outcome.value, path.base);
          return { ...path, state: outcome.state, properties, open: path.open || open, ...(base && { base }) };
        }
        const key = computedKey(machine, property, outcome.state, activation);
        const name = keyName(property.key, property.computed) ?? constantText(key);
        if (name === undefined) {
          const unnamed = [...path.unnamed, ...(key?.kind === "message" ? [key] : []), outcome.value];
          return { ...path, state: outcome.state, properties, open: true, unnamed };
        }
        if (property.kind === "set") return { ...path, state: outcome.state, properties };
        const isGetter = property.kind === "get" && outcome.value.kind === "function";
        const value = isGetter ? { ...outcome.value, getter: true as const } : outcome.value;
        properties.set(name, { value, location: locate(unit, property) });
        return { ...path, state: outcome.state, properties };
      }),
    );
  }
  return paths.map((path) => ({
    state: path.state,
    value: {
      kind: "object",
      properties: path.properties,
      open: path.open,
      location: locate(unit, node),
      ...(path.unnamed.length > 0 && { unnamed: path.unnamed }),
      ...(path.base && { base: path.base }),
    },
  }));
}

function computedKey(
  machine: Machine,
  property: TSESTree.Property,
  state: PathState,
  activation: Activation,
): Value | undefined {
  return property.computed ? machine.evaluate(property.key, state.fork(), activation)[0]?.value : undefined;
}

/** The connection that an object falls back to when this is spread into it. */
const baseOf = (value: Value, before: HandleValue | undefined): HandleValue | undefined =>
  value.kind === "object" ? (value.base ?? before) : before;

/** Adds what a spread value gives; true when it may give more than is known. A property that only may be there is a union. */
function spread(value: Value, into: Map<string, PropertyValue>): boolean {
  switch (value.kind) {
    case "object":
      for (const [name, property] of value.properties) into.set(name, property);
      return value.open;
    case "constant":
    case "array":
      return false;
    case "union": {
      let open = false;
      for (const member of value.members) {
        const given = new Map<string, PropertyValue>();
        open = spread(member, given) || open;
        for (const [name, property] of given) {
          const before = into.get(name);
          into.set(name, { ...property, value: union([property.value, before?.value ?? undefinedValue]) });
        }
      }
      return open;
    }
    default:
      return true;
  }
}

/** An array literal, once for each path that its elements fork. */
export function arrayValue(
  machine: Machine,
  node: TSESTree.ArrayExpression,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const elements = node.elements.filter((element) => element !== null);
  return evaluateAll(machine, elements, state, activation).map((path) => {
    let open = false;
    const values = path.values.flatMap((value, index): readonly Value[] => {
      if (elements[index]?.type !== "SpreadElement") return [value];
      if (value.kind !== "array") {
        open = true;
        return [];
      }
      open ||= value.open;
      return value.elements;
    });
    return { state: path.state, value: { kind: "array", elements: values, open } };
  });
}
