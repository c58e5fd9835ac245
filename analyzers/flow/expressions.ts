import type { TSESTree } from "@typescript-eslint/types";
import type { QueryOperation } from "../drivers/driver.ts";
import { holds } from "../source/holds.ts";
import { literalSegments } from "../source/literal-text.ts";
import { keyName } from "../source/names.ts";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import {
  alternatives,
  type ClassValue,
  constantText,
  type FunctionValue,
  type HandleValue,
  isSetting,
  type MessageValue,
  type PropertyValue,
  settingName,
  text,
  truthiness,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { concatenate } from "../source/concatenate.ts";
import { union } from "../source/union.ts";
import { mergeStates } from "./builtins.ts";
import { comparison, comparisonOfNumbers } from "./comparison.ts";
import { fork } from "./conditions.ts";
import { beginsAsSql, inferTag } from "./inferred-queries.ts";
import { mayBeEmptyStill } from "./lazy-singletons.ts";
import { type Activation, type Machine, mayThrow, type Outcome } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { runQuery } from "./operations.ts";
import { mayBeAnother } from "./receivers.ts";
import { settle, useFragments } from "./pending-queries.ts";
import { rawOfTag } from "./raw-parts.ts";
import { hasProperty, isInstanceOf } from "./properties.ts";
import { isUndecided } from "./unreached.ts";
import { withWrittenType } from "./written-types.ts";
import { bindValuesIn } from "./text-builders.ts";

/** Evaluates expressions in a row; each outcome has all their values. */
export function evaluateAll(
  machine: Machine,
  nodes: readonly TSESTree.Node[],
  state: PathState,
  activation: Activation,
): { state: PathState; values: Value[] }[] {
  let paths: { state: PathState; values: Value[] }[] = [{ state, values: [] }];
  for (const node of nodes) {
    paths = paths.flatMap((path) =>
      machine.evaluate(node, path.state, activation).map((outcome, index, { length }) => {
        // Each path has a list of its own; the last one goes on with the list that is there.
        const values = index === length - 1 ? path.values : [...path.values];
        values.push(outcome.value);
        return { state: outcome.state, values };
      }),
    );
  }
  return paths;
}

const only = (state: PathState, value: Value): Outcome[] => [{ state, value }];

/** The value of an expression, and what evaluating it does to the path. */
export function evaluate(machine: Machine, node: TSESTree.Node, state: PathState, activation: Activation): Outcome[] {
  const { unit } = activation.frame;
  machine.effort.steps++;
  if (activation.budget.steps-- <= 0) {
    // What was being run was not seen to its end: it is an entry point of its own again.
    if (activation.budget.steps === -1) for (const running of activation.stack) machine.covered.delete(running);
    if (!activation.silent) machine.ledger.limit(locate(unit, node), "too many steps from one entry point");
    return only(state, unknown("the analysis stopped here: too many steps"));
  }
  switch (node.type) {
    case "Identifier":
      return only(state, machine.lookUp(node, state, activation));
    case "Literal":
      return only(state, literalValue(unit, node));
    case "TemplateLiteral":
      return templateValue(machine, node, state, activation);
    case "TaggedTemplateExpression":
      return taggedTemplate(machine, node, state, activation);
    case "AwaitExpression":
    case "YieldExpression":
      return node.argument === null
        ? only(state, unknown("a yielded value"))
        : machine
            .evaluate(node.argument, state, activation)
            .flatMap((outcome) => settle(machine, outcome.value, outcome.state, activation));
    case "ChainExpression":
    case "TSNonNullExpression":
    case "TSInstantiationExpression":
      return machine.evaluate(node.expression, state, activation);
    case "TSAsExpression":
    case "TSTypeAssertion":
    case "TSSatisfiesExpression":
      return machine.evaluate(node.expression, state, activation).map((outcome) => ({
        state: outcome.state,
        value: withWrittenType(machine, outcome.value, { unit, node: node.typeAnnotation }),
      }));
    case "ThisExpression":
      return only(state, activation.frame.self ?? unknown("`this`"));
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "FunctionDeclaration":
      return only(state, functionValue(node, activation));
    case "ClassExpression":
    case "ClassDeclaration":
      return only(state, { kind: "class", node, unit, frame: activation.frame } satisfies ClassValue);
    case "ObjectExpression":
      return objectValue(machine, node, state, activation);
    case "ArrayExpression":
      return arrayValue(machine, node, state, activation);
    case "MemberExpression":
      return memberValue(machine, node, state, activation);
    case "CallExpression":
    case "NewExpression":
      return machine.evaluateCall(node, state, activation, false);
    case "BinaryExpression":
      return binaryValue(machine, node, state, activation);
    case "LogicalExpression":
      return logicalValue(machine, node, state, activation);
    case "ConditionalExpression": {
      const outcomes = fork(machine, node.test, state, activation).flatMap((branch) =>
        machine.evaluate(branch.truth ? node.consequent : node.alternate, branch.state, activation),
      );
      return mergeStates(outcomes);
    }
    case "AssignmentExpression":
      return assignmentValue(machine, node, state, activation);
    case "UpdateExpression":
      machine.assign(node.argument, unknown("a counter"), state, activation);
      return only(state, unknown("a counter"));
    case "UnaryExpression":
      return machine.evaluate(node.argument, state, activation).map((outcome) => ({
        state: outcome.state,
        value: unaryValue(node.operator, outcome.value),
      }));
    case "SequenceExpression":
      return evaluateAll(machine, node.expressions, state, activation).map((path) => ({
        state: path.state,
        value: path.values.at(-1) ?? undefinedValue,
      }));
    case "ImportExpression": {
      const specifier = node.source.type === "Literal" ? node.source.value : undefined;
      return only(
        state,
        typeof specifier === "string" ? machine.imported(unit, specifier, "*") : unknown("a computed import"),
      );
    }
    case "SpreadElement":
      return machine.evaluate(node.argument, state, activation);
    default:
      return only(state, unknown("an expression of another kind"));
  }
}

/** A closure of this activation. */
function functionValue(node: FunctionValue["node"], activation: Activation): FunctionValue {
  const { frame } = activation;
  const bound = node.type === "ArrowFunctionExpression" && frame.self !== undefined ? { self: frame.self } : {};
  const home = frame.homeClass === undefined ? {} : { homeClass: frame.homeClass };
  return { kind: "function", node, unit: frame.unit, frame, ...bound, ...home };
}

function literalValue(unit: SourceUnit, node: TSESTree.Literal): Value {
  if (typeof node.value === "string") {
    return text(literalSegments(unit.filename, unit.text, node.range[0] + 1, node.range[1] - 1, false));
  }
  if ("regex" in node) return unknown("a regular expression");
  return { kind: "constant", value: node.value };
}

/** The segments of a quasi that begins at `start`. Its own range is not used: producers differ in whether it includes the delimiters. */
function quasiSegments(unit: SourceUnit, quasi: TSESTree.TemplateElement, start: number, raw: boolean): Value {
  const end = start + rawLength(unit.text, start, quasi.value.raw);
  return text(literalSegments(unit.filename, unit.text, start, end, raw));
}

/** The length in the source of a raw quasi, whose CRLF pairs the specification has turned into LF. */
function rawLength(source: string, start: number, raw: string): number {
  let position = start;
  for (const character of raw) {
    if (character === "\n" && source[position] === "\r") position += source[position + 1] === "\n" ? 2 : 1;
    else position += character.length;
  }
  return position - start;
}

/** The pieces of a template in order, expressions with the values they have. */
function templateParts(
  machine: Machine,
  template: TSESTree.TemplateLiteral,
  state: PathState,
  activation: Activation,
  raw: boolean,
): { state: PathState; quasis: Value[]; values: Value[] }[] {
  const { unit } = activation.frame;
  const quasis: Value[] = [];
  let start = template.range[0] + 1;
  template.quasis.forEach((quasi, index) => {
    const next = template.expressions[index];
    quasis.push(quasiSegments(unit, quasi, start, raw));
    if (next !== undefined) {
      const close = unit.text.indexOf("}", next.range[1]);
      start = (close < 0 ? next.range[1] : close) + 1;
    }
  });
  return evaluateAll(machine, template.expressions, state, activation).map((path) => ({
    state: path.state,
    quasis,
    values: path.values,
  }));
}

function templateValue(
  machine: Machine,
  node: TSESTree.TemplateLiteral,
  state: PathState,
  activation: Activation,
  raw = false,
): Outcome[] {
  const { unit } = activation.frame;
  return templateParts(machine, node, state, activation, raw).map((path) => {
    const parts: { value: Value; location: ReturnType<typeof locate> }[] = [];
    path.quasis.forEach((quasi, index) => {
      parts.push({ value: quasi, location: locate(unit, node) });
      const value = path.values[index];
      const expression = node.expressions[index];
      if (value !== undefined && expression !== undefined)
        parts.push({ value: named(value, expression, unit), location: locate(unit, expression) });
    });
    return { state: path.state, value: concatenate(parts) };
  });
}

/** Gives an unknown value the words of the source, so that a reader sees which expression was not resolved. */
function named(value: Value, node: TSESTree.Node, unit: SourceUnit): Value {
  if (["text", "constant", "union", "message", "handle"].includes(value.kind)) return value;
  const words = unit.text.slice(node.range[0], Math.min(node.range[1], node.range[0] + 60)).replace(/\s+/g, " ");
  if (value.kind === "unknown") {
    return value.reason.includes("`") && node.type === "Identifier"
      ? value
      : { ...value, reason: `\`${words}\` is not known: ${value.reason}` };
  }
  const setting = settingName(value);
  return { ...unknown(`\`${words}\` is not a text`), ...(setting === undefined ? {} : { setting }) };
}

function taggedTemplate(
  machine: Machine,
  node: TSESTree.TaggedTemplateExpression,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const { unit } = activation.frame;
  return machine.evaluate(node.tag, state, activation).flatMap(({ state: after, value: tag }) => {
    if (!activation.silent && tag.kind !== "constant") machine.evaluated.add(node);
    const path = tag.kind === "external" ? tag.path : [];
    if (tag.kind === "external" && tag.module === "<global>" && path.join(".") === "String.raw") {
      return templateValue(machine, node.quasi, after, activation, true);
    }
    const queries = queriesOfTag(machine, tag);
    if (queries.length > 0) {
      mayThrow(after, activation);
      return templateParts(machine, node.quasi, after, activation, false).flatMap((parts) => {
        const message: Value = {
          kind: "message",
          text: tagText(machine, parts, node, unit),
          hasValues: bindValuesIn(parts.values),
          protocol: "by-values",
        };
        const site = { node, detached: false, argumentNodes: [node.quasi] };
        const chosen: Activation =
          queries.length > 1 || mayBeAnother(tag) ? { ...activation, pathConfidence: "possible" } : activation;
        const outcomes = queries.flatMap(({ handle, operation }, index) => {
          const path = index === queries.length - 1 ? parts.state : parts.state.fork();
          return runQuery(machine, handle, operation, [message], path, chosen, site);
        });
        return mergeStates(outcomes);
      });
    }
    const shape = tag.kind === "external" ? machine.catalogue.exportOf(tag.module, path)?.shape : undefined;
    if (shape?.is === "raw") return templateValue(machine, node.quasi, after, activation);
    const words = unit.text.slice(node.tag.range[0], node.tag.range[1]);
    const carriesValues =
      shape?.is === "tag" ||
      /(^|\.)sql$/i.test(words) ||
      (tag.kind === "unknown" &&
        (/(^|\.)(tx|trx|db)$/i.test(words) || (machine.seesProgram && beginsAsSql(node.quasi))));
    if (!carriesValues) {
      if (tag.kind === "unknown" || tag.kind === "external")
        return templateValue(machine, node.quasi, after, activation);
      return templateParts(machine, node.quasi, after, activation, false).flatMap((parts) =>
        machine.call(
          tag,
          undefined,
          [{ kind: "array", elements: parts.quasis, open: false, fixed: true }, ...parts.values],
          parts.state,
          activation,
          {
            node,
            detached: false,
            argumentNodes: [],
          },
        ),
      );
    }
    return templateParts(machine, node.quasi, after, activation, false).map((parts): Outcome => {
      const spliced =
        shape === undefined
          ? (expression: TSESTree.Expression) => rawOfTag(machine, node.tag, expression, parts.state, activation)
          : undefined;
      const message: MessageValue = {
        kind: "message",
        text: tagText(machine, parts, node, unit, spliced),
        hasValues: bindValuesIn(parts.values),
        protocol: "by-values",
        ...(shape?.is === "tag" && shape.sentBy !== undefined ? { sentBy: shape.sentBy } : {}),
        ...(shape?.is === "tag" && shape.namedBy !== undefined ? { namedBy: shape.namedBy } : {}),
        ...(shape?.is === "tag" && shape.named === true
          ? { statementName: { value: unknown("a statement name"), location: locate(unit, node.tag) } }
          : {}),
      };
      const site = { node, detached: false, argumentNodes: [node.quasi] };
      const value = shape === undefined ? inferTag(machine, message, tag, parts.state, activation, site) : message;
      return { state: parts.state, value };
    });
  });
}

/** What a template tag sends, and on what, when it is a handle or a method of one: once for each connection it may be. */
function queriesOfTag(
  machine: Machine,
  tag: Value,
): readonly { readonly handle: HandleValue; readonly operation: QueryOperation }[] {
  const found = new Map<number, { readonly handle: HandleValue; readonly operation: QueryOperation }>();
  for (const member of alternatives(tag)) {
    const handle = member.kind === "bound-method" ? member.receiver : member;
    if (handle.kind !== "handle") continue;
    const { connection, shape } = machine.handles.get(handle);
    const { methods, tag: own } = shape;
    const operation =
      member.kind !== "bound-method" ? own : Object.hasOwn(methods, member.name) ? methods[member.name] : undefined;
    if (operation?.does === "query" && !found.has(connection.id)) found.set(connection.id, { handle, operation });
  }
  return [...found.values()];
}

/** Text of a values-carrying tag: expressions are bind parameters, nested queries of the same tag become part of the text. */
function tagText(
  machine: Machine,
  parts: { readonly quasis: readonly Value[]; readonly values: readonly Value[] },
  node: TSESTree.TaggedTemplateExpression,
  unit: SourceUnit,
  /** What an expression puts into the text as it stands, where that can be told. */
  spliced: (expression: TSESTree.Expression) => Value | undefined = () => undefined,
): Value {
  const pieces: { value: Value; location: ReturnType<typeof locate> }[] = [];
  parts.quasis.forEach((quasi, index) => {
    pieces.push({ value: quasi, location: locate(unit, node) });
    const expression = node.quasi.expressions[index];
    const value = parts.values[index];
    if (expression === undefined || value === undefined) return;
    const location = locate(unit, expression);
    useFragments(machine, value);
    const own = holds(value, MESSAGES) ? undefined : spliced(expression);
    pieces.push({
      value: own ?? union(alternatives(value).map((member) => partOfTag(machine, member, location))),
      location,
    });
  });
  return concatenate(pieces);
}

/** What an expression in a values-carrying template stands for: a list of queries is all of them in a row. */
function partOfTag(machine: Machine, value: Value, location: ReturnType<typeof locate>): Value {
  if (value.kind === "message") return value.text;
  if (value.kind !== "array" || !value.elements.some((element) => holds(element, MESSAGES)))
    return text([{ kind: "parameter", location }]);
  for (const element of value.elements) useFragments(machine, element);
  const parts = value.elements.flatMap((element) => [
    { value: text([{ kind: "text", value: " ", location }]), location },
    { value: union(alternatives(element).map((member) => partOfTag(machine, member, location))), location },
  ]);
  const rest = [
    { value: text([{ kind: "text", value: " ", location }]), location },
    { value: unknown("further parts of a list"), location },
  ];
  return concatenate(value.open ? [...parts, ...rest] : parts);
}

const MESSAGES: ReadonlySet<Value["kind"]> = new Set(["message"]);

function objectValue(
  machine: Machine,
  node: TSESTree.ObjectExpression,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const { unit } = activation.frame;
  let paths: { state: PathState; properties: Map<string, PropertyValue>; open: boolean; base?: HandleValue }[] = [
    { state, properties: new Map(), open: false },
  ];
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
        const name =
          keyName(property.key, property.computed) ?? computedName(machine, property, outcome.state, activation);
        if (name === undefined) return { ...path, state: outcome.state, properties, open: true };
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
      ...(path.base && { base: path.base }),
    },
  }));
}

