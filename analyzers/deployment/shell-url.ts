import type { ConnectionUrl, SqlSegment } from "../model.ts";
import { urlsOf } from "../source/connection-url.ts";
import { locationOf, type PlacedText, slice } from "./placed-text.ts";
import type { Setting } from "./unit.ts";

/** A variable in a text: `$NAME`, `${NAME}`, `${NAME:-default}`, `${{ secrets.NAME }}`, `%NAME%`. */
const VARIABLE =
  /\$\{\{(?<expression>[^}]*)\}\}|\$\{(?<braced>[A-Za-z_]\w*)(?::?[-=](?<fallback>(?:[^{}]|\$\{[^}]*\})*)|[^\w}][^}]*)?\}|\$\$?(?<plain>[A-Za-z_]\w*)|%(?<windows>[A-Z_][A-Z\d_]*)%/g;
/** `secrets.NAME`, `vars.NAME`, `env.NAME`, `inputs.name` in an expression of a workflow. */
const IN_EXPRESSION = /\b(?:secrets|vars|env|inputs|variables|matrix)\.([A-Za-z_][\w-]*)/g;

const MAX_DEPTH = 4;

/**
 * Where the connection leads that is made with this text, each variable in it looked up among the settings it is used with: the nearest
 * one counts. A variable that nothing sets is called by its own name.
 */
export function urlsInShell(value: PlacedText, settings: readonly Setting[] = [], depth = 0): ConnectionUrl[] {
  const whole = wholeVariable(value);
  if (whole !== undefined) {
    return distinct([
      ...whole.names.flatMap((name) => urlsOfVariable(name, settings, depth)),
      ...(whole.fallback === undefined ? [] : urlsInShell(whole.fallback, settings, depth + 1)),
    ]);
  }
  return urlsOf({ kind: "text", segments: segmentsOf(value) });
}

/** Where the connection leads that is made with what a variable says. */
export function urlsOfVariable(name: string, settings: readonly Setting[], depth = 0): ConnectionUrl[] {
  const own: ConnectionUrl = { kind: "environment", name, query: [] };
  const index = settings.findLastIndex((setting) => setting.name === name);
  const setting = settings[index];
  if (setting === undefined || depth > MAX_DEPTH || setting.value.text === "") return [own];
  // A setting is read as it was when it was set: `A=${A:-$B}` asks for the A before.
  return urlsInShell(setting.value, settings.slice(0, index), depth + 1);
}

/** The setting that decides a variable, where there is one. */
export const settingOf = (name: string, settings: readonly Setting[]): Setting | undefined =>
  settings.findLast((setting) => setting.name === name && setting.value.text !== "");

interface WholeVariable {
  readonly names: readonly string[];
  readonly fallback: PlacedText | undefined;
}

function wholeVariable(value: PlacedText): WholeVariable | undefined {
  const [match] = value.text.matchAll(VARIABLE);
  if (match?.index !== 0 || match[0].length !== value.text.length) return undefined;
  const { expression, braced, fallback, plain, windows } = match.groups ?? {};
  const name = braced ?? plain ?? windows;
  const names = name === undefined ? namesIn(expression ?? "") : [name];
  const start = fallback === undefined || fallback === "" ? -1 : value.text.lastIndexOf(fallback);
  return {
    names,
    fallback: start < 0 ? undefined : slice(value, start, start + (fallback?.length ?? 0)),
  };
}

const namesIn = (expression: string): string[] =>
  [...expression.matchAll(IN_EXPRESSION)].flatMap((match) => (match[1] === undefined ? [] : [match[1]]));

/** The text with a hole for each variable. */
function segmentsOf(value: PlacedText): SqlSegment[] {
  const segments: SqlSegment[] = [];
  let last = 0;
  const take = (end: number): void => {
    if (end > last)
      segments.push({ kind: "text", value: value.text.slice(last, end), location: locationOf(value, last, end) });
  };
  for (const match of value.text.matchAll(VARIABLE)) {
    take(match.index);
    last = match.index + match[0].length;
    const { expression, braced, plain, windows } = match.groups ?? {};
    const setting = braced ?? plain ?? windows ?? namesIn(expression ?? "")[0];
    const location = locationOf(value, match.index, last);
    segments.push({ kind: "hole", reason: "a variable", location, ...(setting === undefined ? {} : { setting }) });
  }
  take(value.text.length);
  return segments;
}

const distinct = (urls: readonly ConnectionUrl[]): ConnectionUrl[] => [
  ...new Map(urls.map((url) => [JSON.stringify(url), url])).values(),
];
