import type { TSESTree } from "@typescript-eslint/types";
import { alternatives, truthiness, undefinedValue, unknown, type Value } from "../source/values.ts";
import { union } from "../source/union.ts";
import type { Activation, Machine } from "./machine.ts";
import { type PathState, isConstantKey, OF_PROGRAM } from "./path-state.ts";
import { equalityIn, noteDialect } from "./dialect-branches.ts";
import { mayBeEmptyStill } from "./lazy-singletons.ts";
import { isInstanceOf } from "./properties.ts";
import { isUndecided } from "./unreached.ts";
import { frameOf, variableKey } from "./variables.ts";

/** A path on which a condition has a known truth. */
export interface Condition {
  readonly state: PathState;
  readonly truth: boolean;
}

/**
 * Forks a path at a condition. A condition decided earlier on the path (the same constant tested again) is not forked, so that
 * `if (own) BEGIN … if (own) COMMIT` stays two paths, not four. A tested variable is narrowed to the alternatives that fit.
 */
export function fork(machine: Machine, test: TSESTree.Node, state: PathState, activation: Activation): Condition[] {
  const branches = forkAt(machine, test, state, activation);
  const equality = equalityIn(test);
  if (equality !== undefined)
    for (const branch of branches)
      noteDialect(equality.operand, equality.literal, branch.truth === equality.isEqual, branch.state);
  return branches;
}

function forkAt(machine: Machine, test: TSESTree.Node, state: PathState, activation: Activation): Condition[] {
  switch (test.type) {
    case "UnaryExpression":
      if (test.operator === "!") {
        return fork(machine, test.argument, state, activation).map((branch) => ({
          state: branch.state,
          truth: !branch.truth,
        }));
      }
      break;
    case "LogicalExpression":
      if (test.operator !== "??") {
        const stop = test.operator === "||";
        return fork(machine, test.left, state, activation).flatMap((branch) =>
          branch.truth === stop ? [branch] : fork(machine, test.right, branch.state, activation),
        );
      }
      break;
    case "TSNonNullExpression":
    case "TSAsExpression":
    case "ChainExpression":
      return fork(machine, test.expression, state, activation);
    default:
  }
  const kind = test.type === "BinaryExpression" ? typeofTest(test) : undefined;
  if (kind !== undefined) {
    const isOfType = (member: Value): boolean | undefined => {
      const type = typeOf(member);
      return type === undefined ? undefined : (type === kind.type) !== kind.negated;
    };
    return forkByMembers(machine, kind.operand, isOfType, state, activation);
  }
  if (test.type === "BinaryExpression" && test.operator === "instanceof") {
    const { left, right } = test;
    return machine.evaluate(right, state, activation).flatMap((made) => {
      const isOfClass = (member: Value): boolean | undefined => isInstanceOf(machine, member, made.value);
      return forkByMembers(machine, left, isOfClass, made.state, activation);
    });
  }
  const asked = test.type === "BinaryExpression" ? nullTest(test) : { operand: test, truthOfEmpty: false };
  if (asked !== undefined && mayBeEmptyStill(machine, asked.operand, state, activation)) {
    const empty = state.fork();
    machine.assign(asked.operand, undefinedValue, empty, activation);
    return [
      { state, truth: !asked.truthOfEmpty },
      { state: empty, truth: asked.truthOfEmpty },
    ];
  }
  return machine.evaluate(test, state, activation).flatMap(({ state: after, value }): Condition[] => {
    const truth = truthiness(value);
    if (truth !== undefined) {
      if (!isUndecided(activation)) return [{ state: after, truth }];
      const against = after.fork();
      if (test.type === "Identifier" || test.type === "MemberExpression")
        machine.assign(test, unknown("what a condition excludes"), against, activation);
      return [
        { state: after, truth },
        { state: against, truth: !truth },
      ];
    }
    const key = conditionKey(machine, test, after, activation);
    const assumed = key === undefined ? undefined : after.assumption(key);
    if (assumed !== undefined) return [{ state: after, truth: assumed }];
    const other = after.fork();
    if (key !== undefined) {
      after.assume(key, true);
      other.assume(key, false);
    }
    narrow(machine, test, value, after, activation, true);
    narrow(machine, test, value, other, activation, false);
    return [
      { state: after, truth: true },
      { state: other, truth: false },
    ];
  });
}

