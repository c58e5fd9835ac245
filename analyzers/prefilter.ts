import { drivers } from "./drivers/all-drivers.ts";
import { mayBeForked } from "./drivers/catalogue.ts";
import { QUERY_METHODS } from "./drivers/query-methods.ts";

/**
 * These words where a statement may begin: after a quote, a semicolon, an end of a line or comment, a hole, or a word of PL/pgSQL. The word
 * comes first, since few places hold one.
 */
const begins = (statement: string): string =>
  String.raw`\b(?:${statement})\b(?<=(?:[;"'\x60\n/}$]|\b(?:BEGIN|THEN|ELSE|LOOP))[ \t]{0,80}(?:${statement}))`;

/** A name, or a hole where one may stand: `${name}`, `" + name`. */
const NAME = String.raw`(?:[\w.$\{]|"[\w ]|["'\x60]\s*\+)`;

/** Statements and functions that belong to a session or a transaction, in any letters. */
const SQL_WORDS = [
  String.raw`${begins("SET|RESET")}\s+(?:SESSION|LOCAL|ROLE|TIME|TRANSACTION|CONSTRAINTS|SCHEMA|NAMES|ALL)\b`,
  String.raw`${begins("SET")}\s+[\w."$\{}()]{1,100}\s*(?:=|TO\b|["'\x60]\s*\+)`,
  String.raw`${begins("SET")}\s*\$\{`,
  String.raw`${begins("RESET|EXECUTE|DEALLOCATE|LISTEN|UNLISTEN")}\s+(?:${NAME}|\*)`,
  String.raw`${begins("PREPARE")}\s+(?:TRANSACTION\b|${NAME}[^;]{0,400}?\bAS\b)`,
  String.raw`${begins("DECLARE")}\s+[^;]{1,200}?\bCURSOR\b`,
  String.raw`${begins("DISCARD")}\s+(?:ALL|PLANS|SEQUENCES|TEMP|["'\x60$])`,
  String.raw`${begins("LOAD")}\s+(?:["'\x60]|\\["']|\$\{)`,
  String.raw`\b(?:CREATE|REPLACE|INTO|LOCAL|GLOBAL)\s+TEMP(?:ORARY)?\b`,
  String.raw`\bTEMP(?:ORARY)?\s+(?:TABLE|VIEW|SEQUENCE|RECURSIVE|FUNCTION)\b|["'\x60]\s*TEMP(?:ORARY)?\s*["'\x60]`,
  String.raw`\bON\s+COMMIT\s+(?:DROP|DELETE|PRESERVE)\b`,
  String.raw`\bpg_temp\b|advisory_(?:xact_)?(?:un)?lock|set_config|\bcurrval\b|\blastval\b|pg_backend_pid|pg_cancel_backend|pg_terminate_backend`,
  String.raw`pg_listening_channels|pg_export_snapshot|dblink_|pg_replication_origin|setseed|pg_settings`,
  String.raw`["'\x60]\s*(?:BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT\s[^"'\x60]{1,80})\s*(?:;\s*)?["'\x60]`,
  String.raw`["'\x60]\s*(?:BEGIN|START|COMMIT|ROLLBACK|END)\s+(?:WORK|TRANSACTION|ISOLATION|READ|AND|TO|PREPARED)\b`,
  String.raw`["'\x60]\s*BEGIN\s*;`,
  String.raw`\bPGOPTIONS\b`,
];

/** Calls that send SQL, whatever they are made on. */
const QUERY_CALLS = [
  // Calls may have type arguments: `pool.query<Row>(…)`, sql<Row>`…`.
  String.raw`\.(?:${[...QUERY_METHODS].join("|")})(?:<[^()]{0,400}>)?\s*\(`,
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

/** Functions that a tool calls by their name, with a parameter by which the tool's handle is known. */
const conventional = drivers
  .flatMap(({ conventions = [] }) => conventions)
  .flatMap(({ functions, parameters, shownBy }) => {
    // An import is looked for anyway.
    if (shownBy === "import") return [];
    if (shownBy !== undefined) return [escape(shownBy.text)];
    return [
      String.raw`\b(?:${parameters.map(escape).join("|")})\b(?<=\b(?:${functions.join("|")})\b[^]{0,80}[({\s:,]\w{1,40})`,
    ];
  });

/** Names that mean a driver wherever they are imported from, or without any import. */
const names = drivers.flatMap(({ generated, knownByMethods, modules }) => [
  ...(generated?.exports ?? []).map((name) => String.raw`\b${escape(name)}\b(?=[^"'{}]{0,2000}\}\s*from\b)`),
  ...(knownByMethods?.names ?? []).map((name) => String.raw`\.${escape(name)}\b`),
  ...Object.values(modules).flatMap(({ global, exports }) =>
    global === undefined ? [] : Object.keys(exports).map((name) => String.raw`\b${global}\.${name}\b`),
  ),
]);

/**
 * Whether a file could hold anything this analysis reports or counts, by its text alone: derived from the tables of the drivers, of the
 * packages and of the methods that are asked to run SQL. Never says no to a file that has a call site, an option or a package use of its
 * own; files it turns down are still read when an import leads to them.
 */
export function makePrefilter(packages: readonly string[]): (text: string) => boolean {
  const imports = quoted([...modulesOf(drivers), ...packages]);
  const words = new RegExp(SQL_WORDS.join("|"), "i");
  const calls = new RegExp([QUERY_CALLS, ...conventional, ...names].join("|"));
  return (text) => text.includes("pgbouncer-ignore") || imports.test(text) || words.test(text) || calls.test(text);
}
