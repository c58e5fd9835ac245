import { readSql } from "../../analyzers/sql/read-sql.ts";
import type { SqlReading, SqlSegment, SqlText } from "../../analyzers/index.ts";

/** A text in which `«…»` stands for a hole and `‹…›` for a bind value, as it would be built from a source of the same offsets. */
export function sqlText(source: string): SqlText {
  const segments: SqlSegment[] = [];
  let last = 0;
  const take = (end: number): void => {
    if (end > last)
      segments.push({
        kind: "text",
        value: source.slice(last, end),
        location: { file: "t.ts", range: { start: last, end } },
      });
  };
  for (const match of source.matchAll(/«[^»]*»|‹[^›]*›/g)) {
    take(match.index);
    last = match.index + match[0].length;
    const location = { file: "t.ts", range: { start: match.index, end: last } };
    segments.push(
      match[0].startsWith("«")
        ? { kind: "hole", reason: match[0].slice(1, -1), location }
        : { kind: "parameter", location },
    );
  }
  take(source.length);
  return segments;
}

export const read = (source: string): SqlReading => readSql(sqlText(source));
