import type { TSESTree } from "@typescript-eslint/types";
import { keyName } from "../source/names.ts";
import type { Value } from "../source/values.ts";
import { fieldKey, staticKey } from "./assignments.ts";
import type { Activation, Machine } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { classMemberNamed } from "./class-members.ts";
import { frameOf, variableKey } from "./variables.ts";

const isEmpty = (node: TSESTree.Node | null): boolean =>
  node === null ||
  (node.type === "Literal" && node.value === null && !("regex" in node)) ||
  (node.type === "Identifier" && node.name === "undefined") ||
  (node.type === "TSAsExpression" && isEmpty(node.expression));

/**
 * True for a variable, field or static member that starts empty, is filled by code somewhere, and of which this path has not seen which
 * of the two it is: `let pool; … if (!pool) pool = new Pool()`. What a look-up out of order gives for it is what it is filled with.
 */
export function mayBeEmptyStill(
  machine: Machine,
  node: TSESTree.Node,
  state: PathState,
  activation: Activation,
): boolean {
  switch (node.type) {
    case "Identifier":
      return isEmptyVariable(node, state, activation);
    case "MemberExpression": {
      const name = keyName(node.property, node.computed);
      if (name === undefined || node.object.type === "Super") return false;
      const holders = machine.evaluate(node.object, state.fork(), { ...activation, silent: true });
      return holders.some(({ value }) => isEmptyMember(machine, value, name, state));
    }
    case "TSNonNullExpression":
    case "TSAsExpression":
    case "ChainExpression":
      return mayBeEmptyStill(machine, node.expression, state, activation);
    default:
      return false;
  }
}

function isEmptyVariable(node: TSESTree.Identifier, state: PathState, activation: Activation): boolean {
  const { unit } = activation.frame;
  const variable = unit.variableOf(node);
  if (variable === undefined || unit.isConstant(variable) || unit.assignmentsTo(variable).length === 0) return false;
  const frame = frameOf(unit, variable, activation.frame);
  if (frame !== undefined && state.variable(variableKey(unit, frame, variable)) !== undefined) return false;
  return variable.defs.some(({ node: made }) => made.type === "VariableDeclarator" && isEmpty(made.init));
}

function isEmptyMember(machine: Machine, holder: Value, name: string, state: PathState): boolean {
  if (holder.kind !== "instance" && holder.kind !== "class") return false;
  const isStatic = holder.kind === "class";
  const key = holder.kind === "class" ? staticKey(holder, name) : fieldKey(holder.id, name);
  if (state.variable(key) !== undefined) return false;
  const found = classMemberNamed(machine, holder.kind === "class" ? holder : holder.class, name, isStatic);
  return found?.member.type === "PropertyDefinition" && isEmpty(found.member.value);
}