/** `x == null`, `x !== undefined` and their kind. */
function nullTest(
  test: TSESTree.BinaryExpression,
): { readonly operand: TSESTree.Expression; readonly truthOfEmpty: boolean } | undefined {
  const { left, right, operator } = test;
  if (!["===", "==", "!==", "!="].includes(operator) || left.type === "PrivateIdentifier") return undefined;
  const isEmpty =
    (right.type === "Literal" && right.value === null && !("regex" in right)) ||
    (right.type === "Identifier" && right.name === "undefined");
  return isEmpty ? { operand: left, truthOfEmpty: operator.startsWith("=") } : undefined;
}

interface TypeofTest {
  readonly operand: TSESTree.Expression;
  readonly type: string;
  readonly negated: boolean;
}

/** `typeof x === "string"` and its kind. */
function typeofTest(test: TSESTree.BinaryExpression): TypeofTest | undefined {
  const { left, right, operator } = test;
  if (!["===", "==", "!==", "!="].includes(operator)) return undefined;
  if (left.type !== "UnaryExpression" || left.operator !== "typeof") return undefined;
  if (right.type !== "Literal" || typeof right.value !== "string") return undefined;
  return { operand: left.argument, type: right.value, negated: operator.startsWith("!") };
}

/** What `typeof` says of a value; undefined when that is not known. */
function typeOf(value: Value): string | undefined {
  switch (value.kind) {
    case "unknown":
    case "external":
    case "union":
      return undefined;
    case "text":
      return "string";
    case "constant":
      return value.value === null ? "object" : typeof value.value;
    case "function":
    case "class":
    case "bound-method":
      return "function";
    default:
      return "object";
  }
}

/** Forks by a test of a value's type or class; a variable or field with alternatives keeps those that fit. */
function forkByMembers(
  machine: Machine,
  operand: TSESTree.Expression,
  test: (member: Value) => boolean | undefined,
  state: PathState,
  activation: Activation,
): Condition[] {
  const isPlace = operand.type === "Identifier" || operand.type === "MemberExpression";
  return machine.evaluate(operand, state, activation).flatMap(({ state: after, value }): Condition[] => {
    const members = alternatives(value);
    const branch = (truth: boolean, path: PathState): Condition[] => {
      const fitting = members.filter((member) => (test(member) ?? truth) === truth);
      if (fitting.length === 0) return isUndecided(activation) ? [{ state: path, truth }] : [];
      if (isPlace && fitting.length < members.length) machine.assign(operand, union(fitting), path, activation);
      return [{ state: path, truth }];
    };
    const other = after.fork();
    return [...branch(true, after), ...branch(false, other)];
  });
}

/** A key for a condition that cannot change along a path: a constant variable, `this.x`, or a comparison of one with a literal. */
function conditionKey(
  machine: Machine,
  test: TSESTree.Node,
  state: PathState,
  activation: Activation,
): string | undefined {
  const { unit } = activation.frame;
  switch (test.type) {
    case "Identifier": {
      const variable = unit.variableOf(test);
      const frame = variable === undefined ? undefined : frameOf(unit, variable, activation.frame);
      if (variable === undefined) return undefined;
      const key = frame === undefined ? `lazy${variable.name}` : variableKey(unit, frame, variable);
      if (frame !== undefined && !isConstantKey(key)) return undefined;
      return frame?.owner === undefined ? `${OF_PROGRAM}${key}` : key;
    }
    case "MemberExpression": {
      if (test.computed || test.property.type !== "Identifier") return undefined;
      const holder =
        test.object.type === "ThisExpression"
          ? `this${String(activation.frame.id)}`
          : conditionKey(machine, test.object, state, activation);
      return holder === undefined ? undefined : `${holder}.${test.property.name}`;
    }
    case "BinaryExpression": {
      if (!["===", "!==", "==", "!="].includes(test.operator) || test.right.type !== "Literal") return undefined;
      const left = conditionKey(machine, test.left, state, activation);
      return left === undefined ? undefined : `${left}${test.operator}${test.right.raw}`;
    }
    default:
      return undefined;
  }
}

function narrow(
  machine: Machine,
  test: TSESTree.Node,
  value: Value,
  state: PathState,
  activation: Activation,
  truth: boolean,
): void {
  if (test.type !== "Identifier" || value.kind !== "union") return;
  const fitting = alternatives(value).filter((member) => truthiness(member) !== !truth);
  if (fitting.length > 0 && fitting.length < value.members.length)
    machine.assign(test, union(fitting), state, activation);
}
