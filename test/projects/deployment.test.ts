import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { audit, formatters } from "../../src/index.ts";
import { budgetTable } from "../../src/reporters/budget-table.ts";

const folder = join(import.meta.dirname, "../../fixtures/pooler-deployment");
const { report } = audit({ paths: [folder] });

describe("a deployment with PgBouncer in transaction mode", () => {
  it("gives the profile, each fact with where it comes from", () => {
    expect(
      report.profile.facts.map(
        ({ name, value, from, path, line }) => `${name} ${value} ${from} ${path ?? ""}:${String(line ?? "")}`,
      ),
    ).toEqual([
      "pooler pgbouncer deployment docker-compose.yml:20",
      "version 1.23.1 deployment docker-compose.yml:21",
      "pool_mode transaction deployment docker-compose.yml:27",
      "max_prepared_statements 0 default :",
      "track_extra_parameters IntervalStyle default :",
      "ignore_startup_parameters extra_float_digits deployment docker-compose.yml:21",
      "server_reset_query_always 0 default :",
      "PostgreSQL 17 deployment docker-compose.yml:53",
    ]);
    expect(report.profile).toMatchObject({
      version: "1.23.1",
      poolMode: "transaction",
      maxPreparedStatements: 0,
      doubts: [],
    });
  });

  it("gives these judgements", () => {
    const found = report.deployment.filter(({ outcome }) => outcome === "found").map(({ check }) => check);
    expect(found).toEqual([
      "variableWithoutEffect",
      "resetQueryUnused",
      "statementsUntracked",
      "queryTimeout",
      "clientIdleTimeout",
      "idleTransactionTimeout",
      "noTls",
      "doesNotWait",
      "portPublished",
      "plainSecret",
      "stopsHard",
    ]);
    expect(report.deployment.filter(({ outcome }) => outcome === "unknown")).toEqual([]);
  });

  // By hand: 100 clients, one pool of 20 for one database and one user; two processes with 25 connections each; PostgreSQL keeps 3 of its
  // 100 connections for superusers; the listener has one of its own.
  it("gives this arithmetic", () => {
    expect(
      report.budget.map(
        ({ kind, needed, limit, verdict }) => `${kind} ${String(needed.value)} of ${String(limit.value)} ${verdict}`,
      ),
    ).toEqual([
      "file-descriptors 130 of 4096 fits",
      "server-connections 21 of 97 fits",
      "client-connections 50 of 100 fits",
    ]);
    expect(report.budget.flatMap(({ arithmetic }) => arithmetic)).toEqual([
      "max_client_conn + pool_size × databases × users = 100 + 20 × 1 × 1 = 120 (PgBouncer's documentation)",
      "with reserve pools and 10 files of its own: 130",
      "20 + 1 direct = 21",
      "max_connections - superuser_reserved_connections = 100 - 3 = 97",
      "25 × 2 = 50",
    ]);
  });

  it("prints the budget as a table", () => {
    expect(budgetTable(report, false).split("\n").slice(0, 5)).toEqual([
      "                      needed  there is  verdict",
      "service pgbouncer of docker-compose.yml",
      "  file descriptors       130      4096  fits  of PgBouncer, against its limit of open files",
      "      max_client_conn + pool_size × databases × users = 100 + 20 × 1 × 1 = 120 (PgBouncer's documentation)",
      "      with reserve pools and 10 files of its own: 130",
    ]);
  });

  it("shows no password in any format", () => {
    const texts = [formatters.text(report), formatters.json(report), budgetTable(report, false)];
    for (const text of texts) expect(text).not.toContain("not-so-secret");
    expect(formatters.text(report)).toContain("POSTGRES_PASSWORD: *************");
  });

  it("judges the code by it", () => {
    expect(report.findings.filter(({ path }) => path === "src/db.ts").map(({ message }) => message)).toEqual([
      "The named statement `orders-of` is not tracked by this PgBouncer: queries fail, or another statement of that name runs.",
    ]);
    const newer = audit({ paths: [folder], pooler: "pgbouncer@1.25" }).report;
    expect(newer.findings.filter(({ path }) => path === "src/db.ts")).toEqual([]);
    expect(newer.profile.facts[1]).toMatchObject({ name: "version", value: "1.25", from: "configuration" });
  });
});
