import type { ConfigurationProblem, PgBouncerConfiguration, PoolerEntry, PoolerSetting } from "../deployment-model.ts";
import {
  acceptsValue,
  isBefore,
  PARAMETERS,
  type PgBouncerParameter,
  type PgBouncerSection,
  SECTIONS_SINCE,
  type Version,
  versionIn,
} from "../pgbouncer-parameters.ts";

const shown = (version: Version): string => version.join(".");

/**
 * What makes PgBouncer refuse to start on a configuration: lines that it cannot take, keys that the version does not know, values that are
 * none. Without a version, what some versions refuse says which (`onlyOn`). Values that are not known are not judged. The prediction is
 * compared with real PgBouncers in test/witness/ini.test.ts.
 */
export function startProblems(
  configuration: PgBouncerConfiguration,
  version: string | undefined,
): readonly ConfigurationProblem[] {
  const known = version === undefined ? undefined : versionIn(version);
  const { isMain, origin } = configuration;
  return [
    ...(isMain || configuration.problems.length > 0
      ? []
      : [
          {
            message: "there is no section [pgbouncer]",
            origin,
            kind: "refuses",
            fix: "Add the section, with its settings or without.",
          } as const,
        ]),
    ...configuration.problems.flatMap((problem) => ownProblem(problem, known)),
    ...configuration.settings.flatMap((setting) => settingProblem("pgbouncer", setting, known)),
    ...configuration.databases.flatMap((entry) => databaseProblems(entry, known)),
    ...configuration.users.flatMap((entry) => entryProblems("users", entry, known)),
    ...configuration.peers.flatMap((entry) => peerProblems(entry, known)),
  ];
}

/** The lowest version that knows every key of a configuration; undefined where 1.18 does. */
export function lowestVersionFor({ settings, databases, users, peers }: PgBouncerConfiguration): string | undefined {
  const since = (section: PgBouncerSection, list: readonly PoolerSetting[]): readonly Version[] =>
    list.flatMap(({ name }): readonly Version[] => {
      const first = PARAMETERS[section].get(name)?.since;
      return first === undefined ? [] : [first];
    });
  const needed = [
    ...since("pgbouncer", settings),
    ...databases.flatMap((entry) => since("databases", entry.settings)),
    ...users.flatMap((entry) => since("users", entry.settings)),
    ...(peers.length > 0 ? [SECTIONS_SINCE.peers ?? [1, 18]] : []),
  ];
  const [first, ...others] = needed;
  if (first === undefined) return undefined;
  return shown(others.reduce<Version>((most, next) => (isBefore(most, next) ? next : most), first));
}

/** What the reader could not take, as far as the version cannot either. */
function ownProblem(problem: ConfigurationProblem, version: Version | undefined): ConfigurationProblem[] {
  const { since, onlyOn: _, ...always } = problem;
  if (problem.kind !== "refuses") return [];
  if (since === undefined || version === undefined) return [problem];
  return isBefore(version, since) ? [always] : [];
}

/** Why versions before `since` refuse something: nothing where the version is known and new enough. */
function sinceProblem(
  message: string,
  since: Version,
  origin: ConfigurationProblem["origin"],
  version: Version | undefined,
): ConfigurationProblem[] {
  if (version !== undefined && !isBefore(version, since)) return [];
  const problem = {
    message: `${message} before ${shown(since)}`,
    origin,
    kind: "refuses",
    fix: `Take it out, or run PgBouncer ${shown(since)} or newer.`,
  } as const;
  return [version === undefined ? { ...problem, onlyOn: `PgBouncer older than ${shown(since)}` } : problem];
}

function settingProblem(
  section: PgBouncerSection,
  { name, value }: PoolerSetting,
  version: Version | undefined,
): ConfigurationProblem[] {
  const { origin } = value;
  const parameter = PARAMETERS[section].get(name);
  if (parameter === undefined) {
    const words =
      name === "" ? "a line has no key" : `there is no parameter ${name} in [${section}]${elsewhere(section, name)}`;
    return [{ message: words, origin, kind: "refuses", fix: fixFor(section, name) }];
  }
  if (parameter.since !== undefined && (version === undefined || isBefore(version, parameter.since))) {
    const problems = sinceProblem(`there is no parameter ${name} in [${section}]`, parameter.since, origin, version);
    if (problems.length > 0) return problems;
  }
  if (value.is === "unknown" || acceptsValue(parameter, value.value)) return [];
  return [
    {
      message: `${name} cannot be ${described(parameter, value.value)}`,
      origin,
      kind: "refuses",
      fix: valueFix(parameter, value.value),
    },
  ];
}

