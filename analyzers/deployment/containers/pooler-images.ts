/**
 * Images of poolers: what their entrypoints make of environment variables. Read in the entrypoints at the commits that are named; images
 * whose entrypoint was not read are marked, and nothing follows from what they do not set.
 */

/** One image, or images that behave alike. */
export interface PoolerImage {
  readonly id: string;
  /** On the last two parts of the image's name. */
  readonly name: RegExp;
  /** In the pooler table. */
  readonly kind: string;
  /** What stands before the name of a parameter; empty for none. */
  readonly prefix: string;
  /** Parameters that are taken from variables; `every` for all of them. */
  readonly parameters: readonly string[] | "every";
  /** Variables with names of their own for a parameter. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** What the image sets when no variable does. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Variables that make the line of `[databases]`. */
  readonly database?: DatabaseVariables;
  /** Where a file replaces what variables say; a folder ends with `/`. */
  readonly configuration: string;
  /** Whether the entrypoint was read. */
  readonly isVerified: boolean;
  readonly source: string;
}

/** How the line of `[databases]` is made. */
export interface DatabaseVariables {
  readonly url?: string;
  readonly host: string;
  readonly port: string;
  readonly user: string;
  /** The alias; `*` or another default when it is not set. */
  readonly alias: string;
  readonly aliasDefault: string;
  readonly hostDefault?: string;
  /** The variable that, when it says yes or names a user, writes the user into the line, so that every client has it on the server; `never` for none. */
  readonly forcesUser: string;
  /** Whether the user that is named is the only one who can log in, as long as these variables are not set. */
  readonly onlyUserUnless?: readonly string[];
  /** Variables that add lines: `name=host=…`. */
  readonly more?: RegExp;
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");

const EDOBURU: PoolerImage = {
  id: "edoburu",
  name: /^edoburu\/pgbouncer$/,
  kind: "pgbouncer",
  prefix: "",
  parameters: words(`
    listen_addr listen_port unix_socket_dir auth_file auth_hba_file auth_type auth_user auth_query auth_dbname pool_mode max_client_conn
    pool_size default_pool_size min_pool_size reserve_pool_size reserve_pool_timeout max_db_connections max_user_connections
    server_round_robin ignore_startup_parameters disable_pqexec application_name_add_host timezone max_prepared_statements
    log_connections log_disconnections log_pooler_errors log_stats stats_period verbose admin_users stats_users logfile
    server_reset_query server_reset_query_always server_check_delay server_check_query server_lifetime server_idle_timeout
    server_connect_timeout server_login_retry client_login_timeout autodb_idle_timeout dns_max_ttl dns_nxdomain_ttl
    client_tls_sslmode client_tls_key_file client_tls_cert_file client_tls_ca_file client_tls_protocols client_tls_ciphers
    client_tls_ecdhcurve client_tls_dheparams server_tls_sslmode server_tls_ca_file server_tls_key_file server_tls_cert_file
    server_tls_protocols server_tls_ciphers query_timeout query_wait_timeout client_idle_timeout idle_transaction_timeout pkt_buf
    max_packet_size listen_backlog sbuf_loopcnt suspend_timeout tcp_defer_accept tcp_keepalive tcp_keepcnt tcp_keepidle tcp_keepintvl
    tcp_user_timeout`),
  defaults: {
    listen_addr: "0.0.0.0",
    listen_port: "5432",
    auth_type: "md5",
    ignore_startup_parameters: "extra_float_digits",
    admin_users: "postgres",
    unix_socket_dir: "",
  },
  database: {
    url: "DATABASE_URL",
    host: "DB_HOST",
    port: "DB_PORT",
    user: "DB_USER",
    alias: "DB_NAME",
    aliasDefault: "*",
    // The user is the auth_user: who is not in the list of users is looked up with it.
    forcesUser: "never",
  },
  configuration: "/etc/pgbouncer/pgbouncer.ini",
  isVerified: true,
  source: "edoburu/docker-pgbouncer 9678380 (tests/all-knobs), entrypoint.sh 01fdef0",
};

const BITNAMI: PoolerImage = {
  id: "bitnami",
  name: /^bitnami(?:legacy|secure)?\/pgbouncer$/,
  kind: "pgbouncer",
  prefix: "PGBOUNCER_",
  parameters: words(`
    auth_type auth_hba_file auth_ident_file auth_query stats_users client_tls_sslmode client_tls_ca_file client_tls_cert_file
    client_tls_key_file client_tls_ciphers server_tls_sslmode server_tls_ca_file server_tls_cert_file server_tls_key_file
    server_tls_protocols server_tls_ciphers query_wait_timeout pool_mode max_client_conn max_db_connections idle_transaction_timeout
    server_idle_timeout server_reset_query default_pool_size min_pool_size reserve_pool_size reserve_pool_timeout
    ignore_startup_parameters log_connections log_disconnections log_pooler_errors log_stats stats_period server_round_robin
    server_fast_close server_lifetime server_connect_timeout server_login_retry client_login_timeout autodb_idle_timeout query_timeout
    client_idle_timeout max_prepared_statements application_name_add_host`),
  renamed: {
    PGBOUNCER_PORT: "listen_port",
    PGBOUNCER_LISTEN_ADDRESS: "listen_addr",
    PGBOUNCER_SOCKET_DIR: "unix_socket_dir",
    PGBOUNCER_SOCKET_MODE: "unix_socket_mode",
    PGBOUNCER_SOCKET_GROUP: "unix_socket_group",
    PGBOUNCER_LOG_FILE: "logfile",
  },
  defaults: {
    listen_port: "6432",
    listen_addr: "0.0.0.0",
    auth_type: "scram-sha-256",
    ignore_startup_parameters: "extra_float_digits",
    client_tls_sslmode: "disable",
    server_tls_sslmode: "disable",
    stats_period: "60",
    server_fast_close: "0",
    server_round_robin: "0",
    unix_socket_dir: "/tmp/",
  },
  database: {
    host: "POSTGRESQL_HOST",
    hostDefault: "postgresql",
    port: "POSTGRESQL_PORT",
    user: "POSTGRESQL_USERNAME",
    alias: "PGBOUNCER_DATABASE",
    aliasDefault: "postgres",
    forcesUser: "PGBOUNCER_SET_DATABASE_USER",
    onlyUserUnless: ["PGBOUNCER_AUTH_USER", "PGBOUNCER_USERLIST", "PGBOUNCER_USERLIST_FILE", "PGBOUNCER_AUTH_QUERY"],
    more: /^PGBOUNCER_DSN_\d+$/,
  },
  configuration: "/bitnami/pgbouncer/conf/",
  isVerified: true,
  source: "bitnami/containers 07b5b85, debian-12 libpgbouncer.sh; pgbouncer-env.sh 043f89c",
};

/** Variables in the style `PGBOUNCER_<KEY>` and `DATABASES_<KEY>`. */
const PREFIXED: PoolerImage = {
  id: "prefixed",
  name: /^pgbouncer\/pgbouncer$/,
  kind: "pgbouncer",
  prefix: "PGBOUNCER_",
  parameters: "every",
  defaults: {},
  database: {
    host: "DATABASES_HOST",
    port: "DATABASES_PORT",
    user: "DATABASES_USER",
    alias: "DATABASES_DBNAME",
    aliasDefault: "*",
    forcesUser: "DATABASES_USER",
  },
  configuration: "/etc/pgbouncer/pgbouncer.ini",
  isVerified: false,
  source: "entrypoint of a fork; that of the image itself was not read",
};

const CLOUD_NATIVE_PG: PoolerImage = {
  id: "cloudnative-pg",
  name: /^cloudnative-pg\/pgbouncer(?:-testing)?$/,
  kind: "pgbouncer",
  prefix: "",
  parameters: [],
  defaults: {},
  configuration: "/etc/pgbouncer/pgbouncer.ini",
  isVerified: false,
  source: "the operator writes its configuration",
};

/** Any other image with pgbouncer in its name: variables in both styles are taken for settings, and more may be set. */
const OTHER: PoolerImage = {
  id: "other",
  name: /pg-?bouncer/,
  kind: "pgbouncer",
  prefix: "",
  parameters: "every",
  defaults: {},
  database: EDOBURU.database ?? { host: "", port: "", user: "", alias: "", aliasDefault: "*", forcesUser: "never" },
  configuration: "/etc/pgbouncer/pgbouncer.ini",
  isVerified: false,
  source: "the entrypoint was not read",
};

const ofKind = (kind: string, name: RegExp): PoolerImage => ({
  ...OTHER,
  id: kind,
  name,
  kind,
  parameters: [],
  configuration: "/",
});

/** The first that fits counts. */
export const POOLER_IMAGES: readonly PoolerImage[] = [
  EDOBURU,
  BITNAMI,
  PREFIXED,
  CLOUD_NATIVE_PG,
  OTHER,
  ofKind("supavisor", /(?:^|\/)supavisor$/),
  ofKind("pgcat", /(?:^|\/)pgcat$/),
  ofKind("pgdog", /(?:^|\/)pgdog$/),
  ofKind("odyssey", /(?:^|\/)odyssey$/),
];

/** A service that runs `pgbouncer` in an image that is not known. */
export const OTHER_IMAGE = OTHER;
