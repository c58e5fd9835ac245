import type { DeclaredRoutes, FileRoutes } from "../model.ts";
import { makeFileMatcher } from "./match-files.ts";
import { type Configuration, type ConnectionRule, poolerOf } from "./schema.ts";

/** What a configuration says of one file. */
export interface FileSettings {
  /** The folder whose settings hold, as it is written; undefined where only those for all do. */
  readonly workspace: string | undefined;
  /** The same object for all files of a workspace. */
  readonly pooler: ReturnType<typeof poolerOf>;
  readonly rules: NonNullable<Configuration["rules"]>;
  /** In order of precedence. */
  readonly connections: readonly ConnectionRule[];
}

const trimmed = (folder: string): string => folder.replace(/^\.\//, "").replace(/(?<!\/)\/+$/, "");

/** Answers for files, by paths relative to the configuration's root, with `/`. Of nested workspaces the innermost counts. */
export function makeFileSettings(configuration: Configuration): (path: string) => FileSettings {
  const everywhere: FileSettings = {
    workspace: undefined,
    pooler: poolerOf(configuration.pooler),
    rules: configuration.rules ?? {},
    connections: configuration.connections ?? [],
  };
  const workspaces = Object.entries(configuration.workspaces ?? {})
    .map(([folder, own]) => ({
      prefix: `${trimmed(folder)}/`,
      settings: {
        workspace: folder,
        pooler: own.pooler === undefined ? everywhere.pooler : mergedPooler(configuration.pooler, own.pooler),
        rules: { ...everywhere.rules, ...own.rules },
        connections: [...(own.connections ?? []), ...everywhere.connections],
      },
    }))
    .sort((left, right) => right.prefix.length - left.prefix.length);
  return (path) => workspaces.find(({ prefix }) => path.startsWith(prefix))?.settings ?? everywhere;
}

/** A workspace of the same pooler says only what is different; one of another pooler says all. */
function mergedPooler(
  all: Configuration["pooler"],
  own: NonNullable<Configuration["pooler"]>,
): ReturnType<typeof poolerOf> {
  const [outer, inner] = [poolerOf(all), poolerOf(own)];
  const kindOf = (spec: string | undefined): string => (spec ?? "pgbouncer").split("@")[0] ?? "";
  return inner.spec !== undefined && kindOf(inner.spec) !== kindOf(outer.spec) ? inner : { ...outer, ...inner };
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

/** The names and hosts that a rule is about. */
export const namesOfRule = ({ match }: ConnectionRule): readonly string[] => [
  ...listOf(match.env),
  ...listOf(match.host),
];

/** Whether a rule is about a file; one without globs is about every file. */
export const matchesFile = ({ match }: ConnectionRule, path: string): boolean =>
  match.file === undefined || makeFileMatcher(listOf(match.file))(path);

/**
 * The routes that a configuration declares. `also` is declared for every file, and goes before it. `pathOf` turns the name of a file into a path
 * relative to the configuration's root.
 */
export function declaredRoutes(
  settingsOf: (path: string) => FileSettings,
  also: { readonly direct: readonly string[]; readonly pooled: readonly string[] },
  pathOf: (file: string) => string,
): DeclaredRoutes {
  const known = new Map<string, FileRoutes>();
  const routesIn = (file: string): FileRoutes => {
    const path = pathOf(file);
    const rules = settingsOf(path).connections.filter((rule) => matchesFile(rule, path));
    const whole = rules.find((rule) => namesOfRule(rule).length === 0);
    const via = new Map<string, ConnectionRule["via"]>();
    for (const rule of rules) for (const name of namesOfRule(rule)) if (!via.has(name)) via.set(name, rule.via);
    const named = (route: ConnectionRule["via"]): string[] =>
      [...via]
        .filter(([name, own]) => own === route && !also.direct.includes(name) && !also.pooled.includes(name))
        .map(([name]) => name);
    return {
      direct: [...also.direct, ...named("direct")],
      pooled: [...also.pooled, ...named("pooler")],
      ...(whole === undefined ? {} : { via: whole.via === "direct" ? ("direct" as const) : ("pooled" as const) }),
    };
  };
  return {
    ...also,
    inFile: (file) => {
      const routes = known.get(file) ?? routesIn(file);
      known.set(file, routes);
      return routes;
    },
  };
}
