import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PgBouncerBinary, PostgresBinaries } from "../servers/binaries.ts";
import { startPgBouncer } from "../servers/pgbouncer.ts";
import { startPostgres } from "../servers/postgres.ts";
import { buildScene, DATABASE, type DirectUrl } from "./scene.ts";
import { SERVER_CONNECTIONS } from "./strangers.ts";

/** Where examples are run: a PostgreSQL, and a pooler in front of it or none. */
export interface Place {
  /** The profile of the pooler, `pgbouncer@1.18.0`; absent: directly on PostgreSQL. */
  readonly pooler?: string;
  readonly directUrl: DirectUrl;
  /** The URL of the scene by way of the pooler, whose server connections are kept apart by the name that is given. */
  readonly pooledUrl?: (name: string) => string;
  /** A folder for modules while they run. */
  readonly folder: string;
}

/** A PostgreSQL with the scene, and the poolers in front of it. */
export interface Places {
  readonly directly: Place;
  /** From the oldest to the newest. */
  readonly pooled: readonly Place[];
  readonly close: () => Promise<void>;
}

/**
 * Starts a PostgreSQL and each PgBouncer in front of it in transaction mode. Every name of a database leads to the scene, by server
 * connections of its own; the longest idle one is taken, so that a client's next transaction is on another server connection.
 */
export async function openPlaces(binaries: PostgresBinaries, poolers: readonly PgBouncerBinary[]): Promise<Places> {
  const folder = mkdtempSync(join(tmpdir(), "pgbouncer-audit-examples-"));
  const postgres = await startPostgres(binaries);
  const directUrl: DirectUrl = (database) => postgres.url(database);
  const servers: { readonly stop: () => Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const server of servers) await server.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await buildScene(directUrl);
    const pooled: Place[] = [];
    for (const binary of poolers) {
      const server = await startPgBouncer(binary, {
        postgres,
        databases: { "*": `dbname=${DATABASE}` },
        settings: { pool_mode: "transaction", default_pool_size: SERVER_CONNECTIONS, server_round_robin: 1 },
      });
      servers.push(server);
      pooled.push({
        pooler: `pgbouncer@${server.version}`,
        directUrl,
        pooledUrl: (name) => server.url(name),
        folder,
      });
    }
    return { directly: { directUrl, folder }, pooled, close };
  } catch (error) {
    await close();
    throw error;
  }
}
