import { describe, expect, it } from "vitest";
import type { Connection, Deployment, PoolerDeployment } from "../../analyzers/index.ts";
import { poolerProfile } from "../../analyzers/pooler-profile.ts";
import { deploymentChecks } from "../../analyzers/rules/deployment-checks/all-checks.ts";
import type { CheckResult, DeploymentView, ProgramFacts } from "../../analyzers/rules/deployment-checks/check.ts";
import { judgeDeployment } from "../../analyzers/rules/judge-deployment.ts";
import { container, deployment, entriesOf, known, origin, pgbouncer, postgres, urlOf } from "../support/deployments.ts";

const nothing: ProgramFacts = {
  startupParameters: [],
  statementNamings: [],
  callSites: [],
  statementUses: [],
  libraryUses: [],
  connections: [],
};

const view = (parts: Partial<Deployment>, more: Partial<DeploymentView> = {}): DeploymentView => ({
  deployment: deployment(parts),
  profile: poolerProfile(),
  budget: [],
  program: nothing,
  uses: [],
  ...more,
});

/** What a check says: `found severity`, `passed`, `unknown`, in order. */
function said(id: string, parts: Partial<Deployment> | DeploymentView): string[] {
  const check = deploymentChecks.find((candidate) => candidate.id === id);
  if (check === undefined) throw new Error(`no check ${id}`);
  const results = check.run("deployment" in parts ? parts : view(parts));
  return results.map((result: CheckResult) => (result.is === "found" ? `found ${result.severity}` : result.is));
}

const bouncer = (settings: Readonly<Record<string, string>>, more: Partial<PoolerDeployment> = {}) => ({
  poolers: [pgbouncer(settings, more)],
});

const version = (value: string): Partial<PoolerDeployment> => ({ version: known(value) });

const pooled: Connection = {
  id: 1,
  scope: "pool",
  driver: "pg",
  known: "created",
  location: { file: "src/db.ts", range: { start: 0, end: 5 } },
  urls: [],
  route: "unknown",
  from: [],
};

const sends = (name: string, connection = pooled): ProgramFacts => ({
  ...nothing,
  startupParameters: [{ name, via: "option", location: pooled.location, connection, confidence: "certain" }],
});

const namesStatements: ProgramFacts = {
  ...nothing,
  statementNamings: [
    {
      driver: "postgres",
      symptom: "",
      effect: "error",
      fix: "prepare: false",
      location: pooled.location,
      confidence: "certain",
      connection: pooled,
    },
  ],
};

describe("the table of deployment checks", () => {
  it("has ids of their own, a source and whole sentences", () => {
    expect(new Set(deploymentChecks.map(({ id }) => id)).size).toBe(deploymentChecks.length);
    for (const { message, remedy, source, title } of deploymentChecks) {
      expect(source).not.toBe("");
      expect(title).not.toMatch(/\.$/);
      expect(remedy).toMatch(/[.}]$/);
      expect(message).toMatch(/[.}]$/);
    }
  });

  it("says nothing where there is no pooler and no server", () => {
    expect(judgeDeployment(view({}))).toEqual({ findings: [], outcomes: [] });
  });

  it("makes notes of what is for development", () => {
    const { findings } = judgeDeployment(view(bouncer({ pool_mode: "statement" }, { forDevelopment: true })));
    expect(findings.map(({ severity }) => severity)).toContain("info");
    expect(findings.every(({ severity }) => severity === "info")).toBe(true);
  });

  it("leaves no placeholder in what it says", () => {
    const parts = bouncer(
      { pool_mode: "session", query_timeout: "5", server_lifetime: "0", auth_type: "trust", listen_addr: "*" },
      { container: container("pgbouncer", { ports: [{ target: 6432, isLocal: false, origin: origin("ports") }] }) },
    );
    for (const { message, remedy } of judgeDeployment(view(parts)).findings)
      expect(message + remedy).not.toMatch(/\{\{/);
  });
});

