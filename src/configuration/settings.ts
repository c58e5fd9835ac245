import { isAbsolute, join, relative, resolve, sep } from "node:path";
import {
  type AnalysisOptions,
  type Configuration,
  ConfigurationError,
  type ConnectionRule,
  declaredRoutes,
  type DeclaredSink,
  type FileSettings,
  makeFileMatcher,
  makeFileSettings,
  matchesFile,
  namesOfRule,
  type PoolerConfiguration,
  type Severity,
} from "../../analyzers/index.ts";
import type { AuditOptions } from "../audit-options.ts";
import { type LoadedConfiguration, loadConfiguration } from "./load.ts";

/** What an audit goes by: flags and options before the configuration file, and that before defaults. Files are absolute. */
export interface Settings {
  readonly configuration: Configuration;
  /** The file of the configuration; undefined where there is none. */
  readonly file: string | undefined;
  readonly analysis: Required<Pick<AnalysisOptions, "pooler" | "routes" | "sinks" | "today" | "poolerFor">>;
  readonly sinks: readonly DeclaredSink[];
  readonly failOn: Severity | "never";
  readonly minCoverage: number | undefined;
  readonly baseline: string | undefined;
  /** The level of a rule in a file, where the user says one. */
  readonly levelOf: (ruleId: string, file: string) => Severity | "off" | undefined;
  /** Every level that is said, for the report. */
  readonly levels: readonly { readonly id: string; readonly level: Severity | "off" }[];
  /** Whether the configuration leaves a file out. */
  readonly isLeftOut: (file: string) => boolean;
  /** The rule of the configuration that decides a connection's route, by its names and its file. */
  readonly ruleFor: (names: readonly string[], file: string) => ConnectionRule | undefined;
  /** Names that the user declared direct or pooled. */
  readonly declaredNames: readonly string[];
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

/** The settings of an audit that starts at `from`, absolute. Throws a ConfigurationError for what the user can set right. */
export function settingsFor(options: AuditOptions, from: string, cwd: string): Settings {
  const loaded = loadedFor(options, from, cwd);
  const { configuration, folder, file } = loaded;
  const pathOf = (name: string): string => {
    const path = relative(folder, name);
    return path.startsWith("..") || isAbsolute(path) ? "" : path.split(sep).join("/");
  };
  const settingsOf = makeFileSettings(configuration);
  const stated = statedPooler(options);
  const poolers = new Map<FileSettings["pooler"], PoolerConfiguration>();
  const poolerIn = (own: FileSettings["pooler"]): PoolerConfiguration => {
    const known = poolers.get(own);
    if (known !== undefined) return known;
    const { configFile, ...rest } = own;
    const made = {
      ...rest,
      ...stated,
      ...(configFile === undefined ? {} : { configFile: join(folder, configFile) }),
    };
    poolers.set(own, made);
    return made;
  };
  const direct = options.direct ?? [];
  const pooled = options.pooled ?? [];
  const both = direct.find((name) => pooled.includes(name));
  if (both !== undefined) throw new ConfigurationError(`${both} is declared direct and pooled. Leave one of them out.`);
  const included = configuration.include === undefined ? undefined : makeFileMatcher(listOf(configuration.include));
  const ignored = makeFileMatcher(listOf(configuration.ignore));
  const baseline = options.baseline ?? configuration.baseline;
  const rules = Object.entries({ ...configuration.rules, ...options.ruleLevels });
  return {
    configuration,
    file,
    analysis: {
      pooler: poolerIn(settingsOf("").pooler),
      poolerFor: (name) => poolerIn(settingsOf(pathOf(name)).pooler),
      routes: declaredRoutes(settingsOf, { direct, pooled }, pathOf),
      sinks: configuration.sinks ?? [],
      today: options.today ?? new Date().toISOString().slice(0, 10),
    },
    sinks: configuration.sinks ?? [],
    failOn: options.failOn ?? configuration.failOn ?? "error",
    minCoverage: options.minCoverage ?? configuration.coverage?.min,
    baseline:
      baseline === undefined || baseline === false
        ? undefined
        : options.baseline === undefined
          ? join(folder, baseline)
          : resolve(cwd, baseline),
    levelOf: (ruleId, name) => options.ruleLevels?.[ruleId] ?? settingsOf(pathOf(name)).rules[ruleId],
    levels: rules.map(([id, level]) => ({ id, level })),
    isLeftOut: (name) => {
      const path = pathOf(name);
      return path !== "" && (ignored(path) || (included !== undefined && !included(path)));
    },
    ruleFor: (names, name) => {
      const path = pathOf(name);
      return settingsOf(path).connections.find((rule) => {
        const own = namesOfRule(rule);
        return matchesFile(rule, path) && (own.length === 0 || own.some((one) => names.includes(one)));
      });
    },
    declaredNames: [...direct, ...pooled, ...(configuration.connections ?? []).flatMap(namesOfRule)],
  };
}

function loadedFor(options: AuditOptions, from: string, cwd: string): LoadedConfiguration {
  if (options.configuration !== undefined)
    return { configuration: options.configuration, folder: resolve(cwd), file: undefined };
  if (options.configFile === false) return { configuration: {}, folder: from, file: undefined };
  return loadConfiguration(from, options.configFile, cwd);
}

const STATED = [
  "poolMode",
  "maxPreparedStatements",
  "trackExtraParameters",
  "ignoreStartupParameters",
  "postgresVersion",
  "capabilities",
] as const;

/** What options say of the pooler. */
function statedPooler(options: AuditOptions): PoolerConfiguration {
  return {
    ...(options.pooler === undefined ? {} : { spec: options.pooler }),
    ...Object.fromEntries(STATED.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]]))),
  };
}
