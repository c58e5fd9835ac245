import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { availablePgBouncers, availablePostgres, compareVersions } from "../support/servers/binaries.ts";
import { type PgBouncerOptions, type PgBouncerServer, startPgBouncer } from "../support/servers/pgbouncer.ts";
import { type PostgresServer, startPostgres } from "../support/servers/postgres.ts";

const poolers = availablePgBouncers();
const newest = availablePostgres().at(-1);

let postgres: PostgresServer | undefined;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  if (newest !== undefined && poolers.length > 0) postgres = await startPostgres(newest);
});
afterAll(async () => {
  await postgres?.stop();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What a query ends with: the first value of its first row, or the words of its error. */
async function outcome(client: pg.Client, sql: string): Promise<string> {
  try {
    const { rows } = await client.query<Record<string, string | number>>(sql);
    return String(Object.values(rows[0] ?? {})[0] ?? "");
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}`;
  }
}

it.skipIf(poolers.length === 0 || newest === undefined)("there are a PgBouncer and a PostgreSQL", () => {
  expect(postgres).toBeDefined();
});

// What the checks of pooler-config say of settings, seen behind a PgBouncer that has them.
describe.each(poolers)("PgBouncer $version", (binary) => {
  async function bouncer(settings: PgBouncerOptions["settings"], databases?: PgBouncerOptions["databases"]) {
    if (postgres === undefined) throw new Error("no PostgreSQL");
    const server = await startPgBouncer(binary, {
      postgres,
      settings: { default_pool_size: 1, ...settings },
      ...(databases === undefined ? {} : { databases }),
    });
    closing.push(() => server.stop());
    return server;
  }

  async function connect(server: PgBouncerServer, database = "postgres", more: pg.ClientConfig = {}) {
    const client = new pg.Client({ connectionString: server.url(database), ...more });
    client.on("error", () => undefined);
    await client.connect();
    closing.push(() => client.end().catch(() => undefined));
    return client;
  }

  it("resetQueryUnused: what one client sets, the next one has", async () => {
    const server = await bouncer({ pool_mode: "transaction", server_reset_query: "DISCARD ALL" });
    const [one, other] = [await connect(server), await connect(server)];
    await one.query("SET work_mem = '99MB'");
    expect(await outcome(other, "SHOW work_mem")).toBe("99MB");
  });

  it("resetQueryAlways: what a client sets is gone", async () => {
    const server = await bouncer({ server_reset_query_always: 1 });
    const client = await connect(server);
    await client.query("SET work_mem = '99MB'");
    expect(await outcome(client, "SHOW work_mem")).toBe("4MB");
  });

  it("ignoredParameter: it connects, and has no effect", async () => {
    const server = await bouncer({ ignore_startup_parameters: "statement_timeout" });
    const client = await connect(server, "postgres", { statement_timeout: 5000 });
    expect(await outcome(client, "SHOW statement_timeout")).toBe("0");
  });

  it("refusedParameter: it does not connect", async () => {
    const server = await bouncer({});
    await expect(connect(server, "postgres", { statement_timeout: 5000 })).rejects.toThrow(
      "unsupported startup parameter: statement_timeout",
    );
  });

  it.skipIf(compareVersions(binary.version, "1.20") < 0)(
    "trackedInVain: what PostgreSQL does not report is accepted, and dropped",
    async () => {
      const server = await bouncer({ track_extra_parameters: "IntervalStyle, statement_timeout" });
      const client = await connect(server, "postgres", { statement_timeout: 5000 });
      expect(await outcome(client, "SHOW statement_timeout")).toBe("0");
    },
  );

  it.skipIf(compareVersions(binary.version, "1.20") < 0 || (newest?.major ?? 0) < 18)(
    "track_extra_parameters: what PostgreSQL reports is kept for its client",
    async () => {
      const server = await bouncer({ track_extra_parameters: "IntervalStyle, search_path" });
      const [one, other] = [await connect(server), await connect(server)];
      await one.query("SET search_path TO pg_catalog");
      expect(await outcome(other, "SHOW search_path")).toBe('"$user", public');
      expect(await outcome(one, "SHOW search_path")).toBe("pg_catalog");
    },
  );

  it.skipIf(compareVersions(binary.version, "1.21") < 0)(
    "deallocateAll: 1.21 does not notice that all statements were dropped",
    async () => {
      const server = await bouncer({ max_prepared_statements: 100 });
      const [one, other] = [await connect(server), await connect(server)];
      const named = { name: "n", text: "SELECT 1" };
      await one.query(named);
      await one.query("DEALLOCATE ALL");
      const again = other.query(named).then(
        () => "works",
        (error: unknown) => String(error),
      );
      if (compareVersions(binary.version, "1.22") < 0) expect(await again).toContain("PGBOUNCER_1");
      else expect(await again).toBe("works");
    },
  );

  it("statementsUntracked: with 0, a named statement is looked for on another server connection", async () => {
    const known = compareVersions(binary.version, "1.21") >= 0;
    const server = await bouncer({ default_pool_size: 2, ...(known ? { max_prepared_statements: 0 } : {}) });
    const [one, other] = [await connect(server), await connect(server)];
    const named = { name: "n", text: "SELECT pg_backend_pid()" };
    await one.query(named);
    // The other client holds the server connection that knows the statement.
    await other.query("BEGIN");
    await other.query("SELECT 1");
    const pids = new Set<string>();
    for (let turn = 0; turn < 4; turn++)
      pids.add(
        await one.query(named).then(
          () => "works",
          (error: unknown) => String(error),
        ),
      );
    await other.query("COMMIT");
    for (let turn = 0; turn < 4; turn++)
      pids.add(
        await one.query(named).then(
          () => "works",
          (error: unknown) => String(error),
        ),
      );
    expect([...pids].some((words) => words.includes('prepared statement "n" does not exist'))).toBe(true);
  });

  it("poolModeSession: an alias in session mode keeps a session", async () => {
    const server = await bouncer({}, { live: "dbname=postgres pool_mode=session pool_size=2" });
    const [one, other] = [await connect(server, "live"), await connect(server, "live")];
    await one.query("SET work_mem = '99MB'");
    expect(await outcome(other, "SHOW work_mem")).toBe("4MB");
    expect(await outcome(one, "SHOW work_mem")).toBe("99MB");
  });

  it("poolModeStatement: BEGIN is refused", async () => {
    const client = await connect(await bouncer({ pool_mode: "statement" }));
    expect(await outcome(client, "BEGIN")).toContain("transaction blocks not allowed in statement pooling mode");
  });

  it("queryTimeout: the connection is closed", async () => {
    const client = await connect(await bouncer({ query_timeout: 1 }));
    expect(await outcome(client, "SELECT pg_sleep(5)")).toMatch(/query timeout|Connection terminated/);
    expect(await outcome(client, "SELECT 1")).toContain("error");
  });

  it("a pool that is used up: query_wait_timeout", async () => {
    const server = await bouncer({ query_wait_timeout: 1 });
    const [one, other] = [await connect(server), await connect(server)];
    await one.query("BEGIN");
    expect(await outcome(other, "SELECT 1")).toMatch(/query_wait_timeout|Connection terminated/);
  });

  it("clientIdleTimeout: the next query finds the connection closed", async () => {
    const client = await connect(await bouncer({ client_idle_timeout: 1 }));
    await sleep(2500);
    expect(await outcome(client, "SELECT 1")).toContain("error");
  });

  it("idleTransactionTimeout: the transaction is lost", async () => {
    const client = await connect(await bouncer({ idle_transaction_timeout: 1 }));
    await client.query("BEGIN");
    await sleep(2500);
    expect(await outcome(client, "COMMIT")).toContain("error");
  });

  it("serverLifetimeZero: each transaction has a server connection of its own", async () => {
    const client = await connect(await bouncer({ server_lifetime: 0 }));
    const first = await outcome(client, "SELECT pg_backend_pid()");
    await sleep(1000);
    expect(await outcome(client, "SELECT pg_backend_pid()")).not.toBe(first);
  });

  it("clientConnections: beyond max_client_conn nobody is let in", async () => {
    const server = await bouncer({ max_client_conn: 2 });
    await connect(server);
    await connect(server);
    await expect(connect(server)).rejects.toThrow("no more connections allowed");
  });

  it("serverConnections: the reserve comes on top of the pool", async () => {
    const server = await bouncer({ reserve_pool_size: 1, reserve_pool_timeout: 0.5, query_wait_timeout: 20 });
    const [one, other] = [await connect(server), await connect(server)];
    await one.query("BEGIN");
    expect(await outcome(other, "SELECT 1")).toBe("1");
    const servers = await server.admin("SHOW SERVERS");
    expect(servers.filter(({ database }) => database === "postgres")).toHaveLength(2);
  });

  it("fileDescriptors: are what PgBouncer itself expects, and 2 for its console", async () => {
    const server = await bouncer(
      { max_client_conn: 100 },
      { a: "dbname=postgres user=postgres pool_size=5", b: "dbname=postgres user=postgres pool_size=7" },
    );
    expect(server.log()).toContain("max_client_conn: 100, max expected fd use: 124");
  });

  it("stopsHard: SIGTERM cuts transactions off before 1.23, SIGINT waits for them", async () => {
    const isNew = compareVersions(binary.version, "1.23") >= 0;
    for (const [signal, waits] of [
      ["SIGTERM", isNew],
      ["SIGINT", true],
    ] as const) {
      const server = await bouncer({});
      const client = await connect(server);
      await client.query("BEGIN");
      process.kill(server.processId, signal);
      await sleep(1000);
      expect((await outcome(client, "SELECT 1")) === "1", signal).toBe(waits);
      await outcome(client, "COMMIT");
    }
  });
});
