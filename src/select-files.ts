import { importsDriver, mayReachPostgres } from "../analyzers/index.ts";

/** A source file with its text, or without one when it cannot be read. */
interface Candidate {
  readonly path: string;
  readonly text: string | undefined;
}

const IMPORTS = /\b(?:from|require\(|import\(|import)\s*["']([^"'\n]+)["']/g;
const RE_EXPORTS = /\bexport\s*(?:\*|\{[^}]*\})[^"'\n;]*\bfrom\s*["']([^"'\n]+)["']/g;

const specifiers = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap((match) => (match[1] === undefined ? [] : [match[1]]));

/** Paths and aliases; a bare package name leads out of the project more often than into it, and asking is slow. */
const mayLeadInside = (specifier: string): boolean => /^[./@~#]/.test(specifier);

/**
 * The files worth analysing: those whose own text says so, and those that import a file which imports a driver, directly or through
 * files that re-export it; `isNamed` adds those of which the user says so. A wrapper's callers need not hold a word of SQL: the text may be a constant from elsewhere.
 */
export function selectFiles(
  candidates: Iterable<Candidate>,
  resolve: (from: string, specifier: string) => string | undefined,
  isNamed: (text: string) => boolean = () => false,
): string[] {
  const selected = new Set<string>();
  const providers = new Set<string>();
  const imports = new Map<string, string[]>();
  const reExports = new Map<string, string[]>();
  for (const { path, text } of candidates) {
    if (text === undefined) continue;
    if (mayReachPostgres(text) || isNamed(text)) selected.add(path);
    if (importsDriver(text)) providers.add(path);
    const imported = specifiers(text, IMPORTS).filter(mayLeadInside);
    if (imported.length > 0) imports.set(path, imported);
    const exported = specifiers(text, RE_EXPORTS).filter(mayLeadInside);
    if (exported.length > 0) reExports.set(path, exported);
  }
  if (providers.size === 0) return [...selected].sort();
  for (let grown = true; grown;) {
    grown = false;
    for (const [path, exported] of reExports) {
      if (providers.has(path) || !exported.some((specifier) => providers.has(resolve(path, specifier) ?? ""))) continue;
      providers.add(path);
      grown = true;
    }
  }
  for (const [path, imported] of imports) {
    if (!selected.has(path) && imported.some((specifier) => providers.has(resolve(path, specifier) ?? "")))
      selected.add(path);
  }
  return [...selected].sort();
}
