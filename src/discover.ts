import { globSync } from "glob";
import ignore, { type Ignore } from "ignore";
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { ConfigurationError } from "../analyzers/index.ts";
import { readingReason } from "./read-text.ts";

/** What an audit looks at. Paths are absolute, sorted, and inside `root` unless a file outside was named. */
export interface Discovered {
  readonly root: string;
  readonly sourceFiles: readonly string[];
  readonly sqlFiles: readonly string[];
  /** What was named or met and cannot be looked at. */
  readonly notAnalysed: readonly { readonly path: string; readonly reason: string }[];
  /** Files that the user named one by one: they are taken whatever they look like. */
  readonly named: ReadonlySet<string>;
  /** Files passed over on purpose: build output, minified, ignored. */
  readonly skipped: number;
}

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const DECLARATIONS = /\.d\.[cm]?ts$/;

/** Folders that hold no code of the project's own. */
const NEVER = ["node_modules", ".git", ".hg", ".svn", ".yarn", ".pnpm-store", "bower_components"];
/** Folders that tools write into, and files that tools write. */
const OUTPUT = [
  "dist",
  "build",
  "out",
  "coverage",
  ".next",
  ".nuxt",
  ".output",
  ".turbo",
  ".cache",
  ".vercel",
  "vendor",
];
const GENERATED = /\.min\.[cm]?js$|\.bundle\.js$|[/\\]\.pnp\.[cm]?js$/;

/** The folder everything is named relative to: the one that was given, or the nearest that holds all that were. */
function commonRoot(paths: readonly string[]): string {
  const folders = paths.map((path) => (statSync(path).isDirectory() ? path : dirname(path)));
  const [first = process.cwd(), ...rest] = folders;
  return rest.reduce((root, folder) => {
    let shared = root;
    while (folder !== shared && !folder.startsWith(shared.endsWith(sep) ? shared : shared + sep))
      shared = dirname(shared);
    return shared;
  }, first);
}

/** Reads the .gitignore files from the root of the repository down to each folder, as git does. */
function makeIgnored(root: string): (path: string) => boolean {
  const rules = new Map<string, Ignore | undefined>();
  const rulesOf = (folder: string): Ignore | undefined => {
    if (!rules.has(folder)) {
      const file = join(folder, ".gitignore");
      let own: Ignore | undefined;
      try {
        own = existsSync(file) ? ignore().add(readFileSync(file, "utf8")) : undefined;
      } catch {
        // An unreadable .gitignore ignores nothing.
      }
      rules.set(folder, own);
    }
    return rules.get(folder);
  };
  return (path) => {
    const folders: string[] = [];
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      folders.push(folder);
      if (existsSync(join(folder, ".git")) || folder === dirname(folder) || (folder === root && !isInRepository(root)))
        break;
    }
    let ignored = false;
    for (const folder of folders.reverse()) {
      const own = rulesOf(folder);
      if (own === undefined) continue;
      const verdict = own.test(relative(folder, path).split(sep).join("/"));
      if (verdict.ignored) ignored = true;
      else if (verdict.unignored) ignored = false;
    }
    return ignored;
  };
}

const inRepository = new Map<string, boolean>();

function isInRepository(folder: string): boolean {
  const known = inRepository.get(folder);
  if (known !== undefined) return known;
  const found = existsSync(join(folder, ".git")) || (dirname(folder) !== folder && isInRepository(dirname(folder)));
  inRepository.set(folder, found);
  return found;
}

/**
 * Finds the files to analyse. Files named by the user are always taken. Throws a ConfigurationError for a path that does not exist and
 * when nothing is left to look at.
 */
export function discover(
  given: readonly string[],
  ignoreGlobs: readonly string[] = [],
  cwd = process.cwd(),
): Discovered {
  const paths = (given.length === 0 ? ["."] : given).map((path) => resolve(cwd, path));
  for (const [index, path] of paths.entries()) {
    if (!existsSync(path)) throw new ConfigurationError(`There is no file or folder ${given[index] ?? path}.`);
  }
  const root = commonRoot(paths);
  const isIgnored = makeIgnored(root);
  const own = ignore().add([...ignoreGlobs]);
  const found = new Set<string>();
  const notAnalysed: { path: string; reason: string }[] = [];
  let skipped = 0;

  for (const path of paths) {
    if (statSync(path).isFile()) {
      if (SOURCE.test(path) || path.endsWith(".sql")) found.add(path);
      else notAnalysed.push({ path: relative(root, path), reason: "neither JavaScript, TypeScript nor SQL" });
      continue;
    }
    for (const folder of unreadableFolders(path))
      notAnalysed.push({ path: relative(root, folder) || ".", reason: "no permission to read the folder" });
    const files = globSync("**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,sql}", {
      cwd: path,
      absolute: true,
      nodir: true,
      follow: false,
      ignore: { childrenIgnored: (entry) => NEVER.includes(entry.name), ignored: () => false },
    });
    for (const file of files) {
      const parts = relative(path, file).split(sep);
      const name = parts.join("/");
      if (DECLARATIONS.test(file)) continue;
      if (
        GENERATED.test(file) ||
        parts.slice(0, -1).some((part) => OUTPUT.includes(part) || (part.startsWith(".") && part !== "."))
      )
        skipped++;
      else if (isIgnored(file) || own.ignores(name)) skipped++;
      else {
        const real = realOf(file);
        if (typeof real === "string") found.add(file);
        else notAnalysed.push({ path: relative(root, file).split(sep).join("/"), reason: real.reason });
      }
    }
  }
  const all = [...found].sort();
  if (all.length === 0 && notAnalysed.length === 0) {
    throw new ConfigurationError(
      `No JavaScript, TypeScript or SQL file in ${given.length === 0 ? "this folder" : given.join(", ")}${skipped > 0 ? ` (${String(skipped)} ignored)` : ""}.`,
    );
  }
  return {
    root,
    named: new Set(paths),
    sourceFiles: all.filter((file) => !file.endsWith(".sql")),
    sqlFiles: all.filter((file) => file.endsWith(".sql")),
    notAnalysed: notAnalysed.sort((left, right) => (left.path < right.path ? -1 : 1)),
    skipped,
  };
}

function realOf(file: string): string | { readonly reason: string } {
  try {
    return realpathSync(file);
  } catch (error) {
    return { reason: readingReason(error) };
  }
}

/** Folders the walk cannot enter; it passes over them without a word. */
function unreadableFolders(root: string): string[] {
  const folders = globSync("**/", {
    cwd: root,
    absolute: true,
    follow: false,
    ignore: {
      childrenIgnored: (entry) => NEVER.includes(entry.name) || OUTPUT.includes(entry.name),
      ignored: () => false,
    },
  });
  return folders
    .filter((folder) => {
      try {
        accessSync(folder, constants.R_OK | constants.X_OK);
        return false;
      } catch {
        return true;
      }
    })
    .sort();
}
