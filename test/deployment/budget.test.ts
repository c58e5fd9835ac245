import { describe, expect, it } from "vitest";
import type { BudgetLine, ClientPool, Deployment, PoolerDeployment } from "../../analyzers/index.ts";
import { connectionBudget } from "../../analyzers/deployment/budget/budget.ts";
import { container, deployment, entriesOf, known, pgbouncer, postgres, urlOf } from "../support/deployments.ts";

/** PgBouncer 1.25 doc/config.md. */
const DEFAULTS: Readonly<Record<string, string>> = {
  max_client_conn: "100",
  default_pool_size: "20",
  min_pool_size: "0",
  reserve_pool_size: "0",
  max_db_connections: "0",
  max_user_connections: "0",
};

const budgetOf = (parts: Partial<Deployment>, pools: readonly ClientPool[] = []): readonly BudgetLine[] =>
  connectionBudget(deployment(parts), pools, (_, name) => DEFAULTS[name]);

const line = (kind: BudgetLine["kind"], parts: Partial<Deployment>, pools: readonly ClientPool[] = []) => {
  const found = budgetOf(parts, pools).find((candidate) => candidate.kind === kind);
  return found === undefined
    ? undefined
    : {
        needed: found.needed.value,
        isLeast: found.needed.isLeast,
        limit: found.limit.value,
        verdict: found.verdict,
        figures: found.arithmetic,
      };
};

const openFiles = (soft: number) => ({ soft: known(soft), hard: known(soft * 2) });

/** One database with a forced user, in a container with a limit of open files. */
const one = (settings: Readonly<Record<string, string>> = {}, files = 4096): PoolerDeployment =>
  pgbouncer(
    { max_client_conn: "100", default_pool_size: "20", ...settings },
    {
      databases: entriesOf({ app: { host: "db", user: "app" } }),
      container: container("pgbouncer", { openFiles: openFiles(files) }),
    },
  );

describe("file descriptors", () => {
  it("are counted as PgBouncer's documentation does, and with what it leaves out", () => {
    expect(line("file-descriptors", { poolers: [one()] })).toEqual({
      needed: 130,
      isLeast: false,
      limit: 4096,
      verdict: "fits",
      figures: [
        "max_client_conn + pool_size × databases = 100 + 20 × 1 = 120 (PgBouncer's documentation)",
        "with reserve pools and 10 files of its own: 130",
      ],
    });
  });

  it("are counted for each user where none is forced", () => {
    const pooler = { ...one(), databases: entriesOf({ a: { host: "db" }, b: { host: "db", pool_size: "5" } }) };
    const found = line("file-descriptors", { poolers: [{ ...pooler, knownUsers: ["api", "jobs"] }] });
    expect(found?.figures[0]).toBe(
      "max_client_conn + pool_size × databases × users = 100 + 20 × 2 × 2 = 180 (PgBouncer's documentation)",
    );
    // 100 + 10 + 2 × 20 + 2 × 5: what they come to is less than the documented formula, which takes the largest pool for all.
    expect(found).toMatchObject({ needed: 160, verdict: "fits" });
  });

  it("count the reserve pools too", () => {
    expect(line("file-descriptors", { poolers: [one({ reserve_pool_size: "5" })] })?.needed).toBe(135);
  });

  it("exceed a low limit", () => {
    expect(line("file-descriptors", { poolers: [one({ max_client_conn: "2000" }, 1024)] })).toMatchObject({
      needed: 2030,
      limit: 1024,
      verdict: "exceeds",
    });
  });

  it("are not said to fit where no limit is known", () => {
    const pooler = { ...one(), container: container("pgbouncer") };
    expect(line("file-descriptors", { poolers: [pooler] })).toMatchObject({ needed: 130, verdict: "unknown" });
  });

  it("are not said to fit where nobody knows who connects", () => {
    const pooler = { ...one(), databases: entriesOf({ app: { host: "db" } }) };
    const [found] = budgetOf({ poolers: [pooler] });
    expect(found).toMatchObject({ verdict: "unknown", unknowns: ["which users connect"] });
    expect(found?.arithmetic[0]).toContain("= 100 + 20 × 1 × at least 1 = at least 120");
  });

  it("exceed all the same when the least is too much", () => {
    const pooler = { ...one({ max_client_conn: "5000" }), databases: entriesOf({ app: { host: "db" } }) };
    expect(line("file-descriptors", { poolers: [pooler] })).toMatchObject({ isLeast: true, verdict: "exceeds" });
  });
});

