import type { Capability, Certainty, PoolerProfile, SessionFeature } from "./model.ts";
import { isBefore, type Version, versionIn } from "./pgbouncer-parameters.ts";
import { type Cell, POOLER_ROWS, type PoolerRow, REPORTED } from "./pooler-table.ts";

/** A mistake of the user's, with what to change. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** Settings of the pooler that change what it keeps. */
export interface PoolerSettings {
  /** Default transaction. */
  readonly poolMode?: PoolerProfile["poolMode"];
  /** `unknown` where something is said of it that is not known; absent: the default of the version. */
  readonly maxPreparedStatements?: number | "unknown";
  /** As in pgbouncer.ini: `["IntervalStyle", "search_path"]`. */
  readonly trackExtraParameters?: readonly string[];
  readonly ignoreStartupParameters?: readonly string[];
  /** Whether the server is reset after every transaction. */
  readonly serverResetQueryAlways?: boolean;
  /** Major version of PostgreSQL; decides which parameters the server reports and a pooler can track. */
  readonly postgresVersion?: number;
  /** Where the version is not known: this one or a newer one. */
  readonly versionAtLeast?: string;
  /** What the user knows better than the table. */
  readonly capabilities?: Readonly<Partial<Record<SessionFeature, Capability>>>;
}

/** Names by which `--pooler` knows poolers. */
export const poolerNames: readonly string[] = [...new Set(POOLER_ROWS.map(({ pooler }) => pooler))];

const lower = (names: readonly string[]): string[] =>
  names.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");

function parseVersion(version: string): Version {
  const parsed = versionIn(version);
  if (parsed === undefined)
    throw new ConfigurationError(`"${version}" is no PgBouncer version: write it as 1.25 or 1.25.2.`);
  return parsed;
}

/** The rows that may hold: that of the version; without one, all, or those from a lower bound on. */
function rowsFor(pooler: string, version: string | undefined, atLeast: string | undefined): readonly PoolerRow[] {
  const rows = POOLER_ROWS.filter((row) => row.pooler === pooler);
  if (rows.length === 0) {
    throw new ConfigurationError(
      `No data of the pooler "${pooler}". Known: ${poolerNames.join(", ")}. Write KIND or KIND@VERSION, such as pgbouncer@1.25.`,
    );
  }
  const [first] = rows;
  // A service has no versions that anybody chooses; one that is given says nothing.
  if (first?.since === undefined) return rows;
  const upTo = (wanted: Version): readonly PoolerRow[] =>
    rows.filter(({ since }) => since !== undefined && !isBefore(wanted, since)).slice(-1);
  if (version !== undefined) return upTo(parseVersion(version));
  if (atLeast === undefined) return rows;
  const lowest = parseVersion(atLeast);
  return [...upTo(lowest), ...rows.filter(({ since }) => since !== undefined && isBefore(lowest, since))];
}

/** What a session keeps that has its server connection to itself; the startup packet is judged as in the other modes. */
const SHARED_IN_SESSION_MODE: readonly SessionFeature[] = ["startup-parameter", "startup-options", "replication"];
/** What a reset after every transaction takes away before it can leak. */
const RESET_AWAY: readonly SessionFeature[] = [
  "session-set",
  "session-identity",
  "session-advisory-lock",
  "temp-table",
  "hold-cursor",
];

/**
 * The profile that findings are judged against. `spec` is `pgbouncer`, `pgbouncer@1.25`, `rds-proxy` and the like; without it, PgBouncer of
 * unknown version. Throws a ConfigurationError for a pooler or version it has no data of.
 */
