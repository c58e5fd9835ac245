import type { Capability, Certainty, SessionFeature } from "./model.ts";
import type { Version } from "./pgbouncer-parameters.ts";

/** What a pooler does with one feature of a session, how sure that is, and on what it depends where it depends. */
export interface Cell {
  readonly capability: Capability;
  readonly certainty: Certainty;
  /** For a reader: "max_prepared_statements above 0". */
  readonly condition?: string;
}

/** A pooler in transaction mode with its own defaults. */
export interface PoolerRow {
  /** As it is named on the command line. */
  readonly pooler: string;
  /** For a reader. */
  readonly name: string;
  /** First version of the row; rows of a pooler are in ascending order. Absent for a service that has no versions of its own. */
  readonly since?: Version;
  /** It is PgBouncer, run by somebody else: of which version at least, where that is known. */
  readonly runs?: { readonly pgbouncer: true; readonly versionAtLeast?: string };
  readonly maxPreparedStatements: number | "unknown";
  /** Parameters that it keeps for each client. */
  readonly tracked: readonly string[];
  /** What `track_extra_parameters` is when it is not set; absent where the setting does not exist. */
  readonly trackExtraParameters?: readonly string[];
  /** Spellings it parses in the startup parameter `options`; none: it refuses `options` itself. */
  readonly optionSyntaxes: readonly ("-c" | "--")[] | "unknown";
  readonly cells: Readonly<Record<SessionFeature, Cell>>;
  readonly source: string;
  /** When the row was last compared with its sources. */
  readonly date: string;
}

/** The date of all rows. */
const DATE = "2026-11";

const cell = (capability: Capability, certainty: Certainty, condition?: string): Cell => ({
  capability,
  certainty,
  ...(condition === undefined ? {} : { condition }),
});

/** All cells alike, but for those that are given. */
function cells(base: Cell, given: Partial<Record<SessionFeature, Cell>> = {}): Readonly<Record<SessionFeature, Cell>> {
  return {
    "session-set": base,
    "session-identity": base,
    "session-advisory-lock": base,
    "sql-prepare": base,
    "named-statement": base,
    "temp-table": base,
    listen: base,
    "hold-cursor": base,
    "load-library": base,
    discard: base,
    "session-function": base,
    "startup-parameter": base,
    "startup-options": base,
    replication: base,
    ...given,
  };
}

/** What all versions of PgBouncer share. */
const PGBOUNCER = cells(cell("breaks", "high"), {
  "session-set": cell("leaks", "high"),
  "session-identity": cell("leaks", "high"),
  "temp-table": cell("leaks", "high"),
  "load-library": cell("leaks", "high"),
  listen: cell("lost", "high"),
  "startup-parameter": cell("rejected", "high"),
  "startup-options": cell("rejected", "high"),
  replication: cell("rejected", "high"),
});

const ALWAYS_TRACKED = ["client_encoding", "datestyle", "timezone", "standard_conforming_strings", "application_name"];
const MEASURED =
  "measured 2026-11 on PgBouncer 1.18.0, 1.20.1, 1.21.0, 1.22.1, 1.23.1, 1.24.1 and 1.25.2 over PostgreSQL 15.18 and 18.4";

const pgbouncer = {
  pooler: "pgbouncer",
  name: "PgBouncer",
  tracked: ALWAYS_TRACKED,
  source: MEASURED,
  date: DATE,
} as const;

/** PgBouncer that a vendor runs: what is not said of it is as in PgBouncer of unknown version. */
const hosted = (
  pooler: string,
  name: string,
  source: string,
  certainty: Certainty,
  facts: Partial<Pick<PoolerRow, "maxPreparedStatements">> & { readonly versionAtLeast?: string },
): PoolerRow => ({
  pooler,
  name,
  runs: {
    pgbouncer: true,
    ...(facts.versionAtLeast === undefined ? {} : { versionAtLeast: facts.versionAtLeast }),
  },
  maxPreparedStatements: facts.maxPreparedStatements ?? "unknown",
  tracked: ALWAYS_TRACKED,
  trackExtraParameters: ["intervalstyle"],
  optionSyntaxes: "unknown",
  cells: Object.fromEntries(
    Object.entries(PGBOUNCER).map(([feature, { capability }]) => [feature, cell(capability, certainty)]),
  ) as unknown as PoolerRow["cells"],
  source,
  date: DATE,
});