describe("pool_mode", () => {
  it("is session when nothing sets it", () => {
    expect(said("poolModeUnset", bouncer({}))).toEqual(["found warning"]);
    expect(said("poolModeUnset", bouncer({ pool_mode: "transaction" }))).toEqual(["passed"]);
    expect(said("poolModeUnset", bouncer({}, { isWhole: false }))).toEqual(["unknown"]);
  });

  it("may be set for every database that is used", () => {
    const databases = entriesOf({ app: { pool_mode: "transaction" } });
    expect(said("poolModeUnset", bouncer({}, { databases }))).toEqual(["passed"]);
    const others = entriesOf({ app: { pool_mode: "transaction" }, other: {} });
    expect(said("poolModeUnset", bouncer({}, { databases: others }))).toEqual(["found warning"]);
  });

  it("is session for all, or on purpose for an alias", () => {
    expect(said("poolModeSession", bouncer({ pool_mode: "Session" }))).toEqual(["found warning"]);
    const databases = entriesOf({ app: {}, live: { pool_mode: "session" } });
    expect(said("poolModeSession", bouncer({ pool_mode: "transaction" }, { databases }))).toEqual(["found info"]);
    expect(said("poolModeSession", bouncer({ pool_mode: "transaction" }))).toEqual([]);
  });

  it("is looked at for the aliases that the program uses", () => {
    const [pooler] = bouncer(
      { pool_mode: "session" },
      { databases: entriesOf({ app: { pool_mode: "transaction" }, old: {} }) },
    ).poolers;
    if (pooler === undefined) throw new Error("no pooler");
    const [app, old] = pooler.databases;
    const url = urlOf("DATABASE_URL", "postgres://u@pgbouncer/app");
    const using = (alias: typeof app): DeploymentView =>
      view({ poolers: [pooler] }, { uses: [{ url, pooler, ...(alias === undefined ? {} : { alias }) }] });
    expect(said("poolModeSession", using(app))).toEqual([]);
    expect(said("poolModeSession", using(old))).toEqual(["found warning"]);
  });

  it("is statement", () => {
    expect(said("poolModeStatement", bouncer({ pool_mode: "statement" }))).toEqual(["found warning"]);
  });
});

describe("what keeps PgBouncer from starting", () => {
  it("is an error where every version refuses it, and a warning where some do", () => {
    const problem = { message: "unknown parameter foo", origin: origin("foo"), kind: "refuses" as const };
    expect(said("refusesToStart", bouncer({}, { problems: [problem] }))).toEqual(["found error"]);
    const some = { ...problem, onlyOn: "PgBouncer older than 1.21" };
    expect(said("refusesToStart", bouncer({}, { problems: [some] }))).toEqual(["found warning"]);
    expect(said("refusesToStart", bouncer({}))).toEqual(["passed"]);
    expect(said("refusesToStart", bouncer({}, { isWhole: false }))).toEqual(["unknown"]);
  });

  it("is told from variables that the image does not know", () => {
    const withoutEffect = [
      { name: "TRACK_EXTRA_PARAMETERS", because: "the image does not map it", origin: origin("x") },
    ];
    expect(said("variableWithoutEffect", bouncer({}, { withoutEffect, readFrom: "environment" }))).toEqual([
      "found warning",
    ]);
  });
});

describe("images", () => {
  const image = (tag: string | undefined, isPinnedByDigest = false): Partial<PoolerDeployment> => ({
    container: container("pgbouncer", {
      image: {
        name: "edoburu/pgbouncer",
        isPinnedByDigest,
        origin: origin("image"),
        ...(tag === undefined ? {} : { tag }),
      },
    }),
  });

  it("are pinned by a version or a digest", () => {
    expect(said("notPinned", bouncer({}, image("latest")))).toEqual(["found warning"]);
    expect(said("notPinned", bouncer({}, image(undefined)))).toEqual(["found warning"]);
    expect(said("notPinned", bouncer({}, image("latest", true)))).toEqual(["passed"]);
    expect(said("notPinned", bouncer({}, { ...image("v1.23.1"), ...version("1.23.1") }))).toEqual(["passed"]);
    expect(said("notPinned", bouncer({}, image("our-build")))).toEqual(["unknown"]);
  });
});

