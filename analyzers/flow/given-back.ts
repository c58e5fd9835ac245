import type { TSESTree } from "@typescript-eslint/types";
import { annotationOf } from "../source/names.ts";
import { type FunctionNode, type FunctionValue, undefinedValue, type Value } from "../source/values.ts";
import { union } from "../source/union.ts";
import { walk } from "../source/walk.ts";
import type { Activation, Machine } from "./machine.ts";
import type { PathState } from "./path-state.ts";

/** Types whose argument is what matters: a promise and what it resolves to are one value. */
const TRANSPARENT = new Set(["Promise", "Awaited", "NonNullable", "Readonly"]);

/** The name of the type parameter that a type is; undefined for any other type. */
function parameterNamed(type: TSESTree.TypeNode | undefined, names: ReadonlySet<string>): string | undefined {
  if (type?.type !== "TSTypeReference" || type.typeName.type !== "Identifier") return undefined;
  const { name } = type.typeName;
  if (TRANSPARENT.has(name)) return parameterNamed(type.typeArguments?.params[0], names);
  return names.has(name) ? name : undefined;
}

/** Whether a function returns the call of one of its parameters as it stands. */
function returnsCallOf(node: FunctionNode, name: string): boolean {
  const isCall = (value: TSESTree.Node | null | undefined): boolean => {
    if (value?.type === "AwaitExpression") return isCall(value.argument);
    return value?.type === "CallExpression" && value.callee.type === "Identifier" && value.callee.name === name;
  };
  if (node.body?.type !== "BlockStatement") return isCall(node.body);
  let found = false;
  walk(node.body, (inner) => {
    if (inner.type === "ReturnStatement" && isCall(inner.argument)) found = true;
    return (
      inner.type !== "FunctionDeclaration" &&
      inner.type !== "FunctionExpression" &&
      inner.type !== "ArrowFunctionExpression"
    );
  });
  return found;
}

const saysNothing = (value: Value): boolean =>
  value.kind === "unknown" ||
  (value.kind === "constant" && value.value == null) ||
  (value.kind === "external" && value.module === "<global>");

/**
 * What a function gives back whose own code does not tell: `remember<T>(name: string, make: () => T): T` keeps what `make` makes somewhere,
 * and its type says that this is what it gives. `value` where it says something itself.
 */
export function givenBack(
  machine: Machine,
  value: Value,
  called: FunctionValue,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: TSESTree.Node,
): Value {
  if (!saysNothing(value)) return value;
  const { node } = called;
  const names = new Set(node.typeParameters?.params.map((parameter) => parameter.name.name));
  const returned = parameterNamed(node.returnType?.typeAnnotation, names);
  if (returned === undefined) return value;
  const sources = node.params.flatMap((parameter, index): Value[] => {
    const inner = parameter.type === "AssignmentPattern" ? parameter.left : parameter;
    const type = inner.type === "Identifier" ? annotationOf(inner) : undefined;
    const given = values[index] ?? undefinedValue;
    if (parameterNamed(type, names) === returned) return [given];
    if (type?.type !== "TSFunctionType" || type.params.length > 0 || given.kind !== "function") return [];
    if (parameterNamed(type.returnType?.typeAnnotation, names) !== returned) return [];
    // What it returns at once is what following it gave already.
    if (inner.type === "Identifier" && returnsCallOf(node, inner.name)) return [];
    const looking: Activation = { ...activation, silent: true };
    return [union(machine.invoke(given, undefined, [], state.fork(), looking, site).map((outcome) => outcome.value))];
  });
  const [only] = sources;
  return sources.length === 1 && only !== undefined && !saysNothing(only) ? only : value;
}
