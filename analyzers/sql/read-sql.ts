import type { SqlComment, SqlReading, SqlSegment, SqlText } from "../model.ts";
import { joinText } from "./joined-text.ts";
import { tokenize } from "./lexer.ts";
import { readStatement } from "./read-statement.ts";
import { maskPsql } from "./psql.ts";
import { splitStatements } from "./splitter.ts";

/** Reads a text of SQL: its statements with what they do, its comments, and what could not be read. Never throws. */
export function readSql(text: SqlText): SqlReading {
  const joined = joinText(text);
  return readJoined(joined, joined.text);
}

/** `words` is the joined text, or one of the same length in which parts that are no SQL are blanked. */
function readJoined(joined: ReturnType<typeof joinText>, words: string): SqlReading {
  const { tokens, comments, problems } = tokenize(words);
  return {
    statements: splitStatements(tokens).map((statement) => readStatement(statement, joined)),
    comments: comments.map((comment): SqlComment => ({
      text: comment.text,
      location: joined.locate(comment.start, comment.end),
    })),
    problems: problems.map((problem) => ({
      message: problem.message,
      location: joined.locate(problem.start, Math.min(problem.end, problem.start + 80)),
    })),
  };
}

/** Reads a `.sql` file. psql's own lines (`\connect`, COPY data) are passed over. */
export function readSqlFile(
  filename: string,
  contents: string,
): { readonly text: SqlText; readonly reading: SqlReading } {
  const text: SqlText = [
    { kind: "text", value: contents, location: { file: filename, range: { start: 0, end: contents.length } } },
  ];
  return { text, reading: readJoined(joinText(text), maskPsql(contents)) };
}

/** A pg-format template with its placeholders `%I`, `%L`, `%s`, `%1$I` as holes; `%%` is a percent sign. */
export function formatHoles(text: SqlText): SqlText {
  return text.flatMap((segment): readonly SqlSegment[] => {
    if (segment.kind !== "text") return [segment];
    const { file, range } = segment.location;
    const oneToOne = segment.value.length === range.end - range.start;
    const parts: SqlSegment[] = [];
    let last = 0;
    const take = (end: number): void => {
      if (end <= last) return;
      const location = oneToOne
        ? { file, range: { start: range.start + last, end: range.start + end } }
        : segment.location;
      parts.push({ kind: "text", value: segment.value.slice(last, end), location });
    };
    for (const match of segment.value.matchAll(/%(?:\d+\$)?[ILs]|%%/g)) {
      const end = match.index + match[0].length;
      if (match[0] === "%%") {
        take(match.index + 1);
        last = end;
        continue;
      }
      take(match.index);
      const location = oneToOne
        ? { file, range: { start: range.start + match.index, end: range.start + end } }
        : segment.location;
      parts.push({ kind: "hole", reason: `filled in for ${match[0]}`, location });
      last = end;
    }
    take(segment.value.length);
    return parts;
  });
}
