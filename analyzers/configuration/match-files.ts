import ignore from "ignore";

/**
 * Whether a path matches one of these globs, which have the syntax of .gitignore: `apps/worker/**`, `*.generated.ts`, `!keep.ts`. Paths are
 * relative to the project's root, with `/`; what is outside matches nothing.
 */
export function makeFileMatcher(globs: readonly string[]): (path: string) => boolean {
  const matcher = ignore().add([...globs]);
  return (path) => path !== "" && ignore.isPathValid(path) && matcher.ignores(path);
}
