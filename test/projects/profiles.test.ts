import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type AuditOptions, audit } from "../../src/index.ts";

const folder = join(import.meta.dirname, "../../fixtures/six-poolers");

/** `line rule severity effect`, without those of the coverage. */
function reportOf(options: AuditOptions): string[] {
  return audit({ paths: [folder], ...options }).report.findings.map(
    ({ line, ruleId, severity, effect }) => `${String(line)} ${ruleId} ${severity} ${effect}`,
  );
}

const messagesOf = (options: AuditOptions): readonly string[] =>
  audit({ paths: [folder], ...options }).report.findings.map(({ message }) => message);

/** What fails without a pooler too. */
const TRANSACTION_ON_POOL = ["26 no-transaction-on-pool error silent", "28 no-transaction-on-pool error silent"];

describe("the same source", () => {
  it("behind PgBouncer 1.18: no statement is tracked, and IntervalStyle is not", () => {
    expect(reportOf({ pooler: "pgbouncer@1.18" })).toEqual([
      "3 no-startup-parameter error error",
      "6 no-session-set error leak",
      "10 no-session-set error leak",
      "14 no-session-set error leak",
      "18 no-named-prepared-statement error error",
      "22 no-session-advisory-lock error leak",
      ...TRANSACTION_ON_POOL,
    ]);
  });

  it("behind PgBouncer 1.21 with its defaults: IntervalStyle is tracked, statements are not", () => {
    expect(reportOf({ pooler: "pgbouncer@1.21" })).toEqual([
      "3 no-startup-parameter error error",
      "6 no-session-set error leak",
      "14 no-session-set error leak",
      "18 no-named-prepared-statement error error",
      "22 no-session-advisory-lock error leak",
      ...TRANSACTION_ON_POOL,
    ]);
  });

  it("behind PgBouncer 1.25 with its defaults: statements are tracked too", () => {
    expect(reportOf({ pooler: "pgbouncer@1.25" })).toEqual([
      "3 no-startup-parameter error error",
      "6 no-session-set error leak",
      "14 no-session-set error leak",
      "22 no-session-advisory-lock error leak",
      ...TRANSACTION_ON_POOL,
    ]);
  });

  it("behind PgBouncer 1.25 that tracks search_path, over PostgreSQL 18: the schema is kept", () => {
    const settings = { trackExtraParameters: ["IntervalStyle", "search_path"], postgresVersion: 18 };
    expect(reportOf({ pooler: "pgbouncer@1.25", ...settings })).toEqual([
      "3 no-startup-parameter error error",
      "14 no-session-set error leak",
      "22 no-session-advisory-lock error leak",
      ...TRANSACTION_ON_POOL,
    ]);
    // PostgreSQL 17 does not report it.
    expect(reportOf({ pooler: "pgbouncer@1.25", ...settings, postgresVersion: 17 })).toContain(
      "6 no-session-set error leak",
    );
  });

  it("behind RDS Proxy: nothing breaks, much pins", () => {
    expect(reportOf({ pooler: "rds-proxy" })).toEqual([
      "3 no-startup-parameter warning error",
      "6 no-session-set warning pin",
      "10 no-session-set warning pin",
      "14 no-session-set warning pin",
      "22 no-session-advisory-lock warning pin",
      ...TRANSACTION_ON_POOL,
    ]);
    expect(messagesOf({ pooler: "rds-proxy" })[0]).toBe(
      "It is not known what Amazon RDS Proxy does with `statement_timeout` (data of 2026-11).",
    );
    expect(messagesOf({ pooler: "rds-proxy" })).toContain(
      "`SET work_mem = '64MB'` pins the server connection: Amazon RDS Proxy keeps it for this client until the client disconnects, and nobody else can use it.",
    );
  });

  it("behind PgBouncer in session mode: only the startup packet, and what fails anywhere", () => {
    expect(reportOf({ pooler: "pgbouncer@1.25", poolMode: "session" })).toEqual([
      "3 no-startup-parameter error error",
      ...TRANSACTION_ON_POOL,
    ]);
  });

  it("gives another report for each of them", () => {
    const six: AuditOptions[] = [
      { pooler: "pgbouncer@1.18" },
      { pooler: "pgbouncer@1.21" },
      { pooler: "pgbouncer@1.25" },
      { pooler: "pgbouncer@1.25", trackExtraParameters: ["IntervalStyle", "search_path"], postgresVersion: 18 },
      { pooler: "rds-proxy" },
      { pooler: "pgbouncer@1.25", poolMode: "session" },
    ];
    expect(new Set(six.map((options) => reportOf(options).join("\n"))).size).toBe(six.length);
  });
});
