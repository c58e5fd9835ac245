import type { TSESTree } from "@typescript-eslint/types";

/** A function as it is written, whatever way. */
export type FunctionNode =
  | TSESTree.FunctionDeclaration
  | TSESTree.FunctionExpression
  | TSESTree.ArrowFunctionExpression
  | TSESTree.TSEmptyBodyFunctionExpression
  | TSESTree.TSDeclareFunction;
