import type { ExportShape } from "../drivers/driver.ts";
import type { SourceLocation } from "../model.ts";
import {
  alternatives,
  concatenate,
  holeText,
  knownText,
  type MessageValue,
  text,
  union,
  unknown,
  type Value,
} from "../source/values.ts";
import { fillPlaceholders } from "../sql/placeholders.ts";
import type { Machine } from "./machine.ts";

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
  const filled = shape.placeholders === undefined ? sql : fill(sql, shape.placeholders);
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

/** A part of a query that stands for a name or a list: it cannot be told, and changes no statement into another. */
export const sqlIdentifier = (location: SourceLocation): MessageValue => ({
  kind: "message",
  text: holeText("a name or a list", location),
  hasValues: false,
  protocol: "by-values",
});

/** `sql.join(parts, separator)`: the parts of an array in a row. */
export function sqlJoin(values: readonly Value[], location: SourceLocation): MessageValue {
  const [list, between] = values;
  if (list?.kind !== "array" || list.open) return sqlIdentifier(location);
  const separator = between?.kind === "message" ? between.text : (between ?? knownText(", ", location));
  const parts = list.elements.flatMap((value, index) => [
    ...(index === 0 ? [] : [{ value: separator, location }]),
    { value: value.kind === "message" ? value.text : text([{ kind: "parameter", location }]), location },
  ]);
  return { kind: "message", text: concatenate(parts), hasValues: "unknown", protocol: "by-values" };
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
