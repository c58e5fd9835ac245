import type { LibraryUse } from "../../analyzers/index.ts";
import type { ReportedLibrary, ReportedPlace } from "./schema.ts";
import { compareText } from "../words.ts";

/** Uses of packages and tools, those of the same kind together. */
export function listLibraries(
  uses: readonly LibraryUse[],
  placeOf: (location: LibraryUse["location"]) => ReportedPlace,
): ReportedLibrary[] {
  const groups = new Map<string, { readonly use: LibraryUse; readonly places: Map<string, ReportedPlace> }>();
  for (const use of uses) {
    const key = [use.library, use.status, use.because, use.url ?? ""].join("\n");
    const group = groups.get(key) ?? { use, places: new Map<string, ReportedPlace>() };
    groups.set(key, group);
    const place = placeOf(use.location);
    group.places.set(`${place.path}:${String(place.line)}`, place);
  }
  return [...groups.values()]
    .map(({ use, places }) => ({
      library: use.library,
      status: use.status,
      needs: use.needs,
      because: use.because,
      remedy: use.remedy,
      url: use.url ?? null,
      places: [...places.values()]
        .sort((left, right) => compareText(left.path, right.path) || left.line - right.line)
        .map(({ path, line }) => ({ path, line })),
    }))
    .sort(
      (left, right) =>
        compareText(left.library, right.library) ||
        compareText(left.places[0]?.path ?? "", right.places[0]?.path ?? "") ||
        (left.places[0]?.line ?? 0) - (right.places[0]?.line ?? 0) ||
        compareText(left.status, right.status),
    );
}
