import { statSync } from "node:fs";
import { sep } from "node:path";

const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];
const OUTPUT = /^(.*[\\/])(?:dist|build|lib|out)[\\/](?:(?:esm|cjs|es|types|src)[\\/])?(.+)$/;

/** Whether a path is a file that can be analysed. */
export const isSourceFile = (path: string): boolean =>
  !/\.d\.[cm]?ts$/.test(path) &&
  EXTENSIONS.some((extension) => path.endsWith(extension)) &&
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/**
 * The file a path stands for. Packages of a workspace name their build output (`dist/index.js`, `dist/index.d.ts`), which is written from
 * `src/index.ts` and mostly not there when an audit runs: the source answers for it. Undefined when there is neither.
 */
export function sourceOf(path: string): string | undefined {
  const output = OUTPUT.exec(path);
  if (output?.[1] !== undefined && output[2] !== undefined) {
    const stem = output[2].replace(/(?:\.d)?\.[cm]?[jt]sx?$/, "");
    for (const folder of [`${output[1]}src${sep}`, output[1]]) {
      const source = EXTENSIONS.map((extension) => folder + stem + extension).find(isSourceFile);
      if (source !== undefined) return source;
    }
  }
  return isSourceFile(path) ? path : undefined;
}

/** The folder whose files answer for those of a folder of build output; any other folder is its own. */
export const sourceFolderOf = (folder: string): string =>
  folder.replace(/([\\/])(?:dist|build|lib|out)(?:[\\/](?:esm|cjs|es|types|src))?(?=[\\/]|$)/, "$1src");

/** The file a relative import means, by the rules of bundlers and of TypeScript: `./a.js` may be `./a.ts`. */
export function relativeImport(path: string): string | undefined {
  const stem = path.replace(/\.[cm]?jsx?$/, "");
  const swapped = stem === path ? [] : [".ts", ".tsx", ".mts", ".cts"].map((extension) => stem + extension);
  const exact = EXTENSIONS.some((extension) => path.endsWith(extension)) ? [path] : [];
  const candidates = [...swapped, ...exact, ...EXTENSIONS.map((extension) => path + extension)];
  return candidates.find(isSourceFile) ?? (exact.length > 0 ? sourceOf(path) : undefined);
}
