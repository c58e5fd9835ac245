/**
 * Every parameter that PgBouncer 1.18 to 1.25 knows (but for Windows) in `[pgbouncer]`, and the keys of a line of `[databases]`, `[users]` and `[peers]`.
 *
 * Read in src/main.c (bouncer_params) and src/loader.c of 1.21.0, 1.23.1, 1.24.1 and 1.25.2, and in NEWS.md for the versions between;
 * each row is confirmed by starting PgBouncer 1.18.0, 1.21.0, 1.23.1, 1.24.1 and 1.25.2 with it (test/witness/ini.test.ts).
 */

/** A version, `[1, 21]`. */
export type Version = readonly [number, number];

export type PgBouncerSection = "pgbouncer" | "databases" | "users" | "peers";

/** What a value has to be; `time` is a number of seconds, with a fraction or without. */
export type ParameterType = "integer" | "unsigned" | "time" | "text" | readonly string[];

/** A parameter of one section. */
export interface PgBouncerParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** The first version that knows it; absent for those of 1.18 and before. */
  readonly since?: Version;
  /** What holds when it is not set, the newest last, each with the version from which on. */
  readonly defaults: readonly { readonly since?: Version; readonly value: string }[];
}

/** Values of auth_type. `ldap` and `pam` depend on how PgBouncer was built. */
const AUTH_TYPES = ["any", "trust", "plain", "md5", "cert", "hba", "ldap", "pam", "scram-sha-256"];
const POOL_MODES = ["session", "transaction", "statement"];
const SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

type Row = readonly [name: string, type: ParameterType, value: string | readonly (string | Version)[], since?: Version];

const rows: readonly Row[] = [
  ["admin_users", "text", ""],
  ["application_name_add_host", "integer", "0"],
  ["auth_dbname", "text", "", [1, 19]],
  ["auth_file", "text", ""],
  ["auth_hba_file", "text", ""],
  ["auth_ident_file", "text", "", [1, 23]],
  ["auth_ldap_options", "text", "", [1, 25]],
  ["auth_query", "text", ""],
  ["auth_type", AUTH_TYPES, "md5"],
  ["auth_user", "text", ""],
  ["autodb_idle_timeout", "time", "3600"],
  ["cancel_wait_timeout", "time", "10", [1, 19]],
  ["client_idle_timeout", "time", "0"],
  ["client_login_timeout", "time", "60"],
  ["client_tls13_ciphers", "text", "", [1, 25]],
  ["client_tls_ca_file", "text", ""],
  ["client_tls_cert_file", "text", ""],
  ["client_tls_ciphers", "text", ""],
  ["client_tls_dheparams", "text", "auto"],
  ["client_tls_ecdhcurve", "text", "auto"],
  ["client_tls_key_file", "text", ""],
  ["client_tls_protocols", "text", "secure"],
  ["client_tls_sslmode", SSL_MODES, "disable"],
  ["conffile", "text", ""],
  ["default_pool_size", "integer", "20"],
  ["disable_pqexec", "integer", "0"],
  ["dns_max_ttl", "time", "15"],
  ["dns_nxdomain_ttl", "time", "15"],
  ["dns_zone_check_period", "time", "0"],
  ["idle_transaction_timeout", "time", "0"],
  ["ignore_startup_parameters", "text", ""],
  ["job_name", "text", "pgbouncer"],
  ["listen_addr", "text", ""],
  ["listen_backlog", "integer", "128"],
  ["listen_port", "integer", "6432"],
  ["log_connections", "integer", "1"],
  ["log_disconnections", "integer", "1"],
  ["log_pooler_errors", "integer", "1"],
  ["log_stats", "integer", "1"],
  ["logfile", "text", ""],
  ["max_client_conn", "integer", "100"],
  ["max_db_client_connections", "integer", "0", [1, 24]],
  ["max_db_connections", "integer", "0"],
  ["max_packet_size", "unsigned", "2147483647"],
  ["max_prepared_statements", "integer", ["0", [1, 24], "200"], [1, 21]],
  ["max_user_client_connections", "integer", "0", [1, 24]],
  ["max_user_connections", "integer", "0"],
  ["min_pool_size", "integer", "0"],
  ["peer_id", "integer", "0", [1, 19]],
  ["pidfile", "text", ""],
  ["pkt_buf", "integer", "4096"],
  ["pool_mode", POOL_MODES, "session"],
  ["query_timeout", "time", "0"],
  ["query_wait_notify", "integer", "5", [1, 25]],
  ["query_wait_timeout", "time", "120"],
  ["reserve_pool_size", "integer", "0"],
  ["reserve_pool_timeout", "time", "5"],
  ["resolv_conf", "text", ""],
  ["sbuf_loopcnt", "integer", "5"],
  ["scram_iterations", "integer", "4096", [1, 25]],
  ["server_check_delay", "time", "30"],
  ["server_check_query", "text", ["select 1", [1, 25], "<empty>"]],
  ["server_connect_timeout", "time", "15"],
  ["server_fast_close", "integer", "0"],
  ["server_idle_timeout", "time", "600"],
  ["server_lifetime", "time", "3600"],
  ["server_login_retry", "time", "15"],
  ["server_reset_query", "text", "DISCARD ALL"],
  ["server_reset_query_always", "integer", "0"],
  ["server_round_robin", "integer", "0"],
  ["server_tls13_ciphers", "text", "", [1, 25]],
  ["server_tls_ca_file", "text", ""],
  ["server_tls_cert_file", "text", ""],
  ["server_tls_ciphers", "text", ""],
  ["server_tls_key_file", "text", ""],
  ["server_tls_protocols", "text", "secure"],
  ["server_tls_sslmode", SSL_MODES, ["disable", [1, 20], "prefer"]],
  ["so_reuseport", "integer", "0"],
  ["stats_period", "integer", "60"],
  ["stats_users", "text", ""],
  ["suspend_timeout", "time", "10"],
  ["syslog", "integer", "0"],
  ["syslog_facility", "text", "daemon"],
  ["syslog_ident", "text", "pgbouncer"],
  ["tcp_defer_accept", "integer", "1"],
  ["tcp_keepalive", "integer", "1"],
  ["tcp_keepcnt", "integer", "0"],
  ["tcp_keepidle", "integer", "0"],
  ["tcp_keepintvl", "integer", "0"],
  ["tcp_socket_buffer", "integer", "0"],
  ["tcp_user_timeout", "integer", "0"],
  ["track_extra_parameters", "text", "IntervalStyle", [1, 20]],
  ["transaction_timeout", "time", "0", [1, 25]],
  ["unix_socket_dir", "text", "/tmp"],
  ["unix_socket_group", "text", ""],
  ["unix_socket_mode", "integer", "0777"],
  ["user", "text", ""],
  ["verbose", "integer", "0"],
];