describe("reset queries", () => {
  it("do not run in transaction mode", () => {
    const set = { pool_mode: "transaction", server_reset_query: "DISCARD ALL" };
    expect(said("resetQueryUnused", bouncer(set))).toEqual(["found warning"]);
    expect(said("resetQueryUnused", bouncer({ pool_mode: "transaction" }))).toEqual(["passed"]);
    expect(said("resetQueryUnused", bouncer({ ...set, server_reset_query: "" }))).toEqual(["passed"]);
    expect(said("resetQueryUnused", bouncer({ ...set, pool_mode: "session" }))).toEqual(["passed"]);
    const unset = { server_reset_query: "DISCARD ALL" };
    expect(said("resetQueryUnused", bouncer(unset))).toEqual(["passed"]);
    expect(said("resetQueryUnused", bouncer(unset, { isWhole: false }))).toEqual(["unknown"]);
    expect(said("resetQueryUnused", bouncer({ ...set, server_reset_query_always: "1" }))).toEqual(["passed"]);
  });

  it("lose every session when they always run", () => {
    expect(said("resetQueryAlways", bouncer({ server_reset_query_always: "1" }))).toEqual(["found warning"]);
    expect(said("resetQueryAlways", bouncer({ server_reset_query_always: "0" }))).toEqual(["passed"]);
  });
});

describe("startup parameters", () => {
  it("that are ignored have no effect", () => {
    const parts = bouncer({ ignore_startup_parameters: "extra_float_digits, Statement_Timeout" });
    expect(said("ignoredParameter", view(parts, { program: sends("statement_timeout") }))).toEqual(["found warning"]);
    expect(said("ignoredParameter", view(parts, { program: sends("lock_timeout") }))).toEqual(["passed"]);
    const direct = sends("statement_timeout", { ...pooled, route: "direct" });
    expect(said("ignoredParameter", view(parts, { program: direct }))).toEqual(["passed"]);
  });

  it("inside options are ignored with it", () => {
    const sent: ProgramFacts = {
      ...nothing,
      startupParameters: [
        {
          name: "search_path",
          via: "options",
          syntax: "-c",
          location: pooled.location,
          connection: pooled,
          confidence: "certain",
        },
      ],
    };
    const parts = bouncer({ ignore_startup_parameters: "options" });
    expect(said("ignoredParameter", view(parts, { program: sent }))).toEqual(["found warning"]);
    expect(said("refusedParameter", view(parts, { program: sent }))).toEqual(["passed"]);
    expect(said("refusedParameter", view(parts, { program: sends("search_path") }))).toEqual(["found info"]);
  });

  it("that are not ignored are refused", () => {
    expect(said("refusedParameter", view(bouncer({}), { program: sends("lock_timeout") }))).toEqual(["found info"]);
    expect(said("refusedParameter", view(bouncer({}), { program: sends("timezone") }))).toEqual(["passed"]);
    const ignored = bouncer({ ignore_startup_parameters: "lock_timeout" });
    expect(said("refusedParameter", view(ignored, { program: sends("lock_timeout") }))).toEqual(["passed"]);
  });
});

describe("named statements", () => {
  const check = (settings: Readonly<Record<string, string>>, more: Partial<PoolerDeployment> = {}): string[] =>
    said("statementsUntracked", view(bouncer(settings, more), { program: namesStatements }));

  it("need max_prepared_statements", () => {
    expect(check({ max_prepared_statements: "0" })).toEqual(["found warning"]);
    expect(check({ max_prepared_statements: "100" })).toEqual(["passed"]);
  });

  it("depend on the default of the version", () => {
    expect(check({}, version("1.23.1"))).toEqual(["found warning"]);
    expect(check({}, version("1.24.0"))).toEqual(["passed"]);
    expect(check({})).toEqual(["unknown"]);
  });

  it("meet DEALLOCATE ALL on 1.21 only", () => {
    const url = urlOf("DATABASE_URL", "postgres://u@pgbouncer/app?pgbouncer=true");
    const prisma = (of: string, prepared: string): string[] =>
      said("deallocateAll", { ...bouncer({ max_prepared_statements: prepared }, version(of)), urls: [url] });
    expect(prisma("1.21.0", "100")).toEqual(["found error"]);
    expect(prisma("1.21.0", "0")).toEqual(["passed"]);
    expect(prisma("1.22.0", "100")).toEqual(["passed"]);
    expect(said("deallocateAll", bouncer({ max_prepared_statements: "100" }, version("1.21.0")))).toEqual(["passed"]);
  });
});

