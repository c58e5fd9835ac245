import type { TSESTree } from "@typescript-eslint/types";
import { walk } from "../source/walk.ts";
import type { ClassValue, HandleValue } from "../source/values.ts";
import { urlsGiven } from "./connecting.ts";
import type { Machine } from "./machine.ts";
import { memberOf, superClassOf } from "./class-members.ts";
import { evaluateLazily, lazyFrame } from "./variables.ts";

/** The call of the superclass's constructor in a function. */
function superCallIn(body: TSESTree.Node): TSESTree.CallExpression | undefined {
  let found: TSESTree.CallExpression | undefined;
  walk(body, (node) => {
    if (node.type === "CallExpression" && node.callee.type === "Super") found ??= node;
    return node.type !== "ClassDeclaration" && node.type !== "ClassExpression";
  });
  return found;
}

/**
 * Notes where an instance of a class that extends a driver's leads, by what its constructor passes up: whoever is given the instance may be
 * looked at before the constructor is. What depends on the constructor's own caller is left to the call.
 */
export function notePassedUp(machine: Machine, made: ClassValue, base: HandleValue): void {
  const parent = superClassOf(machine, made);
  const maker = memberOf(made, "constructor", false);
  if (parent?.kind !== "external" || maker?.type !== "MethodDefinition" || maker.value.body === null) return;
  const shape = machine.catalogue.exportOf(parent.module, parent.path)?.shape;
  const call = superCallIn(maker.value.body);
  if (shape?.is !== "handle-maker" || call === undefined) return;
  const frame = lazyFrame(machine, made.unit, maker.value);
  const values = call.arguments.map((argument) => evaluateLazily(machine, argument, frame));
  const urls = urlsGiven(machine, shape, values);
  if (urls.length > 0 && urls.every((url) => url.kind !== "unknown")) machine.handles.tell(base, urls);
}
