import type { ExportShape } from "../drivers/driver.ts";
import type { SourceLocation } from "../model.ts";
import { alternatives, holeText, text, union, unknown, type Value } from "../source/values.ts";
import type { Machine } from "./machine.ts";

/** `new Cursor(text, values)`, `copyFrom(text)`: an object that carries SQL to a query call. */
export function sqlMessage(
  shape: ExportShape & { readonly is: "message" },
  values: readonly Value[],
  location: SourceLocation,
): Value {
  const given = values[shape.sql];
  const bound = shape.values === undefined ? undefined : values[shape.values];
  const config = given?.kind === "object" ? given : undefined;
  const sql = config === undefined ? given : config.properties.get("text")?.value;
  const carried = bound ?? config?.properties.get("values")?.value;
  const hasValues =
    carried === undefined || (carried.kind === "constant" && carried.value == null)
      ? false
      : carried.kind === "array"
        ? carried.elements.length > 0 || carried.open
        : "unknown";
  return {
    kind: "message",
    text: sql ?? holeText("SQL that is not given", location),
    hasValues,
    protocol: shape.protocol,
  };
}

/** `format("SET x TO %L", value)`: the text with its placeholders filled by something that is not known. */
export function sqlFormat(machine: Machine, values: readonly Value[], location: SourceLocation): Value {
  const first = values[0];
  if (first === undefined) return holeText("SQL that is not given", location);
  return union(
    alternatives(first).map((member) =>
      member.kind === "text" ? text(machine.formatHoles(member.segments)) : unknown("a format that is not known"),
    ),
  );
}

/** `raw(text)`: the text itself. */
export const sqlRaw = (values: readonly Value[]): Value => values[0] ?? unknown("SQL that is not given");
