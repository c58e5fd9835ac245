import type { Rule } from "../../model.ts";

/** Deployment files that are reported, each beside its nearest neighbour that is not. */
export const poolerConfigExamples: Rule["examples"] = {
  reported: [
    {
      title: "no pool mode",
      language: "ini",
      code: `[databases]
app = host=db.internal

[pgbouncer]
listen_addr = 127.0.0.1
auth_file = /etc/pgbouncer/userlist.txt
`,
      reports: [{ messageId: "poolModeUnset", at: "[", severity: "warning" }],
    },
    {
      title: "a comment behind a value",
      language: "ini",
      code: `[databases]
app = host=db.internal

[pgbouncer]
listen_addr = 127.0.0.1
pool_mode = transaction ; one server connection for each transaction
`,
      reports: [
        {
          messageId: "refusesToStart",
          at: "transaction ; one server connection for each transaction",
          severity: "error",
        },
      ],
    },
    {
      title: "a parameter of newer versions",
      language: "ini",
      pooler: "pgbouncer@1.18",
      code: `[databases]
app = host=db.internal

[pgbouncer]
listen_addr = 127.0.0.1
pool_mode = transaction
max_prepared_statements = 100
`,
      reports: [{ messageId: "refusesToStart", at: "100", severity: "warning" }],
    },
    {
      title: "a reset query in transaction mode",
      language: "ini",
      code: `[databases]
app = host=db.internal

[pgbouncer]
listen_addr = 127.0.0.1
pool_mode = transaction
server_reset_query = DISCARD ALL
`,
      reports: [{ messageId: "resetQueryUnused", at: "DISCARD ALL", severity: "warning" }],
    },
    {
      title: "time-outs that bite",
      language: "ini",
      code: `[databases]
app = host=db.internal

[pgbouncer]
listen_addr = 127.0.0.1
pool_mode = transaction
query_timeout = 30
query_wait_timeout = 0
idle_transaction_timeout = 2
`,
      reports: [
        { messageId: "queryTimeout", at: "30" },
        { messageId: "queryWaitForever", at: "0" },
        { messageId: "idleTransactionTimeout", at: "2" },
      ],
    },
    {
      title: "a login for nobody",
      language: "ini",
      code: `[databases]
app = host=db.internal

[pgbouncer]
listen_addr = *
client_tls_sslmode = require
pool_mode = transaction
auth_type = any
`,
      reports: [{ messageId: "noAuthentication", at: "any", severity: "warning" }],
    },
    {
      title: "a variable that the image does not know",
      language: "compose",
      code: `services:
  pgbouncer:
    image: bitnamilegacy/pgbouncer:1.23.1
    environment:
      POSTGRESQL_HOST: db
      PGBOUNCER_POOL_MODE: transaction
      PGBOUNCER_TRACK_EXTRA_PARAMETERS: IntervalStyle, search_path
    healthcheck:
      test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-p", "6432"]
    stop_signal: SIGINT
`,
      reports: [
        { messageId: "noTls", at: "bitnamilegacy/pgbouncer:1.23.1", severity: "info" },
        { messageId: "variableWithoutEffect", at: "IntervalStyle, search_path", severity: "warning" },
      ],
    },
    {
      title: "too few file descriptors",
      language: "compose",
      code: `services:
  pgbouncer:
    image: bitnamilegacy/pgbouncer:1.23.1
    environment:
      POSTGRESQL_HOST: db
      POSTGRESQL_USERNAME: app
      PGBOUNCER_POOL_MODE: transaction
      PGBOUNCER_CLIENT_TLS_SSLMODE: require
      PGBOUNCER_MAX_CLIENT_CONN: 5000
    ulimits:
      nofile: 4096
    healthcheck:
      test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-p", "6432"]
    stop_signal: SIGINT
`,
      reports: [{ messageId: "fileDescriptors", at: "4096", severity: "error" }],
    },
    {
      title: "an image that is not pinned, on a port of every interface",
      language: "compose",
      code: `services:
  pgbouncer:
    image: bitnamilegacy/pgbouncer:latest
    environment:
      POSTGRESQL_HOST: db
      PGBOUNCER_POOL_MODE: transaction
      PGBOUNCER_CLIENT_TLS_SSLMODE: require
    ports:
      - "6432:6432"
    healthcheck:
      test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-p", "6432"]
    stop_signal: SIGINT
`,
      reports: [
        { messageId: "notPinned", at: "bitnamilegacy/pgbouncer:latest", severity: "warning" },
        { messageId: "portPublished", at: '"6432:6432"', severity: "warning" },
      ],
    },
    {
      title: "a direct URL that leads to the pooler",
      language: "compose",
      code: `services:
  api:
    image: registry.internal/api:3
    environment:
      DIRECT_URL: postgres://app@pgbouncer:6432/app
    depends_on:
      pgbouncer: { condition: service_healthy }
  pgbouncer:
    image: bitnamilegacy/pgbouncer:1.23.1
    environment:
      POSTGRESQL_HOST: db
      PGBOUNCER_DATABASE: app
      PGBOUNCER_POOL_MODE: transaction
      PGBOUNCER_CLIENT_TLS_SSLMODE: require
    healthcheck:
      test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-p", "6432"]
    stop_signal: SIGINT
`,
      reports: [{ messageId: "directIsPooled", at: "postgres://app@pgbouncer:6432/app", severity: "error" }],
    },
  ],
  unreported: [
    {
      title: "transaction mode for all, and an alias in session mode that nothing is wrong with",
      language: "ini",
      code: `; one line for the program, one for LISTEN and migrations
[databases]
app = host=db.internal
app_session = host=db.internal dbname=app pool_mode=transaction

[pgbouncer]
listen_addr = 127.0.0.1
pool_mode = transaction
`,
    },
    {
      title: "a comment on a line of its own",
      language: "ini",
      code: `[databases]
app = host=db.internal

[pgbouncer]
listen_addr = 127.0.0.1
; one server connection for each transaction
pool_mode = Transaction
`,
    },
    {
      title: "no reset query",
      language: "ini",
      code: `[databases]
app = host=db.internal

[pgbouncer]
listen_addr = 127.0.0.1
pool_mode = transaction
server_reset_query =
`,
    },
    {
      title: "time-outs with room",
      language: "ini",
      code: `[databases]
app = host=db.internal

[pgbouncer]
listen_addr = 127.0.0.1
pool_mode = transaction
query_timeout = 0
query_wait_timeout = 30
idle_transaction_timeout = 60
`,
    },
    {
      title: "no password on the machine itself",
      language: "ini",
      code: `[databases]
app = host=/var/run/postgresql

[pgbouncer]
listen_addr = localhost
pool_mode = transaction
auth_type = trust
`,
    },
    {
      title: "a pooler that is waited for, watched and stopped between transactions",
      language: "compose",
      code: `services:
  api:
    image: registry.internal/api:3
    environment:
      DATABASE_URL: postgres://app@pgbouncer:6432/app
      DIRECT_URL: postgres://app@db:5432/app
    depends_on:
      pgbouncer: { condition: service_healthy }
      db: { condition: service_healthy }
  pgbouncer:
    image: bitnamilegacy/pgbouncer:1.23.1
    environment:
      POSTGRESQL_HOST: db
      POSTGRESQL_USERNAME: app
      POSTGRESQL_PASSWORD_FILE: /run/secrets/app
      PGBOUNCER_DATABASE: app
      PGBOUNCER_POOL_MODE: transaction
      PGBOUNCER_CLIENT_TLS_SSLMODE: require
    ulimits:
      nofile: { soft: 4096, hard: 8192 }
    ports:
      - "127.0.0.1:6432:6432"
    depends_on:
      db: { condition: service_healthy }
    healthcheck:
      test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-p", "6432"]
    stop_signal: SIGINT
    stop_grace_period: 1m
  db:
    image: postgres:17.2
    command: postgres -c max_connections=200
    healthcheck:
      test: ["CMD", "pg_isready"]
`,
    },
  ],
};
