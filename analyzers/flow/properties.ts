import type { TSESTree } from "@typescript-eslint/types";
import { annotationOf, keyName } from "../source/names.ts";
import { locate } from "../source/source-unit.ts";
import {
  alternatives,
  type ClassValue,
  type Frame,
  type FunctionNode,
  type HandleValue,
  type InstanceValue,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { union } from "../source/union.ts";
import { fieldKey, staticKey } from "./assignments.ts";
import { isBuiltinMethod } from "./builtins.ts";
import { externalValue } from "./externals.ts";
import { propertyOfHandle } from "./handle-properties.ts";
import { injectedHandle } from "./injected.ts";
import type { Activation, Machine, Outcome } from "./machine.ts";
import { settingRead } from "./settings.ts";
import type { PathState } from "./path-state.ts";
import { evaluateLazily, lazyFrame } from "./variables.ts";

/** The value of `value.name`. */
export function property(
  machine: Machine,
  value: Value,
  name: string,
  node: TSESTree.Node,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const only = (result: Value): Outcome[] => [{ state, value: result }];
  if (name === "bind" || name === "call" || name === "apply") {
    if (value.kind === "function" || value.kind === "bound-method")
      return only({ kind: "bound-method", receiver: value, name });
  }
  switch (value.kind) {
    case "union":
      return only(
        union(
          alternatives(value).flatMap((member) =>
            property(machine, member, name, node, state.fork(), activation).map((outcome) => outcome.value),
          ),
        ),
      );
    case "object": {
      const found = value.properties.get(name);
      if (found?.value.kind === "function" && found.value.getter === true)
        return machine.invoke(found.value, value, [], state, activation, node);
      if (found !== undefined) return only(found.value);
      if (value.base !== undefined) return propertyOfHandle(machine, value.base, name, state);
      return only(value.open ? unknown(`\`${name}\` of an object that is not fully known`) : undefinedValue);
    }
    case "instance":
      return instanceProperty(machine, value, name, node, state, activation);
    case "class":
      return only(staticProperty(machine, value, name, node, state, activation) ?? unknown(`\`${name}\` of a class`));
    case "external":
      return only(externalValue(machine, value.module, [...value.path, name], locate(activation.frame.unit, node)));
    case "storage":
      return only({ kind: "bound-method", receiver: value, name });
    case "namespace":
      return only(machine.exported(value.unit, name));
    case "handle":
      return propertyOfHandle(machine, value, name, state);
    case "message":
      return only(name === "text" || name === "sql" ? value.text : unknown(`\`${name}\` of a query`));
    case "unknown": {
      const own = value.elsewhere === true ? undefined : handleByMethod(machine, value, name, node, activation);
      if (own !== undefined) return only({ kind: "bound-method", receiver: own, name });
      const identity = value.identity === undefined ? undefined : `${value.identity}.${name}`;
      const type = value.type === undefined ? undefined : machine.propertyOfType(value.type, name);
      const setting = settingRead(value, name, node, activation.frame.unit);
      const called = setting === undefined ? {} : { setting };
      if (type !== undefined) {
        const typed = machine.valueOfType(type, `\`${name}\``, identity, value.fromCaller ?? false);
        return only(typed.kind === "unknown" ? { ...typed, ...called } : typed);
      }
      return only({
        kind: "unknown",
        reason: `\`${name}\` of something unknown`,
        ...called,
        ...(identity === undefined ? {} : { identity }),
        ...(value.fromCaller === undefined ? {} : { fromCaller: value.fromCaller }),
        ...(value.elsewhere === undefined ? {} : { elsewhere: value.elsewhere }),
      });
    }
    case "array": {
      const index = Number(name);
      if (Number.isInteger(index)) return only(value.elements[index] ?? unknown("an element"));
      return only(
        isBuiltinMethod(name) ? { kind: "bound-method", receiver: value, name } : unknown(`\`${name}\` of an array`),
      );
    }
    case "text":
      return only(
        isBuiltinMethod(name) ? { kind: "bound-method", receiver: value, name } : unknown(`\`${name}\` of a text`),
      );
    default:
      return only(unknown(`\`${name}\``));
  }
}

/** The handle that something unknown must be which has a method that only one package has. */
function handleByMethod(
  machine: Machine,
  value: Value & { readonly kind: "unknown" },
  name: string,
  node: TSESTree.Node,
  activation: Activation,
): HandleValue | undefined {
  const found = machine.catalogue.driverOfMethod(name);
  const shape = found?.driver.handles[found.kind];
  if (found === undefined || shape === undefined) return undefined;
  const location = locate(activation.frame.unit, node);
  return machine.handles.make(
    `method:${value.identity ?? `${location.file}:${String(location.range.start)}`}:${found.driver.name}`,
    { driver: found.driver, shape, known: "inferred", location, fromCaller: value.fromCaller ?? false },
  );
}

type ClassMember = TSESTree.ClassElement;

/** The member of that name; a method before an overload signature. */
export function memberOf(made: ClassValue, name: string, isStatic: boolean): ClassMember | undefined {
  let signature: ClassMember | undefined;
  for (const member of made.node.body.body) {
    if (member.type === "StaticBlock" || member.type === "TSIndexSignature") continue;
    if (member.static !== isStatic || keyName(member.key, member.computed) !== name) continue;
    if (member.type === "MethodDefinition" && member.value.type === "TSEmptyBodyFunctionExpression") signature = member;
    else return member;
  }
  return signature;
}

const superClasses = new WeakMap<Machine, Map<ClassValue["node"], Value | undefined>>();

/** The class a class extends, where it is one of the program. */
export function superClassOf(machine: Machine, made: ClassValue): Value | undefined {
  const { superClass } = made.node;
  if (superClass === null) return undefined;
  const known = superClasses.get(machine) ?? new Map<ClassValue["node"], Value | undefined>();
  superClasses.set(machine, known);
  if (!known.has(made.node)) {
    // Set first: a class that extends itself in a circle extends nothing.
    known.set(made.node, undefined);
    known.set(made.node, evaluateLazily(machine, superClass, made.frame));
  }
  return known.get(made.node);
}

function methodValue(node: FunctionNode, made: ClassValue, self: Value): Value {
  return { kind: "function", node, unit: made.unit, frame: made.frame, self, homeClass: made };
}

/** Static members, own before inherited. */
function staticProperty(
  machine: Machine,
  made: ClassValue,
  name: string,
  node: TSESTree.Node,
  state: PathState,
  activation: Activation,
): Value | undefined {
  const onPath = state.variable(staticKey(made, name));
  if (onPath !== undefined) return onPath;
  const member = memberOf(made, name, true);
  if (member?.type === "MethodDefinition") {
    const method = methodValue(member.value, made, made);
    return member.kind === "get" && method.kind === "function"
      ? union(machine.invoke(method, made, [], state.fork(), activation, node).map((outcome) => outcome.value))
      : method;
  }
  const declared = declaredStatic(machine, made, name, member);
  if (declared !== undefined) return declared;
  const parent = superClassOf(machine, made);
  if (parent?.kind === "class") return staticProperty(machine, parent, name, node, state, activation);
  return parent?.kind === "handle" || parent?.kind === "external"
    ? property(machine, parent, name, node, state, activation)[0]?.value
    : undefined;
}

const staticsKnown = new WeakMap<ClassValue["node"], Map<string, Value | undefined>>();

/** A static member by what the class's file says of it: its initialiser, assignments, its annotation. */
function declaredStatic(
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

const isInformative = (value: Value): boolean =>
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

function instanceProperty(
  machine: Machine,
  instance: InstanceValue,
  name: string,
  node: TSESTree.Node,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const onPath = state.variable(fieldKey(instance.id, name));
  if (onPath !== undefined) return [{ state, value: onPath }];
  const inherited = classMemberNamed(machine, instance.class, name, false);
  if (inherited !== undefined) {
    const { made, member } = inherited;
    if (member.type === "MethodDefinition" || member.type === "TSAbstractMethodDefinition") {
      const method = methodValue(member.value, made, instance);
      if (member.kind === "get" && method.kind === "function")
        return machine.invoke(method, instance, [], state, activation, node);
      return [{ state, value: method }];
    }
  }
  const recorded = instance.fields.get(name);
  if (recorded !== undefined && recorded.kind !== "unknown") {
    // What was seen to be written is not all that the field may hold: a flag that one callback sets decides nothing in another one.
    const others = recorded.kind === "constant" ? [lazyField(machine, instance, name) ?? undefinedValue] : [];
    return [{ state, value: union([recorded, ...others]) }];
  }
  const lazily = lazyField(machine, instance, name);
  if (lazily !== undefined) return [{ state, value: lazily }];
  if (instance.base !== undefined) return property(machine, instance.base, name, node, state, activation);
  return [{ state, value: recorded ?? { ...unknown(`\`this.${name}\``), identity: fieldKey(instance.id, name) } }];
}

/** Whether a value has a property of that name; undefined where it cannot be told. */
export function hasProperty(machine: Machine, value: Value, name: string): boolean | undefined {
  switch (value.kind) {
    case "object":
      return value.properties.has(name) ? true : value.open ? undefined : false;
    case "handle":
      return Object.hasOwn(machine.handles.get(value).shape.methods, name) ? true : undefined;
    case "instance": {
      if (classMemberNamed(machine, value.class, name, false) !== undefined || value.fields.has(name)) return true;
      return lineage(machine, value.class).complete && lazyField(machine, value, name) === undefined
        ? false
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a value is an instance of a class of the program; undefined where it cannot be told. */
export function isInstanceOf(machine: Machine, value: Value, made: Value): boolean | undefined {
  if (value.kind === "constant" || value.kind === "text") return false;
  if (value.kind !== "instance" || made.kind !== "class") return undefined;
  const { classes, complete } = lineage(machine, value.class);
  return classes.includes(made.node) ? true : complete ? false : undefined;
}

/** A class with its superclasses; `complete` when none of them is outside the program. */
function lineage(
  machine: Machine,
  made: ClassValue,
): { readonly classes: readonly ClassValue["node"][]; readonly complete: boolean } {
  const classes: ClassValue["node"][] = [];
  let current: Value | undefined = made;
  for (let hops = 0; current?.kind === "class" && hops < MAX_SUPERCLASSES; hops++) {
    classes.push(current.node);
    current = superClassOf(machine, current);
  }
  return { classes, complete: current === undefined };
}

/** How many superclasses are followed. */
const MAX_SUPERCLASSES = 8;

/** The member of that name, of the class or of the nearest superclass of the program that has one. */
export function classMemberNamed(
  machine: Machine,
  made: ClassValue,
  name: string,
  isStatic: boolean,
): { made: ClassValue; member: ClassMember } | undefined {
  let current: Value | undefined = made;
  for (let hops = 0; current?.kind === "class" && hops < MAX_SUPERCLASSES; hops++) {
    const member = memberOf(current, name, isStatic);
    if (member !== undefined) return { made: current, member };
    current = superClassOf(machine, current);
  }
  return undefined;
}

/** Fields already looked up, by the fields table that all instances of a class share. */
const lookedUp = new WeakMap<InstanceValue["fields"], Map<string, Value | undefined>>();

/** A field by what the class's text says of it: initialisers, constructor parameters, assignments in methods, annotations. */
function lazyField(machine: Machine, instance: InstanceValue, name: string): Value | undefined {
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
