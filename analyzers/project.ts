import type { DeploymentFile } from "./deployment/deployment-file.ts";
import type { DeclaredRoutes, PoolerProfile } from "./model.ts";
import type { ParsedFile, SqlFile } from "./source/parsed-file.ts";

/**
 * What a face gives the core: names and two questions it can ask. The core reads no file itself.
 */
export interface Project {
  /** Names of the JavaScript and TypeScript files to analyse. */
  readonly sourceFiles: readonly string[];
  readonly sqlFiles: readonly SqlFile[];
  /** Manifests, Dockerfiles, shell scripts, workflows, Prisma schemas and the like: what `deploymentKindOf` knows. */
  readonly deploymentFiles?: readonly DeploymentFile[];
  /** The parsed file of that name, also for files outside `sourceFiles` that an import leads to; undefined when it cannot be had. */
  readonly load: (filename: string) => ParsedFile | undefined;
  /** The file name an import specifier means in that file; undefined for packages and for what cannot be resolved. */
  readonly resolve: (from: string, specifier: string) => string | undefined;
}

/** What findings are judged by. */
export interface AnalysisOptions {
  /** Default: PgBouncer of unknown version and settings. */
  readonly profile?: PoolerProfile;
  /** Which variables, settings and hosts lead past the pooler, and which to it. Default: what their names and ports say. */
  readonly routes?: DeclaredRoutes;
}
