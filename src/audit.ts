import { existsSync } from "node:fs";
import { sep } from "node:path";
import {
  ConfigurationError,
  type DeploymentFile,
  deploymentKindOf,
  didYouMean,
  importsSink,
  packagesNotUnderstood,
  poolerProfile,
  type ProjectAnalysis,
  rules,
  type SqlFile,
} from "../analyzers/index.ts";
import { analyseGuarded } from "./analyse-guarded.ts";
import type { AuditOptions } from "./audit-options.ts";
import { readBaseline } from "./baseline/baseline-file.ts";
import { changedSince } from "./changed-lines.ts";
import { type Settings, settingsFor } from "./configuration/settings.ts";
import { discover, type Discovered, locate } from "./discovery/discover.ts";
import { type FileStore, makeFileStore } from "./file-store.ts";
import { assembleReport } from "./report/assemble.ts";
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
  // A mistake in it is said before anything is read.
  poolerProfile(options.pooler);
  const cwd = options.cwd ?? process.cwd();
  const given = options.paths ?? [];
  const { root } = locate(given, cwd);
  const settings = settingsFor(options, root, cwd);
  const changed = options.since === undefined ? undefined : changedSince(options.since, root);
  const baseline = settings.baseline === undefined ? undefined : readBaseline(settings.baseline, cwd);
  const found = withPoolerFile(discover(given, options.ignore, cwd, settings.isLeftOut), settings);
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
    (text) => options.everyFile === true || importsSink(text, settings.sinks),
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
    settings.analysis,
  );
  for (const path of givenUp) files.giveUp(path, "nested too deep to be analysed");

  options.onProgress?.("writing the report");
  const nameOf = (path: string): string => displayName(found.root, path);
  const report = assembleReport({ options, settings, found, analysis, files, strangers, baseline, changed, nameOf });
  return { report, root: found.root, analysis, files, selected };
}

/** The file of the pooler's settings is read wherever it is. Throws a ConfigurationError for one that is not there, or is none. */
function withPoolerFile(found: Discovered, { analysis }: Settings): Discovered {
  const { configFile } = analysis.pooler;
  if (configFile === undefined || found.deploymentFiles.includes(configFile)) return found;
  const shown = displayName(found.root, configFile);
  if (!existsSync(configFile))
    throw new ConfigurationError(`There is no file ${shown}, which pooler.configFile names.`);
  if (deploymentKindOf(configFile.split(sep).join("/")) === undefined)
    throw new ConfigurationError(`${shown}, which pooler.configFile names, is no pgbouncer.ini by its name.`);
  return { ...found, deploymentFiles: [...found.deploymentFiles, configFile].sort() };
}
