import type { Definition, Variable } from "@typescript-eslint/scope-manager";
import type { TSESTree } from "@typescript-eslint/types";
import { declaredType, keyName } from "../source/names.ts";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import {
  type Frame,
  type FunctionNode,
  type PropertyValue,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { union } from "../source/union.ts";
import { identityOf } from "../source/value-key.ts";
import type { Activation, Machine } from "./machine.ts";
import { PathState } from "./path-state.ts";

/** Key of a variable of one activation in a path's table; ends in `c` when nothing but its declaration writes it. */
export const variableKey = (unit: SourceUnit, frame: Frame, variable: Variable): string =>
  `${String(frame.id)}#${String(identityOf(variable))}${unit.isConstant(variable) ? "c" : "v"}`;

/** The activation that holds a variable, seen from `frame`; undefined when it is not on the chain. */
export function frameOf(unit: SourceUnit, variable: Variable, frame: Frame): Frame | undefined {
  const owner = unit.ownerOf(variable);
  for (let current: Frame | undefined = frame; current !== undefined; current = current.parent) {
    if (current.owner === owner && current.unit === unit) return current;
  }
  return undefined;
}

/** What an identifier is at this point of the path. */
export function lookUp(
  machine: Machine,
  identifier: TSESTree.Identifier | TSESTree.JSXIdentifier,
  state: PathState,
  activation: Activation,
): Value {
  const { unit } = activation.frame;
  const variable = unit.variableOf(identifier);
  if (variable === undefined || variable.defs.length === 0) {
    if (identifier.name === "undefined") return undefinedValue;
    const module = machine.catalogue.globalModule(identifier.name);
    return module === undefined
      ? { kind: "external", module: "<global>", path: [identifier.name] }
      : { kind: "external", module, path: [] };
  }
  const frame = frameOf(unit, variable, activation.frame);
  const key = frame === undefined ? undefined : variableKey(unit, frame, variable);
  const known = key === undefined ? undefined : (state.variable(key) ?? machine.closures.variable(key));
  return known ?? machine.lazyValue(unit, variable);
}

/** Looks variables up out of order, each once. */
export function makeLazyValues(machine: Machine): Machine["lazyValue"] {
  const known = new Map<Variable, Value>();
  const running = new Set<Variable>();
  return (unit, variable) => {
    const value = known.get(variable);
    if (value !== undefined) return value;
    if (running.has(variable)) return unknown(`\`${variable.name}\` depends on itself`);
    running.add(variable);
    const made = valueOfVariable(machine, unit, variable);
    running.delete(variable);
    known.set(variable, made);
    return made;
  };
}

function valueOfVariable(machine: Machine, unit: SourceUnit, variable: Variable): Value {
  const values = implementations(variable.defs).map((definition) =>
    valueOfDefinition(machine, unit, variable, definition),
  );
  const frame = lazyFrame(machine, unit, unit.ownerOf(variable));
  for (const assigned of unit.assignmentsTo(variable)) values.push(evaluateLazily(machine, assigned, frame));
  const informative = values.filter((value) => value.kind !== "constant" || value.value != null);
  const value = withLaterProperties(machine, unit, variable, union(informative.length === 0 ? values : informative));
  const type = declaredType(variable);
  const isKnown = value.kind === "unknown" ? value.type !== undefined : informative.length > 0;
  if (isKnown || type === undefined) return value;
  const reason = value.kind === "unknown" ? value.reason : `\`${variable.name}\` is given its value elsewhere`;
  return machine.valueOfType({ unit, node: type }, reason, `variable${String(identityOf(variable))}`, false);
}

/** What defines a name, without the overloads of a function that has a body. */
function implementations(definitions: readonly Definition[]): readonly Definition[] {
  const bodies = definitions.filter(({ node }) => node.type === "FunctionDeclaration");
  return bodies.length === 0 ? definitions : definitions.filter(({ node }) => node.type !== "TSDeclareFunction");
}

/** An object of the module with what is assigned to its properties later; one that gets names nobody wrote down is not fully known. */
function withLaterProperties(machine: Machine, unit: SourceUnit, variable: Variable, value: Value): Value {
  const later = unit.propertyAssignments(variable);
  if (value.kind !== "object" || later.length === 0 || unit.ownerOf(variable) !== undefined) return value;
  const properties = new Map(value.properties);
  for (const { name, value: assigned, within } of later) {
    if (name === undefined) continue;
    const made = evaluateLazily(machine, assigned, lazyFrame(machine, unit, within));
    const before = properties.get(name)?.value;
    properties.set(name, {
      value: before === undefined ? made : union([before, made]),
      location: locate(unit, assigned),
    });
  }
  return { ...value, properties, open: value.open || later.some(({ name }) => name === undefined) };
}

/** The activation in which code is looked at that nobody was seen to call. */
export function lazyFrame(machine: Machine, unit: SourceUnit, owner: FunctionNode | undefined): Frame {
  if (owner === undefined) return machine.moduleFrame(unit);
  const place = unit.placeOf(owner);
  const parent = lazyFrame(machine, unit, place?.enclosing);
  const self = selfOfPlace(machine, unit, owner, parent);
  return { id: -identityOf(owner), unit, owner, parent, ...(self === undefined ? {} : { self }) };
}

/** What `this` is in a function nobody was seen to call. */
export function selfOfPlace(machine: Machine, unit: SourceUnit, owner: FunctionNode, parent: Frame): Value | undefined {
  const place = unit.placeOf(owner);
  if (place?.object !== undefined) return evaluateLazily(machine, place.object, parent);
  if (place?.class === undefined) return owner.type === "ArrowFunctionExpression" ? parent.self : undefined;
  const made = { kind: "class", node: place.class, unit, frame: parent } as const;
  return place.isStatic ? made : machine.instanceOf(made, "any");
}

export function evaluateLazily(machine: Machine, node: TSESTree.Node, frame: Frame): Value {
  const outcomes = machine.evaluate(node, new PathState(), machine.lazyActivation(frame));
  for (const outcome of outcomes) machine.closures.keep(outcome.value, outcome.state);
  return union(outcomes.map((outcome) => outcome.value));
}

function valueOfDefinition(machine: Machine, unit: SourceUnit, variable: Variable, definition: Definition): Value {
  const { node } = definition;
  switch (node.type) {
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier": {
      const binding = unit.imports.get(variable.name);
      return binding === undefined ? unknown("an import") : machine.imported(unit, binding.module, binding.imported);
    }
    case "TSImportEqualsDeclaration":
      return node.moduleReference.type === "TSExternalModuleReference"
        ? machine.imported(unit, node.moduleReference.expression.value, "require")
        : unknown("an import alias");
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "TSDeclareFunction":
    case "TSEmptyBodyFunctionExpression":
      if (definition.type === "Parameter") return valueOfParameter(machine, unit, variable, node);
      return {
        kind: "function",
        node,
        unit,
        frame: lazyFrame(machine, unit, unit.placeOf(node)?.enclosing),
      };
    case "ClassDeclaration":
    case "ClassExpression":
      return { kind: "class", node, unit, frame: lazyFrame(machine, unit, unit.ownerOf(variable)) };
    case "VariableDeclarator":
      return valueOfDeclarator(machine, unit, variable, node, definition.parent);
    case "TSEnumDeclaration":
      return valueOfEnum(machine, unit, node);
    default:
      return unknown(`\`${variable.name}\``);
  }
}

