import ignore from "ignore";
import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { ConfigurationError, deploymentKindOf } from "../../analyzers/index.ts";
import { readingReason } from "../read-text.ts";
import { compareText } from "../words.ts";
import { kindOf } from "./file-kinds.ts";
import { makeIsIgnored } from "./gitignore.ts";
import { makeTally, type NotAnalysed, walkFolder } from "./walk.ts";

/** What an audit looks at. Paths are absolute and sorted. */
export interface Discovered {
  /** Everything is named relative to this folder. */
  readonly root: string;
  readonly sourceFiles: readonly string[];
  readonly sqlFiles: readonly string[];
  /** Manifests, Dockerfiles, shell scripts, workflows and the like. A configuration in TypeScript may be among the source files too. */
  readonly deploymentFiles: readonly string[];
  /** The files among them that the user named; no guess about their content leaves them out. */
  readonly named: ReadonlySet<string>;
  /** Folders with a package.json. */
  readonly packages: readonly string[];
  readonly notAnalysed: readonly NotAnalysed[];
  /** How many files and folders were passed over, by the reason. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Whether a file is among those that were asked for, whether it is there or not. */
  readonly holds: (file: string) => boolean;
}

const LEFT_OUT_REASON = "left out by --ignore or the configuration";
const DECLARATIONS_REASON = "type declarations run nothing";

/**
 * Finds the files to analyse. Files that are named are always taken; folders are walked with .gitignore in force. `ignoreGlobs` have the
 * syntax of .gitignore and are relative to the root; `isExcluded` is asked about absolute paths. Throws a ConfigurationError for a path that does not exist, and when nothing is found.
 */
export function discover(
  given: readonly string[],
  ignoreGlobs: readonly string[] = [],
  cwd = process.cwd(),
  isExcluded: (file: string) => boolean = () => false,
): Discovered {
  const { paths, kinds, root } = locate(given, cwd);
  const left = ignore().add([...ignoreGlobs]);
  const isLeftOut = (path: string): boolean => {
    if (isExcluded(path)) return true;
    const name = relative(root, path).split(sep).join("/");
    return name !== "" && !name.startsWith("../") && left.ignores(name);
  };

  const found = new Set<string>();
  const deployment = new Set<string>();
  const named = new Set<string>();
  const links = new Set<string>();
  const packages = new Set<string>();
  const notAnalysed = new Map<string, NotAnalysed>();
  const skipped = makeTally();
  for (const [index, path] of paths.entries()) {
    if (kinds[index] === "folder") {
      const walked = walkFolder(path, makeIsIgnored(path));
      for (const file of walked.files) {
        if (isLeftOut(file)) skipped.add(LEFT_OUT_REASON);
        else found.add(file);
      }
      for (const file of walked.deploymentFiles) if (!isLeftOut(file)) deployment.add(file);
      for (const link of walked.links) links.add(link);
      for (const folder of walked.packages) packages.add(folder);
      for (const entry of walked.notAnalysed) if (!isLeftOut(entry.path)) notAnalysed.set(entry.path, entry);
      for (const [reason, count] of walked.skipped) skipped.add(reason, count);
      continue;
    }
    const kind = kindOf(path);
    const isDeployment = deploymentKindOf(path.split(sep).join("/")) !== undefined;
    if (isDeployment) deployment.add(path);
    if (kind === "declarations") {
      skipped.add(DECLARATIONS_REASON);
      notAnalysed.set(path, { path, reason: DECLARATIONS_REASON, failed: false });
    } else if (kind === "other" && !isDeployment)
      notAnalysed.set(path, {
        path,
        reason: "neither JavaScript, TypeScript, SQL nor a deployment file by its name",
        failed: true,
      });
    else {
      if (kind !== "other") found.add(path);
      named.add(path);
    }
  }

  const realOf = makeRealOf((file) => links.has(file) || named.has(file));
  const all = withoutSecondNames([...found].sort(), named, realOf);
  // A package.json alone deploys nothing.
  const isAnyDeployed = [...deployment].some((path) => deploymentKindOf(path.split(sep).join("/")) !== "manifest");
  const isAnyNamed = [...named].some((path) => deployment.has(path));
  if (all.length === 0 && !isAnyNamed && !isAnyDeployed && ![...notAnalysed.values()].some((entry) => entry.failed)) {
    const passedOver = total(skipped.counts);
    throw new ConfigurationError(
      `No JavaScript, TypeScript or SQL file in ${given.length === 0 ? "this folder" : given.join(", ")}${passedOver > 0 ? ` (${String(passedOver)} ignored or generated)` : ""}.`,
    );
  }
  return {
    root,
    sourceFiles: all.filter((file) => kindOf(file) !== "sql"),
    sqlFiles: all.filter((file) => kindOf(file) === "sql"),
    deploymentFiles: withoutSecondNames([...deployment].sort(), named, realOf),
    named,
    packages: [...packages].sort(),
    notAnalysed: [...notAnalysed.values()].sort((left, right) => compareText(left.path, right.path)),
    skipped: skipped.counts,
    holds: (file) => paths.some((path) => file === path || file.startsWith(path.endsWith(sep) ? path : path + sep)),
  };
}

