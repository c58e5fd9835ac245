import type { TSESTree } from "@typescript-eslint/types";
import { alternatives, truthiness, union, type Value } from "../source/values.ts";
import type { Activation, Machine } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { frameOf, isConstantKey, variableKey } from "./variables.ts";

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
  return machine.evaluate(test, state, activation).flatMap(({ state: after, value }): Condition[] => {
    const truth = truthiness(value);
    if (truth !== undefined) return [{ state: after, truth }];
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
      return frame === undefined || isConstantKey(key) ? key : undefined;
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
