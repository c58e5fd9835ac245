import type { ConnectOptions } from "../drivers/driver.ts";
import type { Confidence, Connection, SourceLocation, StartupParameter } from "../model.ts";
import type { VersionSpan } from "../source/packages.ts";
import { joinText } from "../sql/joined-text.ts";
import { optionsIn } from "../source/startup-options.ts";
import { alternatives, constantText, type ObjectValue, truthiness, type Value } from "../source/values.ts";
import type { DoneByVersion } from "./versions-of-drivers.ts";

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

/** Startup parameters in the query part of a connection string. */
function parametersInUrl(value: Value, fallback: SourceLocation, options: ConnectOptions): FoundParameter[] {
  return alternatives(value).flatMap((alternative): FoundParameter[] => {
    if (alternative.kind !== "text") return [];
    const joined = joinText(alternative.segments);
    const query = joined.text.indexOf("?");
    if (query < 0) return [];
    return [...joined.text.slice(query).matchAll(/[?&]([^?=&#]+)=([^&#]*)/g)].flatMap((match): FoundParameter[] => {
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
      return parameter === undefined || (given === "" && options.sendsEmpty !== true)
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
  return options.urlOptions.includes(name.toLowerCase()) ? undefined : name.toLowerCase();
};

/** The startup parameter that an option becomes. */
function parameterNamed(options: ConnectOptions, name: string): string | undefined {
  const { startupParameters } = options;
  if (startupParameters === "every") return name.toLowerCase();
  return Object.hasOwn(startupParameters, name) ? startupParameters[name] : undefined;
}

/** How sure it is that an option is sent, given what its value may be. */
function sent(
  value: Value,
  sendsEmpty = false,
): { readonly confidence: Confidence; readonly value?: string } | undefined {
  const members = alternatives(value);
  const truths = members.map((member) => {
    const truth = truthiness(member);
    return sendsEmpty && truth === false ? member.kind !== "constant" || member.value !== undefined : truth;
  });
  if (truths.every((truth) => truth === false)) return undefined;
  const known = members.map((member) => (member.kind === "constant" ? String(member.value) : constantText(member)));
  const words = known.length === 1 ? known[0] : undefined;
  const surely = truths.every((truth) => truth === true);
  return { confidence: surely ? "certain" : "likely", ...(words === undefined ? {} : { value: words }) };
}

/** What a connection with these options puts into its startup packet. */
export function parametersOf(value: Value, options: ConnectOptions, fallback: SourceLocation): FoundParameter[] {
  return alternatives(value).flatMap((alternative): FoundParameter[] => {
    if (alternative.kind === "text") return parametersInUrl(alternative, fallback, options.inUrl ?? options);
    if (alternative.kind === "array")
      return alternative.elements.flatMap((element) => parametersOf(element, options, fallback));
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
      const facts = sent(property.value, options.sendsEmpty);
      if (facts !== undefined) found.push({ name: parameter, via: "option", location: property.location, ...facts });
    } else if (name === options.connectionString) {
      found.push(...parametersInUrl(property.value, fallback, options.inUrl ?? options));
    }
  }
  return found;
}

/**
 * Parameters that are sent although nobody asked for them, unless one of these settings says otherwise. `doneBy` says how sure it is that
 * the installed version sends them.
 */
export function defaultParameters(
  settings: readonly Value[],
  options: ConnectOptions,
  location: SourceLocation,
  doneBy: (versions: readonly VersionSpan[] | undefined) => DoneByVersion | undefined,
): FoundParameter[] {
  return (options.sentByDefault ?? []).flatMap(({ parameter, value, option, offBy, versions }): FoundParameter[] => {
    const done = doneBy(versions);
    const property = settings
      .flatMap((object) => (object.kind === "object" ? [object.properties.get(option)] : []))
      .find((found) => found !== undefined);
    const said = property === undefined ? [] : alternatives(property.value);
    const isOff = said.length > 0 && said.every((member) => constantText(member) === offBy);
    if (done === undefined || isOff) return [];
    const mayBeOff =
      said.some((member) => constantText(member) === offBy) ||
      (property === undefined &&
        settings.some((object) => object.kind === "unknown" || (object.kind === "object" && object.open)));
    // One value only turns it off, and it is seldom what an unknown one is.
    const isUnsure = said.some((member) => member.kind === "unknown");
    const words = property === undefined ? value : sent(property.value)?.value;
    return [
      {
        name: parameter,
        via: "option",
        ...(words === undefined ? {} : { value: words }),
        location: property?.location ?? location,
        confidence: mayBeOff ? "possible" : isUnsure ? "likely" : done.confidence,
        evidence: done.evidence,
      },
    ];
  });
}

/** Ties found parameters to their connection. */
export const forConnection = (found: readonly FoundParameter[], connection: Connection): StartupParameter[] =>
  found.map((parameter) => ({ ...parameter, connection }));
