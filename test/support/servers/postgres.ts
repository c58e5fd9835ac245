import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PostgresBinaries } from "./binaries.ts";
import { startGuardian } from "./guardian.ts";
import { freePort, onFreePort } from "./ports.ts";
import { rowsOf, started } from "./readiness.ts";
import { runnablePostgres } from "./runnable-binaries.ts";
import { temporaryFolder } from "./temporary-folders.ts";
import { unprivilegedUser } from "./unprivileged-user.ts";

/** A running PostgreSQL with a cluster of its own; who connects needs no password. */
export interface PostgresServer {
  /** As in `PostgresBinaries`: `18.4`. */
  readonly version: string;
  readonly major: number;
  readonly host: "127.0.0.1";
  readonly port: number;
  readonly superuser: "postgres";
  /** Gone after `stop`. */
  readonly folder: string;
  /** Of the postmaster. */
  readonly processId: number;
  /** Of the shell process that cleans up. */
  readonly guardianId: number;
  /** For the superuser, or for another user. */
  url(database: string, user?: string): string;
  /** What initdb and the server logged; can be read after `stop` too. */
  log(): string;
  /** Breaks off every client connection, ends the server and removes its files; a second call does nothing more. */
  stop(): Promise<void>;
}

/** What a caller may want to be otherwise. */
export interface PostgresOptions {
  /** Parameters of postgresql.conf, over those of `defaults`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Asked for a port of 127.0.0.1; the operating system by default. */
  readonly choosePort?: () => Promise<number>;
}

/**
 * Nothing survives a test, so nothing is synced. What workers do on their own (autovacuum) would change what is measured. Shared memory is
 * in the folder too, not in /dev/shm, which is small in containers.
 */
const defaults: Readonly<Record<string, string | number>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  autovacuum: "off",
  max_connections: 200,
  shared_buffers: "16MB",
  dynamic_shared_memory_type: "mmap",
  wal_level: "logical",
  max_replication_slots: 10,
  max_prepared_transactions: 10,
};

/**
 * Starts a PostgreSQL with a fresh cluster (UTF8, C locale, trust) and waits until it answers. Throws with the end of its log when it does
 * not start, or when another program answers at its port.
 */
export async function startPostgres(
  binaries: PostgresBinaries,
  { settings = {}, choosePort = freePort }: PostgresOptions = {},
): Promise<PostgresServer> {
  const bin = runnablePostgres(binaries);
  return onFreePort(async (port) => {
    const user = unprivilegedUser();
    const folder = temporaryFolder(user);
    const data = join(folder, "data");
    const url = (database: string, as = "postgres") =>
      `postgres://${encodeURIComponent(as)}@127.0.0.1:${String(port)}/${encodeURIComponent(database)}`;
    const guardian = startGuardian({
      folder,
      user,
      preparation: [
        join(bin, "initdb"),
        ...["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"],
        // Small WAL segments: the first ones are written whole.
        ...["--locale=C", "--no-sync", "--no-instructions", "--wal-segsize=1"],
      ],
      server: [
        join(bin, "postgres"),
        ...["-D", data],
        ...Object.entries({ ...defaults, port, ...settings }).flatMap(([name, value]) => [
          "-c",
          `${name}=${String(value)}`,
        ]),
      ],
      // Immediate shutdown (postgres 18 doc, server-shutdown): waits for no client, and there is nothing to save.
      stopSignal: "QUIT",
    });
    await started(
      `PostgreSQL ${binaries.version}`,
      guardian,
      () => postmasterFile(data)[7]?.trim() === "ready",
      () => verifyPostgres(url("postgres"), data),
    );
    return {
      version: binaries.version,
      major: binaries.major,
      host: "127.0.0.1",
      port,
      superuser: "postgres",
      folder,
      processId: Number(postmasterFile(data)[0]),
      guardianId: guardian.processId,
      url,
      log: () => guardian.log(),
      stop: () => guardian.stop(),
    };
  }, choosePort);
}

/** Throws unless the PostgreSQL at `url` is the one that has its files in `data`. */
export async function verifyPostgres(url: string, data: string): Promise<void> {
  const answer = (await rowsOf(url, "SHOW data_directory"))[0]?.["data_directory"];
  if (answer !== data)
    throw new Error(
      `another server answers at ${url}: its files are in ${answer ?? "an unknown place"}, not in ${data}`,
    );
}

/** The lines of postmaster.pid: the process id is the first, the status the eighth (postgres 15 and 18, utils/pidfile.h). */
function postmasterFile(data: string): readonly string[] {
  try {
    return readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return [];
  }
}
