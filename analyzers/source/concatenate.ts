import type { SourceLocation, SqlText } from "../model.ts";
import { union } from "./union.ts";
import { alternatives, builtQuery, settingName, text, type Value } from "./values.ts";

/** A piece of text for a value that is put into a template or concatenated. */
function asPieces(value: Value, location: SourceLocation): readonly SqlText[] {
  return alternatives(value).map((member): SqlText => {
    switch (member.kind) {
      case "text":
        return member.segments;
      case "constant":
        return [{ kind: "text", value: String(member.value), location }];
      case "message":
        return member.text.kind === "text"
          ? member.text.segments
          : [{ kind: "hole", reason: "SQL built elsewhere", location }];
      case "handle":
        return builtQuery(location).segments;
      default: {
        const reason = member.kind === "unknown" ? member.reason : `a value of kind ${member.kind}`;
        const setting = settingName(member);
        return [{ kind: "hole", reason, location, ...(setting === undefined ? {} : { setting }) }];
      }
    }
  });
}

/** How many texts one concatenation may stand for by all combinations of its alternatives. */
const MAX_TEXTS = 8;

/**
 * The text of these parts in a row. Alternatives are multiplied out; where that gets too many, each of them is in one text at least.
 * Each part comes with the place that stands for it when it is no text.
 */
export function concatenate(parts: readonly { readonly value: Value; readonly location: SourceLocation }[]): Value {
  let texts: SqlText[] = [[]];
  for (const part of parts) {
    const pieces = asPieces(part.value, part.location);
    if (pieces.length * texts.length > MAX_TEXTS) {
      const before = texts;
      texts = Array.from({ length: Math.max(before.length, pieces.length) }, (_, index) => [
        ...(before[index % before.length] ?? []),
        ...(pieces[index % pieces.length] ?? []),
      ]);
    } else texts = texts.flatMap((before) => pieces.map((piece) => [...before, ...piece]));
  }
  return union(texts.map(text));
}
