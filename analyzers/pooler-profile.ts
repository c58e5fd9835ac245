import type { Capability, PoolerProfile, SessionFeature } from "./model.ts";

/** A mistake of the user's, with what to change. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** Settings of the pooler that change what it keeps. */
export interface PoolerSettings {
  readonly maxPreparedStatements?: number;
  /** As in pgbouncer.ini: `["IntervalStyle", "search_path"]`. */
  readonly trackExtraParameters?: readonly string[];
  readonly ignoreStartupParameters?: readonly string[];
  /** Major version of PostgreSQL; decides which parameters the server reports and a pooler can track. */
  readonly postgresVersion?: number;
}

interface PoolerRow {
  readonly pooler: string;
  /** First version of the row, `[1, 21]`; rows of a pooler are in ascending order. */
  readonly since: readonly [number, number];
  readonly maxPreparedStatements: number;
  readonly tracked: readonly string[];
  /** What `track_extra_parameters` is when it is not set; absent where the setting does not exist. */
  readonly trackExtraParameters?: readonly string[];
  /** Spellings it parses in the startup parameter `options`; none: it refuses `options` itself. */
  readonly optionSyntaxes: readonly ("-c" | "--")[];
  readonly capabilities: Readonly<Record<SessionFeature, Capability>>;
  readonly source: string;
}

/** Capabilities all versions of PgBouncer share in transaction mode. */
const inTransactionMode: Readonly<Record<SessionFeature, Capability>> = {
  "session-set": "leaks",
  "session-identity": "leaks",
  "session-advisory-lock": "breaks",
  "sql-prepare": "breaks",
  "named-statement": "breaks",
  "temp-table": "leaks",
  listen: "lost",
  "hold-cursor": "breaks",
  "load-library": "leaks",
  discard: "breaks",
  "session-function": "breaks",
  "startup-parameter": "rejected",
  "startup-options": "rejected",
  replication: "rejected",
};

const alwaysTracked = ["client_encoding", "datestyle", "timezone", "standard_conforming_strings", "application_name"];
const measured =
  "measured 2026-11 on PgBouncer 1.18.0, 1.20.1, 1.21.0, 1.22.1, 1.24.1 and 1.25.2 over PostgreSQL 15.18";

/** What each version keeps, in transaction mode with its own defaults. */
const ROWS: readonly PoolerRow[] = [
  {
    pooler: "pgbouncer",
    since: [1, 0],
    maxPreparedStatements: 0,
    tracked: alwaysTracked,
    optionSyntaxes: [],
    capabilities: inTransactionMode,
    source: measured,
  },
  {
    pooler: "pgbouncer",
    since: [1, 20],
    maxPreparedStatements: 0,
    tracked: alwaysTracked,
    trackExtraParameters: ["intervalstyle"],
    optionSyntaxes: ["-c"],
    capabilities: inTransactionMode,
    source: measured,
  },
  {
    pooler: "pgbouncer",
    since: [1, 23],
    maxPreparedStatements: 0,
    tracked: alwaysTracked,
    trackExtraParameters: ["intervalstyle"],
    optionSyntaxes: ["-c", "--"],
    capabilities: { ...inTransactionMode, replication: "ok" },
    source: measured,
  },
  {
    pooler: "pgbouncer",
    since: [1, 24],
    maxPreparedStatements: 200,
    tracked: alwaysTracked,
    trackExtraParameters: ["intervalstyle"],
    optionSyntaxes: ["-c", "--"],
    capabilities: { ...inTransactionMode, "named-statement": "ok", replication: "ok" },
    source: measured,
  },
];

/** Parameters that PostgreSQL reports to its client, beyond those always tracked, with the first major version that does. */
const REPORTED: ReadonlyMap<string, number> = new Map([
  ["intervalstyle", 9],
  ["default_transaction_read_only", 14],
  ["in_hot_standby", 14],
  ["is_superuser", 9],
  ["session_authorization", 9],
  ["integer_datetimes", 9],
  ["server_encoding", 9],
  ["server_version", 9],
  ["scram_iterations", 16],
  ["search_path", 18],
]);

const lower = (names: readonly string[]): string[] =>
  names.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");

function parseVersion(version: string): readonly [number, number] {
  const match = /^(\d+)\.(\d+)(?:\.\d+)?$/.exec(version);
  if (match === null) throw new ConfigurationError(`"${version}" is no PgBouncer version: write it as 1.25 or 1.25.2.`);
  return [Number(match[1]), Number(match[2])];
}

/**
 * The profile that findings are judged against. `spec` is `pgbouncer`, `pgbouncer@1.25` or `pgbouncer@1.25.2`; without it, PgBouncer of
 * unknown version. Throws a ConfigurationError for a pooler or version it has no data of.
 */
export function poolerProfile(spec = "pgbouncer", settings: PoolerSettings = {}): PoolerProfile {
  const [pooler = "", version] = spec.toLowerCase().split("@");
  const rows = ROWS.filter((row) => row.pooler === pooler);
  if (rows.length === 0) {
    const known = [...new Set(ROWS.map((row) => row.pooler))].join(", ");
    throw new ConfigurationError(
      `No data of the pooler "${pooler}". Known: ${known}. Write KIND or KIND@VERSION, such as pgbouncer@1.25.`,
    );
  }
  const fitting =
    version === undefined ? rows : rows.filter((row) => isAtMost(row.since, parseVersion(version))).slice(-1);
  const extra = settings.trackExtraParameters === undefined ? undefined : lower(settings.trackExtraParameters);
  const trackedBy = (row: PoolerRow): Set<string> =>
    new Set([
      ...row.tracked,
      ...(row.trackExtraParameters === undefined ? [] : (extra ?? row.trackExtraParameters)).filter(
        (name) => (settings.postgresVersion ?? 15) >= (REPORTED.get(name) ?? Infinity),
      ),
    ]);
  const sets = fitting.map(trackedBy);
  const everywhere = new Set([...(sets[0] ?? [])].filter((name) => sets.every((set) => set.has(name))));
  const somewhere = new Map<string, string>();
  fitting.forEach((row, index) => {
    for (const name of sets[index] ?? []) {
      if (!everywhere.has(name) && !somewhere.has(name))
        somewhere.set(name, `PgBouncer ${row.since.join(".")} or newer`);
    }
  });
  const limits = new Set(fitting.map((row) => settings.maxPreparedStatements ?? row.maxPreparedStatements));
  const maxPreparedStatements = limits.size === 1 ? ([...limits][0] ?? "unknown") : "unknown";
  const base = fitting.at(-1)?.capabilities ?? inTransactionMode;
  return {
    pooler,
    version: version ?? "unknown",
    maxPreparedStatements,
    trackedParameters: everywhere,
    conditionallyTrackedParameters: somewhere,
    startupOptionSyntaxes: version === undefined ? "unknown" : (fitting.at(-1)?.optionSyntaxes ?? "unknown"),
    ignoredStartupParameters: new Set(lower(settings.ignoreStartupParameters ?? [])),
    capabilities: {
      ...base,
      ...(version === undefined ? { replication: "depends" as const } : {}),
      "named-statement": maxPreparedStatements === "unknown" ? "depends" : maxPreparedStatements > 0 ? "ok" : "breaks",
    },
    sources: [
      version === undefined ? "default: PgBouncer of unknown version" : `given: ${pooler}@${version}`,
      ...new Set(fitting.map((row) => row.source)),
    ],
  };
}

const isAtMost = (left: readonly [number, number], right: readonly [number, number]): boolean =>
  left[0] < right[0] || (left[0] === right[0] && left[1] <= right[1]);
