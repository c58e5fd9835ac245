import type { Rule as EslintRule, SourceCode } from "eslint";
import {
  type Analysis,
  analyzeFile,
  ConfigurationError,
  mayReachPostgres,
  type ParsedFile,
  type PoolerConfiguration,
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

/** The profile of the settings; the same for the same settings. */
function profileOf({ pooler }: Settings): PoolerProfile {
  const key = JSON.stringify(pooler ?? null);
  let profile = profiles.get(key);
  if (profile === undefined) {
    const { spec, ...settings } =
      pooler === undefined ? {} : typeof pooler === "string" ? { spec: pooler } : stated(pooler);
    profile = poolerProfile(spec, settings);
    profiles.set(key, profile);
  }
  return profile;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0;
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isMode = (value: unknown): value is "transaction" | "session" | "statement" =>
  value === "transaction" || value === "session" || value === "statement";

const KEYS = [
  "kind",
  "version",
  "poolMode",
  "maxPreparedStatements",
  "trackExtraParameters",
  "ignoreStartupParameters",
  "postgresVersion",
] as const;

/** `{ kind: "pgbouncer", version: "1.25", poolMode: "session", … }`, as the command takes it. Throws for a key or value that is none. */
function stated(pooler: unknown): PoolerConfiguration {
  if (typeof pooler !== "object" || pooler === null || Array.isArray(pooler))
    throw new ConfigurationError(
      'settings.pgbouncer.pooler is a text such as "pgbouncer@1.25", or { kind, version, … }.',
    );
  const given = new Map<string, unknown>(Object.entries(pooler));
  for (const key of given.keys()) {
    if (!KEYS.some((known) => known === key))
      throw new ConfigurationError(`settings.pgbouncer.pooler has no ${key}. It has ${KEYS.join(", ")}.`);
  }
  const take = <T>(key: (typeof KEYS)[number], is: (value: unknown) => value is T, words: string): T | undefined => {
    const value = given.get(key);
    if (value === undefined || is(value)) return value;
    throw new ConfigurationError(`settings.pgbouncer.pooler.${key} is ${words}.`);
  };
  const kind = take("kind", isText, 'a text such as "pgbouncer"') ?? "pgbouncer";
  const version = take("version", isText, 'a text such as "1.25"');
  const poolMode = take("poolMode", isMode, "transaction, session or statement");
  const maxPreparedStatements = take("maxPreparedStatements", isNumber, "a whole number");
  const trackExtraParameters = take("trackExtraParameters", isTexts, "a list of names");
  const ignoreStartupParameters = take("ignoreStartupParameters", isTexts, "a list of names");
  const postgresVersion = take("postgresVersion", isNumber, "a major version such as 18");
  return {
    spec: version === undefined ? kind : `${kind}@${version}`,
    ...(poolMode === undefined ? {} : { poolMode }),
    ...(maxPreparedStatements === undefined ? {} : { maxPreparedStatements }),
    ...(trackExtraParameters === undefined ? {} : { trackExtraParameters }),
    ...(ignoreStartupParameters === undefined ? {} : { ignoreStartupParameters }),
    ...(postgresVersion === undefined ? {} : { postgresVersion }),
  };
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
    return { analysis: analyzeFile(file, { profile, today: new Date().toISOString().slice(0, 10) }) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
