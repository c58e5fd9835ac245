import { createRequire, isBuiltin } from "node:module";
import { dirname, join, sep } from "node:path";
import type { CompilerOptions, ModuleResolutionCache, ModuleResolutionHost } from "typescript";
import { makeSourceFinder, type SourceFinder, sourceFoldersOf } from "./source-of-output.ts";
import { makeTsconfigReader } from "./tsconfig.ts";
import { packageOf, packagesByName, workspacePath } from "./workspaces.ts";

/** The file an import specifier means in a file; undefined for what is not part of the project. Paths are absolute. */
export type Resolver = (from: string, specifier: string) => string | undefined;

const require = createRequire(import.meta.url);

/**
 * Says which file of the project an import means: relative paths, `paths` of tsconfig, `imports` and `exports` of package.json, packages
 * of the workspace, installed or not (`packageFolders` have a package.json). Answers only with source files inside `root` and outside
 * node_modules. TypeScript's own resolution decides; nothing is run. What cannot be resolved is undefined, never an error.
 */
export function makeResolver(root: string, packageFolders: readonly string[]): Resolver {
  const answers = new Map<string, string | undefined>();
  const finder = makeSourceFinder();
  let withTypescript: Resolver | undefined;
  const isOurs = (path: string): boolean =>
    path.startsWith(root.endsWith(sep) ? root : root + sep) && !path.includes(`${sep}node_modules${sep}`);

  return (from, specifier) => {
    if (isBuiltin(specifier)) return undefined;
    const key = `${dirname(from)}\n${specifier}`;
    if (answers.has(key)) return answers.get(key);
    let path = /^\.\.?\//.test(specifier) ? finder.relativeImport(join(dirname(from), specifier)) : undefined;
    if (path === undefined) {
      withTypescript ??= makeTypescriptResolver(root, packagesByName(packageFolders), finder);
      path = withTypescript(from, specifier);
    }
    const answer = path !== undefined && isOurs(path) ? path : undefined;
    answers.set(key, answer);
    return answer;
  };
}

function makeTypescriptResolver(
  root: string,
  packages: ReadonlyMap<string, string>,
  { sourceOf }: SourceFinder,
): Resolver {
  // Loaded when the first import needs it: the compiler takes a fifth of a second.
  const ts = require("typescript") as typeof import("typescript");
  const optionsOf = makeTsconfigReader(ts, root);
  const host = makeHost(ts, root, packages, sourceOf);
  const caches = new Map<CompilerOptions, { options: CompilerOptions; cache: ModuleResolutionCache }>();
  const settingsOf = (folder: string): { options: CompilerOptions; cache: ModuleResolutionCache } => {
    const own = optionsOf(folder);
    const known = caches.get(own);
    if (known !== undefined) return known;
    // Bundler resolution finds all that the others find.
    const options = { ...own, allowJs: true, moduleResolution: ts.ModuleResolutionKind.Bundler };
    const made = { options, cache: ts.createModuleResolutionCache(root, (name) => name, options) };
    caches.set(own, made);
    return made;
  };

  return (from, specifier) => {
    try {
      const { options, cache } = settingsOf(dirname(from));
      const name = packageOf(specifier);
      const isAlien =
        name !== undefined && !packages.has(name) && options.paths === undefined && !("baseUrl" in options);
      if (isAlien) return undefined;
      const { resolvedModule } = ts.resolveModuleName(specifier, from, options, host, cache);
      if (resolvedModule === undefined) return undefined;
      const path = resolvedModule.resolvedFileName;
      return sourceOf(workspacePath(path, packages) ?? path.split("/").join(sep));
    } catch {
      return undefined;
    }
  };
}

/** The file system as resolution sees it: declarations are not there, build output is its source, node_modules holds the workspace. */
function makeHost(
  ts: typeof import("typescript"),
  root: string,
  packages: ReadonlyMap<string, string>,
  sourceOf: SourceFinder["sourceOf"],
): ModuleResolutionHost {
  const modules = `${root.split(sep).join("/")}/node_modules`;
  const isModules = (path: string): boolean => /(?:^|\/)node_modules(?:\/|$)/.test(path);
  return {
    fileExists: (path) => {
      const real = workspacePath(path, packages);
      if (real === undefined && isModules(path)) return false;
      const file = real ?? path;
      return file.endsWith(".json") ? ts.sys.fileExists(file) : sourceOf(file) !== undefined;
    },
    readFile: (path) => ts.sys.readFile(workspacePath(path, packages) ?? path),
    directoryExists: (path) => {
      const real = workspacePath(path, packages);
      if (real === undefined && isModules(path))
        return path === modules || (path.startsWith(`${modules}/@`) && !path.slice(modules.length + 1).includes("/"));
      const folder = real ?? path;
      return [folder, ...sourceFoldersOf(folder)].some((candidate) => ts.sys.directoryExists(candidate));
    },
    realpath: (path) => workspacePath(path, packages) ?? path,
    getCurrentDirectory: () => root,
  };
}
