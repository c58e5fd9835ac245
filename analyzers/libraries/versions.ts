import type { VersionSpan } from "../source/packages.ts";

type Version = readonly [number, number, number];

const FIRST: Version = [0, 0, 0];
const LAST: Version = [Infinity, Infinity, Infinity];

interface Span {
  readonly from: Version;
  readonly below: Version;
}

const order = (left: Version, right: Version): number =>
  left[0] - right[0] || left[1] - right[1] || left[2] - right[2] || 0;
const later = (left: Version, right: Version): Version => (order(left, right) > 0 ? left : right);
const earlier = (left: Version, right: Version): Version => (order(left, right) < 0 ? left : right);

/**
 * Whether the versions that a dependency range of a package.json allows are among the affected ones: all of them, none, or it depends on
 * which is installed. `depends` too for what is no range of versions (`workspace:*`, `catalog:`, a URL, a tag) and for no range at all.
 */
export function affectedBy(range: string | undefined, affected: readonly VersionSpan[]): "all" | "none" | "depends" {
  const spans = affected.map(({ from, below }) => ({
    from: from === undefined ? FIRST : (parse(from)?.version ?? FIRST),
    below: below === undefined ? LAST : (parse(below)?.version ?? LAST),
  }));
  const alternatives = range === undefined ? [undefined] : range.split("||").map(spanOf);
  const answers = alternatives.map((allowed) => {
    if (allowed === undefined) return "depends";
    if (spans.some((span) => order(span.from, allowed.from) <= 0 && order(allowed.below, span.below) <= 0))
      return "all";
    const meets = spans.some((span) => order(later(span.from, allowed.from), earlier(span.below, allowed.below)) < 0);
    return meets ? "depends" : "none";
  });
  const [first = "depends", ...rest] = answers;
  return rest.every((answer) => answer === first) ? first : "depends";
}

/** The lowest version that a range allows; undefined where it is no range of versions. */
export function lowestMajor(range: string | undefined): number | undefined {
  const spans = (range ?? "").split("||").map(spanOf);
  const majors = spans.flatMap((span) => (span === undefined || span.from === FIRST ? [] : [span.from[0]]));
  return majors.length === spans.length ? Math.min(...majors) : undefined;
}

/** A version with how many of its numbers were written: `1`, `1.2`, `1.2.3`. Pre-release and build are left out. */
function parse(words: string): { readonly version: Version; readonly parts: number } | undefined {
  const match = /^v?(\d+)(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?(?:[-+][\w.+-]*)?$/i.exec(words.trim());
  if (match === null) return undefined;
  const numbers = [match[1], match[2], match[3]].filter((part) => part !== undefined && /^\d+$/.test(part)).map(Number);
  return { version: [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0], parts: numbers.length };
}

/** The first version behind all that share this many of the first numbers. */
const after = (version: Version, parts: number): Version =>
  parts <= 0
    ? LAST
    : parts === 1
      ? [version[0] + 1, 0, 0]
      : parts === 2
        ? [version[0], version[1] + 1, 0]
        : [version[0], version[1], version[2] + 1];

/** The versions that one alternative of a range allows; undefined when that cannot be told. */
function spanOf(range: string): Span | undefined {
  const words = range
    .trim()
    .replace(/^workspace:/, "")
    .replace(/^npm:(?:@[^/]+\/)?[^@]+@/, "")
    .replace(/([<>=~^])\s+/g, "$1");
  if (words === "*" || words === "" || /^[xX]$/.test(words))
    return words === "" && range !== "" ? undefined : { from: FIRST, below: LAST };
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(words);
  if (hyphen !== null) {
    const [low, high] = [parse(hyphen[1] ?? ""), parse(hyphen[2] ?? "")];
    return low === undefined || high === undefined
      ? undefined
      : { from: low.version, below: after(high.version, high.parts) };
  }
  let span: Span = { from: FIRST, below: LAST };
  for (const comparator of words.split(/\s+/)) {
    const allowed = comparatorSpan(comparator);
    if (allowed === undefined) return undefined;
    span = { from: later(span.from, allowed.from), below: earlier(span.below, allowed.below) };
  }
  return span;
}

function comparatorSpan(comparator: string): Span | undefined {
  const match = /^(\^|~|>=|>|<=|<|=)?(.*)$/.exec(comparator);
  const found = parse(match?.[2] ?? "");
  if (found === undefined) return undefined;
  const { version, parts } = found;
  switch (match?.[1]) {
    case "^": {
      const fixed = version[0] > 0 || parts === 1 ? 1 : version[1] > 0 || parts === 2 ? 2 : 3;
      return { from: version, below: after(version, fixed) };
    }
    case "~":
      return { from: version, below: after(version, Math.min(parts, 2)) };
    case ">=":
      return { from: version, below: LAST };
    case ">":
      return { from: after(version, parts), below: LAST };
    case "<":
      return { from: FIRST, below: version };
    case "<=":
      return { from: FIRST, below: after(version, parts) };
    default:
      return { from: version, below: after(version, parts) };
  }
}
