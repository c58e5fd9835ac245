import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shownUrl } from "../../analyzers/index.ts";
import { audit } from "../../src/index.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");
const folder = join(fixtures, "two-urls");

/** `path:line driver | addresses | route | call sites`. */
function mapOf(options: { readonly direct?: readonly string[]; readonly pooled?: readonly string[] } = {}): string[] {
  return audit({ paths: [folder], ...options }).report.connections.map(
    ({ path, line, driver, urls, route, callSites }) =>
      `${path}:${String(line)} ${driver} | ${urls.map(shownUrl).join(" or ")} | ${route} | ${String(callSites)}`,
  );
}

describe("the connections of a project with two URLs", () => {
  it("are told apart by where they lead, also where one helper makes both", () => {
    expect(mapOf()).toEqual([
      "scripts/seed.ts:4 pg | MIGRATION_URL or DATABASE_URL | unknown | 1",
      "src/db/connect.ts:5 pg | DATABASE_URL | unknown | 2",
      "src/db/connect.ts:5 pg | DIRECT_URL | direct | 4",
      "src/db/pool.ts:4 pg | DATABASE_URL | unknown | 2",
      "src/db/pool.ts:7 pg | $PGBOUNCER_HOST:$PGBOUNCER_PORT/app | pooled | 2",
      "src/listener.ts:6 pg | DIRECT_URL | direct | 1",
    ]);
  });

  it("that are direct come with what relies on it", () => {
    const { directConnections, coverage } = audit({ paths: [folder] }).report;
    expect(directConnections).toEqual([
      {
        path: "src/db/connect.ts",
        line: 5,
        driver: "pg",
        urls: [{ kind: "environment", name: "DIRECT_URL", query: [] }],
        callSites: [
          { path: "scripts/migrate.ts", line: 6 },
          { path: "scripts/migrate.ts", line: 7 },
          { path: "scripts/migrate.ts", line: 8 },
          { path: "src/db/connect.ts", line: 7 },
        ],
      },
      {
        path: "src/listener.ts",
        line: 6,
        driver: "pg",
        urls: [{ kind: "environment", name: "DIRECT_URL", query: [] }],
        callSites: [{ path: "src/listener.ts", line: 11 }],
      },
    ]);
    expect(coverage.connections.direct).toBe(2);
  });

  it("are as the user declares them", () => {
    expect(mapOf({ direct: ["MIGRATION_URL", "DATABASE_URL"], pooled: ["DIRECT_URL"] })).toEqual([
      "scripts/seed.ts:4 pg | MIGRATION_URL or DATABASE_URL | direct | 1",
      "src/db/connect.ts:5 pg | DATABASE_URL | direct | 2",
      "src/db/connect.ts:5 pg | DIRECT_URL | pooled | 4",
      "src/db/pool.ts:4 pg | DATABASE_URL | direct | 2",
      "src/db/pool.ts:7 pg | $PGBOUNCER_HOST:$PGBOUNCER_PORT/app | pooled | 2",
      "src/listener.ts:6 pg | DIRECT_URL | pooled | 1",
    ]);
  });

  it("decide what is reported", () => {
    const reported = (options: {
      readonly direct?: readonly string[];
      readonly pooled?: readonly string[];
    }): string[] =>
      audit({ paths: [folder], ...options }).report.findings.map(
        ({ ruleId, path, line }) => `${ruleId} ${path}:${String(line)}`,
      );
    expect(reported({ direct: ["DATABASE_URL"] })).toEqual(["no-session-advisory-lock src/orders.ts:9"]);
    expect(reported({ direct: ["PGBOUNCER_HOST"] })).toEqual(["no-session-set src/db/connect.ts:7"]);
    expect(reported({ pooled: ["DIRECT_URL"] })).toEqual([
      "no-session-advisory-lock scripts/migrate.ts:6",
      "no-session-advisory-lock scripts/migrate.ts:8",
      "no-session-set src/db/connect.ts:7",
      "no-listen src/listener.ts:11",
      "no-session-advisory-lock src/orders.ts:9",
    ]);
  });

  it("are a condition of the verdict", () => {
    const { report } = audit({ paths: [folder], direct: ["DATABASE_URL", "PGBOUNCER_HOST", "TYPO_URL"] });
    expect(report.verdict).toBe("ready-with-conditions");
    expect(report.reasons).toEqual([
      "5 direct connections (DATABASE_URL, DIRECT_URL, $PGBOUNCER_HOST:$PGBOUNCER_PORT/app), used at 10 places: past the pooler; keep it so",
      "no connection was seen to use TYPO_URL, which was declared",
    ]);
  });
});

describe("the connections of a project that configures them in one file and uses what the package gives", () => {
  it("are the configured one, without those to another kind of database", () => {
    const { connections } = audit({ paths: [join(fixtures, "driver-lucid")] }).report;
    expect(
      connections.map(({ path, line, urls }) => `${path}:${String(line)} ${urls.map(shownUrl).join(" or ")}`),
    ).toEqual(["config/database.ts:4 $DB_HOST", "database/migrations/2_index.ts:3 "]);
    expect(connections[0]?.callSites).toBe(12);
  });
});
