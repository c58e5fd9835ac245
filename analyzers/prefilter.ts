import { drivers } from "./drivers/all-drivers.ts";
import { mayBeForked } from "./drivers/catalogue.ts";

/** Keywords and functions whose statements belong to a session or a transaction. */
const SQL_WORDS = [
  String.raw`\b(?:SET|RESET)\s+(?:SESSION|LOCAL|ROLE|TIME|TRANSACTION|CONSTRAINTS|SCHEMA|NAMES|[\w."$\{]+\s*(?:=|TO\b))`,
  String.raw`\bSET\s*\$\{`,
  String.raw`\bRESET\s+[\w.$\{]`,
  String.raw`\b(?:UN)?LISTEN\b`,
  String.raw`\b(?:PREPARE|EXECUTE|DEALLOCATE|DECLARE|DISCARD|LOAD)\s`,
  String.raw`\bTEMP(?:ORARY)?\b`,
  String.raw`\bpg_temp\b|advisory_(?:xact_)?(?:un)?lock|set_config|\bcurrval\b|\blastval\b|pg_backend_pid|pg_cancel_backend|pg_terminate_backend`,
  String.raw`pg_listening_channels|pg_export_snapshot|dblink_|pg_replication_origin|setseed|pg_settings`,
  String.raw`["'\x60]\s*(?:BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|END)\b`,
  String.raw`\bPGOPTIONS\b`,
];

/** Calls that send SQL. */
const QUERY_CALLS = [
  // Calls may have type arguments: `pool.query<Row>(…)`, sql<Row>`…`.
  String.raw`\.(?:query|execute|executeSql|raw|rawQuery|unsafe)(?:<[^()]{0,400}>)?\s*\(`,
  String.raw`\bsql(?:<[^\x60]{0,400}>)?\x60`,
  String.raw`[\w$\])>]\x60\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|SET|CREATE|ALTER|DROP)\b`,
  String.raw`\$(?:query|execute)Raw`,
].join("|");

const escape = (words: string): string => words.replace(/[.*+?^$\{}()|[\]\\/-]/g, String.raw`\$&`);

/**
 * A module specifier of one of these packages, or of a fork of one, in quotes; also as Deno writes it: `npm:postgres@3.4.4`,
 * `https://esm.sh/pg@8`, `https://deno.land/x/postgresjs@v3.4.4/mod.js`.
 */
const quoted = (modules: readonly string[]): RegExp => {
  const names = [...new Set(modules)];
  const forks = names.filter(mayBeForked).map((name) => String.raw`@[\w.-]+/${escape(name)}`);
  const addresses = names.map((name) => escape(name).replace(/^(https:.*)(\\\/mod\b)/, String.raw`$1(?:@[^"'/]*)?$2`));
  return new RegExp(
    String.raw`["'](?:npm:/?|https://[\w.]+/)?(?:${[...addresses, ...forks].join("|")})(?:@[^"']*)?["']`,
  );
};

const modulesOf = (chosen: typeof drivers): string[] => chosen.flatMap((driver) => Object.keys(driver.modules));

const connecting = quoted(modulesOf(drivers.filter((driver) => Object.keys(driver.handles).length > 0)));

/** Whether a file imports a package through which a program reaches PostgreSQL: others may reach it through this file. */
export const importsDriver = (text: string): boolean => connecting.test(text);

/**
 * Whether a file could hold anything this analysis reports or counts, by its text alone. Never says no to a file that has a call site,
 * an option or a package use of its own; files it turns down are still read when an import leads to them.
 */
export function makePrefilter(packages: readonly string[]): (text: string) => boolean {
  const imports = quoted([...modulesOf(drivers), ...packages]);
  const words = new RegExp(SQL_WORDS.join("|"), "i");
  const globals = drivers
    .flatMap((driver) => Object.values(driver.modules))
    .flatMap(({ global, exports }) =>
      global === undefined ? [] : Object.keys(exports).map((name) => `\\b${global}\\.${name}\\b`),
    );
  const calls = new RegExp([QUERY_CALLS, ...globals].join("|"));
  return (text) => text.includes("pgbouncer-ignore") || imports.test(text) || words.test(text) || calls.test(text);
}
