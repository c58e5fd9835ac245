import type { TSESTree } from "@typescript-eslint/types";
import type { SourceLocation } from "../model.ts";
import type { SourceUnit } from "../source/source-unit.ts";

type Class = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

const classes = new WeakMap<SourceUnit, ReadonlySet<Class>>();

/** The class in whose constructor's parameters or fields something is written; undefined for anything else. */
export function classInjected(unit: SourceUnit, { range }: SourceLocation): Class | undefined {
  let known = classes.get(unit);
  if (known === undefined) {
    known = new Set(unit.functions.flatMap((place) => (place.class === undefined ? [] : [place.class])));
    classes.set(unit, known);
  }
  const holds = (node: TSESTree.Node): boolean => node.range[0] <= range.start && range.end <= node.range[1];
  return [...known].find((made) =>
    made.body.body.some((member) => {
      if (member.type === "PropertyDefinition") return holds(member) && !(member.value !== null && holds(member.value));
      return (
        member.type === "MethodDefinition" &&
        member.kind === "constructor" &&
        member.value.params.some((part) => holds(part))
      );
    }),
  );
}
