import { expect, test } from "vitest";
import { analyseProgram } from "../support/programs/analysed.ts";
import { disagreements, pooledDisagreements } from "../support/programs/compare.ts";
import type { Program } from "../support/programs/programs.ts";
import { summarize } from "../support/programs/recorded.ts";
import type { SentStatement } from "../support/wire/recording.ts";

/** A program of pg's with this body. */
const program = (body: string, options = ""): Program => ({
  name: "pg/example",
  driver: "pg",
  file: "example.ts",
  code: `import { Pool } from "pg";
const pool = new Pool({ ${options} });
export async function run() { const client = await pool.connect(); ${body} }`,
});

const sent = (text: string, as: Partial<SentStatement> = {}): SentStatement => ({
  protocol: "simple",
  text,
  name: "",
  status: "I",
  completed: 1,
  ...as,
});

/** What is found when the program is analysed and these statements go over the wire. */
const found = (
  { code, ...rest }: Program,
  statements: readonly SentStatement[],
  startupParameters: Readonly<Record<string, string>> = {},
): readonly string[] =>
  disagreements(
    analyseProgram({ code, ...rest }),
    summarize([
      { startupParameters: { user: "me", database: "db", ...startupParameters }, messages: [], statements, errors: [] },
    ]),
  );

const TRANSACTION = program(
  `await client.query("BEGIN"); await client.query("SELECT 'in-1'"); await client.query("COMMIT");`,
);

test("what is said and what was sent agree", () => {
  expect(found(TRANSACTION, [sent("BEGIN"), sent("SELECT 'in-1'", { status: "T" }), sent("COMMIT")])).toEqual([]);
});

test("a statement outside of the transaction that it is said to be in", () => {
  expect(found(TRANSACTION, [sent("SELECT 'in-1'")])).toEqual(["in-1: said to run in transaction, ran in autocommit"]);
});

test("a statement that shares the transaction of its message only", () => {
  const text = "SELECT 'in-1'; SELECT 'in-2'";
  const several = program(`await client.query("${text}");`);
  expect(found(several, [sent(text, { completed: 2 })])).toEqual([]);
  expect(found(several, [sent(text, { status: "T", completed: 2 })])).toEqual([
    "in-1: said to run in implicit, ran in transaction",
    "in-2: said to run in implicit, ran in transaction",
  ]);
});

test("a statement that the analysis does not see, and one that was not sent", () => {
  expect(found(TRANSACTION, [sent("SELECT 'other-1'")])).toEqual([
    "in-1: was not sent",
    "other-1: the analysis sees no call site",
  ]);
});

test("another protocol, and a name that is not said", () => {
  expect(found(TRANSACTION, [sent("SELECT 'in-1'", { status: "T", protocol: "extended", name: "a" })])).toEqual([
    "in-1: said to be simple, was extended",
    "in-1: was named, which is not said",
    "the driver named statements, which is not said",
  ]);
});

test("another name than the one that is said", () => {
  const named = program(`await client.query({ name: "a", text: "SELECT 'in-1'" });`);
  const statement = (name: string): SentStatement => sent("SELECT 'in-1'", { protocol: "extended", name });
  expect(found(named, [statement("a")])).toEqual([]);
  expect(found(named, [statement("b")])).toEqual([
    "in-1: said to be named a, was named b",
    "no statement was named a, which is said",
    "the driver named statements, which is not said",
  ]);
});

test("a startup parameter that was not sent, and one that is not said", () => {
  const limited = program(`await client.query("SELECT 'in-1'");`, "statement_timeout: 5");
  expect(found(limited, [sent("SELECT 'in-1'")], { statement_timeout: "5", client_encoding: "UTF8" })).toEqual([]);
  expect(found(limited, [sent("SELECT 'in-1'")], { statement_timeout: "6", options: "-c work_mem=8MB" })).toEqual([
    "startup parameter statement_timeout=5 is said, and was not sent",
    "startup parameter work_mem=8MB was sent, which is not said",
  ]);
});

test("session state that the driver makes by itself, in which no text of the program's is", () => {
  const once = program(`await client.query("SELECT 'in-1'");`);
  expect(found(once, [sent("select version();"), sent("SET TIME ZONE 'UTC'"), sent("SELECT 'in-1'")])).toEqual([]);
  expect(found(once, [sent("SET search_path TO app"), sent("SELECT 'in-1'")])).toEqual([
    "the driver by itself: said ; sent set-parameter search_path",
  ]);
});

test("behind a pooler: told exactly what fails or harms", () => {
  const safe = analyseProgram(TRANSACTION).findings("pgbouncer@1.18");
  const unsafe = analyseProgram(program(`await client.query("SET work_mem = '8MB'");`)).findings("pgbouncer@1.18");
  const works = { harm: [] };
  const leaks = { harm: ["leaves work_mem = 8MB"] };
  expect(pooledDisagreements(safe, works)).toEqual([]);
  expect(pooledDisagreements(unsafe, leaks)).toEqual([]);
  expect(pooledDisagreements(unsafe, { failure: "gives another result", harm: [] })).toEqual([]);
  expect(pooledDisagreements(safe, leaks)).toEqual(["not reported, and leaves work_mem = 8MB"]);
  expect(pooledDisagreements(unsafe, works)).toEqual(["reported by no-session-set, and it works without harm"]);
});
