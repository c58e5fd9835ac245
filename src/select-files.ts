import { importsDriver, mayReachPostgres } from "../analyzers/index.ts";
import { makeDefiners, type ModuleLinks, moduleLinks } from "./module-links.ts";

/** A source file with its text, or without one when it cannot be read. */
interface Candidate {
  readonly path: string;
  readonly text: string | undefined;
}

/** Paths and aliases; a bare package name leads out of the project more often than into it, and asking is slow. */
const mayLeadInside = (specifier: string): boolean => /^[./@~#]/.test(specifier);

/**
 * The files worth analysing: those whose own text says so, and those that import a name which a file defines that imports a driver, directly
 * or through files that pass it on; `isNamed` adds those of which the user says so. A wrapper's callers need not hold a word of SQL: the
 * text may be a constant from elsewhere.
 */
export function selectFiles(
  candidates: Iterable<Candidate>,
  resolve: (from: string, specifier: string) => string | undefined,
  isNamed: (text: string) => boolean = () => false,
): string[] {
  const selected = new Set<string>();
  const providers = new Set<string>();
  const links = new Map<string, ModuleLinks>();
  for (const { path, text } of candidates) {
    if (text === undefined) continue;
    if (mayReachPostgres(text) || isNamed(text)) selected.add(path);
    if (importsDriver(text)) providers.add(path);
    links.set(path, moduleLinks(text));
  }
  if (providers.size === 0) return [...selected].sort();
  const definersOf = makeDefiners((path) => links.get(path), resolve);
  const isProvided = (path: string, name: string): boolean =>
    [...definersOf(path, name)].some((definer) => providers.has(definer));
  for (const [path, { imports }] of links) {
    if (selected.has(path)) continue;
    const takes = imports.some(({ specifier, names }) => {
      if (!mayLeadInside(specifier)) return false;
      const target = resolve(path, specifier);
      return target !== undefined && names.some(([name]) => isProvided(target, name));
    });
    if (takes) selected.add(path);
  }
  return [...selected].sort();
}
