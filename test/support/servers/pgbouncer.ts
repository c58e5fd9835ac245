import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareVersions, type PgBouncerBinary } from "./binaries.ts";
import { startGuardian } from "./guardian.ts";
import { freePort, onFreePort } from "./ports.ts";
import { rowsOf, started, type Row } from "./readiness.ts";
import { runnablePgBouncer } from "./runnable-binaries.ts";
import { temporaryFolder } from "./temporary-folders.ts";
import { unprivilegedUser } from "./unprivileged-user.ts";

/** A running PgBouncer in front of one PostgreSQL; who connects needs no password. */
export interface PgBouncerServer {
  /** As in `PgBouncerBinary`: `1.18.0`. */
  readonly version: string;
  readonly host: "127.0.0.1";
  readonly port: number;
  /** Gone after `stop`. */
  readonly folder: string;
  readonly processId: number;
  /** Of the shell process that cleans up. */
  readonly guardianId: number;
  /** For `postgres`, or for another of its users. */
  url(database: string, user?: string): string;
  /** Runs a command of the admin console (`SHOW SERVERS`, `RECONNECT`); every value of its rows is text. */
  admin(command: string): Promise<readonly Row[]>;
  /** Can be read after `stop` too. */
  log(): string;
  /** Breaks off every client connection, ends PgBouncer and removes its files; a second call does nothing more. */
  stop(): Promise<void>;
}

/** What PgBouncer is put in front of, and what a caller may want to be otherwise. */
export interface PgBouncerOptions {
  readonly postgres: { readonly host: string; readonly port: number };
  /** Parameters of `[pgbouncer]`, over those of `defaults`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Lines of `[databases]` by database, `*` for every other one: `{ app: "dbname=app pool_size=1" }`. All lead to `postgres`. */
  readonly databases?: Readonly<Record<string, string>>;
  /** PgBouncer lets in only the users that it knows, trust or not; `postgres` by default. */
  readonly users?: readonly string[];
  /** Asked for a port of 127.0.0.1; the operating system by default. */
  readonly choosePort?: () => Promise<number>;
}

/**
 * Parameters that every PgBouncer since 1.18 knows; what is not here is as PgBouncer has it. The timeouts are in seconds: a pool that is
 * used up is an error soon, and PostgreSQL is tried again at once after a failed login instead of 15 s later.
 */
const defaults: Readonly<Record<string, string | number>> = {
  listen_addr: "127.0.0.1",
  unix_socket_dir: "",
  auth_type: "trust",
  admin_users: "postgres",
  pool_mode: "transaction",
  default_pool_size: 4,
  server_round_robin: 1,
  max_client_conn: 200,
  query_wait_timeout: 5,
  server_login_retry: 1,
};

/**
 * Starts a PgBouncer and waits until its admin console answers. Throws with the end of its log when it does not start (a parameter that
 * this version does not know), or when another program answers at its port.
 */
export async function startPgBouncer(
  binary: PgBouncerBinary,
  { postgres, settings = {}, databases = {}, users = ["postgres"], choosePort = freePort }: PgBouncerOptions,
): Promise<PgBouncerServer> {
  const program = runnablePgBouncer(binary);
  return onFreePort(async (port) => {
    const user = unprivilegedUser();
    const folder = temporaryFolder(user);
    const configuration = join(folder, "pgbouncer.ini");
    const userList = join(folder, "users.txt");
    const pidFile = join(folder, "pid");
    const target = `host=${postgres.host} port=${String(postgres.port)}`;
    writeFileSync(userList, users.map((name) => `"${name.replaceAll('"', '""')}" ""\n`).join(""));
    writeFileSync(
      configuration,
      [
        "[databases]",
        ...Object.entries({ "*": "", ...databases }).map(([name, line]) => `${name} = ${target} ${line}`),
        "[pgbouncer]",
        ...Object.entries({ ...defaults, listen_port: port, auth_file: userList, pidfile: pidFile, ...settings }).map(
          ([name, value]) => `${name} = ${String(value)}`,
        ),
        "",
      ].join("\n"),
    );
    const url = (database: string, as = "postgres") =>
      `postgres://${encodeURIComponent(as)}@127.0.0.1:${String(port)}/${encodeURIComponent(database)}`;
    const guardian = startGuardian({
      folder,
      user,
      server: [program, configuration],
      // What ends it without waiting for clients: SIGTERM until 1.22, where SIGQUIT has no meaning; from 1.23 on SIGTERM waits for them and
      // SIGQUIT does not (pgbouncer 1.23 doc/usage.md, signals).
      stopSignal: compareVersions(binary.version, "1.23") < 0 ? "TERM" : "QUIT",
    });
    const processId = (): number | undefined => {
      const written = contents(pidFile);
      return written.endsWith("\n") ? Number(written) : undefined;
    };
    // The pid file is written after the port is bound (pgbouncer 1.18 src/main.c).
    await started(
      `PgBouncer ${binary.version}`,
      guardian,
      () => processId() !== undefined,
      () => verifyPgBouncer(url("pgbouncer"), pidFile),
    );
    return {
      version: binary.version,
      host: "127.0.0.1",
      port,
      folder,
      processId: processId() ?? 0,
      guardianId: guardian.processId,
      url,
      admin: (command) => rowsOf(url("pgbouncer"), command),
      log: () => guardian.log(),
      stop: () => guardian.stop(),
    };
  }, choosePort);
}

/** Throws unless the PgBouncer whose admin console is at `url` is the one that wrote `pidFile`. */
export async function verifyPgBouncer(url: string, pidFile: string): Promise<void> {
  const settings = await rowsOf(url, "SHOW CONFIG");
  const answer = settings.find((row) => row["key"] === "pidfile")?.["value"];
  if (answer !== pidFile)
    throw new Error(`another server answers at ${url}: its pid file is ${answer ?? "unknown"}, not ${pidFile}`);
}

function contents(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
