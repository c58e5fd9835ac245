import type { Location, Log, Notification, ReportingDescriptor, Result, ThreadFlowLocation } from "sarif";
import { type Confidence, type Rule, rules, type Severity } from "../../analyzers/index.ts";
import { pageOf, REPOSITORY } from "../pages.ts";
import { resolvedPercent } from "../report/coverage.ts";
import { wellFormed } from "../report/inert.ts";
import type { Report, ReportedFinding } from "../report/schema.ts";

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
};

/** How sure findings of a rule mostly are, as GitHub's code scanning has it. */
const PRECISIONS: Readonly<Record<Confidence, string>> = { certain: "very-high", likely: "high", possible: "medium" };

/** Another tenant's rows: a hole in security, and the only one of these rules (as CVSS counts: 7.0 to 8.9 is high). */
const SECURITY_SEVERITY: Readonly<Record<string, string>> = { "no-session-identity": "8.1" };

/** SARIF 2.1.0 (OASIS, errata 01) as GitHub's code scanning reads it. */
export function reportAsSarif(report: Report): string {
  const log: Log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            semanticVersion: report.tool.version,
            informationUri: REPOSITORY,
            rules: rules.map((rule) => descriptorOf(rule, report)),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: {
          "%SRCROOT%": { description: { text: "The folder that was audited." } },
        },
        automationDetails: { id: "pgbouncer-audit/" },
        invocations: [
          {
            executionSuccessful: true,
            exitCode: report.exit.code,
            toolExecutionNotifications: report.coverage.notAnalysed.map(notificationOf),
          },
        ],
        results: report.findings.map(resultOf),
        properties: {
          verdict: report.verdict,
          reasons: report.reasons,
          coverage: {
            ...report.coverage.callSites,
            percent: Number(resolvedPercent(report.coverage.callSites).toFixed(1)),
          },
          pooler: report.profile.pooler,
          poolerVersion: report.profile.version,
          poolMode: report.profile.poolMode,
        },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptorOf(rule: Rule, { scope }: Report): ReportingDescriptor {
  const configured = scope.rules.levels.find(({ id }) => id === rule.id)?.level;
  const usual = usualOf(rule);
  const level = configured === undefined || configured === "off" ? LEVELS[usual.severity] : LEVELS[configured];
  const security = SECURITY_SEVERITY[rule.id];
  const markdown = `${rule.explanation.trim()}\n\n**What to do instead**\n\n${rule.remedies.trim()}`;
  return {
    id: rule.id,
    name: rule.id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.summary },
    fullDescription: { text: plain(firstParagraph(rule.explanation)) },
    help: { text: plain(markdown), markdown },
    helpUri: pageOf(rule.id),
    defaultConfiguration: { level, enabled: configured !== "off" },
    properties: {
      precision: PRECISIONS[usual.confidence],
      "problem.severity": usual.severity === "info" ? "recommendation" : usual.severity,
      tags: ["postgresql", "pgbouncer", "reliability", ...(security === undefined ? [] : ["security"])],
      ...(security === undefined ? {} : { "security-severity": security }),
    },
  };
}

/** What the first example of a rule that says so is reported as. */
function usualOf({ examples }: Rule): { readonly severity: Severity; readonly confidence: Confidence } {
  const reports = examples.reported.flatMap((example) => example.reports);
  return {
    severity: reports.find(({ severity }) => severity !== undefined)?.severity ?? "error",
    confidence: reports.find(({ confidence }) => confidence !== undefined)?.confidence ?? "certain",
  };
}

const firstParagraph = (markdown: string): string => markdown.trim().split(/\n\s*\n/)[0] ?? "";

/** Markdown without its marks. */
const plain = (markdown: string): string =>
  markdown
    .replace(/```\w*\n?/g, "")
    .replace(/[`*]/g, "")
    .replace(/\[([^[\]]*)\]\([^)]*\)/g, "$1");

/** A path as the relative URI that it is: each part percent-encoded. */
const uriOf = (path: string): string =>
  path
    .split("/")
    .map((part) => encodeURIComponent(wellFormed(part)))
    .join("/");

const artifact = (path: string) => ({ uri: uriOf(path), uriBaseId: "%SRCROOT%" });

const ruleIndex = new Map(rules.map(({ id }, index) => [id, index]));

function resultOf(finding: ReportedFinding): Result {
  const { ruleId, path, line, column, endLine, endColumn, snippet, suppressed, evidence } = finding;
  const location: Location = {
    physicalLocation: {
      artifactLocation: artifact(path),
      region: {
        startLine: line,
        startColumn: column,
        endLine,
        endColumn: Math.max(endColumn, endLine === line ? column : 1),
      },
      ...(snippet === null
        ? {}
        : {
            contextRegion: {
              startLine: snippet.startLine,
              endLine: snippet.startLine + snippet.lines.length - 1,
              snippet: { text: snippet.lines.join("\n") },
            },
          }),
    },
    ...(finding.symbol === "" ? {} : { logicalLocations: [{ fullyQualifiedName: finding.symbol, kind: "function" }] }),
  };
  const steps: Location[] = evidence.map((step) => ({
    physicalLocation: {
      artifactLocation: artifact(step.path),
      region: { startLine: step.line, startColumn: step.column },
    },
    message: { text: step.message },
  }));
  const index = ruleIndex.get(ruleId);
  return {
    ruleId,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: LEVELS[finding.severity],
    message: { text: `${finding.message} ${finding.remedy}` },
    locations: [location],
    ...(steps.length === 0
      ? {}
      : {
          relatedLocations: steps.map((step, id) => ({ id, ...step })),
          codeFlows: [{ threadFlows: [{ locations: flowOf(steps, location, finding.message) }] }],
        }),
    partialFingerprints: { "pgbouncerAudit/v1": finding.fingerprint },
    ...(suppressed === null
      ? {}
      : {
          suppressions: [
            {
              kind: suppressed.kind === "inline" ? "inSource" : "external",
              status: "accepted",
              justification: suppressed.reason,
            },
          ],
        }),
    properties: {
      confidence: finding.confidence,
      effect: finding.effect,
      breaksOn: finding.breaksOn,
      sql: finding.sql,
      workspace: finding.workspace,
      connection: finding.connection?.name ?? null,
    },
  };
}

const flowOf = (steps: readonly Location[], last: Location, message: string): ThreadFlowLocation[] =>
  [...steps, { ...last, message: { text: message } }].map((location) => ({ location }));

const notificationOf = ({ path, reason }: Report["coverage"]["notAnalysed"][number]): Notification => ({
  level: "warning",
  message: { text: `${path}: ${reason}` },
  locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
});
