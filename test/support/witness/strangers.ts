import { Client } from "pg";
import { differences, inspect, leaveStrangersState, type Traces } from "./server-connection.ts";

/**
 * Server connections that the pooler has for one user and database: as many as its pool may have, so that a client's next transaction is
 * always on another one (`server_round_robin`), and none is opened while an example runs. A prime, so that what a program does in twos and
 * fours does not come round to the server connection that it began on.
 */
export const SERVER_CONNECTIONS = 7;

/** Clients of the pooler that hold all its server connections at the same moment, each one in a transaction of its own. */
async function holdAll<T>(url: string, task: (clients: readonly Client[]) => Promise<T>): Promise<T> {
  // Strangers say who they are: before 1.22 PgBouncer lets a client that does not inherit the application_name of the one before it.
  const clients = Array.from(
    { length: SERVER_CONNECTIONS },
    () => new Client({ connectionString: url, query_timeout: 10_000, application_name: "stranger" }),
  );
  try {
    for (const client of clients) {
      client.on("error", () => undefined);
      await client.connect();
      await client.query("BEGIN");
    }
    const result = await task(clients);
    for (const client of clients) await client.query("COMMIT");
    return result;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** What the pooler's server connections had before an example ran. */
export interface Before {
  readonly fresh: Traces;
  readonly byPid: ReadonlyMap<number, Traces>;
}

/** Opens every server connection of the pool, and lets a stranger leave session state of every kind on each. */
export async function arrive(url: string, names: readonly string[]): Promise<Before> {
  const fresh = await holdAll(url, async (clients) => {
    const [first] = clients;
    const traces = first === undefined ? undefined : await inspect(first, names);
    // One after another, so that each finds the same numbers in their sequence whenever this runs.
    for (const [key, client] of clients.entries()) await leaveStrangersState(client, key);
    return traces;
  });
  // A second time, since LISTEN holds from COMMIT.
  const traces = await holdAll(url, (clients) => Promise.all(clients.map((client) => inspect(client, names))));
  const byPid = new Map(traces.map((trace) => [trace.pid, trace]));
  if (fresh === undefined || byPid.size !== SERVER_CONNECTIONS)
    throw new Error(`the pool has ${String(byPid.size)} server connections in place of ${String(SERVER_CONNECTIONS)}`);
  return { fresh, byPid };
}

/** Looks at every server connection again, and says what an example did to those who come after it, each thing once, sorted. */
export function lookAfterwards(url: string, names: readonly string[], before: Before): Promise<readonly string[]> {
  return holdAll(url, async (clients) => {
    const found = new Set<string>();
    for (const after of await Promise.all(clients.map((client) => inspect(client, names)))) {
      for (const difference of differences(before.byPid.get(after.pid) ?? before.fresh, after)) found.add(difference);
    }
    return [...found].sort();
  });
}
