import { describe, expect, it } from "vitest";
import { analyzeFile, type Finding, poolerNames, poolerProfile } from "../../analyzers/index.ts";
import type { PoolerSettings } from "../../analyzers/pooler-profile.ts";
import { parseSource } from "../support/parse.ts";

/** One use of each feature, in order. */
const CODE = `import { Pool } from "pg";
const pool = new Pool({ statement_timeout: 1000, options: "-c work_mem=1MB" });
export async function run() {
  await pool.query("SET work_mem = '1MB'");
  await pool.query("SET ROLE auditor");
  await pool.query("SELECT pg_advisory_lock(1)");
  await pool.query("PREPARE p AS SELECT 1");
  await pool.query({ name: "n", text: "SELECT 1" });
  await pool.query("CREATE TEMP TABLE t (x int)");
  await pool.query("LISTEN jobs");
  await pool.query("DECLARE c CURSOR WITH HOLD FOR SELECT 1");
  await pool.query("LOAD 'auto_explain'");
  await pool.query("DISCARD ALL");
  await pool.query("SELECT currval('s')");
  await pool.query("BEGIN");
}
`;

const findings = (pooler: string, settings: PoolerSettings = {}): readonly Finding[] =>
  analyzeFile(parseSource("a.ts", CODE), { profile: poolerProfile(pooler, settings) }).findings;

const lineOf = ({ location }: Finding): number => CODE.slice(0, location.range.start).split("\n").length;

/** `line severity effect` of what is reported by a rule. */
const said = (rule: string, pooler: string, settings: PoolerSettings = {}): string[] =>
  findings(pooler, settings)
    .filter(({ ruleId }) => ruleId === rule)
    .map((finding) => `${String(lineOf(finding))} ${finding.severity} ${finding.effect}`);

const message = (rule: string, pooler: string, settings: PoolerSettings = {}): string | undefined =>
  findings(pooler, settings).find(({ ruleId }) => ruleId === rule)?.message;

describe("every pooler", () => {
  it.each(poolerNames)("%s: has words for everything, and what fails anywhere fails there", (pooler) => {
    for (const { message: words, remedy } of findings(pooler)) {
      expect(words).not.toMatch(/\{\{|undefined/);
      expect(remedy).not.toMatch(/\{\{|undefined/);
    }
    expect(said("no-transaction-on-pool", pooler)).toEqual(["15 error silent"]);
  });

  it.each(poolerNames)("%s: says its own name where it is not PgBouncer", (pooler) => {
    const profile = poolerProfile(pooler);
    if (profile.isPgBouncer) return;
    for (const { message: words } of findings(pooler))
      expect(words).not.toMatch(/\bPgBouncer\b(?! (?:\d|older|newer))/);
  });

  it("is named in the error for one that there is not", () => {
    expect(() => poolerProfile("pgpool")).toThrow(/Known: pgbouncer, .*rds-proxy/);
  });
});

describe("what a pooler does with a feature", () => {
  it("ok: nothing is reported", () => {
    expect(said("no-session-set", "pgdog")).toEqual([]);
    expect(said("no-named-prepared-statement", "rds-proxy")).toEqual([]);
  });

  it("pins: a warning", () => {
    expect(said("no-session-advisory-lock", "rds-proxy")).toEqual(["6 warning pin"]);
    expect(message("no-listen", "rds-proxy")).toBe(
      "`LISTEN jobs` pins the server connection: Amazon RDS Proxy keeps it for this client until the client disconnects, and nobody else can use it.",
    );
  });

  it("lost: an error without a leak", () => {
    expect(said("no-session-set", "hyperdrive")).toEqual(["4 error silent"]);
    expect(message("no-session-set", "hyperdrive")).toBe(
      "`SET work_mem = '1MB'` is lost: Cloudflare Hyperdrive resets the server connection before the next client gets it.",
    );
  });

  it("depends: a warning that names the condition", () => {
    expect(said("no-named-prepared-statement", "supavisor")).toEqual(["8 warning error"]);
    expect(message("no-named-prepared-statement", "supavisor")).toBe(
      "The named statement `n` works behind Supavisor only with the feature flag named_prepared_statements.",
    );
  });

  it("not confirmed: a warning that says so", () => {
    expect(said("no-hold-cursor", "hyperdrive")).toEqual(["11 warning leak"]);
    expect(message("no-hold-cursor", "hyperdrive")).toMatch(
      /Not confirmed for Cloudflare Hyperdrive \(data of 2026-11\)\.$/,
    );
  });

  it("as the user knows better", () => {
    expect(said("no-session-set", "supavisor", { capabilities: { "session-set": "ok" } })).toEqual([]);
  });
});

describe("PgBouncer of a vendor", () => {
  it("is PgBouncer, with the vendor's default for named statements", () => {
    expect(said("no-session-set", "azure")).toEqual(["4 error leak"]);
    expect(said("no-named-prepared-statement", "azure")).toEqual(["8 error error"]);
    expect(said("no-named-prepared-statement", "azure", { maxPreparedStatements: 100 })).toEqual([]);
    expect(said("no-named-prepared-statement", "neon")).toEqual([]);
    expect(said("no-named-prepared-statement", "heroku")).toEqual(["8 warning error"]);
  });

  it("that is not confirmed is no certainty", () => {
    expect(said("no-session-set", "cloud-sql")).toEqual(["4 warning leak"]);
  });
});

describe("modes and resets of PgBouncer", () => {
  it("session mode keeps a session, and refuses in the startup packet all the same", () => {
    expect(
      findings("pgbouncer@1.25", { poolMode: "session" }).map(
        (finding) => `${String(lineOf(finding))} ${finding.ruleId}`,
      ),
    ).toEqual(["2 no-startup-parameter", "2 no-startup-parameter", "15 no-transaction-on-pool"]);
  });

  it("a reset after every transaction loses what would leak", () => {
    const settings = { serverResetQueryAlways: true };
    expect(said("no-session-set", "pgbouncer@1.25", settings)).toEqual(["4 error silent"]);
    expect(message("no-session-set", "pgbouncer@1.25", settings)).toBe(
      "`SET work_mem = '1MB'` is lost as soon as the transaction ends: server_reset_query_always resets the server connection after each.",
    );
  });

  it("and takes the statements of 1.21 with it", () => {
    const settings = { serverResetQueryAlways: true, maxPreparedStatements: 100 };
    expect(poolerProfile("pgbouncer@1.21", settings).capabilities["named-statement"]).toBe("breaks");
    expect(poolerProfile("pgbouncer@1.22", settings).capabilities["named-statement"]).toBe("ok");
  });
});

describe("tracked parameters", () => {
  const tracked = (settings: PoolerSettings, name: string): string => {
    const profile = poolerProfile("pgbouncer@1.25", settings);
    if (profile.trackedParameters.has(name)) return "tracked";
    const condition = profile.conditionallyTrackedParameters.get(name);
    return condition ?? (profile.untrackableParameters.has(name) ? "in vain" : "not");
  };

  it("depend on what PostgreSQL reports", () => {
    const settings = { trackExtraParameters: ["search_path", "statement_timeout"] };
    expect(tracked({ ...settings, postgresVersion: 18 }, "search_path")).toBe("tracked");
    expect(tracked({ ...settings, postgresVersion: 17 }, "search_path")).toBe("in vain");
    expect(tracked(settings, "search_path")).toBe("PostgreSQL 18 or newer");
    expect(tracked(settings, "statement_timeout")).toBe("in vain");
    // The list replaces the default.
    expect(tracked(settings, "intervalstyle")).toBe("not");
  });
});
