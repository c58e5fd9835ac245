import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { SqlAction } from "../../analyzers/index.ts";
import { tokenize } from "../../analyzers/sql/lexer.ts";
import { isSafeToParse } from "../../analyzers/sql/parser-guard.ts";
import { fillPlaceholders } from "../../analyzers/sql/placeholders.ts";
import { readSql, readSqlFile } from "../../analyzers/sql/read-sql.ts";
import { read, sqlText } from "../support/sql.ts";

/** The actions of a text without what says where they stand. */
const actions = (source: string): Record<string, unknown>[] =>
  read(source).statements.flatMap((statement) =>
    statement.actions.map((action) => {
      const { location: _location, anchors: _anchors, ...facts } = action;
      return facts;
    }),
  );

const first = (source: string): SqlAction | undefined => read(source).statements[0]?.actions[0];

const under = (source: string, action: SqlAction | undefined): string =>
  action === undefined ? "" : source.slice(action.location.range.start, action.location.range.end);

describe("places", () => {
  it("point at the token in the source, behind holes and comments", () => {
    for (const [source, token] of [
      ["/* a */ SET «x» = 1", "SET"],
      ["SELECT «cols», pg_catalog.pg_advisory_lock(‹id›)", "pg_advisory_lock"],
      ["CREATE «x» TEMP TABLE t (a int)", ""],
      ["create local temporary table t (a int)", "temporary"],
      ["DO $$ BEGIN PERFORM pg_advisory_lock(1); END $$", "pg_advisory_lock"],
      ["CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN EXECUTE ''SET x.y = 1''; END'", "SET"],
    ] as const) {
      expect(under(source, first(source)), source).toBe(token);
    }
  });

  it("cover an escape as a whole", () => {
    const source = String.raw`SET\nwork_mem = 1`;
    const text = [
      { kind: "text", value: "SET", location: { file: "t.ts", range: { start: 0, end: 3 } } },
      { kind: "text", value: "\n", location: { file: "t.ts", range: { start: 3, end: 5 } } },
      { kind: "text", value: "work_mem = 1", location: { file: "t.ts", range: { start: 5, end: source.length } } },
    ] as const;
    const [statement] = readSql(text).statements;
    expect(statement?.location.range).toEqual({ start: 0, end: source.length });
    expect(statement?.actions[0]?.location.range).toEqual({ start: 0, end: 3 });
  });

  it("offer an edit only where the text is the source's own", () => {
    const anchors = (source: string) => first(source)?.anchors;
    expect(anchors("SET work_mem = 1")?.scope?.range).toEqual({ start: 4, end: 4 });
    expect(anchors("SET SESSION work_mem = 1")?.scope?.range).toEqual({ start: 4, end: 11 });
    expect(anchors("SELECT set_config('a.b', 'c', false)")?.isLocal?.range).toEqual({ start: 30, end: 35 });
    expect(anchors("CREATE TEMP TABLE t (a int)")?.onCommit?.range).toEqual({ start: 27, end: 27 });
    expect(anchors("CREATE TEMP TABLE t AS SELECT 1")?.onCommit?.range).toEqual({ start: 19, end: 19 });
    expect(anchors("SELECT set_config('a.b', 'c', «flag»)")?.isLocal).toBeUndefined();
  });
});