export function poolerProfile(spec = "pgbouncer", settings: PoolerSettings = {}): PoolerProfile {
  const [pooler = "", version] = spec.toLowerCase().split("@");
  const fitting = rowsFor(pooler, version, settings.versionAtLeast);
  const [first] = fitting;
  const last = fitting.at(-1);
  if (first === undefined || last === undefined) throw new Error(`no row of ${spec}`);
  const isPgBouncer = pooler === "pgbouncer" || last.runs !== undefined;
  const { everywhere, somewhere } = trackedBy(fitting, settings);
  const limits = new Set(fitting.map((row) => settings.maxPreparedStatements ?? row.maxPreparedStatements));
  const maxPreparedStatements = limits.size === 1 ? ([...limits][0] ?? "unknown") : "unknown";
  const poolMode = settings.poolMode ?? "transaction";
  const isKnownVersion = fitting.length === 1 && last.runs === undefined;
  const cellOf = (feature: SessionFeature): Cell => {
    const given = settings.capabilities?.[feature];
    if (given !== undefined) return { capability: given, certainty: "high" };
    if (poolMode === "session" && !SHARED_IN_SESSION_MODE.includes(feature))
      return { capability: "ok", certainty: isPgBouncer ? "high" : "medium" };
    if (isPgBouncer && feature === "named-statement")
      return namedStatements(maxPreparedStatements, version, settings, last.cells[feature].certainty);
    const own = last.cells[feature];
    if (settings.serverResetQueryAlways === true && isPgBouncer && RESET_AWAY.includes(feature))
      return { capability: "lost", certainty: "high" };
    const isSame = fitting.every(({ cells }) => cells[feature].capability === own.capability);
    return isSame ? own : { capability: "depends", certainty: "high", condition: "the version" };
  };
  const cells = Object.fromEntries(
    (Object.keys(last.cells) as SessionFeature[]).map((feature) => [feature, cellOf(feature)]),
  ) as Readonly<Record<SessionFeature, Cell>>;
  return {
    pooler,
    poolerName: version === undefined || first.since === undefined ? last.name : `${last.name} ${version}`,
    isPgBouncer,
    version: first.since === undefined ? "unknown" : (version ?? "unknown"),
    poolMode,
    maxPreparedStatements,
    trackedParameters: everywhere,
    conditionallyTrackedParameters: somewhere,
    startupOptionSyntaxes: isKnownVersion ? last.optionSyntaxes : "unknown",
    ignoredStartupParameters: new Set(lower(settings.ignoreStartupParameters ?? [])),
    untrackableParameters: untrackable(settings),
    capabilities: mapCells(cells, ({ capability }) => capability),
    certainties: mapCells(cells, ({ certainty }) => certainty),
    conditions: new Map(
      (Object.entries(cells) as [SessionFeature, Cell][]).flatMap(([feature, { condition }]) =>
        condition === undefined ? [] : [[feature, condition] as const],
      ),
    ),
    date: last.date,
    sources: [
      ...(version === undefined && pooler === "pgbouncer"
        ? [
            settings.versionAtLeast === undefined
              ? "PgBouncer of unknown version"
              : `PgBouncer ${settings.versionAtLeast} or newer`,
          ]
        : [`${last.name}${version === undefined ? "" : ` ${version}`}`]),
      ...new Set(fitting.map((row) => row.source)),
    ],
  };
}

const mapCells = <T>(
  cells: Readonly<Record<SessionFeature, Cell>>,
  of: (cell: Cell) => T,
): Readonly<Record<SessionFeature, T>> =>
  Object.fromEntries(Object.entries(cells).map(([feature, cell]) => [feature, of(cell)])) as Readonly<
    Record<SessionFeature, T>
  >;

/** Named statements follow max_prepared_statements; PgBouncer 1.21 loses them to a reset that it does not notice. */
function namedStatements(
  limit: number | "unknown",
  version: string | undefined,
  { serverResetQueryAlways }: PoolerSettings,
  certainty: Certainty,
): Cell {
  if (limit === "unknown") return { capability: "depends", certainty, condition: "max_prepared_statements above 0" };
  if (limit === 0) return { capability: "breaks", certainty };
  const is121 = version !== undefined && /^1\.21(?:\.\d+)?$/.test(version);
  return { capability: is121 && serverResetQueryAlways === true ? "breaks" : "ok", certainty };
}

/** Parameters that every fitting row keeps for each client, and those that only some do, with the version from which on. */
function trackedBy(
  fitting: readonly PoolerRow[],
  settings: PoolerSettings,
): { readonly everywhere: ReadonlySet<string>; readonly somewhere: ReadonlyMap<string, string> } {
  const extra = settings.trackExtraParameters === undefined ? undefined : lower(settings.trackExtraParameters);
  const sets = fitting.map(
    (row) =>
      new Set([
        ...row.tracked,
        ...(row.trackExtraParameters === undefined ? [] : (extra ?? row.trackExtraParameters)).filter(
          (name) => (settings.postgresVersion ?? 15) >= (REPORTED.get(name) ?? Infinity),
        ),
      ]),
  );
  const everywhere = new Set([...(sets[0] ?? [])].filter((name) => sets.every((set) => set.has(name))));
  const somewhere = new Map<string, string>();
  fitting.forEach((row, index) => {
    for (const name of sets[index] ?? []) {
      if (!everywhere.has(name) && !somewhere.has(name) && row.since !== undefined)
        somewhere.set(name, `PgBouncer ${row.since.join(".")} or newer`);
    }
  });
  // Whether PostgreSQL reports it is not known where its version is not.
  if (settings.postgresVersion === undefined && fitting.some((row) => row.trackExtraParameters !== undefined)) {
    for (const name of extra ?? []) {
      const since = REPORTED.get(name);
      if (since !== undefined && since > 15 && !everywhere.has(name))
        somewhere.set(name, `PostgreSQL ${String(since)} or newer`);
    }
  }
  return { everywhere, somewhere };
}

/** Names in track_extra_parameters that PostgreSQL does not report: PgBouncer accepts them in the startup packet and drops them. */
const untrackable = ({ trackExtraParameters, postgresVersion }: PoolerSettings): ReadonlySet<string> =>
  new Set(
    lower(trackExtraParameters ?? []).filter((name) => {
      const since = REPORTED.get(name);
      return since === undefined || (postgresVersion !== undefined && since > postgresVersion);
    }),
  );