describe("time-outs", () => {
  it.each([
    ["queryTimeout", "query_timeout", "30", "0"],
    ["queryWaitForever", "query_wait_timeout", "0", "120"],
    ["clientIdleTimeout", "client_idle_timeout", "300", "0"],
    ["idleTransactionTimeout", "idle_transaction_timeout", "5", "60"],
    ["transactionTimeout", "transaction_timeout", "2", "300"],
    ["serverLifetimeZero", "server_lifetime", "0", "3600"],
  ])("%s bites at %s = %s and not at %s", (id, name, biting, harmless) => {
    expect(said(id, bouncer({ [name]: biting }))).toEqual(["found warning"]);
    expect(said(id, bouncer({ [name]: harmless }))).toEqual(["passed"]);
    expect(said(id, bouncer({}))).toEqual(["passed"]);
  });
});

describe("access", () => {
  it("without a login is open where others reach the listener", () => {
    expect(said("noAuthentication", bouncer({ auth_type: "trust", listen_addr: "*" }))).toEqual(["found warning"]);
    expect(said("noAuthentication", bouncer({ auth_type: "trust", listen_addr: "127.0.0.1, ::1" }))).toEqual([
      "passed",
    ]);
    expect(said("noAuthentication", bouncer({ auth_type: "hba", listen_addr: "*" }))).toEqual(["passed"]);
  });

  it("without TLS is a leak on a published port and a note in a network of its own", () => {
    const published = { container: container("p", { ports: [{ target: 6432, isLocal: false, origin: origin("p") }] }) };
    expect(said("noTls", bouncer({ listen_addr: "0.0.0.0" }, published))).toEqual(["found warning"]);
    expect(said("noTls", bouncer({ listen_addr: "0.0.0.0" }))).toEqual(["found info"]);
    expect(said("noTls", bouncer({ listen_addr: "*", client_tls_sslmode: "require" }))).toEqual(["passed"]);
    expect(said("noTls", bouncer({ listen_addr: "localhost" }))).toEqual(["passed"]);
  });

  it("needs a listener", () => {
    expect(said("noListener", bouncer({}, { container: container("p") }))).toEqual(["found error"]);
    expect(said("noListener", bouncer({ listen_addr: "*" }, { container: container("p") }))).toEqual(["passed"]);
  });
});

