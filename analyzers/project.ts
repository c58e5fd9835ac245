import type { DeploymentFile } from "./deployment/deployment-file.ts";
import type { DirectDoubt } from "./deployment/direct-doubts.ts";
import type { PoolerConfiguration, ResolvedProfile } from "./deployment/resolve-profile.ts";
import type { DeclaredSink } from "./drivers/declared-sinks.ts";
import type { BudgetLine, CheckOutcome, Deployment } from "./deployment-model.ts";
import type { Analysis, Connection, DeclaredRoutes, PoolerProfile } from "./model.ts";
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
  /** Default: what the deployment files say, else PgBouncer of unknown version and settings. */
  readonly profile?: PoolerProfile;
  /** The profile that a connection meets, where that is another: an alias in session mode. Default: `profile` for all. */
  readonly profileFor?: (connection: Connection | undefined, file: string) => PoolerProfile;
  /** What the user says of the pooler; of no meaning beside `profile`. */
  readonly pooler?: PoolerConfiguration;
  /** The same for some files in place of `pooler`: workspaces with a pooler of their own. The same object for the same settings. */
  readonly poolerFor?: (file: string) => PoolerConfiguration | undefined;
  /** Functions of the user's own packages that send SQL. */
  readonly sinks?: readonly DeclaredSink[];
  /** Which variables, settings and hosts lead past the pooler, and which to it. Default: what their names and ports say. */
  readonly routes?: DeclaredRoutes;
  /** The day it is, `2026-11-25`: what was accepted until an earlier one is not any more. Default: nothing is over. */
  readonly today?: string;
}

/** What the analysis of a project adds to that of its sources: how it is deployed, and by what it was judged. */
export interface ProjectAnalysis extends Analysis {
  readonly profile: PoolerProfile;
  readonly resolved: ResolvedProfile;
  readonly deployment: Deployment;
  readonly budget: readonly BudgetLine[];
  readonly checks: readonly CheckOutcome[];
  readonly directDoubts: readonly DirectDoubt[];
}
