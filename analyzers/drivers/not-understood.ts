/**
 * Packages through which programs reach PostgreSQL and that have no driver table here yet. Where one is imported, silence proves nothing:
 * an audit says so. Names as on npm, 2026-11.
 */
export const NOT_UNDERSTOOD = ["massive", "zapatos", "@pgtyped/runtime", "waterline", "bookshelf"] as const;

const escape = (words: string): string => words.replace(/[.*+?^$\{}()|[\]\\/-]/g, String.raw`\$&`);

const IMPORT = new RegExp(
  String.raw`\b(?:from|require\(|import\()\s*["'](${NOT_UNDERSTOOD.map(escape).join("|")})(?:/[^"']*)?["']`,
  "g",
);

/** The packages of that kind that a file imports, each once. `import type` counts: what is typed is used. */
export function packagesNotUnderstood(text: string): readonly string[] {
  return [...new Set([...text.matchAll(IMPORT)].flatMap((match) => (match[1] === undefined ? [] : [match[1]])))].sort();
}
