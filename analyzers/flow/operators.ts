import type { TSESTree } from "@typescript-eslint/types";
import { keyName } from "../source/names.ts";
import { locate } from "../source/source-unit.ts";
import { constantText, isSetting, truthiness, undefinedValue, unknown, type Value } from "../source/values.ts";
import { concatenate } from "../source/concatenate.ts";
import { union } from "../source/union.ts";
import { mergeStates } from "./builtins.ts";
import { comparison, comparisonOfNumbers } from "./comparison.ts";
import { mayBeEmptyStill } from "./lazy-singletons.ts";
import { type Activation, type Machine, type Outcome } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { hasProperty, isInstanceOf } from "./properties.ts";
import { isUndecided } from "./unreached.ts";
import { evaluateAll, only } from "./outcomes.ts";
import { named } from "./templates.ts";

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

/** What an operator with two sides gives: a concatenation, a comparison, or something unknown. */
export function binaryValue(
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

/** `a && b`, `a || b`, `a ?? b`: the right side runs where the left one does not decide. */
export function logicalValue(
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

/** An assignment, which is worth what is assigned. */
export function assignmentValue(
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

/** What an operator with one side gives. */
export function unaryValue(operator: string, value: Value): Value {
  if (operator === "!") {
    const truth = truthiness(value);
    return truth === undefined ? unknown("a condition") : { kind: "constant", value: !truth };
  }
  if (operator === "void") return undefinedValue;
  if (operator === "-" && value.kind === "constant" && typeof value.value === "number")
    return { kind: "constant", value: -value.value };
  return unknown(`the result of \`${operator}\``);
}
