import type { SqlAction } from "../../../analyzers/index.ts";
import { readSql } from "../../../analyzers/sql/read-sql.ts";

/** Parameters that every pooler keeps for each of its clients. */
export const KEPT: ReadonlySet<string> = new Set([
  "client_encoding",
  "application_name",
  "datestyle",
  "timezone",
  "standard_conforming_strings",
]);

/** What an action leaves on the server connection, in words; undefined when that ends with the statement or its transaction. */
export function sessionEffectOf(action: SqlAction): string | undefined {
  switch (action.kind) {
    case "set-parameter":
    case "reset-parameter":
      return action.scope === "local" || KEPT.has(action.name) ? undefined : `${action.kind} ${action.name}`;
    case "set-identity":
      return action.scope === "local" ? undefined : `${action.kind} ${action.identity}`;
    case "advisory-lock":
      return action.scope === "transaction" ? undefined : `${action.kind} ${action.operation}`;
    case "prepared-statement":
      return `${action.kind} ${action.operation}`;
    case "create-temporary":
      return action.onCommit === "drop" ? undefined : action.kind;
    case "notification":
      return action.operation === "notify" ? undefined : action.operation;
    case "cursor":
      return action.hold ? action.kind : undefined;
    case "load-library":
      return action.kind;
    case "discard":
      return `${action.kind} ${action.target}`;
    default:
      return undefined;
  }
}

/** A text that was sent, as the analysis reads it. */
export const readText = (text: string): ReturnType<typeof readSql> =>
  readSql([{ kind: "text", value: text, location: { file: "sent.sql", range: { start: 0, end: text.length } } }]);

/** Whether a text does nothing but begin, end or divide transactions. */
export const isTransactionControl = (text: string): boolean =>
  readText(text).statements.every(
    ({ actions }) => actions.length > 0 && actions.every(({ kind }) => kind === "transaction"),
  );
