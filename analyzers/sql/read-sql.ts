import type { SqlComment, SqlReading, SqlText } from "../model.ts";
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
