import { statSync } from "node:fs";
import { sep } from "node:path";

const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];
const OUTPUT = /^(.*[\\/])(?:dist|build|lib|out)[\\/](?:(?:esm|cjs|es|types|src)[\\/])?(.+)$/;

/** Where the sources of a package may lie, beside its output. */
const SOURCE_FOLDERS = ["src", "lib", "source", "app", ""];

/** Whether a path is a file that can be analysed. */
export const isSourceFile = (path: string): boolean =>
  !/\.d\.[cm]?ts$/.test(path) &&
  EXTENSIONS.some((extension) => path.endsWith(extension)) &&
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/**
 * The file a path stands for. Packages of a workspace name their build output (`dist/index.js`, `dist/index.d.ts`), which is written from
 * `src/index.ts` or another folder of sources and mostly not there when an audit runs: the source answers for it. Undefined when there is neither.
 */
export function sourceOf(path: string): string | undefined {
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

/** The file a relative import means, by the rules of bundlers and of TypeScript: `./a.js` may be `./a.ts`. */
export function relativeImport(path: string): string | undefined {
  const stem = path.replace(/\.[cm]?jsx?$/, "");
  const swapped = stem === path ? [] : [".ts", ".tsx", ".mts", ".cts"].map((extension) => stem + extension);
  const exact = EXTENSIONS.some((extension) => path.endsWith(extension)) ? [path] : [];
  const candidates = [...swapped, ...exact, ...EXTENSIONS.map((extension) => path + extension)];
  return candidates.find(isSourceFile) ?? (exact.length > 0 ? sourceOf(path) : undefined);
}