/** The section that has a key which this one has not. */
function elsewhere(section: PgBouncerSection, name: string): string {
  const other = Object.entries(PARAMETERS).find(([, table]) => table.has(name))?.[0];
  return other === undefined || other === section ? "" : ` (it belongs to [${other}])`;
}

function fixFor(section: PgBouncerSection, name: string): string {
  const other = Object.entries(PARAMETERS).find(([, table]) => table.has(name))?.[0];
  return other === undefined || other === section
    ? "Correct the name, or take the line out."
    : other === "databases" && section === "pgbouncer"
      ? `Write it in a line of [databases]; for all of them [pgbouncer] has ${COMMON[name] ?? "another name, or none"}.`
      : `Write it in [${other}].`;
}

/** What a key of one database is called for all. */
const COMMON: Readonly<Record<string, string>> = {
  pool_size: "default_pool_size",
  reserve_pool: "reserve_pool_size",
};

const QUOTED = /^(["']).*\1$/;
const COMMENTED = /\s[;#]/;

function described(parameter: PgBouncerParameter, text: string): string {
  if (text === "") return "empty";
  if (QUOTED.test(text)) return `${text}: the quotes are part of the value`;
  if (COMMENTED.test(text)) return `\`${text}\`: a comment behind a value is part of it`;
  return typeof parameter.type === "object" ? `\`${text}\`` : `\`${text}\`, which is no number`;
}

function valueFix({ type, name }: PgBouncerParameter, text: string): string {
  if (QUOTED.test(text)) return `Write ${name} = ${text.slice(1, -1)}.`;
  if (COMMENTED.test(text)) return "Put the comment on a line of its own.";
  if (typeof type === "object") return `Use one of ${type.join(", ")}.`;
  return type === "time"
    ? "Write seconds as a plain number; units are not understood."
    : "Write a whole number; on and off are 1 and 0.";
}

function entryProblems(
  section: "databases" | "users" | "peers",
  entry: PoolerEntry,
  version: Version | undefined,
): ConfigurationProblem[] {
  const { problem, origin, settings } = entry;
  return [
    ...settings.flatMap((setting) => settingProblem(section, setting, version)),
    ...(problem === undefined
      ? []
      : [
          {
            message: `in a line of [${section}] ${problem}`,
            origin,
            kind: "refuses",
            fix: "Write `key=value` pairs with blanks between them; quote values with blanks in single quotes.",
          } as const,
        ]),
  ];
}

/** The admin console (pgbouncer 1.25 src/loader.c, check_reserved_database). */
const RESERVED = "pgbouncer";

function databaseProblems(entry: PoolerEntry, version: Version | undefined): ConfigurationProblem[] {
  const { name, origin, settings } = entry;
  // The line for every other database is read when the first client asks for one.
  if (name.is === "known" && name.value === "*") return [];
  const isReserved = name.is === "known" && name.value === RESERVED;
  return [
    ...entryProblems("databases", entry, version),
    ...(isReserved
      ? [
          {
            message: `the database name ${RESERVED} is the admin console's`,
            origin,
            kind: "refuses",
            fix: "Give the database another alias.",
          } as const,
        ]
      : []),
    ...settings.flatMap(portProblem),
  ];
}

/** atoi() of a port that is no number is 0, and refused. */
const portProblem = ({ name, value }: PoolerSetting): ConfigurationProblem[] =>
  name === "port" && value.is === "known" && !/^\s*[+-]?0*[1-9]/.test(value.value)
    ? [{ message: `port cannot be \`${value.value}\``, origin: value.origin, kind: "refuses", fix: "Write a number." }]
    : [];

function peerProblems(entry: PoolerEntry, version: Version | undefined): ConfigurationProblem[] {
  const { name, origin, settings } = entry;
  const since = SECTIONS_SINCE.peers;
  const old = since === undefined ? [] : sinceProblem("there is no section [peers]", since, origin, version);
  if (old.length > 0 && version !== undefined) return old;
  const isNumber =
    name.is === "unknown" || (/^\d+$/.test(name.value) && Number(name.value) >= 1 && Number(name.value) <= 0xffff);
  return [
    ...old,
    ...entryProblems("peers", entry, version),
    ...settings.flatMap(portProblem),
    ...(isNumber
      ? []
      : [
          {
            message: "the name of a peer is no number from 1 to 65535",
            origin,
            kind: "refuses",
            fix: "Name it by its peer_id.",
          } as const,
        ]),
    ...(settings.some((setting) => setting.name === "host")
      ? []
      : [{ message: "a peer has no host", origin, kind: "refuses", fix: "Add host=…" } as const]),
  ];
}
