import { readFileSync } from "node:fs";
import { join } from "node:path";
import { displayName } from "../words.ts";

/** The packages of a project, and which one a file is in. */
export interface Workspaces {
  /** By folder, `.` for the root; sorted. The root is one of them whether it has a package.json or not. */
  readonly all: readonly { readonly name: string; readonly path: string }[];
  /** The folder of the package that a file is in; paths as in the report. */
  readonly of: (path: string) => string;
}

/** `folders` are those with a package.json, absolute. A manifest that cannot be read names nothing: the folder does. */
export function makeWorkspaces(root: string, folders: readonly string[]): Workspaces {
  const paths = [...new Set([".", ...folders.map((folder) => displayName(root, folder))])]
    .filter((path) => path !== ".." && !path.startsWith("../"))
    .sort();
  // The innermost first.
  const inner = paths.filter((path) => path !== ".").sort((left, right) => right.length - left.length);
  return {
    all: paths.map((path) => ({ path, name: nameIn(join(root, path, "package.json")) ?? path })),
    of: (path) => inner.find((folder) => path.startsWith(`${folder}/`)) ?? ".",
  };
}

function nameIn(file: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    const name = typeof manifest === "object" && manifest !== null && "name" in manifest ? manifest.name : undefined;
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}
