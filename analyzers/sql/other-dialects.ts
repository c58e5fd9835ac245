import { tokenize, type Token } from "./lexer.ts";

/** Settings of MySQL and MariaDB that PostgreSQL does not have (MySQL 8.4, "Server System Variables"). */
const MYSQL_SETTINGS: ReadonlySet<string> = new Set([
  "autocommit",
  "character_set_client",
  "character_set_connection",
  "character_set_results",
  "collation_connection",
  "foreign_key_checks",
  "group_concat_max_len",
  "innodb_lock_wait_timeout",
  "interactive_timeout",
  "max_execution_time",
  "net_read_timeout",
  "net_write_timeout",
  "sql_log_bin",
  "sql_mode",
  "sql_notes",
  "sql_require_primary_key",
  "sql_safe_updates",
  "time_zone",
  "transaction_isolation_level",
  "tx_isolation",
  "unique_checks",
  "wait_timeout",
]);

/** Settings that take a word without `=` in SQL Server (T-SQL SET statements). */
const SQL_SERVER_SETTINGS: ReadonlySet<string> = new Set(["identity_insert", "nocount", "xact_abort", "ansi_nulls"]);

/** Texts without these are not looked at: nearly all. */
const MAY_BE = /[`@]|^\s*pragma\s|\bset\b/i;

/**
 * Whether a text holds what PostgreSQL refuses and another database has: a name in backticks, `SET @variable`, a setting of MySQL or SQL
 * Server, a PRAGMA. Holes stand for nothing of that kind.
 */
export function isForOtherDatabase(text: string): boolean {
  if (!MAY_BE.test(text)) return false;
  const { tokens } = tokenize(text);
  return tokens.some((token, index) => isBacktick(token) || startsForeignStatement(tokens, index));
}

const isBacktick = ({ kind, value }: Token): boolean => kind === "operator" && value.includes("`");

function startsForeignStatement(tokens: readonly Token[], index: number): boolean {
  const first = tokens[index];
  if (first?.kind !== "word" || (index > 0 && tokens[index - 1]?.value !== ";")) return false;
  if (first.value === "pragma") return tokens[index + 1]?.kind === "word";
  if (first.value !== "set") return false;
  const at = (offset: number): string => tokens[index + offset]?.value ?? "";
  if (at(1) === "names") return /^'?utf8mb[34]/i.test(at(2));
  const name = ["session", "global", "local", "persist"].includes(at(1)) ? 2 : 1;
  if (at(name).startsWith("@")) return true;
  if (at(name + 1) === "=" || at(name + 1) === ":=") return at(1) === "global" || MYSQL_SETTINGS.has(at(name));
  return SQL_SERVER_SETTINGS.has(at(1));
}
