import type { Manifest } from "../deployment/manifest.ts";
import type { PackageFacts } from "../source/packages.ts";
import { affectedBy } from "./versions.ts";

/** What the package.json files of a project say. Without any, nothing is known of what is installed. */
export function packageFacts(manifests: readonly Manifest[]): PackageFacts {
  const byDepth = [...manifests].sort((left, right) => right.file.length - left.file.length);
  const byName = new Map(
    manifests.flatMap((manifest) => (manifest.name === undefined ? [] : [[manifest.name, manifest]])),
  );
  const known = new Map<Manifest, ReadonlyMap<string, boolean>>();

  const above = (file: string): Manifest[] =>
    byDepth.filter((manifest) => file.startsWith(manifest.file.slice(0, -"package.json".length)));
  const reachedFrom = (nearest: Manifest): ReadonlyMap<string, boolean> => {
    const found = new Map<string, boolean>();
    const seen = new Set<Manifest>(above(nearest.file));
    for (const manifest of seen) {
      for (const name of manifest.dependencies.keys()) {
        found.set(name, found.get(name) === true || manifest.installed.has(name));
        const inWorkspace = byName.get(name);
        if (inWorkspace !== undefined) seen.add(inWorkspace);
      }
    }
    return found;
  };

  return {
    dependenciesOf: (file) => {
      const [nearest] = above(file);
      if (nearest === undefined) return undefined;
      const found = known.get(nearest) ?? reachedFrom(nearest);
      known.set(nearest, found);
      return found;
    },
    among: (file, name, spans) => affectedBy(rangeOf(above(file), name), spans),
  };
}

/** The range that the first of these asks for, of the package or of a fork of it under a scope. */
function rangeOf(manifests: readonly Manifest[], name: string): string | undefined {
  for (const { dependencies } of manifests) {
    const found = dependencies.get(name) ?? [...dependencies].find(([other]) => other.endsWith(`/${name}`))?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}
