import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { lastLines, type Guardian } from "./guardian.ts";
import { PortTaken } from "./ports.ts";

// Starting takes well under a second; a loaded machine may take many times that.
const patience = 60_000;

/** What a server says of itself through its port. */
export type Row = Readonly<Record<string, string | null>>;

/**
 * Waits until the server is `ready` and `verify`, which asks whoever listens, has not thrown. Otherwise cleans up and throws with the last
 * lines of the server's log: `PortTaken` when another program has the port.
 */
export async function started(
  name: string,
  guardian: Guardian,
  ready: () => boolean,
  verify: () => Promise<void>,
): Promise<void> {
  try {
    const deadline = Date.now() + patience;
    while (!ready()) {
      if (guardian.ended()) throw new Error(`${name} ended while it started`);
      if (Date.now() > deadline) throw new Error(`${name} did not start in ${String(patience / 1000)} s`);
      await sleep(10);
    }
    await verify();
  } catch (error) {
    await guardian.stop();
    const log = guardian.log();
    const message = `${error instanceof Error ? error.message : String(error)}; its log ends with\n${lastLines(log)}`;
    // `strerror(EADDRINUSE)` in the words of the C locale, which both programs print when they cannot bind.
    throw log.includes("Address already in use")
      ? new PortTaken(message, { cause: error })
      : new Error(message, { cause: error });
  }
}

/** The rows of one statement sent with the simple protocol on a client connection of its own; every value is text. */
export async function rowsOf(url: string, statement: string): Promise<readonly Row[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    ssl: false,
    types: { getTypeParser: () => (text: string) => text },
  });
  // A server that goes away closes the connection; the query that is under way rejects.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
