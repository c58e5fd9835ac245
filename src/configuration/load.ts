import { lilconfigSync, type LoadersSync } from "lilconfig";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, relative, resolve } from "node:path";
import { type Configuration, ConfigurationError, parseConfiguration } from "../../analyzers/index.ts";
import { defineConfig } from "../define-config.ts";
import { repositoryOf } from "../discovery/gitignore.ts";
import { readingReason } from "../read-text.ts";

/** A configuration, and the folder that its paths are relative to. */
export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** Absolute. */
  readonly folder: string;
  /** Absolute; undefined for what was not read from a file. */
  readonly file: string | undefined;
}

const NAME = "pgbouncer-audit";

/** Names of configuration files, in the order in which one is taken before another of the same folder. */
export const CONFIGURATION_FILES: readonly string[] = ["ts", "mts", "js", "mjs", "cjs", "json", "jsonc"].map(
  (extension) => `${NAME}.config.${extension}`,
);

const require = createRequire(import.meta.url);

/** A configuration in JavaScript or TypeScript is the only code of a project that is ever run. */
function runModule(path: string): unknown {
  // Loaded when needed: most configurations are JSON, or not there.
  const { createJiti } = require("jiti") as typeof import("jiti");
  const jiti = createJiti(path, {
    interopDefault: true,
    moduleCache: false,
    // It may import defineConfig from this package whether or not that is installed beside it.
    virtualModules: { [NAME]: { defineConfig } },
  });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- audit() is synchronous
  const loaded: unknown = jiti(path);
  return typeof loaded === "object" && loaded !== null && "default" in loaded ? loaded.default : loaded;
}

function readJsonWithComments(path: string, text: string): unknown {
  // Loaded when needed: it brings the TypeScript compiler.
  const { parseConfigFileTextToJson, flattenDiagnosticMessageText } =
    require("typescript") as typeof import("typescript");
  const { config, error } = parseConfigFileTextToJson(path, text) as {
    readonly config?: unknown;
    readonly error?: { readonly messageText: Parameters<typeof flattenDiagnosticMessageText>[0] };
  };
  if (error !== undefined) throw new SyntaxError(flattenDiagnosticMessageText(error.messageText, " "));
  return config;
}

const loaders: LoadersSync = {
  ...Object.fromEntries([".ts", ".mts", ".js", ".mjs", ".cjs"].map((extension) => [extension, runModule])),
  ".json": (_path, text) => JSON.parse(text.replace(/^\uFEFF/, "")) as unknown,
  ".jsonc": readJsonWithComments,
};

/**
 * The configuration for an audit: the file that is named, else the first that is found from `from` upwards to the top of the repository, else an
 * empty one. Throws a ConfigurationError for a file that cannot be read, run or understood.
 */
export function loadConfiguration(from: string, named: string | undefined, cwd: string): LoadedConfiguration {
  const finder = lilconfigSync(NAME, {
    searchPlaces: [...CONFIGURATION_FILES, "package.json"],
    packageProp: NAME,
    stopDir: repositoryOf(from) ?? homedir(),
    loaders,
    cache: false,
  });
  const shown = (path: string): string => relative(cwd, path) || path;
  try {
    const found = named === undefined ? finder.search(from) : finder.load(resolve(cwd, named));
    if (found === null || (named === undefined && found.config === undefined))
      return { configuration: {}, folder: from, file: undefined };
    const configuration = parseConfiguration((found.config as unknown) ?? {}, shown(found.filepath));
    return { configuration, folder: dirname(found.filepath), file: found.filepath };
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const path = named ?? fileIn(error);
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const reason = isMissing
      ? "it does not exist"
      : error instanceof Error && "syscall" in error
        ? readingReason(error)
        : firstLine(error);
    throw new ConfigurationError(`The configuration${path === undefined ? "" : ` ${path}`} cannot be read: ${reason}.`);
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0]?.replace(/\.$/, "") ?? "";

const fileIn = (error: unknown): string | undefined =>
  error instanceof Error && "path" in error && typeof error.path === "string" ? error.path : undefined;