describe("server connections", () => {
  const servers = [postgres("db", { max_connections: "100" })];

  it("are the pools, and max_client_conn is no part of them", () => {
    expect(line("server-connections", { poolers: [one({ max_client_conn: "10000" })], servers })).toEqual({
      needed: 20,
      isLeast: false,
      limit: 97,
      verdict: "fits",
      figures: ["20 = 20", "max_connections - superuser_reserved_connections = 100 - 3 = 97"],
    });
  });

  it("are counted for each pair of database and user, with the reserve", () => {
    const pooler = {
      ...one({ reserve_pool_size: "5" }),
      databases: entriesOf({ a: { host: "db" }, b: { host: "db" } }),
      knownUsers: ["api", "jobs"],
    };
    expect(line("server-connections", { poolers: [pooler], servers })).toMatchObject({
      needed: 100,
      verdict: "exceeds",
      figures: ["(20 + 5) × 2 + (20 + 5) × 2 = 100", "max_connections - superuser_reserved_connections = 100 - 3 = 97"],
    });
  });

  it("are capped by database", () => {
    const pooler = {
      ...one({ max_db_connections: "30" }),
      databases: entriesOf({ a: { host: "db" } }),
      knownUsers: ["api", "jobs"],
    };
    expect(line("server-connections", { poolers: [pooler], servers })).toMatchObject({
      needed: 30,
      verdict: "fits",
    });
  });

  it("are capped by a database of its own, also where nobody knows who connects", () => {
    const pooler = { ...one(), databases: entriesOf({ a: { host: "db", max_db_connections: "40" } }) };
    expect(line("server-connections", { poolers: [pooler], servers })).toMatchObject({ needed: 40 });
  });

  it("are capped by user", () => {
    const pooler = {
      ...one({ max_user_connections: "15" }),
      databases: entriesOf({ a: { host: "db", user: "app" }, b: { host: "db", user: "app" } }),
    };
    expect(line("server-connections", { poolers: [pooler], servers })).toMatchObject({
      needed: 15,
      verdict: "fits",
      figures: ["15 (max_user_connections) = 15", "max_connections - superuser_reserved_connections = 100 - 3 = 97"],
    });
  });

  it("take the size of a user before that of the database", () => {
    const pooler = { ...one(), users: entriesOf({ app: { pool_size: "7" } }) };
    expect(line("server-connections", { poolers: [pooler], servers })?.needed).toBe(7);
  });

  it("are those of all processes", () => {
    const replicated = { ...one(), container: container("pgbouncer", { replicas: known(3) }) };
    expect(line("server-connections", { poolers: [replicated], servers })).toMatchObject({
      needed: 60,
      figures: ["20 × 3 = 60", "max_connections - superuser_reserved_connections = 100 - 3 = 97"],
    });
  });

  it("are kept open up to min_pool_size", () => {
    const pooler = {
      ...one({ min_pool_size: "30" }),
      databases: entriesOf({ a: { host: "db", user: "x" }, b: { host: "db", user: "x", min_pool_size: "5" } }),
    };
    expect(line("server-connections", { poolers: [pooler], servers })?.figures.at(-1)).toBe(
      "pgbouncer.ini keeps 20 + 5 = 25 of them open (min_pool_size)",
    );
  });

  it("are those of all peers", () => {
    const { container: _, ...pooler } = one();
    expect(line("server-connections", { poolers: [{ ...pooler, peers: 2 }], servers })?.needed).toBe(40);
  });

  it("are not known where a pool has no limit", () => {
    expect(line("server-connections", { poolers: [one({ default_pool_size: "0" })], servers })?.verdict).toBe(
      "unknown",
    );
  });

  it("include what connects directly", () => {
    const migrations: ClientPool = {
      name: "pg with DIRECT_URL",
      size: { name: "pool of pg", value: 10, isLeast: false, words: "default of pg" },
      processes: { name: "processes", value: 2, isLeast: false, words: "deploy" },
      isDirect: true,
    };
    expect(line("server-connections", { poolers: [one()], servers }, [migrations])).toMatchObject({
      needed: 40,
      figures: ["20 + 20 direct = 40", "max_connections - superuser_reserved_connections = 100 - 3 = 97"],
    });
  });

  it("are kept apart by server", () => {
    const pooler = {
      ...one(),
      databases: entriesOf({ a: { host: "db", user: "x" }, b: { host: "other", user: "x" } }),
    };
    const both = [...servers, postgres("other", { max_connections: "10" })];
    const found = budgetOf({ poolers: [pooler], servers: both }).filter(({ kind }) => kind === "server-connections");
    expect(found.map(({ title, needed, verdict }) => [title, needed.value, verdict])).toEqual([
      ["service db", 20, "fits"],
      ["service other", 20, "exceeds"],
    ]);
  });

  it("have no known limit where no file sets up the server", () => {
    const found = budgetOf({ poolers: [one()] }).find(({ kind }) => kind === "server-connections");
    expect(found).toMatchObject({ title: "PostgreSQL at db", verdict: "unknown" });
    expect(found?.unknowns).toEqual(["max_connections (no file sets up the server (db))"]);
  });
});

