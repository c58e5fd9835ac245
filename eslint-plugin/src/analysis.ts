import type { Rule as EslintRule, SourceCode } from "eslint";
import {
  type Analysis,
  analyzeFile,
  ConfigurationError,
  mayReachPostgres,
  type ParsedFile,
  type PoolerProfile,
  poolerProfile,
} from "../../analyzers/index.ts";

/** What a file's analysis came to: findings, nothing to look at, or why it could not be done. */
export type FileAnalysis = { readonly analysis: Analysis } | { readonly problem: string } | undefined;

/** Settings under `settings.pgbouncer`. */
interface Settings {
  readonly pooler?: unknown;
}

const profiles = new Map<string, PoolerProfile>();

function profileOf(settings: Settings): PoolerProfile {
  const { pooler } = settings;
  const asText = typeof pooler === "string" ? pooler : pooler === undefined ? undefined : poolerObject(pooler);
  const key = asText ?? "";
  let profile = profiles.get(key);
  if (profile === undefined) {
    profile = poolerProfile(asText);
    profiles.set(key, profile);
  }
  return profile;
}

/** `{ kind: "pgbouncer", version: "1.25" }` as `pgbouncer@1.25`. */
function poolerObject(pooler: unknown): string {
  if (typeof pooler === "object" && pooler !== null && "kind" in pooler && typeof pooler.kind === "string") {
    return "version" in pooler && typeof pooler.version === "string" ? `${pooler.kind}@${pooler.version}` : pooler.kind;
  }
  throw new ConfigurationError('settings.pgbouncer.pooler is a text such as "pgbouncer@1.25" or { kind, version }.');
}

const known = new WeakMap<SourceCode, Map<string, FileAnalysis>>();

/**
 * The analysis of the file that is linted: made once, however many rules ask. A mistake in the settings and a failure of ours come back
 * as a problem: one rule says it, none of them crashes the editor.
 */
export function analysisOf(context: EslintRule.RuleContext): FileAnalysis {
  const { sourceCode } = context;
  const settings = (context.settings["pgbouncer"] ?? {}) as Settings;
  const key = JSON.stringify(settings.pooler ?? null);
  const ofFile = known.get(sourceCode) ?? new Map<string, FileAnalysis>();
  known.set(sourceCode, ofFile);
  if (!ofFile.has(key)) ofFile.set(key, analyse(sourceCode, context.filename, settings));
  return ofFile.get(key);
}

function analyse(sourceCode: SourceCode, filename: string, settings: Settings): FileAnalysis {
  try {
    const profile = profileOf(settings);
    if (!mayReachPostgres(sourceCode.text)) return undefined;
    const { ast, scopeManager, text } = sourceCode;
    // Whatever parser made them, tree and scopes have the shapes of ESTree and eslint-scope, which is all that the core reads.
    const file = { filename, text, ast, scopeManager } as unknown as ParsedFile;
    return { analysis: analyzeFile(file, { profile }) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
