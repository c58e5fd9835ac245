import type { TSESTree } from "@typescript-eslint/types";
import { keyName } from "../source/names.ts";
import { type ClassValue, type Value } from "../source/values.ts";
import type { Machine } from "./machine.ts";
import { evaluateLazily } from "./variables.ts";

export type ClassMember = TSESTree.ClassElement;

/** The member of that name; a method before an overload signature. */
export function memberOf(made: ClassValue, name: string, isStatic: boolean): ClassMember | undefined {
  let signature: ClassMember | undefined;
  for (const member of made.node.body.body) {
    if (member.type === "StaticBlock" || member.type === "TSIndexSignature") continue;
    if (member.static !== isStatic || keyName(member.key, member.computed) !== name) continue;
    if (member.type === "MethodDefinition" && member.value.type === "TSEmptyBodyFunctionExpression") signature = member;
    else return member;
  }
  return signature;
}

const superClasses = new WeakMap<Machine, Map<ClassValue["node"], Value | undefined>>();

/** The class a class extends, where it is one of the program. */
export function superClassOf(machine: Machine, made: ClassValue): Value | undefined {
  const { superClass } = made.node;
  if (superClass === null) return undefined;
  const known = superClasses.get(machine) ?? new Map<ClassValue["node"], Value | undefined>();
  superClasses.set(machine, known);
  if (!known.has(made.node)) {
    // Set first: a class that extends itself in a circle extends nothing.
    known.set(made.node, undefined);
    known.set(made.node, evaluateLazily(machine, superClass, made.frame));
  }
  return known.get(made.node);
}

/** A class with its superclasses; `complete` when none of them is outside the program. */
export function lineage(
  machine: Machine,
  made: ClassValue,
): { readonly classes: readonly ClassValue["node"][]; readonly complete: boolean } {
  const classes: ClassValue["node"][] = [];
  let current: Value | undefined = made;
  for (let hops = 0; current?.kind === "class" && hops < MAX_SUPERCLASSES; hops++) {
    classes.push(current.node);
    current = superClassOf(machine, current);
  }
  return { classes, complete: current === undefined };
}

/** How many superclasses are followed. */
export const MAX_SUPERCLASSES = 8;

/** The member of that name, of the class or of the nearest superclass of the program that has one. */
export function classMemberNamed(
  machine: Machine,
  made: ClassValue,
  name: string,
  isStatic: boolean,
): { made: ClassValue; member: ClassMember } | undefined {
  let current: Value | undefined = made;
  for (let hops = 0; current?.kind === "class" && hops < MAX_SUPERCLASSES; hops++) {
    const member = memberOf(current, name, isStatic);
    if (member !== undefined) return { made: current, member };
    current = superClassOf(machine, current);
  }
  return undefined;
}
