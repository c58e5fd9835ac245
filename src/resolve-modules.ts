import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import type { CompilerOptions, ModuleResolutionCache } from "typescript";

const require = createRequire(import.meta.url);

/**
 * Says which file of the project an import means: relative paths, tsconfig `paths` and `baseUrl`, package `exports`, workspaces. Answers
 * for files inside `root` and outside node_modules only. Uses TypeScript's own resolution and runs nothing.
 */
export function makeResolver(root: string): (from: string, specifier: string) => string | undefined {
  const answers = new Map<string, string | undefined>();
  let typescript: ReturnType<typeof withTypescript> | undefined;
  return (from, specifier) => {
    const key = `${dirname(from)}\n${specifier}`;
    if (!answers.has(key)) {
      typescript ??= withTypescript(root);
      answers.set(key, quickly(from, specifier) ?? typescript(from, specifier));
    }
    return answers.get(key);
  };
}

const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

/** A relative import of a file that stands where it says. */
function quickly(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith("./") && !specifier.startsWith("../")) return undefined;
  const path = join(dirname(from), specifier);
  const stem = path.replace(/\.([cm]?)jsx?$/, "");
  const swapped = stem === path ? [] : [`${stem}.ts`, `${stem}.tsx`, `${stem}.mts`, `${stem}.cts`];
  const exact = /\.[cm]?[jt]sx?$/.test(path) ? [path] : [];
  const candidates = [...swapped, ...exact, ...EXTENSIONS.map((extension) => path + extension)];
  return candidates.find((candidate) => existsSync(candidate));
}

function withTypescript(root: string): (from: string, specifier: string) => string | undefined {
  // Loaded when the first import needs it: the compiler takes a fifth of a second.
  const ts = require("typescript") as typeof import("typescript");
  const configurations = new Map<string, { options: CompilerOptions; cache: ModuleResolutionCache }>();

  const configurationOf = (folder: string): { options: CompilerOptions; cache: ModuleResolutionCache } => {
    const known = configurations.get(folder);
    if (known !== undefined) return known;
    const file = ts.findConfigFile(folder, (path) => ts.sys.fileExists(path));
    const inside = file !== undefined && (file.startsWith(root + sep) || dirname(file) === root);
    let options: CompilerOptions = {};
    if (inside) {
      const read = ts.readConfigFile(file, (path) => ts.sys.readFile(path));
      // Files are not listed: only the options matter, and listing walks the folder.
      const host = { ...ts.sys, readDirectory: () => [] };
      options = ts.parseJsonConfigFileContent(read.config ?? {}, host, dirname(file), undefined, file).options;
    }
    options = {
      ...options,
      allowJs: true,
      moduleResolution: options.moduleResolution ?? ts.ModuleResolutionKind.Bundler,
      resolveJsonModule: false,
    };
    const made = { options, cache: ts.createModuleResolutionCache(root, (name) => name, options) };
    configurations.set(folder, made);
    return made;
  };

  return (from, specifier) => {
    try {
      const { options, cache } = configurationOf(dirname(from));
      const { resolvedModule } = ts.resolveModuleName(specifier, from, options, ts.sys, cache);
      const name = resolvedModule?.resolvedFileName.split("/").join(sep);
      if (name === undefined || name.endsWith(".d.ts") || !name.startsWith(root + sep)) return undefined;
      return name.includes(`${sep}node_modules${sep}`) ? undefined : name;
    } catch {
      // A broken tsconfig resolves nothing; relative imports were answered before.
      return undefined;
    }
  };
}
