import type { Rule } from "../../model.ts";

const pool = (options: string, query: string): string => `import { Pool } from "pg";

const pool = new Pool(${options});

export const run = () => pool.query("${query}");
`;

/** What no-startup-parameter reports, and what it does not. */
export const noStartupParameterExamples: Rule["examples"] = {
  reported: [
    {
      title: "statement_timeout of a pool",
      code: pool(`{ connectionString: process.env.DATABASE_URL, statement_timeout: 5000 }`, "SHOW statement_timeout"),
      intends: [{ statement_timeout: "5s" }],
      reports: [{ messageId: "refused", at: "statement_timeout: 5000", confidence: "certain", severity: "error" }],
    },
    {
      title: "timeouts of a client",
      code: `import { Client } from "pg";

const client = new Client({ lock_timeout: 1000, idle_in_transaction_session_timeout: 10_000 });

export async function run() {
  await client.connect();
  return await client.query("SHOW lock_timeout");
}
`,
      intends: [{ lock_timeout: "1s" }],
      reports: [
        { messageId: "refused", at: "lock_timeout: 1000" },
        { messageId: "refused", at: "idle_in_transaction_session_timeout: 10_000" },
      ],
    },
    {
      title: "search_path in options",
      code: pool(`{ options: "-c search_path=app,public" }`, "SELECT name FROM settings"),
      given: "CREATE SCHEMA app; CREATE TABLE app.settings AS SELECT 'theme' AS name",
      intends: [{ name: "theme" }],
      reports: [{ messageId: "refusedInOptions", at: "search_path" }],
    },
    {
      title: "in the connection string",
      code: pool(`{ connectionString: "postgres://app@db/app?statement_timeout=5000" }`, "SHOW statement_timeout"),
      intends: [{ statement_timeout: "5s" }],
      reports: [{ messageId: "refused", at: "statement_timeout" }],
    },
    {
      title: "options that PgBouncer cannot read",
      code: pool(`{ options: "-e" }`, "SHOW datestyle"),
      intends: [{ DateStyle: "ISO, DMY" }],
      reports: [{ messageId: "options", at: "-e" }],
    },
    {
      title: "for every connection",
      code: `import pg from "pg";

pg.defaults.statement_timeout = 5000;

export const run = () => new pg.Pool().query("SHOW statement_timeout");
`,
      intends: [{ statement_timeout: "5s" }],
      reports: [{ messageId: "refused", at: "pg.defaults.statement_timeout = 5000" }],
    },
    {
      title: "in the environment",
      code: `import { Pool } from "pg";

process.env.PGOPTIONS = "-c search_path=app";

export const run = () => new Pool().query("SHOW search_path");
`,
      intends: [{ search_path: "app" }],
      reports: [{ messageId: "refusedInEnvironment", at: "search_path", severity: "error" }],
    },
    {
      title: "options built elsewhere, with a value that is not known",
      code: `import { Pool } from "pg";

const common = { statement_timeout: Number(process.env.TIMEOUT) };

const pool = new Pool({ ...common, max: 5 });

export const run = () => pool.query("SHOW statement_timeout");
`,
      environment: { TIMEOUT: "5000" },
      intends: [{ statement_timeout: "5s" }],
      reports: [{ messageId: "refused", at: "statement_timeout: Number(process.env.TIMEOUT)", confidence: "likely" }],
    },
    {
      title: "TimeZone in options, with PgBouncer 1.18",
      pooler: "pgbouncer@1.18",
      code: pool(`{ options: "-c TimeZone=Asia/Tokyo" }`, "SHOW timezone"),
      intends: [{ TimeZone: "Asia/Tokyo" }],
      reports: [{ messageId: "optionsDepend", at: "TimeZone", severity: "error" }],
    },
    {
      title: "any setting in the connection of postgres.js",
      code: `import postgres from "postgres";

const clients = [
  postgres({ prepare: false, connection: { search_path: "app" } }),
  postgres({ prepare: false, connection: { role: "app" } }),
  postgres({ prepare: false, connection: { default_transaction_isolation: "serializable" } }),
  postgres({ prepare: false, connection: { default_transaction_read_only: true } }),
  postgres({ prepare: false, connection: { extra_float_digits: 2 } }),
  postgres({ prepare: false, connection: { work_mem: "9MB" } }),
  postgres({ prepare: false, connection: { jit: "off" } }),
  postgres({ prepare: false, connection: { "app.tenant": "9" } }),
];

export const run = () => Promise.all(clients.map((sql) => sql\`SELECT 1 AS one\`.catch(String)));
`,
      intends: Array.from({ length: 8 }, () => [{ one: 1 }]),
      reports: [
        { messageId: "refused", at: 'search_path: "app"', confidence: "certain", severity: "error" },
        { messageId: "refused", at: 'role: "app"' },
        { messageId: "refused", at: 'default_transaction_isolation: "serializable"' },
        { messageId: "refused", at: "default_transaction_read_only: true" },
        { messageId: "refused", at: "extra_float_digits: 2" },
        { messageId: "refused", at: 'work_mem: "9MB"' },
        { messageId: "refused", at: 'jit: "off"' },
        { messageId: "refused", at: '"app.tenant": "9"' },
      ],
    },
    {
      title: "a setting in options, however it is written",
      code: `import { Pool } from "pg";

const pools = [
  new Pool({ options: "-c statement_timeout=5s" }),
  new Pool({ options: "-cstatement_timeout=5s" }),
  new Pool({ options: "--statement_timeout=5s" }),
  new Pool({ options: "--statement-timeout=5s" }),
  new Pool({ options: "-c geqo=off -c statement_timeout=5s" }),
];

export const run = () => Promise.all(pools.map((pool) => pool.query("SHOW statement_timeout").catch(String)));
`,
      intends: Array.from({ length: 5 }, () => [{ statement_timeout: "5s" }]),
      reports: [
        { messageId: "refusedInOptions", at: "statement_timeout" },
        { messageId: "refusedInOptions", at: "statement_timeout" },
        { messageId: "refusedInOptions", at: "statement_timeout" },
        { messageId: "refusedInOptions", at: "statement-timeout" },
        { messageId: "refusedInOptions", at: "geqo" },
        { messageId: "refusedInOptions", at: "statement_timeout" },
      ],
    },
    {
      title: "one that PgBouncer keeps beside one that it refuses",
      code: pool(`{ options: "-c TimeZone=Asia/Tokyo -c statement_timeout=5s" }`, "SHOW statement_timeout"),
      intends: [{ statement_timeout: "5s" }],
      reports: [
        { messageId: "optionsDepend", at: "TimeZone", severity: "warning" },
        { messageId: "refusedInOptions", at: "statement_timeout", severity: "error" },
      ],
    },
    {
      title: "IntervalStyle, which PgBouncer accepts from 1.20 on",
      code: `import postgres from "postgres";

const sql = postgres({ prepare: false, connection: { IntervalStyle: "iso_8601" } });

export const run = () => sql\`SHOW IntervalStyle\`;
`,
      intends: [{ IntervalStyle: "iso_8601" }],
      reports: [{ messageId: "dependsOnVersion", at: 'IntervalStyle: "iso_8601"', severity: "warning" }],
    },
    {
      title: "IntervalStyle in options",
      code: pool(`{ options: "-c IntervalStyle=iso_8601" }`, "SHOW IntervalStyle"),
      intends: [{ IntervalStyle: "iso_8601" }],
      reports: [{ messageId: "optionsDepend", at: "IntervalStyle", severity: "warning" }],
    },
    {
      title: "replication, whatever its value",
      code: `import { Client } from "pg";

const clients = [
  new Client({ replication: "database" }),
  new Client({ replication: "true" }),
  new Client({ replication: "false" }),
];

export const run = () => Promise.all(clients.map((client) => client.connect().then(() => "connected", String)));
`,
      intends: ["connected", "connected", "connected"],
      reports: [
        { messageId: "replication", at: 'replication: "database"', severity: "warning" },
        { messageId: "replication", at: 'replication: "true"' },
        { messageId: "replication", at: 'replication: "false"' },
      ],
    },
  ],
  unreported: [
    {
      title: "a pool on a URL that is called direct",
      code: pool(
        `{ connectionString: process.env.DATABASE_URL_UNPOOLED, statement_timeout: 5000 }`,
        "SHOW statement_timeout",
      ),
      intends: [{ statement_timeout: "5s" }],
    },
    {
      title: "parameters that PgBouncer accepts",
      code: pool(
        `{ application_name: "api", client_encoding: "UTF8", fallback_application_name: "api" }`,
        "SHOW application_name",
      ),
      intends: [{ application_name: "api" }],
    },
    {
      title: "clocks of the driver",
      code: pool(
        `{ query_timeout: 5000, connectionTimeoutMillis: 2000, idleTimeoutMillis: 10_000 }`,
        "SELECT 1 AS one",
      ),
      intends: [{ one: 1 }],
    },
    {
      title: "values that are not sent",
      code: pool(
        `{ statement_timeout: 0, lock_timeout: undefined, idle_in_transaction_session_timeout: false }`,
        "SHOW statement_timeout",
      ),
      intends: [{ statement_timeout: "0" }],
    },
    {
      title: "URL keys that pg ignores",
      code: pool(
        `{ connectionString: "postgres://app@db/app?sslmode=disable&pgbouncer=true&schema=app&application_name=api" }`,
        "SHOW application_name",
      ),
      intends: [{ application_name: "api" }],
    },
    {
      title: "settings that PgBouncer accepts, in any letters",
      code: `import postgres from "postgres";

const clients = [
  postgres({
    prepare: false,
    connection: { client_encoding: "LATIN1", DateStyle: "German", TimeZone: "Asia/Tokyo", standard_conforming_strings: "off" },
  }),
  postgres({
    prepare: false,
    connection: { client_encoding: "LATIN1", datestyle: "German", timezone: "Asia/Tokyo", standard_conforming_strings: "off" },
  }),
];

export const run = () =>
  Promise.all(
    clients.map(
      (sql) =>
        sql\`SELECT current_setting('client_encoding') AS encoding, current_setting('DateStyle') AS style,
          current_setting('TimeZone') AS zone, current_setting('standard_conforming_strings') AS standard\`,
    ),
  );
`,
      intends: Array.from({ length: 2 }, () => [
        { encoding: "LATIN1", style: "German, DMY", zone: "Asia/Tokyo", standard: "off" },
      ]),
    },
    {
      title: "options that are empty",
      code: pool(`{ options: "" }`, "SELECT 1 AS one"),
      intends: [{ one: 1 }],
    },
    {
      title: "replication, with a PgBouncer that knows it",
      pooler: "pgbouncer@1.25",
      code: `import { Client } from "pg";

const client = new Client({ replication: "database" });

export async function run() {
  await client.connect();
  const { rows } = await client.query("IDENTIFY_SYSTEM");
  return rows.length;
}
`,
      intends: 1,
    },
    {
      title: "URL keys that postgres.js keeps to itself",
      code: `import postgres from "postgres";

const sql = postgres("postgres://db/app?sslmode=disable&connect_timeout=5&target_session_attrs=read-write&prepare=false");

export const run = () => sql\`SELECT 1 AS one\`;
`,
      intends: [{ one: 1 }],
    },
    {
      title: "TimeZone in options, with PgBouncer 1.25",
      pooler: "pgbouncer@1.25",
      code: pool(`{ options: "-c TimeZone=Asia/Tokyo" }`, "SHOW timezone"),
      intends: [{ TimeZone: "Asia/Tokyo" }],
    },
    {
      title: "options of other things",
      code: `import { createServer } from "node:http";

export const server = createServer();
export const settings = { statement_timeout: 5000, options: "-c search_path=app" };
`,
      notRun: "it reaches no database",
    },
  ],
};
