import type { TSESTree } from "@typescript-eslint/types";
import { annotationOf } from "../source/names.ts";
import { type SourceUnit } from "../source/source-unit.ts";
import {
  type ClassValue,
  type Frame,
  type HandleValue,
  type InstanceValue,
  type ObjectValue,
  type Value,
} from "../source/values.ts";
import { union } from "../source/union.ts";
import { fieldKey, staticKey } from "./assignments.ts";
import { injectedHandle } from "./injected.ts";
import type { Machine } from "./machine.ts";
import { evaluateLazily, lazyFrame } from "./variables.ts";

import { type ClassMember, MAX_SUPERCLASSES, memberOf, superClassOf } from "./class-members.ts";

const staticsKnown = new WeakMap<ClassValue["node"], Map<string, Value | undefined>>();

/** A static member by what the class's file says of it: its initialiser, assignments, its annotation. */
export function declaredStatic(
  machine: Machine,
  made: ClassValue,
  name: string,
  member: ClassMember | undefined,
): Value | undefined {
  const known = staticsKnown.get(made.node) ?? new Map<string, Value | undefined>();
  staticsKnown.set(made.node, known);
  if (known.has(name)) return known.get(name);
  // Set first: a member that depends on itself is not known.
  known.set(name, undefined);
  const { unit } = made;
  const values = unit
    .fieldAssignments(made.node)
    .filter((assignment) => assignment.isStatic && assignment.name === name)
    .map((assignment) => evaluateLazily(machine, assignment.value, lazyFrame(machine, unit, assignment.within)));
  if (member?.type === "PropertyDefinition" && member.value !== null)
    values.unshift(evaluateLazily(machine, member.value, classFrame(made, made)));
  const informative = values.filter(isInformative);
  const annotation = member?.type === "PropertyDefinition" ? annotationOf(member) : undefined;
  const value =
    informative.length > 0
      ? union(informative)
      : annotation === undefined
        ? values[0]
        : machine.valueOfType({ unit, node: annotation }, `\`${name}\` of a class`, staticKey(made, name), false);
  known.set(name, value);
  return value;
}

const writtenKnown = new WeakMap<SourceUnit, Map<string, readonly Value[]>>();

/** What the methods of an object literal write to one of its properties: `open() { this.pool = new Pool(); }`. */
export function writtenByMethods(machine: Machine, { location }: ObjectValue, name: string): readonly Value[] {
  const unit = machine.unitOf(location.file);
  const { start } = location.range;
  const writes = unit?.objectAssignments(start).filter((assignment) => assignment.name === name) ?? [];
  if (unit === undefined || writes.length === 0) return [];
  const known = writtenKnown.get(unit) ?? new Map<string, readonly Value[]>();
  writtenKnown.set(unit, known);
  const key = `${String(start)}.${name}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  // Set first: a property that depends on itself is not known.
  known.set(key, []);
  const values = writes
    .map((assignment) => evaluateLazily(machine, assignment.value, lazyFrame(machine, unit, assignment.within)))
    .filter(isInformative);
  known.set(key, values);
  return values;
}

/** Whether a value says more than that there is nothing yet. */
export const isInformative = (value: Value): boolean =>
  value.kind !== "unknown" && !(value.kind === "constant" && value.value == null);

/** The activation in which field initialisers of a class run. */
const classFrame = (made: ClassValue, self: Value): Frame => ({
  id: made.frame.id,
  unit: made.unit,
  ...(made.frame.owner === undefined ? {} : { owner: made.frame.owner }),
  ...(made.frame.parent === undefined ? {} : { parent: made.frame.parent }),
  self,
  homeClass: made,
});

/** Fields already looked up, by the fields table that all instances of a class share. */
const lookedUp = new WeakMap<InstanceValue["fields"], Map<string, Value | undefined>>();

/** A field by what the class's text says of it: initialisers, constructor parameters, assignments in methods, annotations. */
export function lazyField(machine: Machine, instance: InstanceValue, name: string): Value | undefined {
  const known = lookedUp.get(instance.fields) ?? new Map<string, Value | undefined>();
  lookedUp.set(instance.fields, known);
  if (known.has(name)) return known.get(name);
  // Set first: a field that depends on itself is not known.
  known.set(name, undefined);
  let made: ClassValue | undefined = instance.class;
  for (let hops = 0; made !== undefined && hops < MAX_SUPERCLASSES; hops++) {
    const value = declaredField(machine, instance, made, name);
    if (value !== undefined) {
      known.set(name, value);
      return value;
    }
    const parent = superClassOf(machine, made);
    made = parent?.kind === "class" ? parent : undefined;
  }
  return undefined;
}

function declaredField(machine: Machine, instance: InstanceValue, made: ClassValue, name: string): Value | undefined {
  const { unit } = made;
  const identity = fieldKey(instance.id, name);
  const values: Value[] = [];
  let annotation: TSESTree.TypeNode | undefined;
  let injected: HandleValue | undefined;
  const member = memberOf(made, name, false);
  if (member?.type === "PropertyDefinition") {
    if (member.value !== null) values.push(evaluateLazily(machine, member.value, classFrame(made, instance)));
    annotation = annotationOf(member);
    injected = injectedHandle(machine, unit, made.frame, member.decorators);
  } else if (member?.type === "TSAbstractPropertyDefinition") annotation = annotationOf(member);
  for (const assignment of unit.fieldAssignments(made.node)) {
    if (assignment.isStatic || assignment.name !== name) continue;
    values.push(evaluateLazily(machine, assignment.value, lazyFrame(machine, unit, assignment.within)));
  }
  const maker = memberOf(made, "constructor", false);
  if (maker?.type === "MethodDefinition") {
    for (const parameter of maker.value.params) {
      if (parameter.type !== "TSParameterProperty") continue;
      const inner = parameter.parameter.type === "AssignmentPattern" ? parameter.parameter.left : parameter.parameter;
      if (inner.name !== name) continue;
      annotation ??= annotationOf(inner);
      injected ??= injectedHandle(machine, unit, made.frame, parameter.decorators);
    }
  }
  if (injected !== undefined) return injected;
  const informative = values.filter(isInformative);
  if (informative.length > 0) return union(informative);
  if (annotation !== undefined) {
    return machine.valueOfType({ unit, node: annotation }, `\`this.${name}\``, identity, true);
  }
  const value = values.find((candidate) => candidate.kind === "unknown") ?? values[0];
  return value?.kind === "unknown" ? { ...value, identity } : value;
}
