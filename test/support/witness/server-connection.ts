import { Client } from "pg";

/** What a client can find on a server connection: each line of a kind is one thing, in words. */
export interface Traces {
  readonly pid: number;
  readonly settings: ReadonlyMap<string, string>;
  /** Locks, prepared statements, temporary objects and so on, as `temporary table batch`. */
  readonly things: ReadonlySet<string>;
}

/** Counts what the stranger's sequence remembers only where it was used on this server connection. */
const SEQUENCE = "SELECT currval('public.stranger_sequence')";

/**
 * Libraries show in their settings. Those of installed extensions are left out: whoever uses a function of theirs first loads the library,
 * and finds its settings at their defaults.
 */
const INSPECTION = `
SELECT pg_backend_pid() AS pid,
  (SELECT json_object_agg(name, current_setting(name, true)) FROM pg_settings WHERE name NOT LIKE '%.%') AS settings,
  (SELECT json_object_agg(name, nullif(current_setting(name, true), '')) FROM unnest($1::text[]) AS name) AS own,
  ARRAY(
    SELECT 'role ' || current_user WHERE current_user <> 'postgres'
    UNION ALL SELECT 'session authorization ' || session_user WHERE session_user <> 'postgres'
    UNION ALL SELECT 'advisory lock ' || classid || '/' || objid || CASE WHEN mode = 'ShareLock' THEN ' (shared)' ELSE '' END
      FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
    UNION ALL SELECT 'temporary ' || CASE relkind WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'table' END || ' ' || relname
      FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind IN ('r', 'v', 'S', 'm', 'p')
    UNION ALL SELECT 'temporary function ' || proname FROM pg_proc WHERE pronamespace = pg_my_temp_schema()
    UNION ALL SELECT 'temporary type ' || typname FROM pg_type
      WHERE typnamespace = pg_my_temp_schema() AND typtype IN ('e', 'd', 'r')
    UNION ALL SELECT 'prepared statement ' || name FROM pg_prepared_statements WHERE name !~ '^PGBOUNCER_'
    UNION ALL SELECT 'cursor ' || name FROM pg_cursors WHERE is_holdable
    UNION ALL SELECT 'LISTEN ' || channel FROM pg_listening_channels() AS channel
    UNION ALL SELECT 'temporary replication slot ' || slot_name FROM pg_replication_slots
      WHERE temporary AND active_pid = pg_backend_pid()
    UNION ALL SELECT DISTINCT 'library ' || split_part(name, '.', 1) FROM pg_settings
      WHERE name LIKE '%.%' AND split_part(name, '.', 1) NOT IN (SELECT extname FROM pg_extension)
    UNION ALL SELECT 'replication origin' WHERE pg_replication_origin_session_is_setup()
  ) AS things`;

/** What is on the server connection that `client` has at the moment. `names` are settings of applications that are looked for. */
export async function inspect(client: Client, names: readonly string[]): Promise<Traces> {
  const { rows } = await client.query<{
    pid: number;
    settings: Record<string, string | null>;
    own: Record<string, string | null> | null;
    things: string[];
  }>(INSPECTION, [names]);
  const [row] = rows;
  if (row === undefined) throw new Error("the inspection gave no row");
  const settings = Object.entries({ ...row.settings, ...row.own }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const things = new Set(row.things);
  await client.query("SAVEPOINT inspection");
  try {
    await client.query(SEQUENCE);
    things.add("value of sequence stranger_sequence");
  } catch {
    // Not used on this server connection, or not visible to the role that was left behind.
  }
  await client.query("ROLLBACK TO SAVEPOINT inspection");
  for (const connection of await dblinkConnections(client)) things.add(`dblink connection ${connection}`);
  return { pid: row.pid, settings: new Map(settings), things };
}

async function dblinkConnections(client: Client): Promise<readonly string[]> {
  const installed = await client.query("SELECT 1 WHERE to_regproc('dblink_get_connections') IS NOT NULL");
  if (installed.rowCount === 0) return [];
  const { rows } = await client.query<{ names: string[] | null }>("SELECT dblink_get_connections() AS names");
  return rows[0]?.names ?? [];
}

/** How `after` differs from `before`, in words, sorted: what a stranger finds that was not there, and what it had and has no more. */
export function differences(before: Traces, after: Traces): readonly string[] {
  const found: string[] = [];
  for (const [name, value] of after.settings) {
    const was = before.settings.get(name);
    if (was !== value) found.push(`leaves ${name} = ${value}`);
  }
  for (const name of before.settings.keys()) {
    // A role that was left behind does not see every setting, and is itself what is left.
    if (!after.settings.has(name) && name.startsWith("stranger.")) found.push(`takes away ${name}`);
  }
  for (const thing of after.things) if (!before.things.has(thing)) found.push(`leaves ${thing}`);
  for (const thing of before.things) if (!after.things.has(thing)) found.push(`takes away ${thing}`);
  return found.sort();
}

/** What a stranger, another client of the pooler, has on a server connection while the example runs. */
const STRANGER = `
SET stranger.mark = 'kept';
PREPARE stranger_statement AS SELECT 1;
CREATE TEMP TABLE stranger_rows AS SELECT 1 AS id;
LISTEN stranger_channel;
DECLARE stranger_cursor CURSOR WITH HOLD FOR SELECT 1;
SELECT nextval('public.stranger_sequence')`;

/** Leaves the stranger's state on the server connection that `client` has at the moment; `key` tells its lock from those elsewhere. */
export async function leaveStrangersState(client: Client, key: number): Promise<void> {
  await client.query(STRANGER);
  await client.query("SELECT pg_advisory_lock(424242, $1)", [key]);
}
