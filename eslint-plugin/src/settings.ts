import { isAbsolute, relative, sep } from "node:path";
import {
  type AnalysisOptions,
  type Configuration,
  declaredRoutes,
  type DeclaredSink,
  makeFileSettings,
  parseConfiguration,
  poolerProfile,
} from "../../analyzers/index.ts";

/** What `settings.pgbouncer` comes to for the analysis of a file. */
export interface PluginSettings {
  readonly sinks: readonly DeclaredSink[];
  readonly optionsFor: (filename: string) => AnalysisOptions;
}

const known = new Map<string, PluginSettings>();

/**
 * The settings of the plugin: the shape of the command's configuration. Files are named relative to `cwd`. The same for the same settings. Throws
 * a ConfigurationError for what is wrong in them.
 */
export function pluginSettings(given: unknown, cwd: string): PluginSettings {
  const key = JSON.stringify([given ?? null, cwd]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = makeSettings(parseConfiguration(given ?? {}, "settings.pgbouncer"), cwd);
  known.set(key, made);
  return made;
}

function makeSettings(configuration: Configuration, cwd: string): PluginSettings {
  const settingsOf = makeFileSettings(configuration);
  const pathOf = (file: string): string => {
    const path = relative(cwd, file);
    return isAbsolute(file) && !path.startsWith("..") && !isAbsolute(path) ? path.split(sep).join("/") : file;
  };
  const routes = declaredRoutes(settingsOf, { direct: [], pooled: [] }, pathOf);
  const sinks = configuration.sinks ?? [];
  return {
    sinks,
    optionsFor: (filename) => {
      const { spec, configFile: _unread, ...settings } = settingsOf(pathOf(filename)).pooler;
      return {
        profile: poolerProfile(spec, settings),
        routes,
        sinks,
        today: new Date().toISOString().slice(0, 10),
      };
    },
  };
}
