import type { Rule } from "../../model.ts";
import { inTransaction, withClient, withPool } from "../example-code.ts";

/** What no-session-function reports, and what it does not. */
export const noSessionFunctionExamples: Rule["examples"] = {
  reported: [
    {
      title: "currval after an INSERT in another statement",
      code: withPool(`await pool.query("INSERT INTO orders DEFAULT VALUES");
return await pool.query("SELECT currval('orders_id_seq')::int");`),
      intends: [{ currval: 3 }],
      reports: [{ messageId: "sequence", at: "currval", confidence: "certain", severity: "error" }],
    },
    {
      title: "lastval on a checked-out client without BEGIN",
      code: withClient(`await client.query("INSERT INTO orders DEFAULT VALUES");
return await client.query("SELECT lastval()::int");`),
      intends: [{ lastval: 3 }],
      reports: [{ messageId: "sequence", at: "lastval" }],
    },
    {
      title: "currval of the parent in the next INSERT",
      code: withPool(`await pool.query("INSERT INTO orders DEFAULT VALUES");
await pool.query("INSERT INTO lines (order_id) VALUES (currval(pg_get_serial_sequence('orders', 'id')))");
return await pool.query("SELECT order_id FROM lines");`),
      intends: [{ order_id: 3 }],
      reports: [{ messageId: "sequence", at: "currval" }],
    },
    {
      title: "currval after setval",
      code: withPool(`await pool.query("SELECT setval('s', 10)");
return await pool.query("SELECT currval('s')::int");`),
      intends: [{ currval: 10 }],
      reports: [{ messageId: "sequence", at: "currval" }],
    },
    {
      title: "cancelling by the pid that the driver was told",
      code: withClient(`const timer = setTimeout(async () => {
  await pool.query("SELECT pg_cancel_backend($1)", [client.processID]);
}, 100);
await client.query("SELECT pg_sleep(1)");
clearTimeout(timer);`),
      intendsError: "57014",
      reports: [{ messageId: "signal", at: "pg_cancel_backend", confidence: "likely", severity: "warning" }],
    },
    {
      title: "cancelling by a stored pid",
      code: withClient(`const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
const timer = setTimeout(async () => {
  await pool.query("SELECT pg_cancel_backend($1)", [rows[0].pid]);
}, 100);
await client.query("SELECT pg_sleep(1)");
clearTimeout(timer);`),
      intendsError: "57014",
      reports: [{ messageId: "signal", at: "pg_cancel_backend", confidence: "likely", severity: "warning" }],
    },
    {
      title: "a pid read from the catalogue, for the audit",
      code: `import { Pool } from "pg";

const pool = new Pool();

export async function run() {
  const idle = "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction' AND pid <> pg_backend_pid()";
  for (const { pid } of (await pool.query(idle)).rows) await pool.query("SELECT pg_terminate_backend($1)", [pid]);
}
`,
      reports: [{ messageId: "signal", at: "pg_terminate_backend", confidence: "possible", severity: "info" }],
    },
    {
      title: "lastval in an INSERT into another table",
      code: withPool(`await pool.query("INSERT INTO orders DEFAULT VALUES");
return await pool.query("INSERT INTO lines (order_id) SELECT lastval() RETURNING order_id");`),
      intends: [{ order_id: 3 }],
      reports: [{ messageId: "sequence", at: "lastval" }],
    },
    {
      title: "channels of an arbitrary connection",
      code: withClient(`return await client.query("SELECT pg_listening_channels()");`),
      intends: [],
      reports: [{ messageId: "introspection", at: "pg_listening_channels" }],
    },
    {
      title: "temporary tables of an arbitrary connection",
      code: withClient(`return await client.query("SELECT pg_my_temp_schema() <> 0 AS used");`),
      intends: [{ used: false }],
      reports: [{ messageId: "introspection", at: "pg_my_temp_schema" }],
    },
    {
      title: "dblink connection",
      code: withPool(`await pool.query("SELECT dblink_connect('other', $1)", [process.env.DIRECT_URL]);
return await pool.query("SELECT * FROM dblink('other', 'SELECT name FROM users') AS other (name text)");`),
      given: "CREATE EXTENSION dblink",
      intends: [{ name: "Ada" }, { name: "Grace" }],
      reports: [{ messageId: "dblink", at: "dblink_connect" }],
    },
    {
      title: "dblink connection without a name",
      code: withPool(`await pool.query("SELECT dblink_connect($1)", [process.env.DIRECT_URL]);
return await pool.query("SELECT * FROM dblink('SELECT name FROM users') AS other (name text)");`),
      given: "CREATE EXTENSION dblink",
      intends: [{ name: "Ada" }, { name: "Grace" }],
      reports: [{ messageId: "dblink", at: "dblink_connect" }],
    },
    {
      title: "COMMIT does not close a dblink connection",
      code: inTransaction(`await client.query("SELECT dblink_connect('other', $1)", [process.env.DIRECT_URL]);`),
      given: "CREATE EXTENSION dblink",
      reports: [{ messageId: "dblink", at: "dblink_connect" }],
    },
    {
      title: "temporary replication slot",
      code: withPool(`await pool.query("SELECT pg_create_logical_replication_slot('s', 'test_decoding', true)");
return await pool.query("SELECT * FROM pg_logical_slot_get_changes('s', NULL, NULL)");`),
      intends: [],
      reports: [{ messageId: "slot", at: "pg_create_logical_replication_slot" }],
    },
    {
      title: "replication origin",
      code: withPool(`await pool.query("SELECT pg_replication_origin_session_setup('import')");
return await pool.query("SELECT pg_replication_origin_session_is_setup() AS setup");`),
      given: "SELECT pg_replication_origin_create('import')",
      intends: [{ setup: true }],
      reports: [{ messageId: "origin", at: "pg_replication_origin_session_setup" }],
    },
  ],
  unreported: [
    {
      title: "currval in the transaction of the INSERT",
      code: inTransaction(
        `await client.query("INSERT INTO orders DEFAULT VALUES");
const { rows } = await client.query("SELECT currval('orders_id_seq')::int, lastval()::int");`,
        "rows",
      ),
      intends: [{ currval: 3, lastval: 3 }],
    },
    {
      title: "currval in the text of the INSERT",
      code: withPool(
        `return await pool.query("INSERT INTO orders DEFAULT VALUES; SELECT currval('orders_id_seq')::int");`,
      ),
      intends: [[], [{ currval: 3 }]],
    },
    {
      title: "nextval and currval in one statement",
      code: withPool(`return await pool.query("SELECT nextval('s')::int, currval('s')::int");`),
      intends: [{ nextval: 1, currval: 1 }],
    },
    {
      title: "currval in what the INSERT returns",
      code: withPool(`await pool.query("INSERT INTO orders DEFAULT VALUES RETURNING currval('orders_id_seq')");
const made = "WITH made AS (INSERT INTO orders DEFAULT VALUES RETURNING 1)";
return await pool.query(\`\${made} SELECT currval('orders_id_seq')::int FROM made\`);`),
      intends: [{ currval: 4 }],
    },
    {
      title: "nextval, setval, last_value",
      code: withPool(
        `await pool.query("SELECT nextval('s')");
await pool.query("SELECT setval('s', 10)");
return await pool.query("SELECT last_value::int, nextval('s')::int FROM s");`,
      ),
      intends: [{ last_value: 10, nextval: 11 }],
    },
    {
      title: "RETURNING",
      code: withPool(`return await pool.query("INSERT INTO orders DEFAULT VALUES RETURNING id");`),
      intends: [{ id: 3 }],
    },
    {
      title: "pids of the same statement",
      code: withPool(
        `await pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'");`,
      ),
    },
    {
      title: "pg_backend_pid is information",
      code: inTransaction(
        `const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
const again = await client.query("SELECT pg_backend_pid() AS pid");`,
        "rows[0].pid === again.rows[0].pid",
      ),
      intends: true,
    },
    {
      title: "so are addresses, transaction ids and statistics",
      code: withPool(`await pool.query("SELECT inet_client_addr(), inet_client_port(), pg_blocking_pids(pg_backend_pid())");
await pool.query("SELECT pg_stat_reset()");
await pool.query("SELECT pg_logical_emit_message(true, 'audit', 'started')");
return await pool.query("SELECT pg_current_xact_id()::text = txid_current()::text AS same, current_setting('work_mem')");`),
      intends: [{ same: true, current_setting: "4MB" }],
    },
    {
      title: "cancelling through the driver",
      code: `import postgres from "postgres";

const sql = postgres(process.env.DATABASE_URL, { prepare: false });

export async function run() {
  const report = sql\`SELECT pg_sleep(3)\`;
  setTimeout(() => report.cancel(), 100);
  await report;
}
`,
      intendsError: "57014",
    },
    {
      title: "a snapshot, while its transaction is open",
      code: withPool(`const [exporter, importer] = [await pool.connect(), await pool.connect()];
await exporter.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
const { rows } = await exporter.query("SELECT pg_export_snapshot() AS id");
await importer.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
await importer.query(\`SET TRANSACTION SNAPSHOT '\${rows[0].id}'\`);
const { rows: orders } = await importer.query("SELECT id FROM orders");
await importer.query("COMMIT");
await exporter.query("COMMIT");
importer.release();
exporter.release();
return orders;`),
      intends: [{ id: 1 }, { id: 2 }],
    },
    {
      title: "dblink connections that end with their statement or transaction",
      code: inTransaction(
        `await client.query("SELECT dblink_connect('other', $1)", [process.env.DIRECT_URL]);
await client.query("SELECT * FROM dblink('other', 'SELECT name FROM users') AS other (name text)");
await client.query("SELECT dblink_disconnect('other')");
const users = "SELECT * FROM dblink($1, 'SELECT name FROM users') AS other (name text)";
const { rows } = await client.query(users, [process.env.DIRECT_URL]);`,
        "rows",
      ),
      given: "CREATE EXTENSION dblink",
      intends: [{ name: "Ada" }, { name: "Grace" }],
    },
    {
      title: "foreign tables",
      code: withPool(`await pool.query("SELECT name FROM remote_users");
return await pool.query("SELECT name FROM remote_users");`),
      given: `CREATE EXTENSION postgres_fdw;
DO $$ BEGIN
  EXECUTE format('CREATE SERVER remote FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host ''127.0.0.1'', port %L, dbname %L)',
    current_setting('port'), current_database());
END $$;
CREATE USER MAPPING FOR postgres SERVER remote OPTIONS (user 'postgres');
CREATE FOREIGN TABLE remote_users (name text) SERVER remote OPTIONS (table_name 'users')`,
      intends: [{ name: "Ada" }, { name: "Grace" }],
    },
    {
      title: "a persistent slot",
      code: withPool(`await pool.query("SELECT pg_create_logical_replication_slot('s', 'test_decoding')");
const changes = await pool.query("SELECT * FROM pg_logical_slot_get_changes('s', NULL, NULL)");
await pool.query("SELECT pg_drop_replication_slot('s')");
return changes;`),
      intends: [],
    },
  ],
};
