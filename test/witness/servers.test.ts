import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, lstatSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { availablePgBouncers, availablePostgres, compareVersions } from "../support/servers/binaries.ts";
import { startGuardian } from "../support/servers/guardian.ts";
import { startPgBouncer, verifyPgBouncer, type PgBouncerOptions } from "../support/servers/pgbouncer.ts";
import { freePort, onFreePort, PortTaken } from "../support/servers/ports.ts";
import { startPostgres, verifyPostgres, type PostgresOptions } from "../support/servers/postgres.ts";
import { rowsOf } from "../support/servers/readiness.ts";
import { temporaryFolder } from "../support/servers/temporary-folders.ts";
import { unprivilegedUser } from "../support/servers/unprivileged-user.ts";

const postgresBinaries = availablePostgres();
const pgbouncerBinaries = availablePgBouncers();
const [anyPostgres] = postgresBinaries;
const [anyPgBouncer] = pgbouncerBinaries;

interface Traces {
  readonly folder: string;
  readonly port: number;
  readonly processId: number;
  readonly guardianId: number;
}

const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function postgres(options?: PostgresOptions, binaries = anyPostgres) {
  if (!binaries) throw new Error("no PostgreSQL");
  const server = await startPostgres(binaries, options);
  running.push(server);
  return server;
}

async function pgbouncer(options: PgBouncerOptions, binary = anyPgBouncer) {
  if (!binary) throw new Error("no PgBouncer");
  const server = await startPgBouncer(binary, options);
  running.push(server);
  return server;
}

