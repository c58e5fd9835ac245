import type { QueryOperation } from "../drivers/driver.ts";
import type { Confidence, NamedStatement, Protocol, SourceLocation, SqlText } from "../model.ts";
import {
  alternatives,
  builtQuery,
  constantText,
  holeText,
  knownText,
  type ObjectValue,
  text as textValue,
  truthiness,
  unknown,
  type Value,
} from "../source/values.ts";
import { fillPlaceholders } from "../sql/placeholders.ts";

/** One message that a query call may send. */
export interface Message {
  /** A text, always. */
  readonly text: Value & { readonly kind: "text" };
  readonly protocol: Protocol;
  readonly statementName?: NamedStatement;
  /** How sure it is that it is sent; `certain` where absent. */
  readonly confidence?: Confidence;
}

/** Whether bind values travel with a message: an empty array counts as none (pg 8.23.1 lib/query.js, requiresPreparation). */
function hasValues(value: Value | undefined): boolean | "unknown" {
  if (value === undefined) return false;
  switch (value.kind) {
    case "constant":
      return value.value != null;
    case "function":
    case "bound-method":
      return false;
    case "array":
      return value.elements.length > 0 ? true : value.open ? "unknown" : false;
    case "object":
      return value.properties.size > 0 ? true : value.open ? "unknown" : false;
    case "union": {
      const answers = new Set(value.members.map(hasValues));
      return answers.size === 1 ? ([...answers][0] ?? "unknown") : "unknown";
    }
    default:
      return "unknown";
  }
}

const protocolFor = (values: boolean | "unknown"): Protocol =>
  values === "unknown" ? "unknown" : values ? "extended" : "simple";

/**
 * The messages a query call may send, one for each text its SQL argument may be. `place` stands for SQL that is not known, `namePlace` for
 * the name of a statement.
 */
export function messagesOf(
  operation: QueryOperation,
  values: readonly Value[],
  place: SourceLocation,
  sourceText: (location: SourceLocation) => string,
  namePlace = place,
): Message[] {
  const { placeholders } = operation;
  const messages = plainMessagesOf(operation, values, place, sourceText);
  return messages.flatMap((message): Message[] => {
    const statementName = message.statementName ?? nameIn(operation, values, namePlace, sourceText);
    const isAsItIs = message.carried && operation.objectsAsTheyAre === true;
    const byValues =
      message.protocol === "simple" && operation.withoutValues !== undefined
        ? operation.withoutValues
        : message.protocol;
    const protocol = (isAsItIs ? undefined : operation.protocol) ?? byValues;
    const filled =
      placeholders === undefined || isAsItIs
        ? message.text.segments
        : fillPlaceholders(message.text.segments, placeholders);
    // A method that only gives a name to a statement, and gives none.
    if (operation.text === "" && statementName === undefined) return [];
    return [
      {
        text: textValue([...prefixOf(operation, values, place), ...filled]),
        protocol: statementName === undefined ? protocol : "extended",
        ...(statementName === undefined ? {} : { statementName }),
      },
    ];
  });
}

/** The statement name that is an argument of its own. An empty one is none. */
function nameIn(
  operation: QueryOperation,
  values: readonly Value[],
  place: SourceLocation,
  sourceText: (location: SourceLocation) => string,
): NamedStatement | undefined {
  const { name } = operation;
  const argument = name === undefined ? undefined : values[typeof name === "number" ? name : name.argument];
  const held =
    typeof name === "object" && argument?.kind === "object" ? argument.properties.get(name.property) : undefined;
  const value = typeof name === "number" ? argument : held?.value;
  if (value === undefined || alternatives(value).every((member) => truthiness(member) === false)) return undefined;
  return namedStatement({ value, location: held?.location ?? place }, sourceText);
}

/** Why a part of a text is not known which a driver puts there. */
export const DRIVERS_OWN = "made by the driver";

/** SQL that a method stands for by itself: `{0}` is what its argument 0 says, `…` what is not known. */
export const ownText = (
  words: string,
  values: readonly Value[],
  place: SourceLocation,
): Value & { readonly kind: "text" } =>
  textValue(
    words.split(/(\{\d\}|…)/).flatMap((part): SqlText => {
      const argument = /^\{(\d)\}$/.exec(part)?.[1];
      if (argument === undefined && part !== "…") return knownText(part, place).segments;
      const value = argument === undefined ? undefined : values[Number(argument)];
      const known = value?.kind === "constant" && value.value != null ? String(value.value) : constantText(value);
      return known === undefined
        ? [{ kind: "hole", reason: DRIVERS_OWN, location: place }]
        : knownText(known, place).segments;
    }),
  );

/** What an option puts in front of the text of a query. */
function prefixOf({ prefix }: QueryOperation, values: readonly Value[], place: SourceLocation): SqlText {
  if (prefix === undefined || !isAsked(prefix, values)) return [];
  const options = values[prefix.argument];
  const said = options?.kind === "object" ? constantText(options.properties.get(prefix.property)?.value) : undefined;
  return ownText(said === undefined ? prefix.text : prefix.text.replace("…", said), values, place).segments;
}