function computedName(
  machine: Machine,
  property: TSESTree.Property,
  state: PathState,
  activation: Activation,
): string | undefined {
  return property.computed
    ? constantText(machine.evaluate(property.key, state.fork(), activation)[0]?.value)
    : undefined;
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

function arrayValue(
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

function memberValue(
  machine: Machine,
  node: TSESTree.MemberExpression,
  state: PathState,
  activation: Activation,
): Outcome[] {
  if (node.object.type === "Super") {
    const name = keyName(node.property, node.computed);
    return only(state, unknown(`\`super.${name ?? "?"}\``));
  }
  return machine.evaluate(node.object, state, activation).flatMap((holder) => {
    const name = keyName(node.property, node.computed);
    if (name !== undefined) return machine.property(holder.value, name, node, holder.state, activation);
    return machine.evaluate(node.property, holder.state, activation).flatMap((key) => {
      const computed = constantText(key.value) ?? (key.value.kind === "constant" ? String(key.value.value) : undefined);
      if (computed !== undefined) return machine.property(holder.value, computed, node, key.state, activation);
      if (holder.value.kind === "object" && !holder.value.open) {
        return only(key.state, union([...holder.value.properties.values()].map((property) => property.value)));
      }
      if (holder.value.kind === "array")
        return only(
          key.state,
          union([...holder.value.elements, ...(holder.value.open ? [unknown("an element")] : [])]),
        );
      return only(key.state, unknown("a computed property"));
    });
  });
}

/** The operands of `a + b + c`, which nests to the left as deep as it is long. */
function summands(node: TSESTree.BinaryExpression): TSESTree.Node[] {
  const operands: TSESTree.Node[] = [];
  let current: TSESTree.Node = node;
  while (current.type === "BinaryExpression" && current.operator === "+") {
    operands.push(current.right);
    current = current.left;
  }
  return [current, ...operands.reverse()];
}

const isText = (value: Value): boolean =>
  value.kind === "text" ||
  value.kind === "message" ||
  (value.kind === "union" && value.members.some((member) => member.kind === "text"));

function binaryValue(
  machine: Machine,
  node: TSESTree.BinaryExpression,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const { unit } = activation.frame;
  if (node.operator === "+") {
    const operands = summands(node);
    return evaluateAll(machine, operands, state, activation).map((path): Outcome => {
      if (!path.values.some(isText)) return { state: path.state, value: unknown("the result of `+`") };
      const parts = path.values.map((value, index) => {
        const operand = operands[index] ?? node;
        return { value: named(value, operand, unit), location: locate(unit, operand) };
      });
      return { state: path.state, value: concatenate(parts) };
    });
  }
  return evaluateAll(machine, [node.left, node.right], state, activation).map((path) => {
    const [left = undefinedValue, right = undefinedValue] = path.values;
    const asked =
      node.operator === "in"
        ? hasProperty(machine, right, constantText(left) ?? "")
        : node.operator === "instanceof"
          ? isInstanceOf(machine, left, right)
          : undefined;
    const inOrder =
      isLength(node.left) || isLength(node.right) ? comparisonOfNumbers(node.operator, left, right) : undefined;
    const known = asked ?? inOrder;
    const value: Value =
      known === undefined ? comparison(node.operator, left, right) : { kind: "constant", value: known };
    return { state: path.state, value };
  });
}

/** `values.length`: other numbers may be counted up by what was not followed. */
const isLength = (node: TSESTree.Node): boolean =>
  node.type === "MemberExpression" && keyName(node.property, node.computed) === "length";

function logicalValue(
  machine: Machine,
  node: TSESTree.LogicalExpression,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const outcomes = machine.evaluate(node.left, state, activation).flatMap((left): Outcome[] => {
    const members = left.value.kind === "union" ? left.value.members : [left.value];
    if (node.operator !== "&&" && mayBeEmptyStill(machine, node.left, left.state, activation)) {
      const empty = left.state.fork();
      return [{ state: left.state, value: left.value }, ...machine.evaluate(node.right, empty, activation)];
    }
    return members.flatMap((member, index): Outcome[] => {
      const path = index === members.length - 1 ? left.state : left.state.fork();
      const stops = isUndecided(activation) ? undefined : stopsAt(node.operator, member);
      if (stops === true) return only(path, member);
      if (stops === false) return machine.evaluate(node.right, path, activation);
      const keeps: Outcome = { state: path.fork(), value: member };
      return [keeps, ...machine.evaluate(node.right, path, activation)];
    });
  });
  return mergeStates(outcomes);
}

/** Whether `left operator …` is decided by its left side. */
function stopsAt(operator: TSESTree.LogicalExpression["operator"], left: Value): boolean | undefined {
  if (operator === "??") {
    if (left.kind === "constant") return left.value != null;
    return left.kind === "unknown" || isSetting(left) ? undefined : true;
  }
  const truth = truthiness(left);
  if (truth === undefined) return undefined;
  return operator === "||" ? truth : !truth;
}

function assignmentValue(
  machine: Machine,
  node: TSESTree.AssignmentExpression,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const { unit } = activation.frame;
  if (node.operator === "=") {
    return machine.evaluate(node.right, state, activation).map((outcome) => {
      machine.assign(node.left, outcome.value, outcome.state, activation);
      machine.onAssignment(node, outcome.value, outcome.state, activation);
      return outcome;
    });
  }
  return evaluateAll(machine, [node.left, node.right], state, activation).map((path) => {
    const [left = undefinedValue, right = undefinedValue] = path.values;
    let value: Value = unknown("a computed value");
    if (node.operator === "+=") {
      value = concatenate([
        { value: left, location: locate(unit, node.left) },
        { value: named(right, node.right, unit), location: locate(unit, node.right) },
      ]);
    } else if (node.operator === "??=" || node.operator === "||=") {
      const operator = node.operator === "??=" ? "??" : "||";
      const stops = stopsAt(operator, left);
      value = stops === true ? left : stops === false ? right : union([left, right]);
    }
    machine.assign(node.left, value, path.state, activation);
    return { state: path.state, value };
  });
}

function unaryValue(operator: string, value: Value): Value {
  if (operator === "!") {
    const truth = truthiness(value);
    return truth === undefined ? unknown("a condition") : { kind: "constant", value: !truth };
  }
  if (operator === "void") return undefinedValue;
  if (operator === "-" && value.kind === "constant" && typeof value.value === "number")
    return { kind: "constant", value: -value.value };
  return unknown(`the result of \`${operator}\``);
}
