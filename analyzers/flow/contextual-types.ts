import { annotationOf } from "../source/names.ts";
import type { TypeContext } from "../source/type-context.ts";
import type { FunctionNode, FunctionValue, Value, WrittenType } from "../source/values.ts";
import type { Machine } from "./machine.ts";
import { PathState } from "./path-state.ts";
import { memberOf } from "./class-members.ts";

/** The types of parameters that are written elsewhere, each looked up once. */
const known = new WeakMap<Machine, Map<FunctionNode, ReadonlyMap<number, WrittenType>>>();

/**
 * The type that a parameter without an annotation has by where its function stands: `const task: Task = async (db) => …`, a member of an
 * object of a known type, an argument for a parameter of a known type.
 */
export function contextualType(machine: Machine, called: FunctionValue, index: number): WrittenType | undefined {
  const context = called.unit.contextOf(called.node);
  if (context === undefined) return undefined;
  const types = known.get(machine) ?? new Map<FunctionNode, ReadonlyMap<number, WrittenType>>();
  known.set(machine, types);
  let parameters = types.get(called.node);
  if (parameters === undefined) {
    // Set first: a look-up that leads back to this function finds nothing.
    types.set(called.node, new Map());
    parameters = typesOf(machine, called, context);
    types.set(called.node, parameters);
  }
  return parameters.get(index);
}

function typesOf(machine: Machine, called: FunctionValue, context: TypeContext): ReadonlyMap<number, WrittenType> {
  const types = new Map<number, WrittenType>();
  for (const root of rootsOf(machine, called, context.root)) {
    let type: WrittenType | undefined = root;
    for (const step of context.steps) {
      if (type === undefined) break;
      if (step.kind === "property") type = machine.propertyOfType(type, step.name);
      else type = step.kind === "element" ? machine.elementOfType(type) : machine.resultOfType(type);
    }
    if (type === undefined) continue;
    for (const index of called.node.params.keys()) {
      const parameter = machine.parameterOfType(type, index);
      if (parameter !== undefined) types.set(index, parameter);
    }
  }
  return types;
}

function rootsOf(machine: Machine, called: FunctionValue, root: TypeContext["root"]): readonly WrittenType[] {
  if (root.kind === "annotation") return [{ unit: called.unit, node: root.node }];
  const outcomes = machine.evaluate(root.callee, new PathState(), machine.lazyActivation(called.frame));
  return outcomes.flatMap(({ value }) => {
    const type = parameterType(machine, value, root.index);
    return type === undefined ? [] : [type];
  });
}

/** The type written for a parameter of something that is called or constructed. */
function parameterType(machine: Machine, callee: Value, index: number): WrittenType | undefined {
  if (callee.kind === "unknown")
    return callee.type === undefined ? undefined : machine.parameterOfType(callee.type, index);
  if (callee.kind === "class") {
    const maker = memberOf(callee, "constructor", false);
    return maker?.type === "MethodDefinition" ? annotated({ node: maker.value, unit: callee.unit }, index) : undefined;
  }
  return callee.kind === "function" ? annotated(callee, index) : undefined;
}

function annotated({ node, unit }: Pick<FunctionValue, "node" | "unit">, index: number): WrittenType | undefined {
  const given = node.params[index];
  const parameter = given?.type === "TSParameterProperty" ? given.parameter : given;
  const inner = parameter?.type === "AssignmentPattern" ? parameter.left : parameter;
  const annotation = inner?.type === "Identifier" ? annotationOf(inner) : undefined;
  return annotation === undefined ? undefined : { unit, node: annotation };
}