/** What each pooler keeps, loses, leaks, refuses or pins. */
export const POOLER_ROWS: readonly PoolerRow[] = [
  { ...pgbouncer, since: [1, 0], maxPreparedStatements: 0, optionSyntaxes: [], cells: PGBOUNCER },
  {
    ...pgbouncer,
    since: [1, 20],
    maxPreparedStatements: 0,
    trackExtraParameters: ["intervalstyle"],
    optionSyntaxes: ["-c"],
    cells: PGBOUNCER,
  },
  {
    ...pgbouncer,
    since: [1, 23],
    maxPreparedStatements: 0,
    trackExtraParameters: ["intervalstyle"],
    optionSyntaxes: ["-c", "--"],
    cells: { ...PGBOUNCER, replication: cell("ok", "high") },
  },
  {
    ...pgbouncer,
    since: [1, 24],
    maxPreparedStatements: 200,
    trackExtraParameters: ["intervalstyle"],
    optionSyntaxes: ["-c", "--"],
    cells: { ...PGBOUNCER, "named-statement": cell("ok", "high"), replication: cell("ok", "high") },
  },
  hosted("neon", "Neon's pooler", "Neon documentation, connection pooling; neondatabase/neon#6291", "medium", {
    maxPreparedStatements: 1000,
    versionAtLeast: "1.22",
  }),
  hosted(
    "azure",
    "Azure Flexible Server's PgBouncer",
    "Microsoft documentation, PgBouncer in Azure Database for PostgreSQL: version 1.25.1, max_prepared_statements 0 unless it is set",
    "high",
    { maxPreparedStatements: 0, versionAtLeast: "1.23" },
  ),
  hosted(
    "digitalocean",
    "DigitalOcean's connection pools",
    "DigitalOcean documentation; prisma/prisma#6053",
    "medium",
    {},
  ),
  hosted("heroku", "Heroku's connection pooling", "Heroku Dev Center, Postgres connection pooling", "medium", {}),
  hosted("supabase-dedicated", "Supabase's dedicated pooler", "Supabase documentation, dedicated pooler", "low", {
    versionAtLeast: "1.21",
  }),
  hosted("cloud-sql", "Google Cloud SQL managed connection pooling", "not confirmed: taken for PgBouncer", "low", {}),
  {
    pooler: "supavisor",
    name: "Supavisor",
    maxPreparedStatements: "unknown",
    tracked: [],
    optionSyntaxes: ["-c"],
    cells: cells(cell("breaks", "medium"), {
      "named-statement": cell("depends", "medium", "the feature flag named_prepared_statements"),
      "session-set": cell("leaks", "medium"),
      "session-identity": cell("leaks", "medium"),
      "temp-table": cell("leaks", "medium"),
      "load-library": cell("leaks", "low"),
      listen: cell("lost", "medium"),
      "startup-parameter": cell("lost", "low"),
      "startup-options": cell("depends", "medium", "search_path in options only"),
      replication: cell("rejected", "unknown"),
    }),
    source: "supabase/supavisor docs/faq.md, 2026-08; Supabase documentation, connecting to Postgres",
    date: DATE,
  },
  {
    pooler: "rds-proxy",
    name: "Amazon RDS Proxy",
    maxPreparedStatements: "unknown",
    tracked: [],
    optionSyntaxes: [],
    cells: cells(cell("pins", "medium"), {
      "session-set": cell("pins", "high"),
      "session-identity": cell("pins", "high"),
      "sql-prepare": cell("pins", "high"),
      "temp-table": cell("pins", "high"),
      listen: cell("pins", "high"),
      discard: cell("pins", "high"),
      "load-library": cell("pins", "high"),
      "session-advisory-lock": cell("pins", "high"),
      "named-statement": cell("ok", "high"),
      "startup-parameter": cell("depends", "unknown", "what the proxy accepts in the startup packet"),
      "startup-options": cell("rejected", "high"),
      replication: cell("rejected", "medium"),
    }),
    source:
      "AWS documentation, Avoiding pinning an RDS Proxy, PostgreSQL; extended query protocol multiplexed since 2023-11",
    date: DATE,
  },
  {
    pooler: "pgcat",
    name: "PgCat",
    maxPreparedStatements: 0,
    tracked: ["client_encoding", "datestyle", "timezone", "standard_conforming_strings", "application_name"],
    optionSyntaxes: "unknown",
    cells: cells(cell("breaks", "medium"), {
      "named-statement": cell("depends", "medium", "prepared_statements_cache_size above 0 (default 0)"),
      "session-set": cell("lost", "medium"),
      "session-identity": cell("lost", "medium"),
      "temp-table": cell("leaks", "medium"),
      "load-library": cell("leaks", "medium"),
      listen: cell("lost", "medium"),
      "startup-parameter": cell("lost", "low"),
      "startup-options": cell("lost", "low"),
      replication: cell("rejected", "unknown"),
    }),
    source:
      "postgresml/pgcat README and src/server.rs, 2025-02: RESET ROLE and RESET ALL when a connection is given back",
    date: DATE,
  },
  {
    pooler: "odyssey",
    name: "Odyssey",
    maxPreparedStatements: "unknown",
    tracked: [
      "client_encoding",
      "datestyle",
      "timezone",
      "standard_conforming_strings",
      "application_name",
      "intervalstyle",
    ],
    optionSyntaxes: "unknown",
    cells: cells(cell("breaks", "medium"), {
      "named-statement": cell("depends", "medium", "pool_reserve_prepared_statement yes"),
      "session-set": cell("lost", "medium"),
      "session-identity": cell("lost", "medium"),
      "temp-table": cell("lost", "medium"),
      "load-library": cell("leaks", "low"),
      listen: cell("depends", "low", "pool_pin_on_listen, which is experimental"),
      "startup-parameter": cell("lost", "low"),
      "startup-options": cell("lost", "unknown"),
      replication: cell("rejected", "unknown"),
    }),
    source: "yandex/odyssey documentation, rules, 2026-08",
    date: DATE,
  },
  {
    pooler: "pgdog",
    name: "PgDog",
    maxPreparedStatements: "unknown",
    tracked: [],
    optionSyntaxes: ["-c", "--"],
    cells: cells(cell("breaks", "medium"), {
      "named-statement": cell("ok", "high"),
      "sql-prepare": cell("depends", "high", 'prepared_statements = "full"'),
      "session-set": cell("ok", "high"),
      "session-identity": cell(
        "depends",
        "medium",
        "the setting: SET of a parameter is replayed, SET ROLE leaks (pgdog#1341)",
      ),
      listen: cell("depends", "high", "pub_sub_channel_size above 0"),
      "session-advisory-lock": cell("depends", "medium", 'query_parser = "session_control_and_locks", which pins'),
      "temp-table": cell("breaks", "low"),
      "hold-cursor": cell("breaks", "unknown"),
      "load-library": cell("leaks", "unknown"),
      "startup-parameter": cell("ok", "high"),
      "startup-options": cell("ok", "high"),
      replication: cell("rejected", "unknown"),
    }),
    source: "pgdogdev/pgdog documentation, 2026-08",
    date: DATE,
  },
  {
    pooler: "hyperdrive",
    name: "Cloudflare Hyperdrive",
    maxPreparedStatements: "unknown",
    tracked: [],
    optionSyntaxes: "unknown",
    cells: cells(cell("breaks", "high"), {
      "named-statement": cell("ok", "high"),
      "session-set": cell("lost", "high"),
      "session-identity": cell("lost", "high"),
      "temp-table": cell("breaks", "unknown"),
      "hold-cursor": cell("breaks", "unknown"),
      "load-library": cell("breaks", "unknown"),
      "startup-parameter": cell("depends", "unknown", "what the service accepts in the startup packet"),
      "startup-options": cell("depends", "unknown", "what the service accepts in the startup packet"),
      replication: cell("rejected", "unknown"),
    }),
    source: "Cloudflare documentation, Hyperdrive, supported databases and features, 2026-10",
    date: DATE,
  },
];

/** Parameters that PostgreSQL reports to its client, beyond those always tracked, with the first major version that does. */
export const REPORTED: ReadonlyMap<string, number> = new Map([
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
