import type { Variable } from "@typescript-eslint/scope-manager";
import type { TSESTree } from "@typescript-eslint/types";

/**
 * The type written for an identifier or pattern. Producers disagree on what an absent one is (undefined, null, or no such field), so
 * nothing else reads the field.
 */
export const annotationOf = (node: {
  readonly typeAnnotation?: TSESTree.TSTypeAnnotation | null | undefined;
}): TSESTree.TypeNode | undefined => node.typeAnnotation?.typeAnnotation;

/** The annotation in the declaration of a variable. */
export function declaredType(variable: Variable): TSESTree.TypeNode | undefined {
  const name = variable.defs[0]?.name;
  return name?.type === "Identifier" ? annotationOf(name) : undefined;
}

/** The static name of a property key or member, if it has one. */
export function keyName(key: TSESTree.Node, computed: boolean): string | undefined {
  if (!computed && (key.type === "Identifier" || key.type === "PrivateIdentifier")) {
    return key.type === "PrivateIdentifier" ? `#${key.name}` : key.name;
  }
  if (key.type === "Literal" && (typeof key.value === "string" || typeof key.value === "number"))
    return String(key.value);
  return undefined;
}
