import type { ParsedFile } from "../../analyzers/index.ts";
import { makeLineIndex } from "../report/line-index.ts";

/** What is called at a line, as it is written: `store.run`, `sql`. Longer expressions are cut. */
export function callsAtLine(file: ParsedFile | undefined, text: string, line: number): string[] {
  if (file === undefined) return [];
  const index = makeLineIndex(text);
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(visit);
      return;
    }
    if (typeof node !== "object" || node === null || !("type" in node)) return;
    const called =
      node.type === "CallExpression" || node.type === "NewExpression"
        ? fieldOf(node, "callee")
        : node.type === "TaggedTemplateExpression"
          ? fieldOf(node, "tag")
          : undefined;
    const range = called === undefined ? undefined : rangeOf(called);
    if (range !== undefined && index.positionOf(range[1]).line === line)
      found.push(text.slice(range[0], range[1]).replace(/\s+/g, " ").slice(-60));
    for (const [field, child] of Object.entries(node)) if (field !== "parent") visit(child);
  };
  visit(file.ast);
  return [...new Set(found)];
}

const fieldOf = (node: object, field: string): unknown => Object.entries(node).find(([name]) => name === field)?.[1];

function rangeOf(node: unknown): readonly [number, number] | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return undefined;
  const [start, end] = node.range as readonly unknown[];
  return typeof start === "number" && typeof end === "number" ? [start, end] : undefined;
}