function runs(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

async function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

/** Leaves a client connection in a transaction; `end` is when the server breaks it off. */
async function inTransaction(url: string): Promise<{ readonly end: Promise<void> }> {
  const client = new pg.Client(url);
  const end = new Promise<void>((resolve) => {
    client.on("error", () => undefined);
    client.on("end", resolve);
  });
  await client.connect();
  await client.query("BEGIN");
  return { end };
}

/** What is left of a server: nothing is what it should be. */
async function leftOf({ folder, port, processId, guardianId }: Traces): Promise<readonly string[]> {
  return [
    ...(existsSync(folder) ? [`folder ${folder}`] : []),
    ...((await listens(port)) ? [`port ${String(port)}`] : []),
    ...(runs(processId) ? [`process ${String(processId)}`] : []),
    ...(runs(guardianId) ? [`guardian ${String(guardianId)}`] : []),
  ];
}

test("there is a PostgreSQL to start, in order of versions", () => {
  expect(postgresBinaries).not.toEqual([]);
  expect(postgresBinaries.map(({ version }) => version)).toEqual(
    postgresBinaries.map(({ version }) => version).sort(compareVersions),
  );
});

test("versions are compared as numbers", () => {
  expect(compareVersions("1.9.0", "1.18.0")).toBeLessThan(0);
  expect(compareVersions("1.18", "1.18.0")).toBe(0);
});

describe.each(postgresBinaries)("PostgreSQL $version", (binaries) => {
  test("answers, and leaves nothing behind when it is stopped", async () => {
    const server = await postgres({}, binaries);
    expect(await rowsOf(server.url("postgres"), "SELECT 1 AS one")).toEqual([{ one: "1" }]);
    expect((await rowsOf(server.url("postgres"), "SHOW server_version"))[0]?.["server_version"]).toBe(binaries.version);
    expect(server).toMatchObject({ version: binaries.version, major: binaries.major, host: "127.0.0.1" });
    const workers = await rowsOf(
      server.url("postgres"),
      "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
    );
    expect(workers).not.toEqual([]);

    await server.stop();

    expect(await leftOf(server)).toEqual([]);
    expect(workers.map(({ pid }) => Number(pid)).filter(runs)).toEqual([]);
    expect(server.log()).toContain("database system is ready to accept connections");
  });

  test("has the extensions of contrib", async () => {
    const server = await postgres({}, binaries);
    await rowsOf(server.url("postgres"), "LOAD 'auto_explain'; CREATE EXTENSION pg_trgm; CREATE EXTENSION dblink");
  });
});

test("a client in its transaction does not hold up the end of a server", async () => {
  const server = await postgres();
  const poolers = await Promise.all(pgbouncerBinaries.map((binary) => pgbouncer({ postgres: server }, binary)));
  const servers = [...poolers, server];
  const closed = await Promise.all(servers.map((each) => inTransaction(each.url("postgres"))));
  for (const each of servers) {
    const start = performance.now();
    await each.stop();
    // Far less than either waits for its clients, and than the guardian waits before it kills.
    expect(performance.now() - start).toBeLessThan(5000);
    expect(await leftOf(each)).toEqual([]);
  }
  await Promise.all(closed.map(({ end }) => end));
});

test("settings go over the defaults", async () => {
  const server = await postgres({ settings: { max_connections: 20, log_statement: "all" } });
  expect(await rowsOf(server.url("postgres"), "SHOW max_connections")).toEqual([{ max_connections: "20" }]);
  expect(await rowsOf(server.url("postgres"), "SHOW fsync")).toEqual([{ fsync: "off" }]);
  expect(server.log()).toContain("statement: SHOW fsync");
});

test("a PostgreSQL that does not start says why and leaves nothing", async () => {
  let port = 0;
  const start = postgres({
    settings: { no_such_parameter: 1 },
    choosePort: async () => (port = await freePort()),
  });
  await expect(start).rejects.toThrow(/PostgreSQL .* ended while it started[^]*unrecognized configuration parameter/);
  expect(await listens(port)).toBe(false);
});

test("a taken port is given up for another", async () => {
  const first = await postgres();
  const ports = [first.port];
  const second = await postgres({ choosePort: async () => ports.pop() ?? freePort() });
  expect(second.port).not.toBe(first.port);
});

test("a server whose ports are always taken is given up", async () => {
  let attempts = 0;
  const start = () => {
    attempts++;
    return Promise.reject(new PortTaken("taken again"));
  };
  await expect(onFreePort(start)).rejects.toThrow("taken again");
  expect(attempts).toBe(5);
});

test("a foreign PostgreSQL is not taken for ours", async () => {
  const [ours, foreign] = await Promise.all([postgres(), postgres()]);
  expect(ours.port).not.toBe(foreign.port);
  await verifyPostgres(ours.url("postgres"), join(ours.folder, "data"));
  await expect(verifyPostgres(foreign.url("postgres"), join(ours.folder, "data"))).rejects.toThrow(
    `another server answers at ${foreign.url("postgres")}`,
  );
});

test.runIf(process.getuid?.() === 0)("servers of root's are an unprivileged user's", async () => {
  const server = await postgres();
  expect(statSync(server.folder).uid).toBe(unprivilegedUser()?.uid);
  expect(unprivilegedUser()?.uid).not.toBe(0);
});

test.runIf(anyPostgres?.relocatable)(
  "a PostgreSQL in a private folder and without its links runs from a copy",
  async () => {
    const folder = temporaryFolder(undefined);
    const guardian = startGuardian({ folder, user: undefined });
    running.push(guardian);
    chmodSync(folder, 0o700);
    const relocatable = join(folder, "native");
    cpSync(anyPostgres?.relocatable ?? "", relocatable, {
      recursive: true,
      filter: (path) => !lstatSync(path).isSymbolicLink(),
    });
    const { version = "", major = 0 } = anyPostgres ?? {};
    const server = await postgres({}, { version, major, bin: join(relocatable, "bin"), relocatable });
    expect(await rowsOf(server.url("postgres"), "SELECT 1 AS one")).toEqual([{ one: "1" }]);
  },
);

// Skipped where there is none, as are those that follow.
test.runIf(anyPgBouncer)("there is a PgBouncer to start, in order of versions", () => {
  const versions = pgbouncerBinaries.map(({ version }) => version);
  expect(versions).toEqual([...versions].sort(compareVersions));
});

describe.each(pgbouncerBinaries)("PgBouncer $version", (binary) => {
  test("answers before PostgreSQL, and leaves nothing behind when it is stopped", async () => {
    const server = await postgres();
    const pooler = await pgbouncer({ postgres: server }, binary);
    expect(await rowsOf(pooler.url("postgres"), "SELECT 1 AS one")).toEqual([{ one: "1" }]);
    expect(await pooler.admin("SHOW VERSION")).toEqual([{ version: `PgBouncer ${binary.version}` }]);
    expect(pooler.version).toBe(binary.version);
    expect((await pooler.admin("SHOW POOLS")).find(({ database }) => database === "postgres")).toMatchObject({
      pool_mode: "transaction",
    });

    await pooler.stop();

    expect(await leftOf(pooler)).toEqual([]);
    expect(await rowsOf(server.url("postgres"), "SELECT 1 AS one")).toEqual([{ one: "1" }]);
  });

  test("settings, databases and users go over the defaults", async () => {
    const server = await postgres();
    await rowsOf(server.url("postgres"), "CREATE ROLE alice LOGIN");
    const pooler = await pgbouncer(
      {
        postgres: server,
        settings: { pool_mode: "session", query_wait_timeout: 1 },
        databases: { app: "dbname=postgres pool_size=1" },
        users: ["postgres", "alice"],
      },
      binary,
    );
    const settings = new Map((await pooler.admin("SHOW CONFIG")).map(({ key, value }) => [key, value]));
    expect([settings.get("pool_mode"), settings.get("query_wait_timeout")]).toEqual(["session", "1"]);
    expect(await rowsOf(pooler.url("app", "alice"), "SELECT current_user, current_database()")).toEqual([
      { current_user: "alice", current_database: "postgres" },
    ]);
  });

  test("does not start with a parameter that it does not know, and says so", async () => {
    const options = { postgres: { host: "127.0.0.1", port: 1 }, settings: { no_such_parameter: 1 } };
    await expect(pgbouncer(options, binary)).rejects.toThrow(/PgBouncer .* ended[^]*no_such_parameter/);
  });

  test("gives up a taken port, and a foreign PgBouncer is not taken for ours", async () => {
    const nowhere = { host: "127.0.0.1", port: 1 };
    const foreign = await pgbouncer({ postgres: nowhere }, binary);
    const ports = [foreign.port];
    const ours = await pgbouncer({ postgres: nowhere, choosePort: async () => ports.pop() ?? freePort() }, binary);
    expect(ours.port).not.toBe(foreign.port);
    await verifyPgBouncer(ours.url("pgbouncer"), join(ours.folder, "pid"));
    await expect(verifyPgBouncer(foreign.url("pgbouncer"), join(ours.folder, "pid"))).rejects.toThrow(
      `another server answers at ${foreign.url("pgbouncer")}`,
    );
  });
});

describe("a named PgBouncer that does not run", () => {
  test.each(["PGBOUNCER_BIN", "PGBOUNCER_BINS"])("is an error that names %s and the path", (variable) => {
    expect(() => availablePgBouncers({ [variable]: "/nowhere/pgbouncer" })).toThrow(
      `${variable} names /nowhere/pgbouncer, which is no PgBouncer that runs here`,
    );
  });

  test("is an error too when it is another program", () => {
    expect(() => availablePgBouncers({ PGBOUNCER_BIN: process.execPath })).toThrow("is no PgBouncer that runs here");
  });

  test.runIf(anyPgBouncer)("beside one that does", () => {
    const path = anyPgBouncer?.path ?? "";
    expect(availablePgBouncers({ PGBOUNCER_BINS: path })).toEqual([anyPgBouncer]);
    expect(() => availablePgBouncers({ PGBOUNCER_BINS: `${path}:/nowhere/pgbouncer` })).toThrow("/nowhere/pgbouncer");
  });
});

describe("a guardian", () => {
  test("that is stopped before the server runs stops it all the same", async () => {
    const user = unprivilegedUser();
    const folder = temporaryFolder(user);
    const guardian = startGuardian({ folder, user, preparation: ["sleep", "0.3"], server: ["sleep", "300"] });
    await guardian.stop();
    expect(existsSync(folder)).toBe(false);
    expect(runs(guardian.processId)).toBe(false);
  });

  test("keeps what was logged, and cleans up when its server ends of itself", async () => {
    const user = unprivilegedUser();
    const folder = temporaryFolder(user);
    writeFileSync(join(folder, "it's a file"), "");
    const guardian = startGuardian({ folder, user, server: ["sh", "-c", "echo last words; exit 3"] });
    while (!guardian.ended()) await sleep(10);
    expect(existsSync(folder)).toBe(false);
    expect(guardian.log()).toBe("last words\n");
    await guardian.stop();
    await guardian.stop();
    expect(guardian.log()).toBe("last words\n");
  });
});

describe("nothing is left of the servers of a process", () => {
  test.each([
    ["that is killed", "wait"],
    ["that exits", "exit"],
    ["that an exception ends", "throw"],
    ["that has nothing more to do", "return"],
  ])("%s", async (_, ending) => {
    const program = join(import.meta.dirname, "../support/servers/start-both.ts");
    const jiti = join(import.meta.dirname, "../../node_modules/.bin/jiti");
    const parent = spawn(jiti, [program, ending], { stdio: ["ignore", "pipe", "pipe"] });
    const exited = new Promise((resolve) => parent.once("exit", resolve));
    let complaints = "";
    parent.stderr.on("data", (data) => (complaints += String(data)));
    let line = "";
    for await (line of createInterface(parent.stdout)) break;
    expect(line, complaints).not.toBe("");
    const traces = tracesIn(line);
    expect(traces).toHaveLength(anyPgBouncer ? 2 : 1);
    if (ending === "wait") {
      expect((await Promise.all(traces.map(leftOf))).map((left) => left.length)).toEqual(traces.map(() => 4));
      parent.kill("SIGKILL");
    }
    await exited;
    await expect
      .poll(async () => (await Promise.all(traces.map(leftOf))).flat(), { timeout: 20_000, interval: 50 })
      .toEqual([]);
  });
});

function tracesIn(line: string): readonly Traces[] {
  const parsed: unknown = JSON.parse(line);
  if (!Array.isArray(parsed) || !parsed.every(isTraces)) throw new Error(`not what start-both.ts prints: ${line}`);
  return parsed;
}

function isTraces(value: unknown): value is Traces {
  return (
    typeof value === "object" &&
    value !== null &&
    ["port", "processId", "guardianId"].every((name) => typeof Reflect.get(value, name) === "number") &&
    typeof Reflect.get(value, "folder") === "string"
  );
}
