import type { Rule } from "../../model.ts";
import { inTransaction, withClient, withPool } from "../example-code.ts";

/** What no-session-set reports, and what it does not. */
export const noSessionSetExamples: Rule["examples"] = {
  reported: [
    {
      title: "SET through the pool",
      code: withPool(`await pool.query("SET statement_timeout = '5s'");
return pool.query("SHOW statement_timeout");`),
      intends: [{ statement_timeout: "5s" }],
      reports: [{ messageId: "session", at: "SET", confidence: "certain", severity: "error" }],
    },
    {
      title: "SET on a checked-out client without BEGIN",
      given: "CREATE SCHEMA tenant_1; CREATE TABLE tenant_1.orders AS SELECT 'tenant 1' AS tenant",
      code: withClient(`await client.query("SET search_path TO tenant_1, public");
return await client.query("SELECT tenant FROM orders");`),
      intends: [{ tenant: "tenant 1" }],
      reports: [{ messageId: "session", at: "SET" }],
    },
    {
      title: "SET inside BEGIN and COMMIT without LOCAL",
      code: inTransaction(`await client.query("SET work_mem = '256MB'");
await client.query("SELECT count(*) FROM orders");`),
      reports: [
        {
          messageId: "leaksAfterCommit",
          at: "SET",
          suggestion: inTransaction(`await client.query("SET LOCAL work_mem = '256MB'");
await client.query("SELECT count(*) FROM orders");`),
        },
      ],
    },
    {
      title: "a comment is no LOCAL",
      code: inTransaction(`await client.query("SET /* LOCAL */ work_mem = '64MB'");`),
      reports: [{ messageId: "leaksAfterCommit", at: "SET" }],
    },
    {
      title: "other spellings of SET",
      code: withPool(`await pool.query("SET SESSION work_mem = '64MB'");
await pool.query('SET "lock_timeout" TO 3000');
await pool.query(\`-- for the report
  set
    maintenance_work_mem to '128MB'\`);
await pool.query("SET SCHEMA 'pg_catalog'");
await pool.query("SET XML OPTION DOCUMENT");
await pool.query("SELECT pg_catalog.set_config('enable_seqscan', 'off', 'f')");
return pool.query("SELECT count(*)::int AS set FROM pg_settings WHERE source = 'session' AND name <> 'application_name'");`),
      intends: [{ set: 6 }],
      reports: [
        { messageId: "session", at: "SET" },
        { messageId: "session", at: "SET" },
        { messageId: "session", at: "set" },
        { messageId: "session", at: "SET" },
        { messageId: "session", at: "SET" },
        { messageId: "session", at: "set_config" },
      ],
    },
    {
      title: "a timeout that cancels another program's query",
      code: withPool(`await pool.query("SET statement_timeout = '100ms'");
await pool.query("SELECT count(*) FROM orders");

const reports = await new Pool().connect();
for (let page = 0; page < 4; page += 1) await reports.query("SELECT pg_sleep(0.2)");`),
      reports: [{ messageId: "session", at: "SET" }],
    },
    {
      title: "set_config with false",
      code: withPool(`await pool.query("SELECT set_config('lock_timeout', $1, false)", ["2s"]);
return pool.query("SHOW lock_timeout");`),
      intends: [{ lock_timeout: "2s" }],
      reports: [{ messageId: "session", at: "set_config" }],
    },
    {
      title: "set_config with NULL counts as session",
      code: inTransaction(`await client.query("SELECT set_config('lock_timeout', '2s', NULL)");
await client.query("SELECT set_config('work_mem', '64MB', 'off')");`),
      reports: [
        { messageId: "leaksAfterCommit", at: "set_config" },
        { messageId: "leaksAfterCommit", at: "set_config" },
      ],
    },
    {
      title: "set_config of whatever name is given",
      code: withPool(`for (const [name, value] of Object.entries({ "app.tenant_id": "42", work_mem: "64MB" }))
  await pool.query("SELECT set_config($1, $2, false)", [name, value]);
return pool.query("SELECT current_setting('app.tenant_id', true) AS tenant, current_setting('work_mem') AS memory");`),
      intends: [{ tenant: "42", memory: "64MB" }],
      reports: [{ messageId: "session", at: "set_config", confidence: "likely", severity: "error" }],
    },
    {
      title: "cleanup in finally reaches another server connection",
      code: withPool(`await pool.query("SET work_mem = '256MB'");
try {
  await pool.query("SELECT count(*) FROM orders");
} finally {
  await pool.query("RESET work_mem");
}`),
      reports: [
        { messageId: "session", at: "SET" },
        { messageId: "reset", at: "RESET", severity: "warning" },
      ],
    },
    {
      title: "SET TO DEFAULT is RESET",
      code: withPool(`await pool.query("SET work_mem = '256MB'");
await pool.query("SELECT count(*) FROM orders");
await pool.query("SET work_mem TO DEFAULT");`),
      reports: [
        { messageId: "session", at: "SET" },
        { messageId: "reset", at: "SET" },
      ],
    },
    {
      title: "SET in front of a query in one text is right for that query and leaks afterwards",
      code: withPool(`return pool.query("SET statement_timeout = 5000; SHOW statement_timeout");`),
      intends: [[], [{ statement_timeout: "5s" }]],
      reports: [{ messageId: "session", at: "SET" }],
    },
    {
      title: "UPDATE pg_settings is SET",
      code: withPool(`await pool.query("UPDATE pg_settings SET setting = 'off' WHERE name = 'enable_seqscan'");
return pool.query("SHOW enable_seqscan");`),
      intends: [{ enable_seqscan: "off" }],
      reports: [{ messageId: "session", at: "UPDATE" }],
    },
    {
      title: "a client that another file passes, which may call this for each new connection",
      code: `import type { PoolClient } from "pg";

export async function prepareSession(client: PoolClient) {
  await client.query("SET lock_timeout = '3s'");
}
`,
      caller: `import { prepareSession } from "./example.ts";
${withClient(`await prepareSession(client);
return await client.query("SHOW lock_timeout");`)}`,
      intends: [{ lock_timeout: "3s" }],
      reports: [{ messageId: "session", at: "SET", confidence: "likely", severity: "error" }],
    },
    {
      title: "SESSION CHARACTERISTICS",
      code: withClient(`await client.query("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
await client.query("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE");
await client.query("BEGIN");
const { rows } = await client.query(
  "SELECT current_setting('transaction_read_only') AS read_only, current_setting('transaction_isolation') AS isolation",
);
await client.query("COMMIT");
return rows;`),
      intends: [{ read_only: "on", isolation: "serializable" }],
      reports: [
        { messageId: "session", at: "SET" },
        { messageId: "session", at: "SET" },
      ],
    },
    {
      title: "a read-only client that makes others read-only",
      code: withPool(`await pool.query("SET default_transaction_read_only = on");
await pool.query("SELECT count(*) FROM orders");

const shop = await new Pool().connect();
for (let order = 0; order < 4; order += 1) await shop.query("INSERT INTO orders DEFAULT VALUES");`),
      reports: [{ messageId: "session", at: "SET" }],
    },
    {
      title: "setseed",
      code: withPool(`await pool.query("SELECT setseed(0.5)");
const first = await pool.query("SELECT random()");
await pool.query("SET SEED TO 0.5");
const second = await pool.query("SELECT random()");
return first.rows[0].random === second.rows[0].random;`),
      intends: true,
      reports: [
        { messageId: "session", at: "setseed" },
        { messageId: "session", at: "SET" },
      ],
    },
    {
      title: "a function body that sets",
      language: "sql",
      code: `CREATE FUNCTION fast_path() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SET enable_seqscan = %L', 'off');
END
$$;
`,
      caller: withPool(`await pool.query("SELECT fast_path()");
return pool.query("SHOW enable_seqscan");`),
      intends: [{ enable_seqscan: "off" }],
      reports: [{ messageId: "session", at: "SET", confidence: "likely" }],
    },
    {
      title: "a SET clause in the header does not hold back SET in the body",
      language: "sql",
      code: `CREATE FUNCTION big_report() RETURNS void LANGUAGE plpgsql SET work_mem = '32MB' AS $$
BEGIN
  SET work_mem = '256MB';
END
$$;
`,
      caller: withPool(`await pool.query("SELECT big_report()");`),
      reports: [{ messageId: "session", at: "SET", confidence: "likely" }],
    },
    {
      title: "DO blocks",
      code: withPool(`await pool.query("DO $$ BEGIN SET work_mem = '64MB'; END $$");
await pool.query("DO $$ BEGIN EXECUTE format('SET lock_timeout = %L', '3s'); END $$");
return pool.query("SELECT current_setting('work_mem') AS memory, current_setting('lock_timeout') AS timeout");`),
      intends: [{ memory: "64MB", timeout: "3s" }],
      reports: [
        { messageId: "session", at: "SET" },
        { messageId: "session", at: "SET" },
      ],
    },
    {
      title: "SET LOCAL followed by SET still leaks",
      code: inTransaction(
        `await client.query("SET LOCAL work_mem = '1MB'");
await client.query("SET work_mem = '2MB'");
const { rows } = await client.query("SHOW work_mem");`,
        "rows",
      ),
      intends: [{ work_mem: "2MB" }],
      reports: [{ messageId: "leaksAfterCommit", at: "SET" }],
    },
    {
      title: "IntervalStyle before 1.20",
      pooler: "pgbouncer@1.18",
      code: withPool(`await pool.query("SET IntervalStyle = 'iso_8601'");
return pool.query("SELECT interval '90 minutes' :: text AS duration");`),
      intends: [{ duration: "PT1H30M" }],
      reports: [{ messageId: "session", at: "SET" }],
    },
  ],
  unreported: [
    {
      title: "RESET in the finally of one transaction",
      code: inTransaction(`try {
  await client.query("SET LOCAL work_mem = '64MB'");
  await client.query("SELECT * FROM orders");
} finally {
  await client.query("RESET work_mem");
}`),
    },
    {
      title: "SET LOCAL in a transaction",
      code: inTransaction(
        `await client.query("SET LOCAL work_mem = '256MB'");
await client.query("SET LOCAL SCHEMA 'pg_catalog'");
await client.query("SET LOCAL TIME ZONE 'Asia/Tokyo'");
const { rows } = await client.query(
  "SELECT current_setting('work_mem') AS memory, current_schema AS schema, current_setting('TimeZone') AS zone",
);`,
        "rows",
      ),
      intends: [{ memory: "256MB", schema: "pg_catalog", zone: "Asia/Tokyo" }],
    },
    {
      title: "parameters that PgBouncer tracks",
      code: withPool(`await pool.query("SET TIME ZONE 'Asia/Tokyo'");
await pool.query("SET SESSION TIME ZONE 'Europe/Paris'");
await pool.query("SET client_encoding = 'UTF8'");
await pool.query("SET NAMES 'LATIN1'");
await pool.query("SET datestyle TO German");
await pool.query("SET standard_conforming_strings = off");
await pool.query("SET application_name = 'worker'");
await pool.query("SELECT set_config('TimeZone', 'Europe/Oslo', false)");
return pool.query("SELECT name, setting FROM pg_settings WHERE source = 'session' ORDER BY lower(name)");`),
      intends: [
        { name: "application_name", setting: "worker" },
        { name: "client_encoding", setting: "LATIN1" },
        { name: "DateStyle", setting: "German, DMY" },
        { name: "standard_conforming_strings", setting: "off" },
        { name: "TimeZone", setting: "Europe/Oslo" },
      ],
    },
    {
      title: "a tracked parameter in transactions, committed and rolled back",
      code: withClient(`await client.query("BEGIN");
await client.query("SET TIME ZONE 'Asia/Tokyo'");
await client.query("COMMIT");
await client.query("BEGIN");
await client.query("SET TIME ZONE 'Europe/Oslo'");
await client.query("ROLLBACK");
return await client.query("SHOW timezone");`),
      intends: [{ TimeZone: "Asia/Tokyo" }],
    },
    {
      title: "IntervalStyle from 1.20",
      pooler: "pgbouncer@1.25",
      code: withPool(`await pool.query("SET IntervalStyle = 'iso_8601'");
return pool.query("SELECT interval '90 minutes' :: text AS duration");`),
      intends: [{ duration: "PT1H30M" }],
    },
    {
      title: "a transaction that rolls back",
      code: withClient(`await client.query("BEGIN");
await client.query("SET work_mem = '256MB'");
const { rows } = await client.query("SHOW work_mem");
await client.query("EXPLAIN ANALYZE SELECT count(*) FROM orders");
await client.query("ROLLBACK");
return rows;`),
      intends: [{ work_mem: "256MB" }],
    },
    {
      title: "ROLLBACK TO SAVEPOINT takes it back",
      code: inTransaction(
        `await client.query("SAVEPOINT before_set");
await client.query("SET work_mem = '256MB'");
await client.query("ROLLBACK TO SAVEPOINT before_set");
const { rows } = await client.query("SHOW work_mem");`,
        "rows",
      ),
      intends: [{ work_mem: "4MB" }],
    },
    {
      title: "SET and RESET in one transaction",
      code: inTransaction(
        `await client.query("SET work_mem = '256MB'");
const { rows } = await client.query("SHOW work_mem");
await client.query("RESET work_mem");`,
        "rows",
      ),
      intends: [{ work_mem: "256MB" }],
    },
    {
      title: "SET and RESET in one text",
      code: withPool(`return pool.query("SET work_mem = '256MB'; SHOW work_mem; RESET work_mem");`),
      intends: [[], [{ work_mem: "256MB" }], []],
    },
    {
      title: "SET clauses that are no SET statement",
      code: withPool(`await pool.query("UPDATE users SET name = $1 WHERE id = $2", ["Edsger", 1]);
await pool.query("INSERT INTO users (id) VALUES (2) ON CONFLICT (id) DO UPDATE SET name = 'Barbara'");
await pool.query("MERGE INTO users USING orders ON orders.id = users.id AND total > 99 WHEN MATCHED THEN UPDATE SET name = 'x'");
await pool.query("ALTER ROLE app SET statement_timeout = '5s'");
await pool.query("ALTER DATABASE scene SET lock_timeout = '1s'");
await pool.query("ALTER TABLE users SET (fillfactor = 70)");
await pool.query("ALTER TABLE users ALTER COLUMN name SET DEFAULT 'nobody'");
return pool.query("SELECT name FROM users ORDER BY id");`),
      intends: [{ name: "Edsger" }, { name: "Barbara" }],
    },
    {
      title: "ALTER DATABASE, which every server connection that is opened afterwards starts with",
      given: "ALTER DATABASE scene SET work_mem = '33MB'; ALTER ROLE postgres SET statement_timeout = '7s'",
      code: withPool(
        `return pool.query("SELECT current_setting('work_mem') AS memory, current_setting('statement_timeout') AS timeout");`,
      ),
      intends: [{ memory: "33MB", timeout: "7s" }],
    },
    {
      title: "the header of a function",
      language: "sql",
      code: `CREATE FUNCTION f() RETURNS text LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT current_setting(''search_path'')';
ALTER FUNCTION f() SET work_mem = '64MB';
`,
      caller: withPool(`return pool.query("SELECT f()");`),
      intends: [{ f: "pg_catalog, pg_temp" }],
    },
    {
      title: "is_local in other spellings",
      code: inTransaction(
        `await client.query("SELECT set_config('work_mem', '64MB', 't')");
await client.query("SELECT set_config('lock_timeout', '3s', 'on')");
await client.query("SELECT set_config('statement_timeout', '5s', 1::boolean)");
await client.query("SELECT set_config('enable_seqscan', 'off', 'true'::boolean)");
await client.query("SELECT set_config('enable_sort', 'off', not false)");
const { rows } = await client.query("SELECT count(*)::int AS set FROM pg_settings WHERE source = 'session' AND name <> 'application_name'");`,
        "rows",
      ),
      intends: [{ set: 5 }],
    },
    {
      title: "prose and other stores",
      code: `import { DynamoDB } from "@aws-sdk/client-dynamodb";

const db = new DynamoDB();
export const update = { UpdateExpression: "SET price = :p" };
export const label = "Set type to something else";
export const run = () => db.send(update);
`,
      notRun: "it reaches no PostgreSQL",
    },
    {
      title: "search_path with PostgreSQL 18 is a matter of settings, SHOW is none",
      code: withPool(`await pool.query("SHOW search_path");
await pool.query("EXPLAIN SELECT * FROM orders");
return pool.query("SELECT current_setting('work_mem') AS memory");`),
      intends: [{ memory: "4MB" }],
    },
  ],
};
