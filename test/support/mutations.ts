/** A sequence of numbers from 0 to 1 that is the same for the same seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Pieces that readers stumble over. */
const PIECES = [
  "\u0000",
  "\uFEFF",
  "\uD800",
  "\r",
  "\r\n",
  "\t",
  "${",
  "${A:-${B:-",
  "}}",
  "{{",
  "{{- if }}",
  "&a",
  "*a",
  "<<: *a",
  "!reset",
  "!!binary x",
  "- ",
  ": ",
  "? ",
  "[",
  "]",
  "{",
  "}",
  "'",
  '"',
  "\\",
  "%include ",
  "[pgbouncer]",
  "[users]",
  "=",
  "==",
  ";",
  "#",
  "|\n",
  ">-\n",
  "---\n",
  "...\n",
  "null",
  "~",
  "1e999",
  "-1",
  "0x",
  "@",
  "://",
  "postgres://",
  "postgres://u:p@[::1",
  "?a=%E0%A4%A",
  "kind: List\nitems:\n",
  "services:\n",
  "extends: a\n",
  "include: [docker-compose.yml]\n",
];

/** A text with one to four changes: cut off, doubled, shuffled, spliced with another or with an odd piece. */
export function mutated(text: string, others: readonly string[], next: () => number): string {
  let result = text;
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(next() * items.length)];
  const place = (): number => Math.floor(next() * (result.length + 1));
  for (let count = 1 + Math.floor(next() * 4); count > 0; count--) {
    const [one, other] = [place(), place()];
    const [from, to] = [Math.min(one, other), Math.max(one, other)];
    switch (Math.floor(next() * 6)) {
      case 0:
        result = result.slice(0, from);
        break;
      case 1:
        result = result.slice(0, from) + result.slice(to);
        break;
      case 2:
        result = result.slice(0, to) + result.slice(from);
        break;
      case 3: {
        const other = pick(others) ?? "";
        result = result.slice(0, from) + other.slice(Math.floor(next() * other.length)) + result.slice(to);
        break;
      }
      default:
        result = result.slice(0, from) + (pick(PIECES) ?? "") + result.slice(from);
    }
  }
  return result.slice(0, 20_000);
}