/** All that was passed over. */
export const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/** What is given, and the folder that everything is named relative to. Throws a ConfigurationError for a path that does not exist. */
export function locate(
  given: readonly string[],
  cwd: string,
): { readonly paths: readonly string[]; readonly kinds: readonly ("file" | "folder")[]; readonly root: string } {
  const paths = (given.length === 0 ? ["."] : given).map((path) => resolve(cwd, path));
  const kinds = paths.map((path, index) => kindOfPath(path, given[index] ?? path));
  return { paths, kinds, root: auditedRoot(paths, kinds, cwd) };
}

function kindOfPath(path: string, given: string): "file" | "folder" {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return "folder";
    if (stats.isFile()) return "file";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") throw new ConfigurationError(`There is no file or folder ${given}.`);
    throw new ConfigurationError(`${given} cannot be looked at: ${readingReason(error)}.`);
  }
  throw new ConfigurationError(`${given} is neither a file nor a folder.`);
}

/** The folder that was given; for several paths, or a file, the working folder where it holds them all, else the nearest that does. */
function auditedRoot(paths: readonly string[], kinds: readonly ("file" | "folder")[], cwd: string): string {
  const [first = cwd, ...rest] = paths.map((path, index) => (kinds[index] === "folder" ? path : dirname(path)));
  if (paths.length === 1 && kinds[0] === "folder") return first;
  const holds = (folder: string, inner: string): boolean =>
    folder === dirname(folder) || `${inner}${sep}`.startsWith(`${folder}${sep}`);
  if ([first, ...rest].every((folder) => holds(cwd, folder))) return cwd;
  let shared = first;
  while (!rest.every((folder) => holds(shared, folder))) shared = dirname(shared);
  return shared;
}

/** A file that was met under two names, through a symbolic link, is analysed once: under a name that was given, else its real one. */
function withoutSecondNames(
  files: readonly string[],
  named: ReadonlySet<string>,
  realOf: (file: string) => string,
): string[] {
  const byReal = new Map<string, string>();
  for (const file of files) {
    const real = realOf(file);
    const known = byReal.get(real);
    if (known === undefined || (!named.has(known) && (named.has(file) || file === real))) byReal.set(real, file);
  }
  return [...byReal.values()].sort();
}

/** Real paths of files. Asking the system is slow, so of what is no link itself only the folder is asked for, once. */
function makeRealOf(mayBeLink: (file: string) => boolean): (file: string) => string {
  const folders = new Map<string, string>();
  return (file) => {
    if (mayBeLink(file)) return realPath(file);
    const folder = dirname(file);
    let real = folders.get(folder);
    if (real === undefined) {
      real = realPath(folder);
      folders.set(folder, real);
    }
    return real === folder ? file : join(real, basename(file));
  };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
