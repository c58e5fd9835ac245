import { globSync } from "glob";
import { loadModule, parseSync, scanSync } from "libpg-query";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { tokenize } from "../../analyzers/sql/lexer.ts";
import { readSqlFile } from "../../analyzers/sql/read-sql.ts";
import { featuresOfActions, featuresOfTree } from "./postgres-features.ts";

/**
 * PostgreSQL's own scanner and grammar (libpg-query, PostgreSQL 18) judge ours: the same tokens, and the same features of every statement
 * that PostgreSQL accepts. PGBOUNCER_AUDIT_SQL_DIR names a folder whose .sql files are judged too.
 */
const here = import.meta.dirname;
const files = [
  join(here, "sample.sql"),
  ...globSync("fixtures/**/*.sql", { cwd: join(here, "../.."), absolute: true, ignore: "**/node_modules/**" }),
  ...(process.env["PGBOUNCER_AUDIT_SQL_DIR"] === undefined
    ? []
    : globSync("**/*.sql", { cwd: process.env["PGBOUNCER_AUDIT_SQL_DIR"], absolute: true, nodir: true })),
].sort();

/** Byte offsets of UTF-8 to UTF-16 offsets. */
function utf16Offsets(text: string): Map<number, number> {
  const offsets = new Map<number, number>([[0, 0]]);
  let bytes = 0;
  let units = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    units += character.length;
    offsets.set(bytes, units);
  }
  return offsets;
}

/** The statements of a file that PostgreSQL accepts, with their trees. */
function accepted(file: string): { text: string; tree: unknown; actions: string[]; kind: string }[] {
  const contents = readFileSync(file, "utf8");
  return readSqlFile(file, contents).reading.statements.flatMap((statement) => {
    try {
      const tree: unknown = parseSync(statement.text);
      return [{ text: statement.text, tree, actions: featuresOfActions(statement.actions), kind: statement.readBy }];
    } catch {
      return [];
    }
  });
}

beforeAll(async () => {
  await loadModule();
});

describe("PostgreSQL agrees", () => {
  it("on the tokens of every statement it scans", () => {
    const differences: string[] = [];
    let compared = 0;
    for (const file of files) {
      for (const { text } of accepted(file)) {
        const offsets = utf16Offsets(text);
        const theirs = scanSync(text)
          .tokens.filter((token) => !["SQL_COMMENT", "C_COMMENT"].includes(token.tokenName))
          .map((token) => `${String(offsets.get(token.start))}-${String(offsets.get(token.end))}`);
        const ours = tokenize(text).tokens.map((token) => `${String(token.start)}-${String(token.end)}`);
        compared += theirs.length;
        if (theirs.join() !== ours.join())
          differences.push(`${file}: ${text.slice(0, 200)}\n${theirs.join()}\n${ours.join()}`);
      }
    }
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(2_000);
  });

  it("on what every statement it accepts does to session and transaction", () => {
    const differences: string[] = [];
    let compared = 0;
    for (const file of files) {
      for (const { text, tree, actions, kind } of accepted(file)) {
        compared++;
        const theirs = featuresOfTree(tree);
        if (theirs.join() !== actions.join())
          differences.push(
            `${file}\n  ${text.slice(0, 300)}\n  PostgreSQL: ${theirs.join()}\n  ours:       ${actions.join()} (${kind})`,
          );
      }
    }
    expect(differences.slice(0, 40)).toEqual([]);
    expect(compared).toBeGreaterThan(250);
    console.info(`${String(compared)} statements of ${String(files.length)} files agree`);
  });

  it("that what we take for a statement of the session is one", () => {
    const wrong = files.flatMap((file) =>
      readSqlFile(file, readFileSync(file, "utf8"))
        .reading.statements.filter((statement) => statement.readBy === "grammar")
        .filter((statement) => {
          try {
            parseSync(statement.text);
            return false;
          } catch {
            return true;
          }
        })
        .map((statement) => `${file}: ${statement.text.slice(0, 200)}`),
    );
    expect(wrong.filter((line) => !/[:?$@][a-z'"{]|\$\d/i.test(line))).toEqual([]);
  });
});
