import type { Origin, PoolerEntry, PoolerSetting } from "../deployment-model.ts";
import { type PlacedText, slice } from "./placed-text.ts";
import { isTemplated } from "./templates.ts";

/** Keys whose values are not kept. */
const SECRETS = new Set(["password"]);

type MakeOrigin = (at: PlacedText, words: string) => Origin;

/**
 * The pairs of a line of `[databases]`, `[users]` or `[peers]`: `host=db port=5432 password='it''s'`. What PgBouncer cannot read stands as
 * `problem`; what stands before it is read all the same (pgbouncer 1.25 src/loader.c, cstr_get_pair).
 */
export function connectionString(
  text: PlacedText,
  originAt: MakeOrigin,
): Pick<PoolerEntry, "settings"> & { readonly problem?: string } {
  const settings: PoolerSetting[] = [];
  let at = 0;
  for (;;) {
    at = skipBlanks(text.text, at);
    if (at >= text.text.length) return { settings };
    const pair = pairAt(text, at);
    if (pair === undefined) return { settings, problem: "a pair is not `key=value`, or its value is empty" };
    const { name, value, end, shown } = pair;
    const origin = originAt(shown, name);
    settings.push({
      name,
      value: SECRETS.has(name)
        ? { is: "unknown", because: "a secret", origin }
        : isTemplated(value)
          ? { is: "unknown", because: "a template or the environment writes its value", origin }
          : { is: "known", value, origin },
      via: "ini",
    });
    at = end;
  }
}

const skipBlanks = (text: string, at: number): number => {
  let next = at;
  while (text[next] === " " || text[next] === "\t") next++;
  return next;
};

interface Pair {
  readonly name: string;
  readonly value: string;
  readonly end: number;
  /** The key with its `=`: a value is not shown, for it may be a secret. */
  readonly shown: PlacedText;
}

function pairAt(line: PlacedText, start: number): Pair | undefined {
  const { text } = line;
  let end = start;
  while (end < text.length && text[end] !== "=" && text[end] !== " ") end++;
  const equals = skipBlanks(text, end);
  if (text[equals] !== "=" || end === start) return undefined;
  const name = text.slice(start, end);
  const value = valueAt(text, skipBlanks(text, equals + 1));
  if (value === undefined || value.text === "") return undefined;
  const isSecret = SECRETS.has(name);
  return { name, value: value.text, end: value.end, shown: slice(line, start, isSecret ? end : value.end) };
}

function valueAt(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  if (text[start] !== "'") {
    const space = text.indexOf(" ", start);
    const end = space < 0 ? text.length : space;
    return { text: text.slice(start, end), end };
  }
  const match = /'((?:[^']|'')*)'/y;
  match.lastIndex = start;
  const found = match.exec(text);
  return found === null ? undefined : { text: (found[1] ?? "").replaceAll("''", "'"), end: start + found[0].length };
}
