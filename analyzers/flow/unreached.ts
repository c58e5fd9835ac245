import type { TSESTree } from "@typescript-eslint/types";
import { keyName } from "../source/names.ts";
import { type FunctionNode, isFunctionNode } from "../source/function-node.ts";
import { beginsAsStatement } from "../sql/first-words.ts";
import { walk } from "../source/walk.ts";
import { isQueryMethod } from "./inferred-queries.ts";
import type { Activation, CallSite } from "./machine.ts";

/** Whether an argument of a call is the text of a statement as it stands. */
function isStatement(node: TSESTree.Node | undefined): boolean {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" && beginsAsStatement(node.value);
    case "TemplateLiteral":
      return beginsAsStatement(node.quasis[0]?.value.raw ?? "");
    case "TaggedTemplateExpression":
      return isStatement(node.quasi);
    case "ObjectExpression":
      return node.properties.some(
        (property) =>
          property.type === "Property" &&
          ["text", "sql"].includes(keyName(property.key, property.computed) ?? "") &&
          isStatement(property.value),
      );
    default:
      return false;
  }
}

/** Whether a call or tag looks as if it sent SQL: by the text it is given, or by the name of the method. */
function looksLikeQuery(node: CallSite["node"]): boolean {
  if (node.type === "TaggedTemplateExpression") return isStatement(node.quasi);
  if (node.type !== "CallExpression") return false;
  const { callee } = node;
  const name = callee.type === "MemberExpression" ? keyName(callee.property, callee.computed) : undefined;
  return (name !== undefined && isQueryMethod(name)) || isStatement(node.arguments[0]);
}

/** The calls and tags of a function, or of a module body, that look as if they sent SQL and that no path came to. */
export function unreachedIn(
  root: FunctionNode | TSESTree.Program,
  evaluated: ReadonlySet<TSESTree.Node>,
): readonly CallSite["node"][] {
  const found: CallSite["node"][] = [];
  walk(root, (node) => {
    if (isFunctionNode(node)) return node === root ? undefined : false;
    const isCall = node.type === "CallExpression" || node.type === "TaggedTemplateExpression";
    if (isCall && !evaluated.has(node) && looksLikeQuery(node)) found.push(node);
    return undefined;
  });
  return found;
}

/** Whether conditions of the code that runs decide nothing: it is looked at for parts that no path came to. */
export const isUndecided = ({ undecided, frame }: Activation): boolean =>
  undecided !== undefined && undecided.owner === frame.owner;
