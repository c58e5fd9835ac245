import type { ExportShape } from "../drivers/driver.ts";
import type { SourceLocation } from "../model.ts";
import { concatenate } from "../source/concatenate.ts";
import { alternatives, type MessageValue, text, type Value } from "../source/values.ts";
import { union } from "../source/union.ts";
import { bindValuesIn } from "./text-builders.ts";

/**
 * What a template tag gives that is called as a function, with the texts of a template and its values: `Prisma.sql(["select ", ""], id)`,
 * and by tags of the program's own that pass on what they were given.
 */
export function calledTag(
  shape: ExportShape & { readonly is: "tag" },
  values: readonly Value[],
  location: SourceLocation,
): MessageValue {
  const [strings, ...bound] = values;
  const texts = strings?.kind === "array" ? strings.elements : [];
  const pieces = texts.flatMap((value, index): Value[] => {
    const given = index === texts.length - 1 ? undefined : bound[index];
    const part = (member: Value): Value =>
      member.kind === "message" ? member.text : text([{ kind: "parameter", location }]);
    return given === undefined ? [value] : [value, union(alternatives(given).map(part))];
  });
  return {
    kind: "message",
    text: concatenate(pieces.map((value) => ({ value, location }))),
    hasValues: bindValuesIn(bound),
    protocol: "by-values",
    ...(shape.sentBy === undefined ? {} : { sentBy: shape.sentBy }),
    ...(shape.namedBy === undefined ? {} : { namedBy: shape.namedBy }),
  };
}
