import type { Deployment, Origin, PoolerDeployment, ServerDeployment, Stated } from "../deployment-model.ts";
import { defaultOf } from "../pgbouncer-parameters.ts";
import type { PoolerSettings } from "../pooler-profile.ts";

/** What the user says of the pooler: goes before everything that files say. */
export interface PoolerConfiguration extends PoolerSettings {
  /** `pgbouncer`, `pgbouncer@1.25`, `rds-proxy`. */
  readonly spec?: string;
  /** The file of the pooler's settings, as it is named among the deployment files: the others decide nothing. */
  readonly configFile?: string;
}

/** One fact of the profile with where it comes from. */
export interface ProfileFact {
  readonly name: string;
  readonly value: string;
  readonly from: "configuration" | "deployment" | "default";
  /** Where it is written; absent for configuration and defaults. */
  readonly origin?: Origin;
}

/** What findings are judged by, before the pooler table adds what it knows. */
export interface ResolvedProfile {
  /** `pgbouncer@1.25.2`. */
  readonly spec: string | undefined;
  readonly settings: PoolerSettings;
  readonly facts: readonly ProfileFact[];
  /** What files say against one another, or leave open, in words; nothing of it is used. */
  readonly doubts: readonly { readonly words: string; readonly origin?: Origin }[];
}

/** What one file says, or what several say against one another. */
type Agreed<T> =
  | { readonly is: "agreed"; readonly value: T; readonly origin: Origin }
  | { readonly is: "unknown" }
  | { readonly is: "unset" };

const shown = (origin: Origin): string => origin.words;

/**
 * The profile of a project: for each fact by itself the user's configuration, else what the deployment files say, else the default of the
 * version. Files for development and tests decide nothing; files that contradict one another, or whose value is not known, leave the fact
 * unknown, which is never a pass.
 */
export function resolveProfile(configured: PoolerConfiguration, deployment: Deployment): ResolvedProfile {
  const facts: ProfileFact[] = [];
  const doubts: { words: string; origin?: Origin }[] = [];
  const { spec: configuredSpec, configFile, ...own } = configured;
  const [configuredKind, configuredVersion] = (configuredSpec ?? "").toLowerCase().split("@");
  const productive = deployment.poolers.filter(({ forDevelopment, origin }) =>
    configFile === undefined ? !forDevelopment : origin.location.file === configFile,
  );
  const kind = kindOf(configuredKind, productive, facts, doubts);
  const poolers = productive.filter((pooler) => pooler.kind === kind);
  for (const pooler of deployment.poolers.filter(({ forDevelopment }) => forDevelopment))
    doubts.push({
      words: `${pooler.title} is for development or tests: its settings decide nothing`,
      origin: pooler.origin,
    });

  for (const pooler of poolers.filter(({ isWhole }) => !isWhole))
    doubts.push({
      words: `${pooler.title} was read in part only: what it does not set may be set elsewhere`,
      origin: pooler.origin,
    });
  doubts.push(...hintedPoolers(deployment, kind));

  // Without a pooler in the files there is nothing to say of its defaults.
  const isPgBouncer = kind === "pgbouncer" && poolers.length > 0;
  const resolve = <T>(
    name: string,
    given: T | undefined,
    found: Agreed<T>,
    words: (value: T) => string,
    fallback: string,
  ): T | undefined | "unknown" => {
    if (given !== undefined) {
      facts.push({ name, value: words(given), from: "configuration" });
      return given;
    }
    if (found.is === "agreed") {
      facts.push({ name, value: words(found.value), from: "deployment", origin: found.origin });
      return found.value;
    }
    if (found.is === "unknown") {
      facts.push({ name, value: "unknown", from: "deployment" });
      return "unknown";
    }
    if (isPgBouncer && fallback !== "") facts.push({ name, value: fallback, from: "default" });
    return undefined;
  };
  const setting = <T>(name: string, read: (text: string) => T | undefined): Agreed<T> =>
    agreed(name, poolers, (pooler) => statedSetting(pooler, name), read, doubts);

  const version = resolve("version", configuredVersion, agreedVersion(poolers, doubts), String, "unknown");
  const knownVersion = version === "unknown" ? undefined : version;
  const byVersion = (name: string): string => defaultOf(name, knownVersion) ?? "depends on the version";
  // Transaction is what the audit is made for; that PgBouncer's own default is session is a finding.
  const poolMode = resolve("pool_mode", own.poolMode, setting("pool_mode", modeIn), String, "transaction");
  const prepared = resolve(
    "max_prepared_statements",
    own.maxPreparedStatements,
    setting("max_prepared_statements", wholeNumber),
    String,
    byVersion("max_prepared_statements"),
  );
  const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));
  const tracked = resolve(
    "track_extra_parameters",
    own.trackExtraParameters,
    setting("track_extra_parameters", listIn),
    list,
    byVersion("track_extra_parameters"),
  );
  const ignored = resolve(
    "ignore_startup_parameters",
    own.ignoreStartupParameters,
    setting("ignore_startup_parameters", listIn),
    list,
    "none",
  );
  const always = resolve(
    "server_reset_query_always",
    own.serverResetQueryAlways,
    setting("server_reset_query_always", booleanIn),
    (on) => (on ? "1" : "0"),
    "0",
  );
  const postgres = resolve("PostgreSQL", own.postgresVersion, agreedServer(deployment.servers, doubts), String, "");
  const lowest = lowestVersion(poolers);
  const known = <T>(value: T | "unknown" | undefined): T | undefined => (value === "unknown" ? undefined : value);
  return {
    spec: knownVersion === undefined ? kind : `${kind}@${knownVersion}`,
    settings: {
      ...own,
      ...optional("poolMode", known(poolMode)),
      ...optional("maxPreparedStatements", prepared),
      ...optional("trackExtraParameters", known(tracked)),
      ...optional("ignoreStartupParameters", known(ignored)),
      ...optional("serverResetQueryAlways", known(always)),
      ...optional("postgresVersion", known(postgres)),
      ...(knownVersion === undefined ? optional("versionAtLeast", lowest) : {}),
    },
    facts,
    doubts: [
      ...new Map(doubts.map((doubt) => [JSON.stringify([doubt.words, doubt.origin?.location]), doubt])).values(),
    ],
  };
}