describe("health", () => {
  const api = (condition: "started" | "healthy" | undefined) =>
    container("api", {
      dependsOn: condition === undefined ? [] : [{ service: "pgbouncer", condition, origin: origin("depends_on") }],
    });
  const withApi = (condition: "started" | "healthy" | undefined): Partial<Deployment> => {
    const client = api(condition);
    const bouncing = container("pgbouncer");
    return {
      poolers: [pgbouncer({}, { container: bouncing })],
      containers: [bouncing, client],
      urls: [urlOf("DATABASE_URL", "postgres://u@pgbouncer:6432/app", client)],
    };
  };

  it("is asked of poolers and servers", () => {
    const healthy = container("pgbouncer", { healthCheck: { state: "present" } });
    expect(said("noHealthCheck", bouncer({}, { container: healthy }))).toEqual(["passed"]);
    const both = { ...bouncer({}, { container: healthy }), servers: [postgres("db")] };
    expect(said("noHealthCheck", both)).toEqual(["passed", "found info"]);
    // Of a server without a pooler in front nobody asked.
    expect(said("noHealthCheck", { ...bouncer({}), servers: [postgres("db")] })).toEqual([]);
    expect(said("noHealthCheck", bouncer({}))).toEqual([]);
  });

  it("is waited for", () => {
    expect(said("doesNotWait", withApi("healthy"))).toEqual(["passed"]);
    expect(said("doesNotWait", withApi("started"))).toEqual(["found info"]);
    expect(said("doesNotWait", withApi(undefined))).toEqual(["found info"]);
  });

  it("keeps ports to the machine", () => {
    const port = (isLocal: boolean) => ({
      container: container("p", { ports: [{ target: 6432, published: 6432, isLocal, origin: origin("ports") }] }),
    });
    expect(said("portPublished", bouncer({}, port(false)))).toEqual(["found warning"]);
    expect(said("portPublished", bouncer({}, port(true)))).toEqual(["passed"]);
  });

  it("keeps passwords in secrets where others are", () => {
    const entry = (name: string, secrecy: "plain-secret" | "from-secret") => ({
      name,
      secrecy,
      value: { is: "unknown" as const, because: "a secret", origin: origin(name) },
    });
    const bouncing = container("pgbouncer", { environment: [entry("DB_PASSWORD", "plain-secret")] });
    const other = container("api", { environment: [entry("API_KEY", "from-secret")] });
    expect(
      said("plainSecret", { poolers: [pgbouncer({}, { container: bouncing })], containers: [bouncing, other] }),
    ).toEqual(["found warning"]);
    expect(said("plainSecret", { poolers: [pgbouncer({}, { container: bouncing })], containers: [bouncing] })).toEqual([
      "found info",
    ]);
  });

  it("takes direct URLs at their word", () => {
    const pooler = pgbouncer({}, { databases: entriesOf({ app: {}, live: { pool_mode: "session" } }) });
    const uses = (name: string, alias: number): DeploymentView => {
      const entry = pooler.databases[alias];
      const url = urlOf(name, "postgres://u@pgbouncer:6432/app");
      return view({ poolers: [pooler] }, { uses: [{ url, pooler, ...(entry === undefined ? {} : { alias: entry }) }] });
    };
    expect(said("directIsPooled", uses("DIRECT_URL", 0))).toEqual(["found error"]);
    expect(said("directIsPooled", uses("MIGRATION_DATABASE_URL", 0))).toEqual(["found warning"]);
    expect(said("directIsPooled", uses("DIRECT_URL", 1))).toEqual([]);
    expect(said("directIsPooled", uses("DATABASE_URL", 0))).toEqual([]);
  });

  it("stops between transactions", () => {
    const stop = (signal: string | undefined, of: string) =>
      said(
        "stopsHard",
        bouncer(
          {},
          { ...version(of), container: container("p", signal === undefined ? {} : { stopSignal: known(signal) }) },
        ),
      );
    expect(stop(undefined, "1.22.1")).toEqual(["found info"]);
    expect(stop(undefined, "1.25.1")).toEqual(["found info"]);
    expect(stop("SIGINT", "1.25.1")).toEqual(["passed"]);
  });
});

describe("tracked parameters", () => {
  it("are those that PostgreSQL reports", () => {
    const parts = bouncer({ track_extra_parameters: "IntervalStyle, statement_timeout" });
    const profile = poolerProfile("pgbouncer@1.25", {
      trackExtraParameters: ["IntervalStyle", "statement_timeout"],
      postgresVersion: 18,
    });
    expect(said("trackedInVain", view(parts, { profile }))).toEqual(["found warning"]);
    const good = bouncer({ track_extra_parameters: "IntervalStyle, search_path" });
    const newer = poolerProfile("pgbouncer@1.25", {
      trackExtraParameters: ["IntervalStyle", "search_path"],
      postgresVersion: 18,
    });
    expect(said("trackedInVain", view(good, { profile: newer }))).toEqual(["passed"]);
  });

  it("replace the default list", () => {
    expect(said("intervalStyleUntracked", bouncer({ track_extra_parameters: "search_path" }))).toEqual(["found info"]);
    expect(said("intervalStyleUntracked", bouncer({ track_extra_parameters: "IntervalStyle, search_path" }))).toEqual(
      [],
    );
  });

  it("open auth_query before 1.25.1", () => {
    const tracks = { track_extra_parameters: "search_path", auth_user: "asker" };
    expect(said("searchPathInjection", bouncer(tracks, version("1.25.0")))).toEqual(["found error"]);
    expect(said("searchPathInjection", bouncer(tracks, version("1.25.1")))).toEqual(["passed"]);
    expect(said("searchPathInjection", bouncer(tracks))).toEqual(["unknown"]);
    const { auth_user: _, ...without } = tracks;
    expect(said("searchPathInjection", bouncer(without, version("1.25.0")))).toEqual(["passed"]);
  });
});
