import ignore, { type Ignore } from "ignore";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** Asks whether git would ignore a file or folder; the folders above it are taken as not ignored. */
export type IsIgnored = (path: string, isFolder: boolean) => boolean;

interface Rules {
  readonly folder: string;
  readonly ignore: Ignore;
}

/**
 * Reads .gitignore files as git does: from the top of the repository down to the folder of the file, the deeper and later one decides.
 * Outside a repository only those of `root` and below count. When git ignores `root` itself the rules above it are left out: whoever names
 * an ignored folder wants it looked at. A .gitignore that cannot be read ignores nothing.
 */
export function makeIsIgnored(root: string): IsIgnored {
  const inRepository = repositoryOf(root) !== undefined;
  const chains = new Map<string, readonly Rules[]>();
  const chainOf = (folder: string): readonly Rules[] => {
    const known = chains.get(folder);
    if (known !== undefined) return known;
    const parent = dirname(folder);
    const isTop = parent === folder || existsSync(join(folder, ".git")) || (folder === root && !inRepository);
    const chain = [...(isTop ? [] : chainOf(parent)), ...rulesOf(folder)];
    chains.set(folder, chain);
    return chain;
  };
  if (inRepository && !existsSync(join(root, ".git"))) {
    const outer = chainOf(dirname(root));
    chains.set(root, [...(verdictOf(outer, root, true) ? [] : outer), ...rulesOf(root)]);
  }
  return (path, isFolder) => verdictOf(chainOf(dirname(path)), path, isFolder);
}

function verdictOf(chain: readonly Rules[], path: string, isFolder: boolean): boolean {
  let ignored = false;
  for (const rules of chain) {
    const name = relative(rules.folder, path).split(sep).join("/") + (isFolder ? "/" : "");
    const verdict = rules.ignore.test(name);
    if (verdict.ignored) ignored = true;
    else if (verdict.unignored) ignored = false;
  }
  return ignored;
}

function rulesOf(folder: string): Rules[] {
  try {
    return [{ folder, ignore: ignore().add(readFileSync(join(folder, ".gitignore"), "utf8")) }];
  } catch {
    return [];
  }
}

/** The top folder of the repository a folder is in; undefined outside one. */
export function repositoryOf(folder: string): string | undefined {
  if (existsSync(join(folder, ".git"))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryOf(parent);
}
