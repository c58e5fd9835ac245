import type { QueryOperation } from "../drivers/driver.ts";
import type { NamedStatement, Protocol, SourceLocation } from "../model.ts";
import { alternatives, constantText, holeText, type ObjectValue, truthiness, type Value } from "../source/values.ts";

/** One message that a query call may send. */
export interface Message {
  /** A text, always. */
  readonly text: Value & { readonly kind: "text" };
  readonly protocol: Protocol;
  readonly statementName?: NamedStatement;
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

/** The messages a query call may send, one for each text its SQL argument may be. `place` stands for SQL that is not known. */
export function messagesOf(
  operation: QueryOperation,
  values: readonly Value[],
  place: SourceLocation,
  sourceText: (location: SourceLocation) => string,
): Message[] {
  const sql = values[operation.sql];
  const bound = hasValues(operation.values === undefined ? undefined : values[operation.values]);
  const textsOf = (value: Value | undefined, reason: string): (Value & { readonly kind: "text" })[] =>
    (value === undefined ? [] : alternatives(value)).flatMap((member): (Value & { readonly kind: "text" })[] => {
      if (member.kind === "text") return [member];
      if (member.kind === "constant" && member.value == null) return [];
      if (member.kind === "message") return textsOf(member.text, reason);
      const hole = holeText(member.kind === "unknown" ? member.reason : reason, place);
      return [hole];
    });

  return (sql === undefined ? [] : alternatives(sql)).flatMap((member): Message[] => {
    switch (member.kind) {
      case "object":
        return operation.config === undefined
          ? []
          : configMessages(operation.config, member, bound, textsOf, sourceText);
      case "message": {
        const protocol =
          member.protocol === "by-values" ? protocolFor(either(member.hasValues, bound)) : member.protocol;
        return textsOf(member.text, "SQL built elsewhere").map((text) => ({ text, protocol }));
      }
      case "constant":
        return [];
      default:
        return textsOf(member, "SQL that is no text").map((text) => ({ text, protocol: protocolFor(bound) }));
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
