import { join } from "node:path";
import { audit, type Report } from "../../src/index.ts";

const known = new Map<string, Report>();

/** The report of a project under fixtures/; made once. */
export function reportOf(fixture: string): Report {
  const report =
    known.get(fixture) ??
    audit({ paths: [join(import.meta.dirname, "../../fixtures", fixture)], today: "2026-11-25" }).report;
  known.set(fixture, report);
  return report;
}

/** Text that is up to something, in one format or another. */
export const HOSTILE = [
  "</script><script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "\u001b[31mred\u001b[0m\u001b]8;;https://example.invalid\u0007",
  "]]><evil/>",
  "line one\nline two\r\n::error file=x::y",
  "::error file=a.ts,line=1::forged%0A",
  "💥🇩🇪 e\u0301",
  "\u202egnp.exe\u202c\u2066x\u2069",
  "\ud800 half",
  "\u0000\u0001\u000b",
  "@octocat #1 GH-2 https://example.invalid",
  "| a | b |",
  "`tick` ``two`` ```three```",
  "</details></summary><h1>x</h1>",
  "[link](javascript:alert(1)) ![i](x)",
  "&amp;&lt;{{x}}${x}",
  "w".repeat(5_000),
] as const;

/** A report in which every text that comes from a project is one of the hostile ones. */
export function hostileReport(): Report {
  const report = reportOf("tenant-api");
  let turn = 0;
  const next = (): string => HOSTILE[turn++ % HOSTILE.length] ?? "";
  const path = (): string => `src/${next().replace(/\//g, "∕")}.ts`;
  const evil = report.findings.flatMap((finding, index) =>
    HOSTILE.map((text, number) => ({
      ...finding,
      path: path(),
      message: `\`${text}\` ${next()}`,
      remedy: next(),
      condition: text,
      sql: text,
      symbol: next(),
      workspace: next(),
      evidence: [{ path: path(), line: 1, column: 1, message: next() }],
      connection: { name: next(), driver: next(), route: "unknown" as const, path: path(), line: 1 },
      snippet: { startLine: finding.line, startColumn: 1, lines: [text.split("\n")[0] ?? ""] },
      fingerprint: `${String(index)}-${String(number)}:1`,
      suppressed:
        number % 4 === 3
          ? { kind: "baseline" as const, reason: text, owner: next(), expires: "2027-01-31", path: path(), line: 1 }
          : null,
    })),
  );
  return {
    ...report,
    reasons: [...HOSTILE],
    findings: evil,
    conditions: HOSTILE.map((text, index) => ({
      id: `x/${String(index)}`,
      action: text,
      why: next(),
      blocking: index % 2 === 0,
      ruleId: null,
      workspaces: [next()],
      places: [{ path: path(), line: 1 }],
      findings: [],
    })),
    acceptedRisks: evil.flatMap(({ ruleId, line, message, severity, effect, fingerprint, suppressed, ...rest }) =>
      suppressed === null
        ? []
        : [{ ruleId, path: rest.path, line, message, severity, effect, fingerprint, accepted: suppressed }],
    ),
    unresolved: HOSTILE.map((text) => ({
      path: path(),
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 2,
      sink: next(),
      resolution: "unresolved" as const,
      known: text,
      holes: [{ path: path(), line: 1, reason: next() }],
      advice: next(),
      workspace: ".",
    })),
    connections: HOSTILE.map((text) => ({
      path: path(),
      line: 1,
      name: text,
      driver: next(),
      known: "created" as const,
      urls: [{ kind: "environment" as const, name: text, query: [] }],
      route: "unknown" as const,
      reason: next(),
      callSites: 1,
      workspace: next(),
      doubt: next(),
    })),
    libraries: HOSTILE.map((text) => ({
      library: text,
      status: "needs-session" as const,
      needs: next(),
      because: next(),
      remedy: next(),
      url: next(),
      places: [{ path: path(), line: 1 }],
    })),
    coverage: {
      ...report.coverage,
      notAnalysed: HOSTILE.map((text) => ({ path: path(), reason: text })),
      unknownPackages: [{ package: next(), paths: [path()] }],
    },
    workspaces: report.workspaces.flatMap((workspace) => [
      workspace,
      { ...workspace, name: next(), path: next(), reasons: [next()] },
    ]),
    scope: { ...report.scope, configuration: path(), since: next(), unusedDeclarations: [next()] },
  };
}
