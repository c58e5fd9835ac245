import type { TSESTree } from "@typescript-eslint/types";
import type { FunctionNode } from "./function-node.ts";
import { annotationOf, keyName } from "./names.ts";
import type { Ancestors } from "./walk.ts";

/** A step from a type to a part of it. */
export type TypeStep =
  { readonly kind: "property"; readonly name: string } | { readonly kind: "element" } | { readonly kind: "result" };

/** Where the type of an expression is written that has none of its own: what TypeScript calls its contextual type. */
export interface TypeContext {
  readonly root:
    | { readonly kind: "annotation"; readonly node: TSESTree.TypeNode }
    /** The `index`-th parameter of whatever is called. */
    | { readonly kind: "argument"; readonly callee: TSESTree.Node; readonly index: number };
  /** From the root's type to the expression's, in order. */
  readonly steps: readonly TypeStep[];
}

/** The type context of a function by the nodes above it, nearest first; undefined where nothing gives it a type. */
export function typeContextOf(node: FunctionNode, above: Ancestors): TypeContext | undefined {
  const steps: TypeStep[] = [];
  const rooted = (root: TypeContext["root"]): TypeContext => ({ root, steps: [...steps].reverse() });
  const annotated = (type: TSESTree.TypeNode | undefined): TypeContext | undefined =>
    type === undefined ? undefined : rooted({ kind: "annotation", node: type });
  let child: TSESTree.Node = node;
  let isReturned = false;
  for (let current = above; current !== undefined; child = current.node, current = current.above) {
    const parent = current.node;
    switch (parent.type) {
      case "ObjectExpression":
      case "ConditionalExpression":
      case "LogicalExpression":
      case "TSNonNullExpression":
        break;
      case "BlockStatement":
      case "IfStatement":
      case "TryStatement":
        if (!isReturned) return undefined;
        break;
      case "Property": {
        const name = keyName(parent.key, parent.computed);
        if (name === undefined || parent.value !== child) return undefined;
        steps.push({ kind: "property", name });
        break;
      }
      case "ArrayExpression":
        steps.push({ kind: "element" });
        break;
      case "ReturnStatement":
        isReturned = true;
        break;
      case "ArrowFunctionExpression":
      case "FunctionExpression":
      case "FunctionDeclaration":
        if (!isReturned && (parent.body !== child || child.type === "BlockStatement")) return undefined;
        isReturned = false;
        if (parent.returnType != null) return annotated(parent.returnType.typeAnnotation);
        steps.push({ kind: "result" });
        break;
      case "TSSatisfiesExpression":
      case "TSAsExpression":
        return annotated(parent.typeAnnotation);
      case "VariableDeclarator":
        return parent.id.type === "Identifier" ? annotated(annotationOf(parent.id)) : undefined;
      case "PropertyDefinition":
        return annotated(annotationOf(parent));
      case "AssignmentPattern":
        return parent.left.type === "Identifier" ? annotated(annotationOf(parent.left)) : undefined;
      case "CallExpression":
      case "NewExpression": {
        const index = parent.arguments.findIndex((argument) => argument === child);
        return index < 0 ? undefined : rooted({ kind: "argument", callee: parent.callee, index });
      }
      default:
        return undefined;
    }
  }
  return undefined;
}
