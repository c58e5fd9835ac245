import { analyze } from "@typescript-eslint/scope-manager";
import { createRequire } from "node:module";
import { parseSync } from "oxc-parser";
import type { ParsedFile } from "../analyzers/index.ts";
import { mayBeTooDeep } from "./nesting.ts";

/** A file as the core reads it, or why it cannot be parsed; line and column count from 1. */
export type Parsed = { readonly file: ParsedFile } | { readonly reason: string };

/** Who makes the syntax tree. Both make the same one (a test compares their findings). */
export type Producer = "oxc" | "typescript-eslint";

const require = createRequire(import.meta.url);

/**
 * Parses a JavaScript or TypeScript file. oxc-parser is the default: on the 505 files of six PostgreSQL backends that pass the pre-filter
 * (5.5 MB), syntax trees and scopes take it 1.7 s; @typescript-eslint/parser takes 10 to 11.5 s and needs TypeScript loaded (0.3 s, 240 MB
 * more). Where oxc refuses a file the other one is asked before giving up. JavaScript with the types of Flow is read without them.
 */
export function parseSource(filename: string, text: string, producer?: Producer): Parsed {
  if (producer === "typescript-eslint") return parseWithTypescriptEslint(filename, text);
  const first = parseWithOxc(filename, text);
  if ("file" in first || producer === "oxc") return first;
  const second = parseWithTypescriptEslint(filename, text);
  if ("file" in second) return second;
  const plain = isForFlow(text) && /\.[cm]?jsx?$/.test(filename) ? withoutFlowTypes(text) : undefined;
  const third = plain === undefined ? first : parseWithOxc(filename, plain);
  return "file" in third ? { file: { ...third.file, text } } : first;
}

/** A comment by which a file says that it is written for Flow: it stands before the code. */
const isForFlow = (text: string): boolean => /(?<=(?:\/\/|\*)[^\n]{0,200})@flow\b/.test(text.slice(0, 2_000));

/**
 * The text with spaces where the types of Flow are: every other character stays where it is. Undefined when it is no Flow either. Half of
 * the files that are written for Flow can be read as TypeScript; casts, existential and optional types cannot.
 */
function withoutFlowTypes(text: string): string | undefined {
  try {
    // Loaded when needed: few projects are written for Flow.
    const removeTypes = require("flow-remove-types") as RemoveFlowTypes;
    const plain = removeTypes(text, { all: true }).toString();
    return plain.length === text.length ? plain : undefined;
  } catch {
    return undefined;
  }
}

/** What flow-remove-types exports; it has no declarations of its own (flow-remove-types 2.336.0, index.js). */
type RemoveFlowTypes = (text: string, options: { readonly all: boolean }) => { toString(): string };

function parseWithOxc(filename: string, text: string): Parsed {
  // Its stack is not JavaScript's: overflowing it would end the process.
  if (mayBeTooDeep(text)) return { reason: "nested too deep to be parsed" };
  const asModule = runOxc(filename, text, "module");
  if ("file" in asModule || !/\.(?:js|jsx|cjs|cts)$/.test(filename)) return asModule;
  // A CommonJS module may return at its top and name things `await`.
  const asCommonjs = runOxc(filename, text, "commonjs");
  return "file" in asCommonjs ? asCommonjs : asModule;
}

function runOxc(filename: string, text: string, sourceType: "module" | "commonjs"): Parsed {
  try {
    const typescript = /\.[cm]?tsx?$/.test(filename);
    const lang = typescript ? (filename.endsWith("x") ? "tsx" : "ts") : "jsx";
    const result = parseSync(filename, text, { lang, astType: "ts", range: true, preserveParens: false, sourceType });
    const error = result.errors.find((candidate) => candidate.severity === "Error");
    if (error !== undefined)
      return { reason: `syntax error at ${positionIn(text, error.labels[0]?.start ?? 0)}: ${error.message}` };
    // oxc's tree is TS-ESTree field by field; its type declares the same shapes under other names.
    const ast = result.program as unknown as ParsedFile["ast"];
    if (text.includes("pgbouncer")) {
      const comments = result.comments.map(({ type, value, start, end }) => ({ type, value, range: [start, end] }));
      Object.assign(ast, { comments });
    }
    return { file: { filename, text, ast, scopeManager: analyze(ast, { sourceType: "module" }) } };
  } catch (error) {
    return { reason: `the parser gave up: ${firstLine(error)}` };
  }
}

function parseWithTypescriptEslint(filename: string, text: string): Parsed {
  try {
    // Loaded when needed: it brings the TypeScript compiler, which takes longer to load than most files take to analyse.
    const { parseForESLint } = require("@typescript-eslint/parser") as typeof import("@typescript-eslint/parser");
    const { ast, scopeManager } = parseForESLint(text, {
      filePath: filename,
      range: true,
      loc: false,
      comment: true,
      sourceType: "module",
      jsx: !/\.[cm]?ts$/.test(filename),
      // Standard output belongs to the report.
      warnOnUnsupportedTypeScriptVersion: false,
    });
    return { file: { filename, text, ast, scopeManager } };
  } catch (error) {
    const place =
      error instanceof Error && "index" in error && typeof error.index === "number"
        ? ` at ${positionIn(text, error.index)}`
        : "";
    return { reason: `syntax error${place}: ${firstLine(error)}` };
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";

function positionIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `${String(before.length)}:${String((before.at(-1)?.length ?? 0) + 1)}`;
}
