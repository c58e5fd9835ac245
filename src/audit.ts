import {
  ConfigurationError,
  type DeploymentFile,
  packagesNotUnderstood,
  type PoolerConfiguration,
  poolerProfile,
  type ProjectAnalysis,
  rules,
  type SqlFile,
  didYouMean,
} from "../analyzers/index.ts";
import { analyseGuarded } from "./analyse-guarded.ts";
import { assembleReport } from "./report/assemble.ts";
import type { AuditOptions } from "./audit-options.ts";
import { discover } from "./discovery/discover.ts";
import { type FileStore, makeFileStore } from "./file-store.ts";
import type { Report } from "./report/schema.ts";
import { makeResolver } from "./resolution/resolve-modules.ts";
import { selectFiles } from "./select-files.ts";
import { displayName } from "./words.ts";

/** An audit with what it was made from. */
export interface AuditResult {
  readonly report: Report;
  /** The folder that everything is named relative to; absolute. */
  readonly root: string;
  readonly analysis: ProjectAnalysis;
  /** The files by absolute name. */
  readonly files: FileStore;
  /** Absolute names of the files that gave a reason to be analysed. */
  readonly selected: ReadonlySet<string>;
}

/** Audits files and folders. Throws a ConfigurationError for what the user can set right; files that cannot be read are listed. */
export function audit(options: AuditOptions = {}): AuditResult {
  const ids = rules.map((rule) => rule.id);
  for (const id of Object.keys(options.ruleLevels ?? {})) {
    if (!ids.includes(id)) throw new ConfigurationError(`There is no rule "${id}".${didYouMean(id, ids)}`);
  }
  const {
    pooler,
    poolMode,
    maxPreparedStatements,
    trackExtraParameters,
    ignoreStartupParameters,
    postgresVersion,
    capabilities,
  } = options;
  const configured: PoolerConfiguration = {
    ...(pooler === undefined ? {} : { spec: pooler }),
    ...(poolMode === undefined ? {} : { poolMode }),
    ...(maxPreparedStatements === undefined ? {} : { maxPreparedStatements }),
    ...(trackExtraParameters === undefined ? {} : { trackExtraParameters }),
    ...(ignoreStartupParameters === undefined ? {} : { ignoreStartupParameters }),
    ...(postgresVersion === undefined ? {} : { postgresVersion }),
    ...(capabilities === undefined ? {} : { capabilities }),
  };
  // A mistake in it is said before anything is read.
  poolerProfile(pooler);
  const routes = { direct: options.direct ?? [], pooled: options.pooled ?? [] };
  const both = routes.direct.find((name) => routes.pooled.includes(name));
  if (both !== undefined) throw new ConfigurationError(`${both} is declared direct and pooled. Leave one of them out.`);
  const found = discover(options.paths ?? [], options.ignore, options.cwd);
  const files = makeFileStore(found.named, options.parser);
  const resolve = makeResolver(found.root, found.packages);

  options.onProgress?.(`reading ${String(found.sourceFiles.length + found.sqlFiles.length)} files`);
  const strangers = new Map<string, readonly string[]>();
  const sourceFiles = selectFiles(
    found.sourceFiles.map((path) => {
      const text = files.textOf(path);
      const packages = text === undefined ? [] : packagesNotUnderstood(text);
      if (packages.length > 0) strangers.set(path, packages);
      return { path, text };
    }),
    resolve,
  );
  // Most files of a project give no reason to look at them; their text is not kept.
  const selected = new Set([...sourceFiles, ...found.sqlFiles]);
  for (const path of found.sourceFiles) if (!selected.has(path)) files.forget(path);
  const sqlFiles = found.sqlFiles.flatMap((path): SqlFile[] => {
    const text = files.textOf(path);
    return text === undefined ? [] : [{ filename: path, text }];
  });

  const deploymentFiles = found.deploymentFiles.flatMap((filename): DeploymentFile[] => {
    const text = files.textOf(filename);
    if (!selected.has(filename)) files.forget(filename);
    return text === undefined ? [] : [{ filename, path: displayName(found.root, filename), text }];
  });

  options.onProgress?.(`analysing ${String(sourceFiles.length + sqlFiles.length)} files`);
  const { analysis, givenUp } = analyseGuarded(
    { sourceFiles, sqlFiles, deploymentFiles, load: files.load, resolve },
    { pooler: configured, routes, today: options.today ?? new Date().toISOString().slice(0, 10) },
  );
  for (const path of givenUp) files.giveUp(path, "nested too deep to be analysed");

  options.onProgress?.("writing the report");
  const nameOf = (path: string): string => displayName(found.root, path);
  const report = assembleReport({ options, found, analysis, files, strangers, nameOf });
  return { report, root: found.root, analysis, files, selected };
}
