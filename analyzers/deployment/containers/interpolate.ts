/** What a text comes to: with every variable in it known, or not, and then why, and what is known of it with `…` for the rest. */
export type Interpolated = { readonly text: string } | { readonly unknown: string; readonly shape: string };

/** A variable: its text, or undefined when nothing sets it. */
export type Lookup = (name: string) => string | undefined;

const MAX_DEPTH = 8;
/** No setting is longer: an opening brace is looked for to the end. */
const MAX_INPUT = 10_000;
/** Longer results are given up: variables within variables can double a text at each level. */
const MAX_LENGTH = 100_000;

/**
 * Fills in `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:+other}`, `${NAME+other}`, `${NAME:?message}`, nested, and
 * `$$` for a dollar, as docker compose does (Compose specification, interpolation). A variable that nothing sets and that has no default
 * makes the whole text unknown: compose would take it for empty, but the shell that runs compose may set it.
 */
export function interpolate(text: string, lookup: Lookup, depth = 0): Interpolated {
  if (!text.includes("$")) return { text };
  if (text.length > MAX_INPUT) return { unknown: "it is too long", shape: "…" };
  let result = "";
  let unknown: string | undefined;
  const finish = (whole: string): Interpolated => (unknown === undefined ? { text: whole } : { unknown, shape: whole });
  for (let at = 0; at < text.length;) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) return finish(result + text.slice(at));
    result += text.slice(at, dollar);
    if (result.length > MAX_LENGTH || depth > MAX_DEPTH)
      return { unknown: "variables are nested too deep", shape: "…" };
    if (text[dollar + 1] === "$") {
      result += "$";
      at = dollar + 2;
      continue;
    }
    const plain = /^[A-Za-z_]\w*/.exec(text.slice(dollar + 1, dollar + 200))?.[0];
    if (plain !== undefined) {
      const value = lookup(plain);
      if (value === undefined) unknown ??= notSet(plain);
      result += value ?? "…";
      at = dollar + 1 + plain.length;
      continue;
    }
    const inside = text[dollar + 1] === "{" ? closing(text, dollar + 1) : undefined;
    if (inside === undefined) {
      result += "$";
      at = dollar + 1;
      continue;
    }
    const value = braced(text.slice(dollar + 2, inside), lookup, depth);
    if ("unknown" in value) unknown ??= value.unknown;
    result += "unknown" in value ? value.shape : value.text;
    at = inside + 1;
  }
  return finish(result);
}

const notSet = (name: string): string => `the variable ${name} is not set in these files`;

/** The brace that closes the one at `start`. */
function closing(text: string, start: number): number | undefined {
  let open = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "{") open++;
    else if (text[at] === "}" && --open === 0) return at;
  }
  return undefined;
}

function braced(inside: string, lookup: Lookup, depth: number): Interpolated {
  const match = /^([A-Za-z_]\w*)(?:(:?[-+?])([^]*))?$/.exec(inside);
  if (match === null) return { unknown: "a variable is written in a way that is not known", shape: "…" };
  const [, name = "", operator, word = ""] = match;
  const value = lookup(name);
  const isSet = value !== undefined && (operator?.startsWith(":") !== true || value !== "");
  switch (operator?.at(-1)) {
    case "-":
      return isSet ? { text: value } : interpolate(word, lookup, depth + 1);
    case "+":
      return isSet ? interpolate(word, lookup, depth + 1) : { text: "" };
    default:
      return value === undefined || (operator !== undefined && !isSet)
        ? { unknown: notSet(name), shape: "…" }
        : { text: value };
  }
}
