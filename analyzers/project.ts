import type { PoolerProfile } from "./model.ts";
import type { ParsedFile, SqlFile } from "./source/parsed-file.ts";

/**
 * What a face gives the core: names and two questions it can ask. The core reads no file itself.
 */
export interface Project {
  /** Names of the JavaScript and TypeScript files to analyse. */
  readonly sourceFiles: readonly string[];
  readonly sqlFiles: readonly SqlFile[];
  /** The parsed file of that name, also for files outside `sourceFiles` that an import leads to; undefined when it cannot be had. */
  readonly load: (filename: string) => ParsedFile | undefined;
  /** The file name an import specifier means in that file; undefined for packages and for what cannot be resolved. */
  readonly resolve: (from: string, specifier: string) => string | undefined;
}

/** What findings are judged by. */
export interface AnalysisOptions {
  /** Default: PgBouncer of unknown version and settings. */
  readonly profile?: PoolerProfile;
}
