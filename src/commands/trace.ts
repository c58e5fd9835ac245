import { existsSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { ConfigurationError } from "../../analyzers/index.ts";
import type { AuditOptions } from "../audit-options.ts";
import { audit } from "../audit.ts";
import { kindOf } from "../discovery/file-kinds.ts";
import { traceLine } from "../trace/trace.ts";

/**
 * Traces the calls at a line: FILE:LINE, or FILE:LINE:COLUMN as editors copy it. With no paths in the options, the file is analysed together with
 * the working folder, or with the package of a file that is not in it. Throws a ConfigurationError for a place that is none.
 */
export function runTrace(place: string, options: AuditOptions): string {
  const { cwd = process.cwd(), paths = [] } = options;
  const match = /^(.+?):([1-9]\d*)(?::\d+)?$/.exec(place);
  if (match?.[1] === undefined) throw new ConfigurationError(`"${place}" is no place: write FILE:LINE.`);
  const file = resolve(cwd, match[1]);
  if (!existsSync(file)) throw new ConfigurationError(`There is no file ${match[1]}.`);
  const kind = kindOf(file);
  if (kind === "other" || kind === "declarations")
    throw new ConfigurationError(`${match[1]} is no JavaScript, TypeScript or SQL file: nothing in it is analysed.`);
  const together = paths.length > 0 ? paths : [file.startsWith(cwd + sep) ? cwd : packageFolder(dirname(file))];
  const result = audit({ ...options, paths: [...together, file], cwd });
  return traceLine(result, { file, line: Number(match[2]) });
}

/** The nearest folder with a package.json, else the folder itself. */
function packageFolder(folder: string): string {
  for (let above = folder; above !== dirname(above); above = dirname(above))
    if (existsSync(join(above, "package.json"))) return above;
  return folder;
}