/** Hosts by which a vendor's pooler is known. */
const HINTS: readonly (readonly [host: RegExp, kind: string])[] = [
  [/\.pooler\.supabase\.com$/i, "supavisor"],
  [/-pooler\.[\w.-]+\.neon\.tech$/i, "neon"],
  [/\.proxy-[^.]+\.[^.]+\.rds\.amazonaws\.com$/i, "rds-proxy"],
  [/\.postgres\.database\.azure\.com$/i, "azure"],
  [/\.db\.ondigitalocean\.com$/i, "digitalocean"],
];
/** Behind these hosts the pooler is told from PostgreSQL by its port. */
const HINTED_BY_PORT: Readonly<Record<string, string>> = { azure: "6432", digitalocean: "25061" };

/** URLs whose host is that of another pooler: a question, no fact. */
function hintedPoolers({ urls }: Deployment, kind: string): { readonly words: string; readonly origin: Origin }[] {
  return urls.flatMap(({ name, host, port, origin }) => {
    const hinted = HINTS.find(([pattern]) => pattern.test(host ?? ""))?.[1];
    if (hinted === undefined || hinted === kind) return [];
    const needed = HINTED_BY_PORT[hinted];
    if (needed !== undefined && needed !== port) return [];
    return [{ words: `${name} leads to the host of another pooler: --pooler ${hinted} judges by it`, origin }];
  });
}

const optional = <K extends string, V>(key: K, value: V | undefined): Readonly<Partial<Record<K, V>>> =>
  (value === undefined ? {} : { [key]: value }) as Readonly<Partial<Record<K, V>>>;

function kindOf(
  configured: string | undefined,
  poolers: readonly PoolerDeployment[],
  facts: ProfileFact[],
  doubts: { words: string; origin?: Origin }[],
): string {
  if (configured !== undefined && configured !== "") {
    facts.push({ name: "pooler", value: configured, from: "configuration" });
    return configured;
  }
  const kinds = [...new Set(poolers.map(({ kind }) => kind))];
  const [only, ...others] = kinds;
  const [first] = poolers;
  if (only !== undefined && others.length === 0 && first !== undefined) {
    facts.push({ name: "pooler", value: only, from: "deployment", origin: first.origin });
    return only;
  }
  if (kinds.length > 1) {
    for (const pooler of poolers)
      doubts.push({
        words: `several kinds of pooler are set up: ${pooler.title} is ${pooler.kind}`,
        origin: pooler.origin,
      });
  }
  facts.push({ name: "pooler", value: "pgbouncer", from: "default" });
  return "pgbouncer";
}

/** A setting; that a pool mode is session because nobody chose one lowers nothing. */
function statedSetting({ settings }: PoolerDeployment, name: string): Stated<string> | undefined {
  const setting = settings.get(name);
  return setting === undefined || (name === "pool_mode" && setting.via === "image-default") ? undefined : setting.value;
}

