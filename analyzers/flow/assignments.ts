import type { TSESTree } from "@typescript-eslint/types";
import type { SourceLocation } from "../model.ts";
import { annotationOf, declaredType, keyName } from "../source/names.ts";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import {
  alternatives,
  type ClassValue,
  constantText,
  type ObjectValue,
  undefinedValue,
  unknown,
  type UnknownValue,
  type Value,
} from "../source/values.ts";
import { union } from "../source/union.ts";
import { identityOf } from "../source/value-key.ts";
import { injectedHandle } from "./injected.ts";
import type { Activation, Machine } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { keepOrigin } from "./settings.ts";
import { frameOf, variableKey } from "./variables.ts";
import { annotatedValue, oneUnknown } from "./written-types.ts";

/** Key of a field of an instance in a path's table. Fields may be written by any method, so they are never constant. */
export const fieldKey = (instance: number, name: string): string => `i${String(instance)}.${name}v`;

/** Key of a static member of a class in a path's table. */
export const staticKey = (made: ClassValue, name: string): string => `k${String(identityOf(made.node))}.${name}v`;

/** Gives a value to an identifier, a member, or every name of a pattern. */
export function assign(
  machine: Machine,
  target: TSESTree.Node,
  value: Value,
  state: PathState,
  activation: Activation,
): void {
  switch (target.type) {
    case "Identifier":
      assignVariable(machine, target, value, state, activation);
      return;
    case "AssignmentPattern": {
      const missing = value.kind === "constant" && value.value === undefined;
      const guessed = value.kind === "unknown" && !hasAnnotation(target.left);
      if (missing || guessed) {
        const fallback = machine.evaluate(target.right, state, activation)[0]?.value ?? unknown("a default");
        assign(machine, target.left, missing ? fallback : union([value, fallback]), state, activation);
      } else {
        assign(machine, target.left, value, state, activation);
        if (value.kind === "unknown" && target.left.type === "Identifier")
          orDefault(machine, target.left, target.right, state, activation);
      }
      return;
    }
    case "TSParameterProperty": {
      const { frame } = activation;
      const injected =
        value.kind === "unknown" ? injectedHandle(machine, frame.unit, frame, target.decorators) : undefined;
      assign(machine, target.parameter, injected ?? value, state, activation);
      const inner = target.parameter.type === "AssignmentPattern" ? target.parameter.left : target.parameter;
      assignField(activation.frame.self, inner.name, machine.lookUp(inner, state, activation), state);
      return;
    }
    case "ObjectPattern":
      assignObjectPattern(machine, target, value, state, activation);
      return;
    case "ArrayPattern":
      target.elements.forEach((element, index) => {
        if (element === null) return;
        const part =
          value.kind === "array" && element.type !== "RestElement"
            ? (value.elements[index] ?? (value.open ? unknown("an element") : undefinedValue))
            : unknown("an element");
        assign(machine, element.type === "RestElement" ? element.argument : element, part, state, activation);
      });
      return;
    case "RestElement":
      assign(machine, target.argument, value, state, activation);
      return;
    case "MemberExpression":
      assignMember(machine, target, value, state, activation);
      return;
    case "TSNonNullExpression":
    case "TSAsExpression":
      assign(machine, target.expression, value, state, activation);
      return;
    default:
  }
}

/** A parameter of a type that says less than its default is one or the other: `(tx: Prisma.TransactionClient = prisma)`. */
function orDefault(
  machine: Machine,
  target: TSESTree.Identifier,
  fallback: TSESTree.Expression,
  state: PathState,
  activation: Activation,
): void {
  const written = machine.lookUp(target, state, activation);
  if (written.kind !== "handle") return;
  const { scope } = machine.handles.get(written).shape;
  const value = machine.evaluate(fallback, state.fork(), activation)[0]?.value;
  const other = value?.kind === "instance" ? value.base : value;
  if (other?.kind !== "handle" || scope === "unknown" || machine.handles.get(other).shape.scope === scope) return;
  machine.assign(target, union([written, other]), state, activation);
}

/** Whether a type is written that says something. */
function hasAnnotation(node: TSESTree.Node): boolean {
  const annotation = node.type === "Identifier" || node.type === "ObjectPattern" ? annotationOf(node) : undefined;
  return annotation !== undefined && annotation.type !== "TSAnyKeyword" && annotation.type !== "TSUnknownKeyword";
}

function assignVariable(
  machine: Machine,
  target: TSESTree.Identifier,
  value: Value,
  state: PathState,
  activation: Activation,
): void {
  const { unit } = activation.frame;
  const variable = unit.variableOf(target);
  if (variable === undefined) return;
  const frame = frameOf(unit, variable, activation.frame);
  if (frame === undefined) return;
  const key = variableKey(unit, frame, variable);
  const injected = value.kind === "unknown" ? injectedHandle(machine, unit, frame, target.decorators) : undefined;
  const sharpened = injected ?? sharpen(machine, unit, annotationOf(target) ?? declaredType(variable), value, key);
  const mayBeLeftOut = target.optional && value.kind === "unknown" && sharpened.kind === "handle";
  state.setVariable(key, mayBeLeftOut ? union([sharpened, undefinedValue]) : sharpened);
}

/** Uses a written type and the variable's identity where the value itself says nothing. */
function sharpen(
  machine: Machine,
  unit: SourceUnit,
  annotation: TSESTree.TypeNode | undefined,
  given: Value,
  identity: string,
): Value {
  const value = annotation === undefined ? given : oneUnknown(given);
  if (value.kind !== "unknown") return value;
  const fromCaller = value.fromCaller ?? false;
  if (annotation !== undefined)
    return keepOrigin(machine, value, annotatedValue(machine, unit, annotation, value.reason, identity, fromCaller));
  if (value.type !== undefined)
    return keepOrigin(machine, value, machine.valueOfType(value.type, value.reason, identity, fromCaller));
  return { ...value, identity };
}

