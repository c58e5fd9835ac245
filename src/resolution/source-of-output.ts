import { readdirSync, statSync } from "node:fs";
import { basename, dirname, sep } from "node:path";

const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];
const OUTPUT = /^(.*[\\/])(?:dist|build|lib|out)[\\/](?:(?:esm|cjs|es|types|src)[\\/])?(.+)$/;

/** Where the sources of a package may lie, beside its output. */
const SOURCE_FOLDERS = ["src", "lib", "source", "app", ""];

/** Answers which source file a path or import stands for. */
export interface SourceFinder {
  /**
   * The file a path stands for. Packages of a workspace name their build output (`dist/index.js`, `dist/index.d.ts`), which is written from
   * `src/index.ts` or another folder of sources and mostly not there when an audit runs: the source answers for it. Undefined when there is
   * neither.
   */
  readonly sourceOf: (path: string) => string | undefined;
  /** The file a relative import means, by the rules of bundlers and of TypeScript: `./a.js` may be `./a.ts`. */
  readonly relativeImport: (path: string) => string | undefined;
}

/** Its answers hold for one audit: files that come and go meanwhile are not seen. */
export function makeSourceFinder(): SourceFinder {
  const folders = new Map<string, ReadonlySet<string>>();

  // Most names that are asked for are not there, so a folder is read once and answers for them.
  const isFile = (path: string): boolean => {
    const folder = dirname(path);
    let names = folders.get(folder);
    if (names === undefined) {
      names = namesIn(folder);
      folders.set(folder, names);
    }
    return names.has(basename(path)) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  };

  const isSourceFile = (path: string): boolean =>
    !/\.d\.[cm]?ts$/.test(path) && EXTENSIONS.some((extension) => path.endsWith(extension)) && isFile(path);

  const sourceOf: SourceFinder["sourceOf"] = (path) => {
    const output = OUTPUT.exec(path);
    if (output?.[1] !== undefined && output[2] !== undefined) {
      const stem = output[2].replace(/(?:\.d)?\.[cm]?[jt]sx?$/, "");
      const [, root] = output;
      for (const folder of SOURCE_FOLDERS.map((name) => (name === "" ? root : `${root}${name}${sep}`))) {
        const source = EXTENSIONS.map((extension) => folder + stem + extension).find(isSourceFile);
        if (source !== undefined) return source;
      }
    }
    return isSourceFile(path) ? path : undefined;
  };

  const relativeImport: SourceFinder["relativeImport"] = (path) => {
    const stem = path.replace(/\.[cm]?jsx?$/, "");
    const swapped = stem === path ? [] : [".ts", ".tsx", ".mts", ".cts"].map((extension) => stem + extension);
    const exact = EXTENSIONS.some((extension) => path.endsWith(extension)) ? [path] : [];
    const candidates = [...swapped, ...exact, ...EXTENSIONS.map((extension) => path + extension)];
    return candidates.find(isSourceFile) ?? (exact.length > 0 ? sourceOf(path) : undefined);
  };

  return { sourceOf, relativeImport };
}

/** What a folder holds; nothing when it cannot be read. */
function namesIn(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder));
  } catch {
    return new Set();
  }
}

/**
 * The folders whose files may answer for those of a folder of build output; none for any other folder. Folders above a package may be
 * called so too, so each is tried: `/build/shop/lib/dist`.
 */
export const sourceFoldersOf = (folder: string): string[] =>
  [...folder.matchAll(/[\\/](?:dist|build|lib|out)(?:[\\/](?:esm|cjs|es|types|src))?(?=[\\/]|$)/g)].flatMap(
    ({ 0: { length }, index }) =>
      SOURCE_FOLDERS.map((name) => folder.slice(0, index + 1) + name + folder.slice(index + length)),
  );
