import type { ExportShape } from "../drivers/driver.ts";
import type { SourceLocation } from "../model.ts";
import {
  alternatives,
  constantText,
  holeText,
  knownText,
  type MessageValue,
  text,
  unknown,
  type Value,
} from "../source/values.ts";
import { concatenate } from "../source/concatenate.ts";
import { union } from "../source/union.ts";
import { fillPlaceholders } from "../sql/placeholders.ts";
import type { Machine } from "./machine.ts";
import { ownText } from "./messages.ts";

/** `new Cursor(text, values)`, `copyFrom(text)`: an object that carries SQL to a query call. */
export function sqlMessage(
  machine: Machine,
  shape: ExportShape & { readonly is: "message" },
  values: readonly Value[],
  /** The file of the program that asks. */
  from: string,
  location: SourceLocation,
): Value {
  const path = shape.file === undefined ? undefined : values[shape.file];
  const given = path === undefined ? values[shape.sql] : machine.sqlFile(path, from);
  const bound = shape.values === undefined ? undefined : values[shape.values];
  const config = [given, values[0]].find((value) => value?.kind === "object");
  const sql = config === undefined ? given : config.properties.get("text")?.value;
  const carried = bound ?? config?.properties.get("values")?.value;
  const hasValues =
    carried === undefined || (carried.kind === "constant" && carried.value == null)
      ? false
      : carried.kind === "array"
        ? carried.elements.length > 0 || carried.open
        : "unknown";
  const own = shape.text === undefined ? undefined : ownText(shape.text, values, location);
  const filled = shape.placeholders === undefined ? (own ?? sql) : fill(sql, shape.placeholders);
  const name = config?.properties.get("name") ?? nameArgument(shape.name, values, location);
  return {
    kind: "message",
    text: filled ?? holeText("SQL that is not given", location),
    hasValues,
    protocol: shape.protocol,
    ...(shape.sentBy === undefined ? {} : { sentBy: shape.sentBy }),
    ...(name === undefined ? {} : { statementName: name }),
  };
}

const nameArgument = (
  position: number | undefined,
  values: readonly Value[],
  location: SourceLocation,
): MessageValue["statementName"] => {
  const value = position === undefined ? undefined : values[position];
  return value === undefined ? undefined : { value, location };
};

const fill = (sql: Value | undefined, style: Parameters<typeof fillPlaceholders>[1]): Value | undefined =>
  sql === undefined
    ? undefined
    : union(
        alternatives(sql).map((member) =>
          member.kind === "text" ? text(fillPlaceholders(member.segments, style)) : member,
        ),
      );

/** A part of a query of which nothing is known. */
const unknownPart = (location: SourceLocation): MessageValue => ({
  kind: "message",
  text: holeText("a part built elsewhere", location),
  hasValues: "unknown",
  protocol: "by-values",
});

/** ``sql(name)``, ``sql.identifier(name)``: a name, or a list that the driver writes; quoted, so that it cannot be anything else. */
export const sqlIdentifier = (location: SourceLocation): MessageValue => ({
  kind: "message",
  text: text([
    { kind: "text", value: '"', location },
    { kind: "hole", reason: "a name or a list", location },
    { kind: "text", value: '"', location },
  ]),
  hasValues: false,
  protocol: "by-values",
});

/** `sql.lit(true)`: a literal in the text of the query. */
export function sqlLiteral(values: readonly Value[], location: SourceLocation): MessageValue {
  const [value] = values;
  const words = constantText(value);
  const literal =
    words !== undefined
      ? `'${words.replaceAll("'", "''")}'`
      : value?.kind === "constant"
        ? String(value.value ?? null)
        : undefined;
  const unknownOne = sqlIdentifier(location);
  return literal === undefined ? unknownOne : { ...unknownOne, text: knownText(literal, location) };
}

const partOf = (value: Value, location: SourceLocation): Value =>
  value.kind === "message" ? value.text : text([{ kind: "parameter", location }]);

/** `sql.join(parts, separator)`: the parts of an array in a row. */
export function sqlJoin(values: readonly Value[], location: SourceLocation): MessageValue {
  const [list, between] = values;
  if (list?.kind !== "array" || list.open) return unknownPart(location);
  const separator = between?.kind === "message" ? between.text : (between ?? knownText(", ", location));
  const parts = list.elements.flatMap((value, index) => [
    ...(index === 0 ? [] : [{ value: separator, location }]),
    { value: union(alternatives(value).map((member) => partOf(member, location))), location },
  ]);
  return { kind: "message", text: concatenate(parts), hasValues: bindValuesIn(list.elements), protocol: "by-values" };
}

/** `and(a, b)`: a part of a query with the queries among its arguments in it. */
export function sqlParts(values: readonly Value[], location: SourceLocation): MessageValue {
  const messages = values
    .flatMap((value) => (value.kind === "array" ? value.elements : [value]))
    .filter((value) => value.kind === "message");
  const elements = [unknownPart(location), ...messages];
  return messages.length === 0
    ? unknownPart(location)
    : { ...sqlJoin([{ kind: "array", elements, open: false }], location), hasValues: "unknown" };
}

/** Whether bind values travel with a query of these parts: all of them, but for queries that become part of its text. */
export function bindValuesIn(values: readonly Value[]): boolean | "unknown" {
  const answers = values.map((value) => {
    const each = new Set(alternatives(value).map((member) => (member.kind === "message" ? member.hasValues : true)));
    return each.size === 1 ? [...each][0] : "unknown";
  });
  return answers.includes(true) ? true : answers.includes("unknown") ? "unknown" : false;
}

/** `format("SET x TO %L", value)`: the text with its placeholders filled by something that is not known. */
export function sqlFormat(values: readonly Value[], location: SourceLocation): Value {
  const first = values[0];
  if (first === undefined) return holeText("SQL that is not given", location);
  return union(
    alternatives(first).map((member) =>
      member.kind === "text"
        ? text(fillPlaceholders(member.segments, "format"))
        : unknown("a format that is not known"),
    ),
  );
}

/** `raw(text)`: the text itself. */
export const sqlRaw = (values: readonly Value[]): Value => values[0] ?? unknown("SQL that is not given");
