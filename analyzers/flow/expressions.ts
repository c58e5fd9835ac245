import type { TSESTree } from "@typescript-eslint/types";
import { keyName } from "../source/names.ts";
import { locate } from "../source/source-unit.ts";
import { type ClassValue, constantText, type FunctionValue, undefinedValue, unknown } from "../source/values.ts";
import { union } from "../source/union.ts";
import { mergeStates } from "./builtins.ts";
import { fork } from "./conditions.ts";
import { type Activation, type Machine, type Outcome } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { settle } from "./pending-queries.ts";
import { withWrittenType } from "./written-types.ts";
import { evaluateAll, only } from "./outcomes.ts";
import { literalValue, objectValue, arrayValue } from "./literals.ts";
import { templateValue, taggedTemplate } from "./templates.ts";
import { binaryValue, logicalValue, assignmentValue, unaryValue } from "./operators.ts";

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
