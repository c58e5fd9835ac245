import { readFileSync } from "node:fs";
import { join, sep } from "node:path";

/** Packages of the project by name, with their folders. A package.json that cannot be read names nothing. */
export function packagesByName(folders: readonly string[]): ReadonlyMap<string, string> {
  const packages = new Map<string, string>();
  for (const folder of folders) {
    const name = nameIn(join(folder, "package.json"));
    if (name !== undefined && !packages.has(name)) packages.set(name, folder);
  }
  return packages;
}

function nameIn(file: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof manifest === "object" && manifest !== null && "name" in manifest && typeof manifest.name === "string"
      ? manifest.name
      : undefined;
  } catch {
    return undefined;
  }
}

/** The package a bare import specifier names; undefined for relative and absolute ones and for `#imports`. */
export const packageOf = (specifier: string): string | undefined => /^(?:@[^/]+\/)?[^./@#][^/]*/.exec(specifier)?.[0];

/** A path below some node_modules, as a path in the workspace package that would be linked there; undefined for any other package. */
export function workspacePath(path: string, packages: ReadonlyMap<string, string>): string | undefined {
  const at = path.lastIndexOf("/node_modules/");
  if (at < 0) return undefined;
  const inside = path.slice(at + "/node_modules/".length);
  const name = packageOf(inside);
  const folder = name === undefined ? undefined : packages.get(name);
  return folder === undefined || name === undefined
    ? undefined
    : folder + inside.slice(name.length).split("/").join(sep);
}
