import type { TSESTree } from "@typescript-eslint/types";
import { OF_PROGRAM, type PathState } from "./path-state.ts";

const POSTGRES: ReadonlySet<string> = new Set(["postgres", "postgresql", "pg"]);
const OTHERS: ReadonlySet<string> = new Set(
  "pglite sqlite sqlite3 better-sqlite3 libsql turso d1 mysql mysql2 mariadb mssql sqlserver oracle oracledb mongodb mongo clickhouse snowflake bigquery duckdb".split(
    " ",
  ),
);

/** Names of what a program asks for the kind of its database. */
const ASKED =
  /(?:dialect|driver|client|provider|vendor|engine|flavou?r|adapter|type|kind|database|db)(?:name|type|kind)?$/i;

const KEY = `${OF_PROGRAM}other-database`;

/** What a comparison of a setting with the name of a database asks: `dialect === "sqlite"`. */
function databaseAsked(operand: TSESTree.Node, literal: TSESTree.Node): "postgres" | "other" | undefined {
  if (literal.type !== "Literal" || typeof literal.value !== "string") return undefined;
  const asked =
    operand.type === "MemberExpression" && !operand.computed
      ? operand.property
      : operand.type === "CallExpression" && operand.callee.type === "MemberExpression"
        ? operand.callee.property
        : operand;
  if (asked.type !== "Identifier" || !ASKED.test(asked.name)) return undefined;
  const name = literal.value.toLowerCase();
  return POSTGRES.has(name) ? "postgres" : OTHERS.has(name) ? "other" : undefined;
}

/** Notes on a path whether a comparison that came out so says that the database is another one than PostgreSQL. */
export function noteDialect(operand: TSESTree.Node, literal: TSESTree.Node, isEqual: boolean, state: PathState): void {
  const asked = databaseAsked(operand, literal);
  if (asked === undefined) return;
  state.assume(KEY, (asked === "other") === isEqual);
}

/** The operands of an equality, and whether it holds when the comparison is true. */
export function equalityIn(
  test: TSESTree.Node,
): { readonly operand: TSESTree.Node; readonly literal: TSESTree.Node; readonly isEqual: boolean } | undefined {
  if (test.type !== "BinaryExpression" || !["===", "==", "!==", "!="].includes(test.operator)) return undefined;
  const isEqual = test.operator.startsWith("=");
  return test.left.type === "Literal"
    ? { operand: test.right, literal: test.left, isEqual }
    : { operand: test.left, literal: test.right, isEqual };
}

/** Whether the path is one on which the program works with another database. */
export const isOtherDatabase = (state: PathState): boolean => state.assumption(KEY) === true;
