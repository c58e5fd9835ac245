import type { ConnectOptions } from "../drivers/driver.ts";
import type { Confidence, Connection, SourceLocation, StartupParameter } from "../model.ts";
import { joinText } from "../sql/joined-text.ts";
import { alternatives, constantText, type ObjectValue, truthiness, type Value } from "../source/values.ts";

/** One thing that goes into the startup packet, before it is tied to a connection. */
export type FoundParameter = Omit<StartupParameter, "connection">;

const decode = (words: string): string => {
  try {
    return decodeURIComponent(words.replaceAll("+", " "));
  } catch {
    return words;
  }
};

/** `-c name=value`, `-cname=value`, `--name=value` and anything else of an `options` text, as libpq's server side splits it. */
export function parametersInOptions(value: Value, fallback: SourceLocation, confidence: Confidence): FoundParameter[] {
  return alternatives(value).flatMap((alternative): FoundParameter[] => {
    if (alternative.kind !== "text") {
      return truthiness(alternative) === false
        ? []
        : [{ name: "options", via: "options", location: fallback, confidence: "possible", syntax: "other" }];
    }
    const joined = joinText(alternative.segments);
    return optionsIn(joined.text).map(({ name, value: given, start, end, syntax }) => ({
      name: name.toLowerCase(),
      via: "options",
      ...(given === undefined ? {} : { value: given }),
      location: joined.locate(start, end),
      confidence,
      syntax,
    }));
  });
}

interface Option {
  readonly name: string;
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly syntax: "-c" | "--" | "other";
}

function optionsIn(text: string): Option[] {
  const found: Option[] = [];
  const words = [...text.matchAll(/(?:\\.|[^\s\\])+/gs)].map((match) => ({ word: match[0], start: match.index }));
  for (let index = 0; index < words.length; index++) {
    const current = words[index];
    if (current === undefined) break;
    let { word } = current;
    let { start } = current;
    let syntax: Option["syntax"] = "other";
    if (word === "-c") {
      const next = words[++index];
      if (next === undefined) break;
      ({ word, start } = next);
      syntax = "-c";
    } else if (word.startsWith("-c")) {
      word = word.slice(2);
      start += 2;
      syntax = "-c";
    } else if (word.startsWith("--")) {
      word = word.slice(2);
      start += 2;
      syntax = "--";
    }
    const equals = word.indexOf("=");
    const isSetting = syntax !== "other" && equals > 0;
    found.push({
      name: isSetting ? word.slice(0, equals) : word,
      value: isSetting ? word.slice(equals + 1) : undefined,
      start,
      end: start + (isSetting ? equals : word.length),
      syntax: isSetting ? syntax : "other",
    });
  }
  return found;
}

/** Startup parameters in the query part of a connection string. */
function parametersInUrl(value: Value, fallback: SourceLocation, options: ConnectOptions): FoundParameter[] {
  return alternatives(value).flatMap((alternative): FoundParameter[] => {
    if (alternative.kind !== "text") return [];
    const joined = joinText(alternative.segments);
    const query = joined.text.indexOf("?");
    if (query < 0) return [];
    return [...joined.text.slice(query).matchAll(/[?&]([^=&#]+)=([^&#]*)/g)].flatMap((match): FoundParameter[] => {
      const [, key = "", given = ""] = match;
      const start = query + match.index + 1;
      const location = joined.locate(start, start + key.length);
      const name = decode(key);
      if (name === options.optionsText) {
        return optionsIn(decode(given)).map((option) => ({
          name: option.name.toLowerCase(),
          via: "options",
          ...(option.value === undefined ? {} : { value: option.value }),
          location,
          confidence: "certain",
          syntax: option.syntax,
        }));
      }
      const parameter = Object.hasOwn(options.startupParameters, name) ? options.startupParameters[name] : undefined;
      return parameter === undefined || given === "" || given === "0"
        ? []
        : [{ name: parameter, via: "url", value: decode(given), location, confidence: "certain" }];
    });
  });
}

/** How sure it is that an option is sent, given what its value may be. */
function sent(value: Value): { readonly confidence: Confidence; readonly value?: string } | undefined {
  const members = alternatives(value);
  const truths = members.map(truthiness);
  if (truths.every((truth) => truth === false)) return undefined;
  const known = members.map((member) => (member.kind === "constant" ? String(member.value) : constantText(member)));
  const words = known.length === 1 ? known[0] : undefined;
  const surely = truths.every((truth) => truth === true);
  return { confidence: surely ? "certain" : "likely", ...(words === undefined ? {} : { value: words }) };
}

/** What a connection with these options puts into its startup packet. */
export function parametersOf(value: Value, options: ConnectOptions, fallback: SourceLocation): FoundParameter[] {
  return alternatives(value).flatMap((alternative): FoundParameter[] => {
    if (alternative.kind === "text") return parametersInUrl(alternative, fallback, options);
    return alternative.kind === "object" ? parametersOfObject(alternative, options, fallback) : [];
  });
}

function parametersOfObject(object: ObjectValue, options: ConnectOptions, fallback: SourceLocation): FoundParameter[] {
  const found: FoundParameter[] = [];
  for (const [name, property] of object.properties) {
    const parameter = Object.hasOwn(options.startupParameters, name) ? options.startupParameters[name] : undefined;
    if (parameter !== undefined) {
      const facts = sent(property.value);
      if (facts !== undefined) found.push({ name: parameter, via: "option", location: property.location, ...facts });
    } else if (name === options.optionsText) {
      found.push(...parametersInOptions(property.value, property.location, "certain"));
    } else if (name === options.connectionString) {
      found.push(...parametersInUrl(property.value, fallback, options));
    }
  }
  return found;
}

/** Ties found parameters to their connection. */
export const forConnection = (found: readonly FoundParameter[], connection: Connection): StartupParameter[] =>
  found.map((parameter) => ({ ...parameter, connection }));
