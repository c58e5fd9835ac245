import { describe, expect, it } from "vitest";
import { analyzeFile, ConfigurationError, poolerProfile } from "../../analyzers/index.ts";
import { parseSource } from "../support/parse.ts";

const tracked = (...given: Parameters<typeof poolerProfile>): string[] =>
  [...poolerProfile(...given).trackedParameters].sort();

describe("the pooler profile", () => {
  it("knows what each version of PgBouncer tracks", () => {
    const always = ["application_name", "client_encoding", "datestyle", "standard_conforming_strings", "timezone"];
    expect(tracked("pgbouncer@1.18.0")).toEqual(always);
    expect(tracked("pgbouncer@1.20")).toEqual([...always, "intervalstyle"].sort());
    expect(tracked()).toEqual(always);
    expect([...poolerProfile().conditionallyTrackedParameters]).toEqual([["intervalstyle", "PgBouncer 1.20 or newer"]]);
  });

  it("tracks extra parameters only where PostgreSQL reports them", () => {
    const settings = { trackExtraParameters: ["IntervalStyle", "search_path"] };
    expect(tracked("pgbouncer@1.25", { ...settings, postgresVersion: 15 })).not.toContain("search_path");
    expect(tracked("pgbouncer@1.25", { ...settings, postgresVersion: 18 })).toContain("search_path");
    expect(tracked("pgbouncer@1.25", { trackExtraParameters: ["search_path"], postgresVersion: 18 })).not.toContain(
      "intervalstyle",
    );
    expect(tracked("pgbouncer@1.18", { ...settings, postgresVersion: 18 })).not.toContain("search_path");
  });

  it("knows when named statements are tracked", () => {
    expect(poolerProfile().maxPreparedStatements).toBe("unknown");
    expect(poolerProfile("pgbouncer@1.21").maxPreparedStatements).toBe(0);
    expect(poolerProfile("pgbouncer@1.24").maxPreparedStatements).toBe(200);
    expect(poolerProfile("pgbouncer@1.21", { maxPreparedStatements: 100 }).capabilities["named-statement"]).toBe("ok");
  });

  it("changes the findings", () => {
    const code = `import { Pool } from "pg";
const pool = new Pool({ statement_timeout: 1000 });
export const run = () => { void pool.query("SET search_path TO app"); void pool.query({ name: "n", text: "SELECT 1" }); };
`;
    const found = (...given: Parameters<typeof poolerProfile>): string[] =>
      analyzeFile(parseSource("a.ts", code), { profile: poolerProfile(...given) }).findings.map(
        (finding) => `${finding.ruleId}/${finding.messageId}/${finding.severity}`,
      );
    expect(found()).toEqual([
      "no-startup-parameter/refused/error",
      "no-session-set/session/error",
      "no-named-prepared-statement/depends/warning",
    ]);
    expect(found("pgbouncer@1.18")).toEqual([
      "no-startup-parameter/refused/error",
      "no-session-set/session/error",
      "no-named-prepared-statement/refused/error",
    ]);
    expect(
      found("pgbouncer@1.25", {
        trackExtraParameters: ["search_path"],
        postgresVersion: 18,
        ignoreStartupParameters: ["statement_timeout"],
      }),
    ).toEqual(["no-startup-parameter/ignored/warning"]);
  });

  it("refuses what it has no data of", () => {
    expect(() => poolerProfile("pgpool")).toThrow(ConfigurationError);
    expect(() => poolerProfile("pgbouncer@newest")).toThrow(ConfigurationError);
  });
});