describe("settings", () => {
  it("have canonical names, scopes and values", () => {
    for (const [source, name, scope, value] of [
      ["SET TIME ZONE 'UTC'", "timezone", "session", "'UTC'"],
      ["SET SESSION search_path TO a, b", "search_path", "session", "a, b"],
      ["SET SCHEMA 'a'", "search_path", "session", "'a'"],
      ["SET NAMES 'UTF8'", "client_encoding", "session", "'UTF8'"],
      ["SET LOCAL App.Tenant = «id»", "app.tenant", "local", "\uE000"],
      ["SET «scope» work_mem = 1", "work_mem", "unknown", "1"],
      ["SET \"search_path\" = '$user'", "search_path", "session", "'$user'"],
      ["SELECT set_config('App.Tenant', ‹id›, true)", "app.tenant", "local", "\uE001"],
      ["SELECT set_config('a.b', 'c', NULL)", "a.b", "session", "'c'"],
      ["SELECT set_config('a.b', 'c', ‹flag›)", "a.b", "unknown", "'c'"],
      ["SELECT setseed(0.5)", "seed", "session", "0.5"],
      ["SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "default_transaction_read_only", "session", "READ ONLY"],
    ] as const) {
      expect(actions(source), source).toEqual([expect.objectContaining({ kind: "set-parameter", name, scope, value })]);
    }
  });

  it("to their default are resets, roles are identities", () => {
    expect(actions("SET work_mem TO DEFAULT")).toEqual([
      expect.objectContaining({ kind: "reset-parameter", name: "work_mem" }),
    ]);
    expect(actions("SET ROLE none")).toEqual([expect.objectContaining({ kind: "reset-identity", identity: "role" })]);
    for (const nobody of ["SET LOCAL ROLE NONE", "SET LOCAL SESSION AUTHORIZATION DEFAULT"])
      expect(first(nobody), nobody).toMatchObject({ kind: "set-identity", scope: "local" });
    expect(actions("SELECT set_config('role', 'x', false)")).toEqual([
      expect.objectContaining({ kind: "set-identity", identity: "role", via: "set_config" }),
    ]);
  });
});

describe("what is no statement", () => {
  it("of the session stays none", () => {
    for (const source of [
      "SET price = :p",
      "SET hash = «h» WHERE id = 1",
      "Set type to something else entirely",
      "Listen to the radio",
      "Load the page",
      "Rollback Workspace now",
      "Release plan: 1.2",
      "Begin at the beginning",
      "Execute order 66",
      "Discard changes",
      "Prepare for landing",
      "Close the door",
    ]) {
      expect(actions(source), source).toEqual([]);
      expect(read(source).statements[0]?.readBy, source).toBe("none");
    }
  });

  it("is a name in a string, an alias, a definition or a foreign schema", () => {
    for (const source of [
      "SELECT 'pg_advisory_lock(1)'",
      "SELECT 1 AS pg_advisory_lock",
      "CREATE VIEW v AS SELECT pg_advisory_lock(1)",
      "CREATE TABLE t (a int DEFAULT pg_backend_pid())",
      "SELECT app.pg_advisory_lock(1)",
      "GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO app",
      "EXPLAIN SELECT pg_advisory_lock(1)",
    ]) {
      expect(actions(source), source).toEqual([]);
    }
  });
});

describe("the number of a parameter that the program counts", () => {
  it("is a parameter, wherever a function is called with it", () => {
    const [setting] = actions("SELECT set_config($«n»::text, $«n», false), a FROM t WHERE b = $«n»");
    expect(setting).toMatchObject({ kind: "set-parameter", scope: "session", via: "set_config" });
    expect(first("SELECT pg_advisory_lock($«n»)")).toMatchObject({ kind: "advisory-lock" });
  });
});

describe("resolution", () => {
  it("depends on where the hole stands", () => {
    for (const [source, resolution] of [
      ["SELECT * FROM «table» WHERE id = $1", "resolved"],
      ['SELECT a FROM "«schema»".t', "resolved"],
      ["INSERT INTO «t» («cols») VALUES («values»)", "resolved"],
      ["SELECT * FROM t LIMIT «n»", "resolved"],
      ["SELECT now() - INTERVAL '«n» days'", "resolved"],
      ["LISTEN «channel»", "resolved"],
      ["SET SESSION AUTHORIZATION «role»", "resolved"],
      ["SELECT * FROM t ORDER BY «column» DESC", "resolved"],
      ["SELECT * FROM t WHERE «condition»", "resolved"],
      ["SELECT * FROM t WHERE a = $«values.length» AND b = $«next»::text", "resolved"],
      ["SELECT * FROM t WHERE a = ANY($«n»1) ORDER BY a", "resolved"],
      ["SELECT * FROM t WHERE a = $«n»«rest»", "partial"],
      ["DO $«tag»$ BEGIN PERFORM 1; END $«tag»$", "resolved"],
      ["SELECT «fn»(1)", "partial"],
      ["SELECT * FROM t «where»", "partial"],
      ["«sql»", "unresolved"],
      ["«prefix» SELECT 1", "unresolved"],
      ["SELECT 1", "resolved"],
    ] as const) {
      expect(read(source).statements[0]?.resolution, source).toBe(resolution);
    }
  });
});

describe("shape", () => {
  it("tells whether the statement itself can use the effect", () => {
    const shape = (source: string) => actions(source)[0]?.["shape"];
    expect(shape("SELECT set_config('a.b', 'c', true)")).toBe("alone");
    expect(shape("WITH s AS MATERIALIZED (SELECT set_config('a.b', 'c', true)) SELECT * FROM s, t")).toBe("cte");
    expect(shape("SELECT * FROM (SELECT set_config('a.b', 'c', true)) s, t")).toBe("cte");
    expect(shape("UPDATE t SET a = 1 WHERE pg_try_advisory_xact_lock(id)")).toBe("write");
  });
});

describe("the guard around pgsql-ast-parser", () => {
  const hazards: readonly (readonly [string, string])[] = [
    ["a dollar quote that is never closed", `SELECT pg_advisory_lock(1), $$${" ".repeat(60)}x`],
    ["an escape string that is never closed", `SELECT pg_advisory_lock(1), E'${" ".repeat(60)}x`],
    [
      "32 ambiguous VALUES",
      `SELECT pg_advisory_lock(1) FROM t WHERE ${Array.from({ length: 32 }, () => "a IN (VALUES (1))").join(" AND ")}`,
    ],
    [
      "20 ambiguous sub-selects",
      `SELECT pg_advisory_lock(1) FROM t WHERE ${Array.from({ length: 20 }, () => "a IN (SELECT b FROM c GROUP BY d, e)").join(" AND ")}`,
    ],
    ["5,000 levels of parentheses", `SELECT pg_advisory_lock(1), ${"(".repeat(5_000)}1${")".repeat(5_000)}`],
    ["60,000 tokens", `SELECT pg_advisory_lock(1), ${Array.from({ length: 30_000 }, () => "1").join(", ")}`],
  ];
  for (const [title, source] of hazards) {
    it(`keeps it away from ${title}; the lexer's verdict stands`, () => {
      expect(isSafeToParse(tokenize(source).tokens)).toBe(false);
      const [statement] = read(source).statements;
      expect(statement?.readBy).toBe("lexer");
      expect(statement?.actions.map((action) => action.kind)).toEqual(["advisory-lock"]);
    });
  }

  it("is needed: unguarded, the parser does not come back from an unclosed dollar quote", () => {
    const script = `require("pgsql-ast-parser").parse("SELECT $$" + " ".repeat(60) + "x")`;
    const { signal } = spawnSync(process.execPath, ["-e", script], {
      cwd: import.meta.dirname,
      timeout: 3_000,
      stdio: "ignore",
    });
    expect(signal).toBe("SIGTERM");
  });

  it("lets ordinary statements through", () => {
    const [statement] = read("SELECT pg_advisory_lock(id) FROM jobs WHERE kind IN (SELECT kind FROM kinds)").statements;
    expect(statement?.readBy).toBe("parser");
  });
});

describe("bad input", () => {
  it("is read as far as it goes, and what is wrong is named", () => {
    for (const [source, problem] of [
      ["SET work_mem = 1; SELECT 'open", "unterminated quoted string"],
      ['SET work_mem = 1; SELECT "open', "unterminated quoted identifier"],
      ["SET work_mem = 1; /* open", "unterminated comment"],
      ["SET work_mem = 1; DO $$ open", "unterminated dollar-quoted string"],
    ] as const) {
      const reading = read(source);
      expect(reading.problems.map((found) => found.message)).toEqual([problem]);
      expect(reading.statements[0]?.actions).toHaveLength(1);
    }
  });

  it("of any kind is survived", () => {
    const sources = [
      "",
      ";;;",
      "\0",
      "\uD800 SET x = 1",
      ")".repeat(1_000),
      "(".repeat(100_000),
      "'".repeat(9_999),
      "$".repeat(9_999),
      "-".repeat(9_999),
      "«a»".repeat(500),
      "SET ".repeat(5_000),
      "\uFEFFSELECT 1",
    ];
    for (const source of sources) expect(() => read(source)).not.toThrow();
  });

  it("of ten million characters in one line is read in one go", () => {
    const source = `SET work_mem = 1; INSERT INTO t VALUES ${"(1, 'x'), ".repeat(1_000_000)}(2, 'y')`;
    expect(read(source).statements.map((statement) => statement.kind)).toEqual(["set", "insert"]);
  });
});

describe("SQL files", () => {
  const kinds = (contents: string) =>
    readSqlFile("a.sql", contents).reading.statements.map((statement) => statement.kind);

  it("pass over psql's own lines and data", () => {
    expect(kinds("\uFEFF\\set ON_ERROR_STOP on\r\nSELECT 1;\r\n\\connect other\r\nSELECT 2;\r\n")).toEqual([
      "select",
      "select",
    ]);
    expect(kinds("COPY t (a) FROM stdin;\nSET x = 1;\n\\.\nSELECT 1;\n")).toEqual(["copy", "select"]);
    expect(kinds("SELECT :'name', :id \\gset\nSELECT 1;")).toEqual(["select"]);
  });

  it("keep every offset", () => {
    const contents = "\\set a b\nSET work_mem = 1;\n";
    const [statement] = readSqlFile("a.sql", contents).reading.statements;
    expect(statement?.location.range).toEqual({ start: 9, end: 25 });
  });

  it("give their comments", () => {
    const { comments } = readSqlFile("a.sql", "-- one\nSELECT 1; /* two */").reading;
    expect(comments.map((comment) => comment.text)).toEqual([" one", " two "]);
  });
});

describe("format templates", () => {
  it("have holes for their placeholders", () => {
    const [statement] = readSql(
      fillPlaceholders(sqlText("SET search_path TO %I, %1$I; SELECT %L, '100%%'"), "format"),
    ).statements;
    expect(statement?.actions).toEqual([
      expect.objectContaining({ kind: "set-parameter", name: "search_path", value: "\uE000, \uE000" }),
    ]);
  });
});
