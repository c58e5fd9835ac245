import type { ConnectOptions } from "../drivers/driver.ts";
import type { Confidence, Connection, SourceLocation, StartupParameter } from "../model.ts";
import { joinText } from "../sql/joined-text.ts";
import { alternatives, constantText, type ObjectValue, truthiness, unknown, type Value } from "../source/values.ts";

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
      const parameter = urlParameterNamed(options, name);
      return parameter === undefined || given === "" || given === "0"
        ? []
        : [{ name: parameter, via: "url", value: decode(given), location, confidence: "certain" }];
    });
  });
}

/** The settings that an option holds, where it holds some. */
export const nestedOptions = (options: ConnectOptions, name: string): ConnectOptions | undefined => {
  const { nested } = options;
  if (nested === undefined) return undefined;
  return Object.hasOwn(nested, name) ? nested[name] : nested["*"];
};

/** The startup parameter that a key of a URL's query becomes. */
const urlParameterNamed = (options: ConnectOptions, name: string): string | undefined => {
  if (options.urlOptions === undefined) return parameterNamed(options, name);
  return options.urlOptions.includes(name) ? undefined : name;
};

/** The startup parameter that an option becomes. */
function parameterNamed(options: ConnectOptions, name: string): string | undefined {
  const { startupParameters } = options;
  if (startupParameters === "every") return name;
  return Object.hasOwn(startupParameters, name) ? startupParameters[name] : undefined;
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
    const nested = nestedOptions(options, name);
    const parameter = parameterNamed(options, name);
    if (nested !== undefined) {
      found.push(...parametersOf(property.value, nested, fallback));
    } else if (name === options.optionsText) {
      found.push(...parametersInOptions(property.value, property.location, "certain"));
    } else if (parameter !== undefined) {
      const facts = sent(property.value);
      if (facts !== undefined) found.push({ name: parameter, via: "option", location: property.location, ...facts });
    } else if (name === options.connectionString) {
      found.push(...parametersInUrl(property.value, fallback, options));
    }
  }
  return found;
}

/** Parameters that are sent although nobody asked for them. */
export function defaultParameters(
  given: readonly Value[],
  options: ConnectOptions,
  location: SourceLocation,
): FoundParameter[] {
  return (options.sentByDefault ?? []).flatMap(({ parameter, value, option, offBy }): FoundParameter[] => {
    const said = given.flatMap((object) =>
      object.kind === "object" ? alternatives(object.properties.get(option)?.value ?? unknown("not said")) : [],
    );
    const isOff = said.length > 0 && said.every((member) => constantText(member) === offBy);
    if (isOff) return [];
    const mayBeOff =
      said.some((member) => member.kind === "unknown" && member.reason !== "not said") ||
      given.some((object) => object.kind === "unknown" || (object.kind === "object" && object.open));
    return [{ name: parameter, via: "option", value, location, confidence: mayBeOff ? "possible" : "certain" }];
  });
}

/** Ties found parameters to their connection. */
export const forConnection = (found: readonly FoundParameter[], connection: Connection): StartupParameter[] =>
  found.map((parameter) => ({ ...parameter, connection }));
