import type { TSESTree } from "@typescript-eslint/types";

/** Fields that lead out of the subtree or hold no nodes. */
const NOT_CHILDREN = new Set(["parent", "loc", "range", "tokens", "comments", "start", "end", "type"]);

const isNode = (value: unknown): value is TSESTree.Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** The direct children of a node, in source order of its fields. Works on any ESTree producer's tree. */
function childrenOf(node: TSESTree.Node): TSESTree.Node[] {
  const children: TSESTree.Node[] = [];
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (NOT_CHILDREN.has(key)) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item);
    } else if (isNode(value)) {
      children.push(value);
    }
  }
  return children;
}

/**
 * Visits `root` and everything below it, parents first. `enter` may return false to leave a subtree out.
 * Uses its own stack: depth of nesting in the analysed program cannot overflow ours.
 */
export function walk(
  root: TSESTree.Node,
  enter: (node: TSESTree.Node, ancestors: Ancestors) => boolean | undefined,
): void {
  const stack: { node: TSESTree.Node; above: Ancestors }[] = [{ node: root, above: undefined }];
  for (;;) {
    const next = stack.pop();
    if (next === undefined) return;
    if (enter(next.node, next.above) === false) continue;
    const above = { node: next.node, above: next.above };
    const children = childrenOf(next.node);
    for (let index = children.length - 1; index >= 0; index--) {
      const child = children[index];
      if (child !== undefined) stack.push({ node: child, above });
    }
  }
}

/** The chain of nodes above a node, nearest first. */
export type Ancestors = { readonly node: TSESTree.Node; readonly above: Ancestors } | undefined;