function valueOfParameter(machine: Machine, unit: SourceUnit, variable: Variable, owner: FunctionNode): Value {
  const frame = lazyFrame(machine, unit, owner);
  const state = new PathState();
  const activation = machine.lazyActivation(frame);
  for (const parameter of owner.params) {
    machine.assign(parameter, unknown(parameterReason(unit, parameter, owner)), state, activation);
  }
  return state.variable(variableKey(unit, frame, variable)) ?? unknown(`\`${variable.name}\` is a parameter`);
}

/** Why a parameter is not known, for a reader. */
export function parameterReason(unit: SourceUnit, parameter: TSESTree.Node, owner: FunctionNode): string {
  const name = parameter.type === "Identifier" ? `\`${parameter.name}\` is a parameter` : "a parameter";
  const place = unit.placeOf(owner);
  return place === undefined || place.name.startsWith("<") ? name : `${name} of \`${place.name}\``;
}

function valueOfDeclarator(
  machine: Machine,
  unit: SourceUnit,
  variable: Variable,
  node: TSESTree.VariableDeclarator,
  statement: TSESTree.Node | null | undefined,
): Value {
  const isAmbient = statement?.type === "VariableDeclaration" && statement.declare;
  const frame = lazyFrame(machine, unit, unit.ownerOf(variable));
  const state = new PathState();
  const activation = machine.lazyActivation(frame);
  const nothing = isAmbient ? unknown(`\`${variable.name}\` is declared only`) : undefinedValue;
  const value = node.init === null ? nothing : evaluateLazily(machine, node.init, frame);
  machine.assign(node.id, value, state, activation);
  return state.variable(variableKey(unit, frame, variable)) ?? unknown(`\`${variable.name}\``);
}

function valueOfEnum(machine: Machine, unit: SourceUnit, node: TSESTree.TSEnumDeclaration): Value {
  const properties = new Map<string, PropertyValue>();
  for (const member of node.body.members) {
    const name = keyName(member.id, false);
    if (name === undefined) continue;
    const initializer = member.initializer ?? undefined;
    const value =
      initializer === undefined
        ? unknown("an enum number")
        : evaluateLazily(machine, initializer, machine.moduleFrame(unit));
    properties.set(name, { value, location: locate(unit, member) });
  }
  return { kind: "object", properties, open: false, location: locate(unit, node) };
}
