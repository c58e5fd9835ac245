import type { LibraryUse, SourceLocation } from "../model.ts";
import { alternatives, constantText, type Value } from "../source/values.ts";
import { libraries, type Library } from "./libraries.ts";

/** A call or construction of something imported from a package. */
export interface ImportedUse {
  readonly module: string;
  readonly path: readonly string[];
  readonly arguments: readonly Value[];
}

/** The value of an option among the arguments: true, false or text where it is known, `unknown` where it is not. */
function option(values: readonly Value[], name: string): boolean | number | string | undefined {
  for (const value of values.flatMap(alternatives)) {
    if (value.kind !== "object") continue;
    const found = value.properties.get(name)?.value;
    if (found === undefined) {
      if (value.open) return "unknown";
      continue;
    }
    if (found.kind === "constant" && (typeof found.value === "boolean" || typeof found.value === "number"))
      return found.value;
    return constantText(found) ?? "unknown";
  }
  return undefined;
}

const fits = (library: Library, path: readonly string[]): boolean => {
  const name = path.length === 0 ? "default" : path.join(".");
  return (
    library.exports.includes("*") ||
    library.exports.includes(name) ||
    library.exports.includes(name.replace(/^default\./, ""))
  );
};

/** What a use of a package means behind the pooler; undefined for packages and exports that need nothing, or whose option says so. */
export function libraryUseOf(use: ImportedUse, location: SourceLocation): LibraryUse | undefined {
  const library = libraries.find((row) => row.package === use.module && fits(row, use.path));
  if (library === undefined || library.needs === null) return undefined;
  const { fixedBy, onlyWith } = library;
  const fix = fixedBy === undefined ? undefined : option(use.arguments, fixedBy.option);
  if (fixedBy !== undefined && fix !== undefined && fixedBy.values.includes(fix)) return undefined;
  const needed = onlyWith === undefined ? undefined : option(use.arguments, onlyWith.option);
  if (onlyWith !== undefined && needed !== onlyWith.value) return undefined;
  return {
    library: library.package,
    needs: library.needs,
    symptom: library.symptom,
    effect: library.effect,
    remedy: library.remedy,
    location,
    confidence: fix === "unknown" ? "possible" : "certain",
    needsOnlyPreparedStatements: library.onlyPreparedStatements,
    source: library.source,
  };
}
