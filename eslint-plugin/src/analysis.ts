import type { Rule as EslintRule, SourceCode } from "eslint";
import { type Analysis, analyzeFile, importsSink, mayReachPostgres, type ParsedFile } from "../../analyzers/index.ts";
import { pluginSettings } from "./settings.ts";

/** What a file's analysis came to: findings, nothing to look at, or why it could not be done. */
export type FileAnalysis = { readonly analysis: Analysis } | { readonly problem: string } | undefined;

const known = new WeakMap<SourceCode, Map<string, FileAnalysis>>();

/**
 * The analysis of the file that is linted: made once, however many rules ask. A mistake in the settings and a failure of ours come back
 * as a problem: one rule says it, none of them crashes the editor.
 */
export function analysisOf(context: EslintRule.RuleContext): FileAnalysis {
  const { sourceCode } = context;
  const settings: unknown = context.settings["pgbouncer"];
  const key = JSON.stringify(settings ?? null);
  const ofFile = known.get(sourceCode) ?? new Map<string, FileAnalysis>();
  known.set(sourceCode, ofFile);
  if (!ofFile.has(key)) ofFile.set(key, analyse(sourceCode, context, settings));
  return ofFile.get(key);
}

function analyse(
  sourceCode: SourceCode,
  { filename, cwd }: Pick<EslintRule.RuleContext, "filename" | "cwd">,
  given: unknown,
): FileAnalysis {
  try {
    const { sinks, optionsFor } = pluginSettings(given, cwd);
    if (!mayReachPostgres(sourceCode.text) && !importsSink(sourceCode.text, sinks)) return undefined;
    const { ast, scopeManager, text } = sourceCode;
    // Whatever parser made them, tree and scopes have the shapes of ESTree and eslint-scope, which is all that the core reads.
    const file = { filename, text, ast, scopeManager } as unknown as ParsedFile;
    return { analysis: analyzeFile(file, optionsFor(filename)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
