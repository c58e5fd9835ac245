import type { Confidence, ConnectionUrl, DeclaredRoutes, LibraryUse, SourceLocation } from "../model.ts";
import { routeOf } from "../source/connection-route.ts";
import { shownUrl } from "../source/connection-url.ts";
import { noPackages, type PackageFacts } from "../source/packages.ts";
import { alternatives, constantText, type Value } from "../source/values.ts";
import { libraries } from "./libraries.ts";
import type { Fix, Library, NeedyLibrary, OptionValue } from "./library.ts";
import { affectedBy } from "./versions.ts";

/** Why a use is not reported; `url` in words, empty where none is known. */
export const directWords = (url: string): string =>
  url === "" ? "its file is declared to connect directly" : `it is given ${url}, which is declared direct`;

/** A call or construction of something imported from a package. */
export interface ImportedUse {
  readonly module: string;
  readonly path: readonly string[];
  readonly arguments: readonly Value[];
  /** Where the connections lead that its arguments make or are. */
  readonly urls: () => readonly ConnectionUrl[];
}

/** What is known of the project around a use. */
export interface LibrarySurroundings {
  /** The range of versions that the package.json nearest to a file asks for. */
  readonly versionRange: (file: string, name: string) => string | undefined;
  /** What deployment files set an environment variable to. */
  readonly environment: (name: string) => readonly string[];
  readonly declaredRoutes: DeclaredRoutes;
  readonly packages: PackageFacts;
}

/** What a use of a package means behind the pooler; undefined for exports that no row names, and where a needed option is not set. */
export type LibraryUseOf = (use: ImportedUse, location: SourceLocation) => LibraryUse | undefined;

/** One file by itself: nothing is known of the project around it. */
export const noSurroundings: LibrarySurroundings = {
  versionRange: () => undefined,
  environment: () => [],
  declaredRoutes: { direct: [], pooled: [] },
  packages: noPackages,
};

/** Judges uses of packages by the table. */
export function makeLibraryUses(around: LibrarySurroundings): LibraryUseOf {
  return (use, location) => {
    const row = libraries.find((library) => library.package === use.module && fits(library, use.path));
    if (row === undefined) return undefined;
    if (row.needs === null) return fineUse(row.package, row.because, row.source, location);
    return needyUse(row, use, location, around);
  };
}

/** What is said of a package or command that needs nothing. */
export const fineUse = (library: string, because: string, source: string, location: SourceLocation): LibraryUse => ({
  library,
  status: "fine",
  because,
  needs: "",
  symptom: "",
  effect: "silent",
  remedy: "",
  location,
  confidence: "certain",
  evidence: [],
  source,
});

function needyUse(
  row: NeedyLibrary,
  use: ImportedUse,
  location: SourceLocation,
  around: LibrarySurroundings,
): LibraryUse | undefined {
  const asked = askedFor(row, use.arguments);
  if (asked === "no") return undefined;
  const { versions } = row;
  const name = versions?.of ?? row.package;
  const range = versions === undefined ? undefined : around.versionRange(location.file, name);
  const affected = versions === undefined ? "all" : affectedBy(range, versions.affected);
  if (affected === "none")
    return fineUse(
      row.package,
      `${name} ${range ?? ""} is a version that needs nothing of the session`,
      row.source,
      location,
    );
  const fixes = (row.fixedBy ?? []).map((fix) => ({ fix, is: isFixed(fix, use.arguments, around) }));
  const fix = fixes.find(({ is }) => is === "yes")?.fix;
  const urls = use.urls();
  const isDirect = routeOf(urls, around.declaredRoutes, location.file) === "direct";
  const known = urls.filter((url) => url.kind !== "unknown").map(shownUrl);
  const doubts: readonly Confidence[] = [
    ...(affected === "depends" ? ["possible" as const] : []),
    ...(asked === "unknown" || fixes.some(({ is }) => is === "unknown") ? ["possible" as const] : []),
  ];
  return {
    library: row.package,
    status: fix !== undefined ? "switched-off" : isDirect ? "direct" : "needs-session",
    because: fix !== undefined ? fixWords(fix) : isDirect ? directWords(known.join(" or ")) : "",
    needs: row.needs,
    symptom: row.symptom,
    effect: row.effect,
    remedy: row.remedy,
    location,
    confidence: doubts[0] ?? "certain",
    ...(row.onlyNeeds === undefined ? {} : { onlyNeeds: row.onlyNeeds }),
    ...(known.length === 0 ? {} : { url: known.join(" or ") }),
    evidence: [],
    source: row.source,
  };
}

const fits = (library: Library, path: readonly string[]): boolean => {
  const name = path.length === 0 ? "default" : path.join(".");
  return (
    library.exports.includes("*") ||
    library.exports.includes(name) ||
    library.exports.includes(name.replace(/^default\./, ""))
  );
};

/** Whether a row that is about one option is about this call. */
function askedFor({ onlyWith }: NeedyLibrary, values: readonly Value[]): "yes" | "no" | "unknown" {
  if (onlyWith === undefined) return "yes";
  const given = option(values, onlyWith.option);
  switch (given.is) {
    case "value":
      return onlyWith.value === undefined || given.value === onlyWith.value ? "yes" : "no";
    case "not-known":
      return onlyWith.value === undefined ? "unknown" : "no";
    // What nobody was seen to set is left off by default.
    default:
      return "no";
  }
}

function isFixed(fix: Fix, values: readonly Value[], around: LibrarySurroundings): "yes" | "no" | "unknown" {
  if ("environment" in fix) {
    const set = around.environment(fix.environment);
    return set.length > 0 && set.every((value) => fix.values.includes(value)) ? "yes" : "no";
  }
  const given = option(values, fix.option);
  if (given.is === "value") return fix.values.includes(given.value) ? "yes" : "no";
  return given.is === "absent" ? "no" : "unknown";
}

const fixWords = (fix: Fix): string =>
  "environment" in fix
    ? `${fix.environment} is ${fix.values.join(" or ")}`
    : `${fix.option} is ${String(fix.values[0])}${fix.then === undefined ? "" : `: ${fix.then}`}`;

/** What is given for an option; `hidden` where an object may hold it unseen, `not-known` where it holds something that is not known. */
type Given = { readonly is: "value"; readonly value: OptionValue } | { readonly is: "absent" | "hidden" | "not-known" };

/** The value of an option, a path through objects, among the arguments. */
function option(values: readonly Value[], path: string): Given {
  const [name = "", ...rest] = path.split(".");
  for (const value of values.flatMap(alternatives)) {
    if (value.kind !== "object") continue;
    const found = value.properties.get(name)?.value;
    if (found === undefined) {
      if (value.open) return { is: "hidden" };
      continue;
    }
    if (rest.length > 0) return option([found], rest.join("."));
    if (found.kind !== "constant") {
      const text = constantText(found);
      return text === undefined ? { is: "not-known" } : { is: "value", value: text };
    }
    if (found.value == null) return { is: "absent" };
    return typeof found.value === "bigint" ? { is: "not-known" } : { is: "value", value: found.value };
  }
  return { is: "absent" };
}