/** Numbers in lines of other sections are read with atoi(): any text is accepted, what is no number counts as 0. */
const databaseRows: readonly Row[] = [
  ["application_name", "text", ""],
  ["auth_dbname", "text", "", [1, 19]],
  ["auth_query", "text", "", [1, 23]],
  ["auth_user", "text", ""],
  ["client_encoding", "text", ""],
  ["connect_query", "text", ""],
  ["datestyle", "text", ""],
  ["dbname", "text", ""],
  ["host", "text", ""],
  ["load_balance_hosts", ["disable", "round-robin"], "round-robin", [1, 24]],
  ["max_db_client_connections", "text", "", [1, 24]],
  ["max_db_connections", "text", ""],
  ["min_pool_size", "text", ""],
  ["password", "text", ""],
  ["pool_mode", POOL_MODES, ""],
  ["pool_size", "text", ""],
  ["port", "text", "5432"],
  ["reserve_pool", "text", ""],
  ["reserve_pool_size", "text", "", [1, 24]],
  ["server_lifetime", "text", "", [1, 23]],
  ["timezone", "text", ""],
  ["user", "text", ""],
];
const userRows: readonly Row[] = [
  ["client_idle_timeout", "text", "", [1, 24]],
  ["idle_transaction_timeout", "text", "", [1, 24]],
  ["max_user_client_connections", "text", "", [1, 24]],
  ["max_user_connections", "text", ""],
  ["pool_mode", POOL_MODES, ""],
  ["pool_size", "text", "", [1, 23]],
  ["query_timeout", "text", "", [1, 24]],
  ["reserve_pool_size", "text", "", [1, 24]],
  ["transaction_timeout", "text", "", [1, 25]],
];
const peerRows: readonly Row[] = [
  ["host", "text", ""],
  ["pool_size", "text", ""],
  ["port", "text", "6432"],
];

function parameter([name, type, value, since]: Row): PgBouncerParameter {
  const values: readonly (string | Version)[] = typeof value === "string" ? [value] : value;
  const defaults = values.flatMap((item, index) => {
    if (typeof item !== "string") return [];
    const before = values[index - 1];
    return [typeof before === "object" ? { since: before, value: item } : { value: item }];
  });
  return { name, type, defaults, ...(since === undefined ? {} : { since }) };
}

const tableOf = (list: readonly Row[]): ReadonlyMap<string, PgBouncerParameter> =>
  new Map(list.map((row) => [row[0], parameter(row)]));

/** The parameters of each section, by name. */
export const PARAMETERS: Readonly<Record<PgBouncerSection, ReadonlyMap<string, PgBouncerParameter>>> = {
  pgbouncer: tableOf(rows),
  databases: tableOf(databaseRows),
  users: tableOf(userRows),
  peers: tableOf(peerRows),
};

/** The first version with a section; absent for those of 1.18 and before. */
export const SECTIONS_SINCE: Readonly<Partial<Record<PgBouncerSection, Version>>> = { peers: [1, 19] };

/** `1.21.0` as `[1, 21]`; undefined for what is no version. */
export function versionIn(text: string): Version | undefined {
  const match = /^(\d+)\.(\d+)(?:\.\d+)?$/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

export const isBefore = (left: Version, right: Version): boolean =>
  left[0] < right[0] || (left[0] === right[0] && left[1] < right[1]);

/**
 * What holds in `[pgbouncer]` when a parameter is not set. Without a version, only what all versions have in common; undefined otherwise,
 * and for a parameter that there is not.
 */
export function defaultOf(name: string, version?: string): string | undefined {
  const found = PARAMETERS.pgbouncer.get(name);
  if (found === undefined) return undefined;
  const known = version === undefined ? undefined : versionIn(version);
  const { defaults, since } = found;
  if (known === undefined) return defaults.length === 1 && since === undefined ? defaults[0]?.value : undefined;
  if (since !== undefined && isBefore(known, since)) return undefined;
  return defaults.findLast((entry) => entry.since === undefined || !isBefore(known, entry.since))?.value;
}

/**
 * Whether PgBouncer takes a text for a value: numbers whole, in any notation of C; times not negative; words of a list in upper or lower
 * case. Quotes and comments behind the value are part of it (libusual cfparser.c).
 */
export function acceptsValue({ type }: PgBouncerParameter, text: string): boolean {
  switch (type) {
    case "text":
      return true;
    case "integer":
    case "unsigned":
      return /^\s*[+-]?(?:0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(text);
    case "time":
      return /^\s*\+?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
    default:
      return type.some((word) => word.toLowerCase() === text.toLowerCase());
  }
}