/** Whether the option that makes a method send SQL may be set. */
function isAsked(when: { readonly argument: number; readonly property: string }, values: readonly Value[]): boolean {
  const given = values[when.argument];
  return (given === undefined ? [] : alternatives(given)).some((value) => {
    if (value.kind !== "object") return false;
    const said = value.properties.get(when.property)?.value;
    return said !== undefined && alternatives(said).some((member) => truthiness(member) !== false);
  });
}

/** The bind values of a query; an unknown value where the options that hold them are not fully known. */
function bindValuesOf(operation: QueryOperation, values: readonly Value[]): Value | undefined {
  const { values: where } = operation;
  if (operation.spread === true && typeof where === "number")
    return { kind: "array", elements: values.slice(where), open: false };
  if (where === undefined || typeof where === "number") return where === undefined ? undefined : values[where];
  const options = values[where.argument];
  if (options?.kind !== "object") return options;
  const held = options.properties.get(where.property)?.value;
  return held ?? (options.open ? unknown("options that are not fully known") : undefined);
}

/** A message as it was given; `carried` when an object held it, and not a plain text. */
interface PlainMessage extends Message {
  readonly carried: boolean;
}

function plainMessagesOf(
  operation: QueryOperation,
  values: readonly Value[],
  place: SourceLocation,
  sourceText: (location: SourceLocation) => string,
): PlainMessage[] {
  if (operation.when !== undefined && !isAsked(operation.when, values)) return [];
  if (operation.text !== undefined && operation.file === undefined)
    return [{ text: ownText(operation.text, values, place), protocol: operation.protocol ?? "simple", carried: false }];
  const sql = values[operation.file ?? operation.sql];
  const bound = hasValues(bindValuesOf(operation, values));
  const textsOf = (value: Value | undefined, reason: string): (Value & { readonly kind: "text" })[] =>
    (value === undefined ? [] : alternatives(value)).flatMap((member): (Value & { readonly kind: "text" })[] => {
      if (member.kind === "text") return [member];
      if (member.kind === "constant" && member.value == null) return [];
      if (member.kind === "message") return textsOf(member.text, reason);
      if (member.kind === "handle") return [builtQuery(place)];
      const hole = holeText(member.kind === "unknown" ? member.reason : reason, place);
      return [hole];
    });

  return (sql === undefined ? [] : alternatives(sql)).flatMap((member): PlainMessage[] => {
    switch (member.kind) {
      case "object":
        return operation.config === undefined
          ? []
          : configMessages(operation.config, member, bound, textsOf, sourceText).map((message) => ({
              ...message,
              carried: true,
            }));
      case "message": {
        const protocol =
          member.protocol === "by-values" ? protocolFor(either(member.hasValues, bound)) : member.protocol;
        const { statementName: named } = member;
        const statementName = named === undefined ? undefined : namedStatement(named, sourceText);
        return textsOf(member.text, "SQL built elsewhere").map((text) => ({
          text,
          protocol,
          carried: true,
          ...(statementName === undefined ? {} : { statementName }),
        }));
      }
      case "constant":
        return [];
      default:
        return textsOf(member, "SQL that is no text").map((text) => ({
          text,
          protocol: protocolFor(bound),
          carried: false,
        }));
    }
  });
}

const either = (left: boolean | "unknown", right: boolean | "unknown"): boolean | "unknown" =>
  left === true || right === true ? true : left === "unknown" || right === "unknown" ? "unknown" : false;

function configMessages(
  config: NonNullable<QueryOperation["config"]>,
  object: ObjectValue,
  bound: boolean | "unknown",
  textsOf: (value: Value | undefined, reason: string) => (Value & { readonly kind: "text" })[],
  sourceText: (location: SourceLocation) => string,
): Message[] {
  const field = (name: string | undefined): Value | undefined =>
    name === undefined ? undefined : object.properties.get(name)?.value;
  const textValue = field(config.text);
  const texts =
    textValue === undefined && object.open
      ? [holeText("a query object that is not fully known", object.location)]
      : textsOf(textValue, "the text of a query object");
  const values = either(hasValues(field(config.values)), bound);
  const forced = (config.extended ?? []).some(
    (name) => truthiness(field(name) ?? { kind: "constant", value: undefined }) !== false,
  );
  const name = config.name === undefined ? undefined : object.properties.get(config.name);
  const isNamed = name !== undefined && alternatives(name.value).some((member) => truthiness(member) !== false);
  const statementName = isNamed ? namedStatement(name, sourceText) : undefined;
  return texts.map((text) => ({
    text,
    protocol: statementName !== undefined || forced ? "extended" : protocolFor(values),
    ...(statementName === undefined ? {} : { statementName }),
  }));
}

function namedStatement(
  property: { readonly value: Value; readonly location: SourceLocation },
  sourceText: (location: SourceLocation) => string,
): NamedStatement {
  const { file, range } = property.location;
  const name = constantText(property.value);
  const following = sourceText({ file, range: { start: range.end, end: range.end + 200 } });
  const comma = /^\s*,[^\S\n]*/.exec(following)?.[0];
  const maybe = alternatives(property.value).some((member) => truthiness(member) === false);
  return {
    location: property.location,
    ...(name === undefined ? {} : { name }),
    ...(comma === undefined || maybe ? {} : { removal: { start: range.start, end: range.end + comma.length } }),
  };
}
