import { Client } from "pg";

/** Roles belong to the whole server. */
const ROLES = `
CREATE ROLE app;
CREATE ROLE reporting;
`;

const OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

/** Ends every session in the scene but this one. PostgreSQL's own waiting for their end looks every 100 ms only. */
async function clear(client: Client): Promise<void> {
  await client.query(`SELECT pg_terminate_backend(pid) ${OTHERS}`);
  while ((await client.query(`SELECT 1 ${OTHERS}`)).rowCount !== 0)
    await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Statements that take away what an example may have made. */
const LEFTOVERS = `
SELECT format('ROLLBACK PREPARED %L', gid) AS statement FROM pg_prepared_xacts WHERE database = current_database()
UNION ALL
SELECT format('SELECT pg_drop_replication_slot(%L)', slot_name) FROM pg_replication_slots WHERE database = current_database()
UNION ALL
SELECT format('SELECT pg_replication_origin_drop(%L)', roname) FROM pg_replication_origin
UNION ALL
SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
UNION ALL
SELECT format('REVOKE %I FROM %I', roleid::regrole::text, member::regrole::text) FROM pg_auth_members
  WHERE member::regrole::text IN ('app', 'reporting')
UNION ALL
SELECT format('ALTER ROLE %I RESET ALL', rolname) FROM pg_roles WHERE rolconfig IS NOT NULL
UNION ALL
SELECT format('ALTER DATABASE %I RESET ALL', datname) FROM pg_database
  WHERE oid IN (SELECT setdatabase FROM pg_db_role_setting)`;

/** Tables and functions that every example finds. */
const TABLES = `
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;
CREATE TABLE users (id serial PRIMARY KEY, name text);
CREATE TABLE orders (id serial PRIMARY KEY, tenant text, total int DEFAULT 0, done boolean DEFAULT false);
CREATE TABLE lines (id serial PRIMARY KEY, order_id int);
CREATE TABLE counters (id int PRIMARY KEY DEFAULT 1, value int NOT NULL DEFAULT 0);
CREATE TABLE jobs (id serial PRIMARY KEY, taken boolean DEFAULT false);
CREATE TABLE events (id serial PRIMARY KEY, listen text);
CREATE TABLE machines (id serial PRIMARY KEY, load int);
CREATE TABLE load (load int);
CREATE SEQUENCE s;
CREATE SEQUENCE stranger_sequence;
CREATE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
INSERT INTO users (name) VALUES ('Ada'), ('Grace');
INSERT INTO orders (tenant, total) VALUES ('41', 10), ('42', 20);
INSERT INTO counters DEFAULT VALUES;
INSERT INTO jobs DEFAULT VALUES;
INSERT INTO jobs DEFAULT VALUES;
GRANT USAGE ON SEQUENCE stranger_sequence TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO app, reporting;
`;

/** The database that examples run in, one after another. */
export const DATABASE = "scene";

/** Runs `task` with a client on `url`, which is ended afterwards whatever happens. */
export async function withClient<T>(url: string, task: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, query_timeout: 10_000 });
  // A server that goes away while the client is idle is the business of whoever uses the client next.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await task(client);
  } finally {
    await client.end();
  }
}

/** The URL of a database on a PostgreSQL, past any pooler. */
export type DirectUrl = (database: string) => string;

/** Makes the database of the scene and the roles. Once a server. */
export async function buildScene(url: DirectUrl): Promise<void> {
  await withClient(url("postgres"), async (client) => {
    await client.query(ROLES);
    await client.query(`CREATE DATABASE ${DATABASE}`);
  });
  // Whoever looks at a server connection may have been given another role by the example.
  await withClient(url(DATABASE), (client) =>
    client.query("GRANT EXECUTE ON FUNCTION pg_replication_origin_session_is_setup() TO PUBLIC"),
  );
}

/** Ends every session in the scene, takes away whatever the last example made, and sets the scene anew, with `given` in it. */
export async function setScene(url: DirectUrl, given: string | undefined): Promise<void> {
  await withClient(url(DATABASE), async (client) => {
    await clear(client);
    const { rows } = await client.query<{ statement: string }>(LEFTOVERS);
    for (const { statement } of rows) await client.query(statement);
    await client.query(TABLES);
    if (given !== undefined) await client.query(given);
  });
}
