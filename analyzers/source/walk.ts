import type { TSESTree } from "@typescript-eslint/types";

/** Fields that lead out of the subtree or hold no nodes. */
const NOT_CHILDREN = new Set(["parent", "loc", "range", "tokens", "comments", "start", "end", "type"]);

const isNode = (value: unknown): value is TSESTree.Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/**
 * Pushes the direct children of a node, last first, so that a stack gives them in source order of its fields. Works on any ESTree producer's
 * tree.
 */
function pushChildren(node: TSESTree.Node, above: Ancestors, stack: Entry[]): void {
  const first = stack.length;
  const fields = node as unknown as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    if (NOT_CHILDREN.has(key)) continue;
    const value = fields[key];
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) stack.push({ node: item, above });
    } else if (isNode(value)) stack.push({ node: value, above });
  }
  for (let low = first, high = stack.length - 1; low < high; low++, high--) {
    const [left, right] = [stack[low], stack[high]];
    if (left === undefined || right === undefined) return;
    stack[low] = right;
    stack[high] = left;
  }
}

interface Entry {
  readonly node: TSESTree.Node;
  readonly above: Ancestors;
}

/**
 * Visits `root` and everything below it, parents first. `enter` may return false to leave a subtree out.
 * Uses its own stack: depth of nesting in the analysed program cannot overflow ours.
 */
export function walk(
  root: TSESTree.Node,
  enter: (node: TSESTree.Node, ancestors: Ancestors) => boolean | undefined,
): void {
  const stack: Entry[] = [{ node: root, above: undefined }];
  for (;;) {
    const next = stack.pop();
    if (next === undefined) return;
    if (enter(next.node, next.above) !== false) pushChildren(next.node, next, stack);
  }
}

/** The chain of nodes above a node, nearest first. */
export type Ancestors = { readonly node: TSESTree.Node; readonly above: Ancestors } | undefined;
