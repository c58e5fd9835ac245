import { globSync } from "glob";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { basename, dirname, relative, sep } from "node:path";
import { deploymentKindOf } from "../../analyzers/index.ts";
import { readingReason } from "../read-text.ts";
import { isForeignFolder, isOutputFolder, isWorkflowFolder, kindOf } from "./file-kinds.ts";
import type { IsIgnored } from "./gitignore.ts";

/** Something that was met and is not analysed. `failed` when it should have been: it lowers what the audit can claim. */
export interface NotAnalysed {
  /** Absolute. */
  readonly path: string;
  readonly reason: string;
  readonly failed: boolean;
}

/** What a walk through one folder met. Paths are absolute. */
export interface Walked {
  readonly files: readonly string[];
  /** Those among the files met that are symbolic links. */
  readonly links: ReadonlySet<string>;
  /** Files that say how the program is deployed. */
  readonly deploymentFiles: readonly string[];
  /** Folders with a package.json. */
  readonly packages: readonly string[];
  readonly notAnalysed: readonly NotAnalysed[];
  /** How many files and folders were passed over, by the reason. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** Why something is passed over without being named one by one. */
export const IGNORED_REASON = "left out by .gitignore";
export const GENERATED_REASON = "generated or minified, by its name";

/** Counts by reason. */
export function makeTally(): {
  readonly add: (reason: string, count?: number) => void;
  readonly counts: Map<string, number>;
} {
  const counts = new Map<string, number>();
  return { counts, add: (reason, count = 1) => counts.set(reason, (counts.get(reason) ?? 0) + count) };
}

/**
 * Walks a folder. node_modules and hidden files and folders are passed over, but for what says how the program is deployed (`.github`,
 * `.env.example`); links to folders are not followed, so that nothing is met twice and no circle is walked.
 */
export function walkFolder(root: string, isIgnored: IsIgnored): Walked {
  const files: string[] = [];
  const links = new Set<string>();
  const deploymentFiles: string[] = [];
  const packages: string[] = [];
  const notAnalysed: NotAnalysed[] = [];
  const skipped = makeTally();

  const skip = (path: string, reason: string): void => {
    skipped.add(reason);
    notAnalysed.push({ path, reason, failed: false });
  };
  const foldersAbove = (path: string): string[] => [basename(root), ...relative(root, path).split(sep).slice(0, -1)];
  const isHidden = (path: string): boolean =>
    relative(root, path)
      .split(sep)
      .some((name) => name.startsWith("."));
  const isClosed = (path: string, name: string): boolean =>
    path !== root &&
    (isForeignFolder(name) ||
      (name.startsWith(".") && !isWorkflowFolder(name)) ||
      isOutputFolder(name, foldersAbove(path)) ||
      isIgnored(path, true));
  const entries = globSync("**", {
    cwd: root,
    dot: true,
    withFileTypes: true,
    ignore: { childrenIgnored: (entry) => isClosed(entry.fullpath(), entry.name) },
  });

  for (const entry of entries) {
    const path = entry.fullpath();
    if (path !== root && isHidden(path)) {
      if (entry.isFile() && isDeploymentFile(path) && !isIgnored(path, false)) deploymentFiles.push(path);
      continue;
    }
    if (entry.isDirectory()) {
      if (!isClosed(path, entry.name)) {
        if (!isReadable(path)) notAnalysed.push({ path, reason: "no permission to read the folder", failed: true });
      } else if (isIgnored(path, true)) skipped.add(IGNORED_REASON);
      else if (!isForeignFolder(entry.name)) skip(path, OUTPUT_REASON);
      continue;
    }
    const isLink = entry.isSymbolicLink();
    if (isLink) links.add(path);
    const link = isLink ? lookAtLink(path, root) : "file";
    const isRegular = (): boolean => (isLink ? leadsToFile(path) : entry.isFile());
    const kind = kindOf(path);
    if (link === "elsewhere") continue;
    if (link !== "file") {
      if (isIgnored(path, false)) skipped.add(IGNORED_REASON);
      else if (link.failed) notAnalysed.push({ path, ...link });
      else skip(path, link.reason);
      continue;
    }
    if (isDeploymentFile(path) && !isIgnored(path, false) && isRegular()) deploymentFiles.push(path);
    if (entry.name === "package.json") packages.push(dirname(path));
    else if (kind === "other" || kind === "declarations") continue;
    else if (isIgnored(path, false)) skipped.add(IGNORED_REASON);
    else if (kind === "generated") skipped.add(GENERATED_REASON);
    else if (isRegular()) files.push(path);
    else skip(path, "a pipe, socket or device");
  }
  return { files, links, deploymentFiles, packages, notAnalysed, skipped: skipped.counts };
}

const leadsToFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

const isDeploymentFile = (path: string): boolean => deploymentKindOf(path.split(sep).join("/")) !== undefined;

const OUTPUT_REASON = "passed over: build output or others' code, by its name; name the folder to have it analysed";

const isReadable = (folder: string): boolean => {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** What a symbolic link leads to. Nothing needs to be said of a folder that is met at its own place. */
function lookAtLink(path: string, root: string): "file" | "elsewhere" | Omit<NotAnalysed, "path"> {
  let target: string;
  try {
    target = realpathSync(path);
    if (!statSync(target).isDirectory()) return "file";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (kindOf(path) === "other" && code !== "ELOOP") return "elsewhere";
    return { reason: code === "ENOENT" ? "a symbolic link to nothing" : readingReason(error), failed: true };
  }
  const real = realpathSync(root);
  const holds = (folder: string, inner: string): boolean => `${inner}${sep}`.startsWith(`${folder}${sep}`);
  if (holds(target, dirname(path)) || holds(target, real))
    return { reason: "a circle: a symbolic link to a folder above it, not followed", failed: false };
  if (holds(real, target)) return "elsewhere";
  return { reason: "a symbolic link to a folder elsewhere, not followed", failed: false };
}