/** What all poolers say of a setting; not set by any of them is `unset`, by some of them `unknown`. */
function agreed<T>(
  name: string,
  poolers: readonly PoolerDeployment[],
  valueOf: (pooler: PoolerDeployment) => Stated<string> | undefined,
  read: (text: string) => T | undefined,
  doubts: { words: string; origin?: Origin }[],
): Agreed<T> {
  const said = poolers.map((pooler) => ({ pooler, stated: valueOf(pooler) }));
  const open = said.filter(({ pooler, stated }) => stated === undefined && !pooler.isWhole);
  const set = said.flatMap(({ stated }) => (stated === undefined ? [] : [stated]));
  if (set.length === 0) {
    return { is: open.length === 0 ? "unset" : "unknown" };
  }
  const values = set.map((stated) => {
    const value = stated.is === "known" ? read(stated.value) : undefined;
    if (value === undefined)
      doubts.push({
        words: `${name} is not known: ${stated.is === "known" ? `its value in ${shown(stated.origin)} is none` : stated.because}`,
        origin: stated.origin,
      });
    return { value, origin: stated.origin };
  });
  const [first] = values;
  if (first?.value === undefined || values.some(({ value }) => value === undefined)) return { is: "unknown" };
  const isSame = values.every(({ value }) => JSON.stringify(value) === JSON.stringify(first.value));
  if (isSame && set.length === poolers.length) return { is: "agreed", value: first.value, origin: first.origin };
  for (const { stated, pooler } of said)
    doubts.push({
      words: `files differ in ${name}: ${stated === undefined ? `${pooler.title} does not set it` : `${stated.is === "known" ? stated.value : "?"} in ${shown(stated.origin)}`}`,
      origin: stated?.origin ?? pooler.origin,
    });
  return { is: "unknown" };
}

function agreedVersion(
  poolers: readonly PoolerDeployment[],
  doubts: { words: string; origin?: Origin }[],
): Agreed<string> {
  const said = poolers.flatMap(({ version }) => (version?.is === "known" ? [version] : []));
  const [first] = said;
  if (first === undefined) return { is: "unset" };
  if (said.length === poolers.length && said.every(({ value }) => value === first.value))
    return { is: "agreed", value: first.value, origin: first.origin };
  for (const { value, origin } of said)
    doubts.push({ words: `files differ in the version: ${value} in ${shown(origin)}`, origin });
  return { is: "unset" };
}

/** The lowest of the versions, where each is known or has a lower bound. */
function lowestVersion(poolers: readonly PoolerDeployment[]): string | undefined {
  const bounds = poolers.map(({ version, versionAtLeast }) =>
    version?.is === "known" ? version.value : versionAtLeast,
  );
  if (bounds.length === 0) return undefined;
  return bounds.reduce((low, bound) =>
    low === undefined || bound === undefined ? undefined : compareVersions(bound, low) < 0 ? bound : low,
  );
}

const compareVersions = (left: string, right: string): number => {
  const [l, r] = [left, right].map((version) => version.split(".").map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (l?.[index] ?? 0) - (r?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

/** The lowest major version: what a newer one adds is not there on all of them. */
function agreedServer(
  servers: readonly ServerDeployment[],
  doubts: { words: string; origin?: Origin }[],
): Agreed<number> {
  const productive = servers.filter(({ forDevelopment }) => !forDevelopment);
  const said = productive.flatMap(({ version }) => (version?.is === "known" ? [version] : []));
  if (said.length === 0 || said.length < productive.length) return { is: "unset" };
  const lowest = said.reduce((low, next) => (next.value < low.value ? next : low));
  for (const { value, origin } of said)
    if (value !== lowest.value)
      doubts.push({ words: `files differ in the version of PostgreSQL: ${String(value)} in ${shown(origin)}`, origin });
  return { is: "agreed", value: lowest.value, origin: lowest.origin };
}

const modeIn = (text: string): PoolerSettings["poolMode"] => {
  const mode = text.trim().toLowerCase();
  return mode === "session" || mode === "transaction" || mode === "statement" ? mode : undefined;
};

const wholeNumber = (text: string): number | undefined => (/^\d+$/.test(text.trim()) ? Number(text.trim()) : undefined);

const listIn = (text: string): readonly string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

const booleanIn = (text: string): boolean | undefined =>
  /^(?:1|on|yes|true|t|y)$/i.test(text.trim())
    ? true
    : /^(?:0|off|no|false|f|n)$/i.test(text.trim())
      ? false
      : undefined;
