import type { Rule } from "../../model.ts";
import { inTransaction, withClient, withPool } from "../example-code.ts";

/** What no-temp-table reports, and what it does not. */
export const noTempTableExamples: Rule["examples"] = {
  reported: [
    {
      title: "temporary table through the pool",
      code: withPool(`await pool.query("CREATE TEMP TABLE batch (id int)");
await pool.query("INSERT INTO batch VALUES (1)");
return await pool.query("SELECT id FROM batch");`),
      intends: [{ id: 1 }],
      reports: [{ messageId: "session", at: "TEMP", confidence: "certain", severity: "error" }],
    },
    {
      title: "on a checked-out client without BEGIN",
      code: withClient(`await client.query("CREATE TEMPORARY TABLE batch AS SELECT * FROM orders");
return await client.query("SELECT count(*)::int FROM batch");`),
      intends: [{ count: 2 }],
      reports: [{ messageId: "session", at: "TEMPORARY" }],
    },
    {
      title: "in a transaction without ON COMMIT DROP",
      code: inTransaction(`await client.query("CREATE TEMP TABLE batch (id int)");
await client.query("INSERT INTO batch VALUES (1)");`),
      reports: [
        {
          messageId: "outlives",
          at: "TEMP",
          suggestion: inTransaction(`await client.query("CREATE TEMP TABLE batch (id int) ON COMMIT DROP");
await client.query("INSERT INTO batch VALUES (1)");`),
        },
      ],
    },
    {
      title: "ON COMMIT DELETE ROWS keeps the table",
      code: inTransaction(`await client.query("CREATE TEMP TABLE batch (id int) ON COMMIT DELETE ROWS");
await client.query("CREATE TEMP TABLE rejected (id int) ON COMMIT PRESERVE ROWS");`),
      reports: [
        { messageId: "outlives", at: "TEMP" },
        { messageId: "outlives", at: "TEMP" },
      ],
    },
    {
      title: "IF NOT EXISTS hides the leak and reads another client's rows",
      code: inTransaction(
        `await client.query("CREATE TEMP TABLE IF NOT EXISTS batch (id int)");
await client.query("INSERT INTO batch VALUES (1)");
const { rows } = await client.query("SELECT id FROM batch");`,
        "rows",
      ),
      caller: `import { run as stage } from "./example.ts";

export async function run() {
  const batches = await Promise.all(Array.from({ length: 5 }, stage));
  return batches.flat().length;
}
`,
      intends: 5,
      reports: [{ messageId: "adopts", at: "TEMP" }],
    },
    {
      title: "IF NOT EXISTS adopts a table of that name that is declared otherwise elsewhere",
      code: inTransaction(`await client.query("CREATE TEMP TABLE IF NOT EXISTS batch (id int) ON COMMIT DROP");`),
      reports: [{ messageId: "adopts", at: "TEMP", confidence: "possible", severity: "info" }],
    },
    {
      title: "no TEMP keyword: schema pg_temp",
      code: withPool(`await pool.query("CREATE TABLE pg_temp.batch (id int)");
await pool.query("SELECT 1 AS id INTO pg_temp.copied");
await pool.query("CREATE TYPE pg_temp.mood AS ENUM ('happy')");
await pool.query("CREATE FUNCTION pg_temp.one() RETURNS int LANGUAGE sql AS 'SELECT 1'");
return await pool.query("SELECT pg_temp.one()");`),
      intends: [{ one: 1 }],
      reports: [
        { messageId: "session", at: "pg_temp" },
        { messageId: "session", at: "pg_temp" },
        { messageId: "session", at: "pg_temp" },
        { messageId: "session", at: "pg_temp" },
      ],
    },
    {
      title: "SELECT INTO TEMP",
      code: withPool(`await pool.query("SELECT id INTO TEMP batch FROM orders");
return await pool.query("SELECT id FROM batch");`),
      intends: [{ id: 1 }, { id: 2 }],
      reports: [{ messageId: "session", at: "TEMP" }],
    },
    {
      title: "LOCAL and GLOBAL change nothing",
      code: withPool(`await pool.query("CREATE LOCAL TEMP TABLE batch (id int)");
await pool.query("CREATE GLOBAL TEMPORARY TABLE rejected (id int)");
return await pool.query("SELECT * FROM batch, rejected");`),
      intends: [],
      reports: [
        { messageId: "session", at: "TEMP" },
        { messageId: "session", at: "TEMPORARY" },
      ],
    },
    {
      title: "one text without a drop",
      code: withPool(
        `await pool.query("CREATE TEMP TABLE batch (id int); INSERT INTO batch VALUES (1); SELECT * FROM batch");`,
      ),
      reports: [{ messageId: "outlives", at: "TEMP" }],
    },
    {
      title: "temporary view and sequence",
      code: withPool(`await pool.query("CREATE TEMP VIEW recent AS SELECT * FROM orders");
await pool.query("CREATE TEMP SEQUENCE numbers");
return await pool.query("SELECT nextval('numbers')::int, count(*)::int FROM recent");`),
      intends: [{ nextval: 1, count: 2 }],
      reports: [
        { messageId: "session", at: "TEMP" },
        { messageId: "session", at: "TEMP" },
      ],
    },
    {
      title: "a view of it is temporary too",
      code: withPool(`await pool.query("CREATE TEMP TABLE batch (id int); CREATE VIEW latest AS SELECT * FROM batch");
return await pool.query("SELECT * FROM latest");`),
      intends: [],
      reports: [{ messageId: "outlives", at: "TEMP" }],
    },
    {
      title: "it hides the permanent table of its name from whoever comes next",
      code: withPool(`await pool.query("CREATE TEMP TABLE orders AS SELECT 666 AS id");
return await pool.query("SELECT id FROM orders");`),
      intends: [{ id: 666 }],
      reports: [{ messageId: "session", at: "TEMP" }],
    },
    {
      title: "cleanup that can drop or empty a permanent table",
      code: withClient(`await client.query("CREATE TEMP TABLE batch (id int)");
try {
  await client.query("TRUNCATE batch");
} finally {
  await client.query("DROP TABLE IF EXISTS batch");
}
return await client.query("SELECT id FROM batch");`),
      given: "CREATE TABLE batch (id int); INSERT INTO batch VALUES (1)",
      intends: [{ id: 1 }],
      reports: [
        { messageId: "session", at: "TEMP" },
        { messageId: "cleanup", at: "TRUNCATE", confidence: "likely" },
        { messageId: "cleanup", at: "DROP", confidence: "likely" },
      ],
    },
    {
      title: "a DROP that was to make room, on another server connection than the table",
      code: withClient(`await client.query("DROP TABLE IF EXISTS batch");
await client.query("CREATE TEMP TABLE batch (id int)");
return await client.query("SELECT id FROM batch");`),
      intends: [],
      reports: [
        { messageId: "cleanup", at: "DROP", confidence: "likely" },
        { messageId: "session", at: "TEMP" },
      ],
    },
    {
      title: "in a function body",
      language: "sql",
      code: `CREATE FUNCTION report() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  CREATE TEMP TABLE batch (id int);
END
$$;
`,
      caller: withPool(`await pool.query("SELECT report()");
return await pool.query("SELECT id FROM batch");`),
      intends: [],
      reports: [{ messageId: "session", at: "TEMP", confidence: "likely" }],
    },
    {
      title: "in a DO block",
      code: withPool('await pool.query("DO $$ BEGIN CREATE TEMP TABLE batch (id int); END $$");'),
      reports: [{ messageId: "session", at: "TEMP" }],
    },
  ],
  unreported: [
    {
      title: "ON COMMIT DROP in a transaction",
      code: inTransaction(
        `await client.query("CREATE TEMP TABLE batch (id int) ON COMMIT DROP");
await client.query("INSERT INTO batch VALUES (1)");
const { rows } = await client.query("SELECT id FROM batch");`,
        "rows",
      ),
      intends: [{ id: 1 }],
    },
    {
      title: "CREATE TEMP TABLE AS with ON COMMIT DROP",
      code: inTransaction(
        `await client.query("CREATE TEMP TABLE batch ON COMMIT DROP AS SELECT * FROM orders");
const { rows } = await client.query("SELECT id FROM batch");`,
        "rows",
      ),
      intends: [{ id: 1 }, { id: 2 }],
    },
    {
      title: "created and dropped in one transaction",
      code: inTransaction(
        `await client.query("CREATE TEMP TABLE batch AS SELECT 1 AS id");
const { rows } = await client.query("INSERT INTO lines (order_id) SELECT id FROM batch RETURNING order_id");
await client.query("DROP TABLE batch");`,
        "rows",
      ),
      intends: [{ order_id: 1 }],
    },
    {
      title: "one text that drops the table",
      code: withPool(
        `return await pool.query("CREATE TEMP TABLE batch AS SELECT 1 AS id; SELECT * FROM batch; DROP TABLE batch");`,
      ),
      intends: [[], [{ id: 1 }], []],
    },
    {
      title: "a transaction that rolls back",
      code: withClient(`await client.query("BEGIN");
await client.query("CREATE TEMP TABLE batch AS SELECT 1 AS id");
const { rows } = await client.query("SELECT id FROM batch");
await client.query("ROLLBACK");
return rows;`),
      intends: [{ id: 1 }],
    },
    {
      title: "a DROP that makes room for the table in the same transaction",
      code: inTransaction(
        `await client.query("DROP TABLE IF EXISTS batch");
await client.query("CREATE TEMP TABLE batch (id int) ON COMMIT DROP");
const { rows } = await client.query("SELECT id FROM batch");`,
        "rows",
      ),
      intends: [],
    },
    {
      title: "the same in one text",
      code: withPool(
        `return await pool.query("DROP TABLE IF EXISTS batch; CREATE TEMP TABLE batch (id int) ON COMMIT DROP; SELECT id FROM batch");`,
      ),
      intends: [[], [], []],
    },
    {
      title: "one text, in which a transaction makes the table and the end drops it",
      code: withPool(
        `await pool.query("BEGIN; CREATE TEMP TABLE batch (id int) ON COMMIT DROP; COMMIT; DROP TABLE IF EXISTS batch");`,
      ),
    },
    {
      title: "cleanup that names pg_temp, or a table that is no temporary one",
      code: withPool(`await pool.query("DROP TABLE IF EXISTS pg_temp.batch");
await pool.query("TRUNCATE orders");
return await pool.query("SELECT (SELECT count(*)::int FROM batch) AS batch, (SELECT count(*)::int FROM orders) AS orders");`),
      given: "CREATE TABLE batch AS SELECT 1 AS id",
      intends: [{ batch: 1, orders: 0 }],
    },
    {
      title: "unlogged and permanent tables",
      code: withPool(`await pool.query("CREATE UNLOGGED TABLE batch (id int)");
await pool.query("CREATE TABLE temp_files (temp text)");
return await pool.query("SELECT * FROM batch, temp_files");`),
      intends: [],
    },
    {
      title: "pg_temp in the search_path of a function",
      language: "sql",
      code: `CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT 1';
`,
      caller: withPool(`return await pool.query("SELECT f()");`),
      intends: [{ f: 1 }],
    },
    {
      title: "a prepared transaction cannot have one anyway",
      code: withClient(`await client.query("BEGIN");
try {
  await client.query("CREATE TEMP TABLE batch (id int) ON COMMIT DROP");
  await client.query("PREPARE TRANSACTION 'import'");
} finally {
  await client.query("ROLLBACK");
}`),
      intendsError: "0A000",
    },
  ],
};
