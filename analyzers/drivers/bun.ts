import type { ConnectOptions, Driver, ExportShape, NamesStatements } from "./driver.ts";
import { postgresHandles, postgresOptions } from "./postgres-js.ts";

/**
 * Bun's SQL, which took over the interface of postgres (postgres.js). Run: Bun 1.4.5, also for what its startup packet holds; read: its
 * builtin module for SQL (parseServerUrl, readUrlQuery, sqlitePrefix) and bun-types 1.4.5 sql.d.ts. It also reaches MySQL, MariaDB and
 * SQLite.
 */

/** Keys of a URL's query that are options, or that it leaves to libpq; every other one becomes a startup parameter. */
const urlOptions = [
  "sslmode",
  "ssl-mode",
  "ssl_mode",
  "ssl",
  "tls",
  "path",
  "socket",
  "connect_timeout",
  "idle_timeout",
  "max_lifetime",
  "max",
  "prepare",
  "foundrows",
  "channel_binding",
  "host",
  "port",
  "user",
  "password",
  "dbname",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "sslpassword",
  "keepalives",
  "keepalives_idle",
  "keepalives_interval",
  "keepalives_count",
  "tcp_user_timeout",
  "target_session_attrs",
  "load_balance_hosts",
  "fallback_application_name",
  "sslnegotiation",
  "sslcompression",
  "gssencmode",
];

/** They are numbered by process; `begin` and `commit` have none. Measured on 1.18.0: 60 of 160 results were another process's. */
const names: NamesStatements = {
  option: "prepare",
  symptom: "processes use the same names for different queries, so that one gets the rows of another's",
  effect: "silent",
};

export const bunOptions: ConnectOptions = {
  ...postgresOptions,
  poolSize: { options: ["max"], default: 10, source: "Bun 1.3 documentation" },
  urlOptions,
  connectionString: "url",
  sendsEmpty: true,
  nested: { connection: { argument: 0, startupParameters: "every", optionsText: "options", sendsEmpty: true } },
  dialect: {
    option: "adapter",
    postgres: ["postgres"],
    otherOptions: ["filename"],
    otherUrls: ["mysql:", "mysql2:", "mariadb:", "sqlite:", "file:", ":memory:"],
  },
  namesStatements: names,
};

const maker: ExportShape = { is: "handle-maker", makes: "database", typed: "either", options: bunOptions };

const ready: ExportShape = { is: "handle", makes: "database", namesStatements: names };

export const bunSql: Driver = {
  name: "bun",
  source: "Bun 1.4.5",
  handles: postgresHandles,
  modules: {
    bun: {
      global: "Bun",
      exports: { SQL: maker, sql: ready, postgres: ready },
      types: {
        SQL: "either",
        TransactionSQL: "transaction",
        SavepointSQL: "transaction",
        ReservedSQL: "reserved",
      },
    },
  },
};