function assignObjectPattern(
  machine: Machine,
  target: TSESTree.ObjectPattern,
  value: Value,
  state: PathState,
  activation: Activation,
): void {
  const typed =
    value.kind === "unknown" && annotationOf(target) !== undefined
      ? annotatedValue(
          machine,
          activation.frame.unit,
          annotationOf(target),
          value.reason,
          undefined,
          value.fromCaller ?? false,
        )
      : value;
  for (const property of target.properties) {
    if (property.type === "RestElement") {
      assign(machine, property.argument, typed, state, activation);
      continue;
    }
    const name = keyName(property.key, property.computed);
    const outcomes = name === undefined ? [] : machine.property(typed, name, property, state.fork(), activation);
    const part = name === undefined ? unknown("a computed property") : union(outcomes.map((outcome) => outcome.value));
    assign(machine, property.value, part, state, activation);
  }
}

function assignMember(
  machine: Machine,
  target: TSESTree.MemberExpression,
  value: Value,
  state: PathState,
  activation: Activation,
): void {
  const name = keyName(target.property, target.computed) ?? computedKey(machine, target, state, activation);
  if (name === undefined) return;
  const { self } = activation.frame;
  if (target.object.type === "ThisExpression") {
    if (self?.kind === "class") state.setVariable(staticKey(self, name), value);
    else assignField(self, name, value, state);
    return;
  }
  const location = locate(activation.frame.unit, target);
  const holders = machine.evaluate(target.object, state.fork(), activation).map((outcome) => outcome.value);
  const others: Value[] = [];
  const objects = new Map<string, [ObjectValue, ...ObjectValue[]]>();
  for (const holder of holders.flatMap(alternatives)) {
    if (holder.kind === "instance") assignField(holder, name, value, state);
    else if (holder.kind === "class") state.setVariable(staticKey(holder, name), value);
    const before = holder.kind === "unknown" && isSettings(holder) ? openObject(holder, location) : holder;
    if (before.kind !== "object") {
      others.push(before);
      continue;
    }
    const { file, range } = before.location;
    const key = `${file}:${String(range.start)}`;
    const alike = objects.get(key);
    if (alike === undefined) objects.set(key, [before]);
    else alike.push(before);
  }
  if (objects.size === 0) return;
  const changed = [...objects.values()].map(merged).map((object) => {
    const properties = new Map(object.properties).set(name, { value, location });
    return { ...object, properties };
  });
  const after = union([...others, ...changed]);
  const holderPlace = withoutCasts(target.object);
  if (holderPlace.type === "Identifier") assignVariable(machine, holderPlace, after, state, activation);
  else if (holderPlace.type === "MemberExpression") assignMember(machine, holderPlace, after, state, activation);
}

/**
 * Several objects made by one literal as one, so that settings that are given one by one do not multiply: each property is what any of
 * them has.
 */
function merged(objects: readonly [ObjectValue, ...ObjectValue[]]): ObjectValue {
  const [first] = objects;
  if (objects.length === 1) return first;
  const names = new Set(objects.flatMap((object) => [...object.properties.keys()]));
  const properties = [...names].map((name) => {
    const found = objects.map((object) => object.properties.get(name));
    const values = found.map((property, index) => {
      const missing = objects[index]?.open === true ? unknown(`\`${name}\``) : undefinedValue;
      return property?.value ?? missing;
    });
    const location = found.find((property) => property !== undefined)?.location ?? first.location;
    return [name, { value: union(values), location }] as const;
  });
  return { ...first, properties: new Map(properties), open: objects.some((object) => object.open) };
}

/** What stands in a type assertion: `(config.connection as Settings)`. */
function withoutCasts(node: TSESTree.Node): TSESTree.Node {
  return node.type === "TSAsExpression" || node.type === "TSNonNullExpression" || node.type === "TSTypeAssertion"
    ? withoutCasts(node.expression)
    : node;
}

/** Whether something unknown is of a type of settings: `PoolConfig`, `pg.ClientConfig`. What it is given goes where it goes. */
function isSettings({ type }: UnknownValue): boolean {
  if (type?.node.type !== "TSTypeReference") return false;
  const { typeName } = type.node;
  const name = typeName.type === "TSQualifiedName" ? typeName.right.name : keyName(typeName, false);
  return /(?:Config|Configuration|Options|Opts|Settings)$/.test(name ?? "");
}

const openObject = (rest: UnknownValue, location: SourceLocation): ObjectValue => ({
  kind: "object",
  properties: new Map(),
  open: true,
  location,
  rest,
});

/** The name in `options[name]`, where it is known. */
const computedKey = (
  machine: Machine,
  { property }: TSESTree.MemberExpression,
  state: PathState,
  activation: Activation,
): string | undefined => {
  const keys = machine.evaluate(property, state.fork(), activation).map((outcome) => constantText(outcome.value));
  return keys.length === 1 ? keys[0] : undefined;
};

function assignField(self: Value | undefined, name: string, value: Value, state: PathState): void {
  if (self?.kind !== "instance") return;
  const known =
    value.kind === "unknown" && value.identity === undefined ? { ...value, identity: fieldKey(self.id, name) } : value;
  state.setVariable(fieldKey(self.id, name), known);
  if (value.kind === "constant" && value.value == null) return;
  const before = self.fields.get(name);
  self.fields.set(name, before === undefined ? known : union([before, known]));
}
