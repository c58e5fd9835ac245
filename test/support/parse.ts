import { parseForESLint } from "@typescript-eslint/parser";
import type { ParsedFile } from "../../analyzers/index.ts";

/** Parses TypeScript or JavaScript as the core wants it. */
export function parseSource(filename: string, text: string): ParsedFile {
  const { ast, scopeManager } = parseForESLint(text, {
    range: true,
    loc: false,
    comment: true,
    sourceType: "module",
    jsx: /x$|js$/.test(filename),
  });
  // The scope manager's type is the same class from another copy of its declaration.
  return { filename, text, ast, scopeManager: scopeManager };
}
