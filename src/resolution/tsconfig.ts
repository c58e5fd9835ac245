import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import type { CompilerOptions, ParsedCommandLine } from "typescript";
import { repositoryOf } from "../discovery/gitignore.ts";

type TypeScript = typeof import("typescript");

/**
 * Answers with the compiler options that hold in a folder: of the nearest tsconfig.json or jsconfig.json between it and the top of the
 * repository, `extends` followed. A configuration that only lists projects (`references`) hands over to the one of them that is nearest
 * to the folder and maps paths. One that cannot be read counts as empty.
 */
export function makeTsconfigReader(ts: TypeScript, root: string): (folder: string) => CompilerOptions {
  const top = repositoryOf(root) ?? root;
  const parsed = new Map<string, ParsedCommandLine>();
  const answers = new Map<string, CompilerOptions>();

  const parse = (file: string): ParsedCommandLine => {
    const known = parsed.get(file);
    if (known !== undefined) return known;
    const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { readonly config?: unknown };
    // Files are not listed: only the options matter, and listing walks the folder.
    const host = { ...ts.sys, readDirectory: () => [] };
    const result = ts.parseJsonConfigFileContent(config ?? {}, host, dirname(file), undefined, file);
    parsed.set(file, result);
    return result;
  };

  const referenced = (file: string, folder: string, seen: Set<string>): CompilerOptions | undefined => {
    if (seen.has(file) || !existsSync(file)) return undefined;
    seen.add(file);
    const { options, projectReferences = [] } = parse(file);
    if (options.paths !== undefined) return options;
    const files = projectReferences.map(({ path }) => (path.endsWith(".json") ? path : join(path, "tsconfig.json")));
    const nearest = files
      .filter((candidate) => isWithin(folder, dirname(candidate)))
      .sort((left, right) => dirname(right).length - dirname(left).length);
    for (const candidate of nearest) {
      const found = referenced(candidate, folder, seen);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const optionsOf = (folder: string): CompilerOptions => {
    const file = ["tsconfig.json", "jsconfig.json"].map((name) => join(folder, name)).find((path) => existsSync(path));
    if (file !== undefined) return referenced(file, folder, new Set()) ?? parse(file).options;
    const parent = dirname(folder);
    return folder === top || parent === folder ? {} : cachedOptionsOf(parent);
  };

  const cachedOptionsOf = (folder: string): CompilerOptions => {
    const known = answers.get(folder);
    if (known !== undefined) return known;
    const options = optionsOf(folder);
    answers.set(folder, options);
    return options;
  };
  return cachedOptionsOf;
}

const isWithin = (path: string, folder: string): boolean =>
  (path + sep).startsWith(folder.endsWith(sep) ? folder : folder + sep);