describe("client connections", () => {
  const api = container("api", { replicas: known(4) });
  const pooler = one();
  const pool = (size: number, processes: number): ClientPool => ({
    name: "pg with DATABASE_URL",
    size: { name: "pool of pg", value: size, isLeast: false, words: "max: 10" },
    processes: { name: "processes", value: processes, isLeast: false, words: "service api" },
    pooler,
    isDirect: false,
  });

  it("are the pools of the program times its processes", () => {
    expect(line("client-connections", { poolers: [pooler], containers: [api] }, [pool(10, 4)])).toEqual({
      needed: 40,
      isLeast: false,
      limit: 100,
      verdict: "fits",
      figures: ["10 × 4 = 40"],
    });
  });

  it("exceed max_client_conn", () => {
    expect(line("client-connections", { poolers: [pooler] }, [pool(50, 4)])).toMatchObject({ verdict: "exceeds" });
  });

  it("are not known where no pool is seen to lead to the pooler", () => {
    expect(line("client-connections", { poolers: [pooler] })?.verdict).toBe("unknown");
  });
});

describe("who connects", () => {
  it("is known from the URLs that lead to the pooler, and others may come", () => {
    const pooler = pgbouncer(
      {},
      {
        databases: entriesOf({ "*": { host: "db" } }),
        container: container("pgbouncer", { openFiles: openFiles(1024) }),
      },
    );
    const api = container("api");
    const urls = [
      urlOf("DATABASE_URL", "postgres://api@pgbouncer:6432/app", api),
      urlOf("REPORTS_URL", "postgres://reports@pgbouncer:6432/warehouse", api),
      urlOf("DIRECT_URL", "postgres://api@db:5432/app", api),
    ];
    const [found] = budgetOf({ poolers: [pooler], containers: [api], urls });
    expect(found?.arithmetic[0]).toContain("100 + 20 × at least 2 × at least 2 = at least 180");
    expect(found?.unknowns).toEqual(["which databases come through *", "which users connect"]);
  });
});
