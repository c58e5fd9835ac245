import { type Effect, rules, type Severity } from "../../analyzers/index.ts";
import { pageOf } from "../pages.ts";
import { resolvedPercent } from "../report/coverage.ts";
import { inert, wellFormed } from "../report/inert.ts";
import { METHOD } from "../report/limits.ts";
import type { Report, ReportedFinding } from "../report/schema.ts";
import { plural } from "../words.ts";
import { EFFECT_WORDS, ROUTE_WORDS, VERDICT_WORDS } from "./words.ts";

/** What finds the comment again, to write the next one in its place. */
export const MARKER = "<!-- pgbouncer-audit -->";

/** GitHub takes comments of 65,536 characters; what else is in one has room beside this. */
const MAX_BYTES = 60_000;
/** How many entries a list has, from generous to what always fits. */
const BUDGETS = [200, 60, 25, 10, 4, 1] as const;
/** A longer text in a cell or line is cut. */
const MAX_WORDS = 300;

/**
 * The audit report in Markdown, for a comment on a pull request and for a summary: all parts, always under 60,000 bytes of UTF-8. Lists are cut as far
 * as that needs, with how many more there are.
 */
export function reportAsMarkdown(report: Report): string {
  for (const most of BUDGETS) {
    const text = wellFormed(written(report, most));
    if (Buffer.byteLength(text) < MAX_BYTES) return text;
  }
  return wellFormed(written(report, 0));
}

/** Words of the project as a line of text: nothing in them is Markdown, a mention, a link or HTML. */
function plain(words: string): string {
  const line = inert(words.replace(/\s+/g, " ")).trim();
  const cut = line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS)}…` : line;
  return cut
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/`([^`]+)`/g, (_, inner: string) => code(inner))
    .split(/((?<!`)`+[^`]+`+)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : // A zero-width space keeps @name, #1 and addresses from becoming links; an underscore inside a word is none of Markdown's.
          part
            .replace(/([\\*[\]|~!])/g, "\\$1")
            .replace(/^([#+-])/, "\\$1")
            .replace(/(?<![A-Za-z\d])_|_(?![A-Za-z\d])/g, "\\_")
            .replace(/[@#](?=\w)/g, "$&\u200b")
            .replace(/:\/\//g, ":\u200b//"),
    )
    .join("");
}

/** A name or SQL as code, whatever is in it; `|` would end the cell of a table. */
function code(words: string): string {
  const line = inert(words.replace(/\s+/g, " ")).trim().replace(/\|/g, "¦");
  const cut = line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS)}…` : line;
  if (cut === "") return "–";
  const longest = Math.max(0, ...[...cut.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${fence}${space}${cut}${space}${fence}`;
}

const at = ({ path, line }: { readonly path: string; readonly line: number }): string =>
  code(`${path}:${String(line)}`);

/** The first of some items, and how many more there are. */
function cut<Item>(items: readonly Item[], most: number, lineOf: (item: Item) => string): string[] {
  const rest = items.length - most;
  return [...items.slice(0, most).map(lineOf), ...(rest > 0 ? [`- … and ${String(rest)} more`] : [])];
}

const details = (summary: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["<details>", `<summary>${summary}</summary>`, "", ...lines, "", "</details>", ""];

const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

function written(report: Report, most: number): string {
  const { tool, verdict, reasons, profile } = report;
  const parts: readonly (readonly string[])[] = [
    [
      MARKER,
      `## ${VERDICT_WORDS[verdict]} for ${plain(profile.poolMode)} mode`,
      "",
      ...reasons.map((reason) => `- ${plain(reason)}`),
      "",
    ],
    workspaceTable(report, most),
    conditions(report, most),
    findings(report, most),
    unresolved(report, most),
    connections(report, most),
    libraries(report, most),
    deployment(report, most),
    accepted(report, most),
    safe(report),
    change(report, most),
    coverage(report, most),
    scope(report, most),
    details(
      "Method and limits",
      [...METHOD, ...report.limits].map((words) => `- ${words}`),
    ),
    ["| signed off by | role | date | decision |", "| --- | --- | --- | --- |", "|  |  |  |  |", ""],
    [`pgbouncer-audit ${tool.version}`, ""],
  ];
  return parts.flat().join("\n");
}

function workspaceTable({ workspaces }: Report, most: number): string[] {
  const shown = workspaces.filter(({ verdict }) => verdict !== null);
  if (shown.length < 2) return [];
  return [
    "| workspace | verdict | errors | warnings | accepted | SQL resolved |",
    "| --- | --- | --: | --: | --: | --: |",
    ...shown
      .slice(0, Math.max(most, 1))
      .map(
        ({ path, verdict, findings: counts, callSites }) =>
          `| ${code(path)} | ${verdict === null ? "–" : VERDICT_WORDS[verdict]} | ${String(counts.error)} | ${String(counts.warning)} | ${String(counts.suppressed)} | ${resolvedPercent(callSites).toFixed(1)} % |`,
      ),
    ...(shown.length > Math.max(most, 1)
      ? ["", `… and ${plural(shown.length - Math.max(most, 1), "workspace")} more`]
      : []),
    "",
  ];
}

function conditions({ conditions: all }: Report, most: number): string[] {
  if (all.length === 0) return [];
  return [
    "### Before the pooler is switched on",
    "",
    ...cut(all, Math.max(most, 1), ({ action, blocking, places }) => {
      const [first] = places;
      const where =
        first === undefined
          ? ""
          : ` (${at(first)}${places.length > 1 ? ` and ${String(places.length - 1)} more` : ""})`;
      return `- [ ] ${blocking ? "" : "_depends:_ "}${plain(action)}${where}`;
    }),
    "",
  ];
}

const EFFECT_MARKS: Readonly<Record<Effect, string>> = { silent: "🔇", leak: "💧", error: "💥", pin: "📌" };

function findings({ findings: all }: Report, most: number): string[] {
  const open = all.filter(({ suppressed }) => suppressed === null);
  if (open.length === 0) return ["No open finding.", ""];
  const counts = SEVERITIES.map((severity) => open.filter((finding) => finding.severity === severity).length);
  const byRule = rules
    .map(({ id, summary }) => ({ id, summary, own: open.filter(({ ruleId }) => ruleId === id) }))
    .filter(({ own }) => own.length > 0)
    .sort((left, right) => rank(left.own) - rank(right.own));
  return [
    `### Findings: ${plural(counts[0] ?? 0, "error")}, ${plural(counts[1] ?? 0, "warning")}, ${plural(counts[2] ?? 0, "note")}`,
    "",
    ...byRule.flatMap(({ id, summary, own }) =>
      details(`<b>${id}</b> (${String(own.length)}): ${plain(summary)}`, [
        `[What it is about](${pageOf(id)})`,
        "",
        ...cut(own, most, findingLine),
      ]),
    ),
  ];
}

const rank = (own: readonly ReportedFinding[]): number =>
  Math.min(...own.map(({ severity }) => SEVERITIES.indexOf(severity)));

const findingLine = (finding: ReportedFinding): string =>
  `- ${at(finding)} **${finding.severity}** · ${EFFECT_MARKS[finding.effect]} ${EFFECT_WORDS[finding.effect]} · ${finding.confidence}: ${plain(finding.message)} ${plain(finding.remedy)}`;

const unresolved = ({ unresolved: all }: Report, most: number): string[] =>
  details(
    `SQL that was not resolved (${String(all.length)})`,
    cut(all, most, (site) => {
      const holes = site.holes.map(({ reason }) => plain(reason)).join("; ");
      return `- ${at(site)} ${code(site.sink)}: ${code(site.known)}${holes === "" ? "" : ` – ${holes}`}. ${plain(site.advice)}`;
    }),
  );

const connections = ({ connections: all }: Report, most: number): string[] =>
  details(
    `Connections (${String(all.length)})`,
    cut(all, most, (connection) => {
      const doubt = connection.doubt === null ? "" : ` **In doubt:** ${plain(connection.doubt)}.`;
      const reason = connection.reason === null ? "" : ` ${plain(connection.reason)}.`;
      return `- ${ROUTE_WORDS[connection.route]}: ${code(connection.name)} (${code(connection.driver)}) at ${at(connection)}, ${plural(connection.callSites, "call site")}.${reason}${doubt}`;
    }),
  );

const libraries = ({ libraries: all }: Report, most: number): string[] =>
  details(
    `Packages and tools that were looked at (${String(all.length)})`,
    cut(all, most, ({ library, status, needs, because, remedy, places }) => {
      const words =
        status === "needs-session"
          ? `needs ${plain(needs)}. ${plain(remedy)}`
          : plain(because === "" ? status : because);
      const [first] = places;
      return `- ${code(library)}${first === undefined ? "" : ` at ${at(first)}`}: ${words}`;
    }),
  );

function deployment({ deployment: all, budget }: Report, most: number): string[] {
  const words = { passed: "✓", found: "✗", unknown: "?" } as const;
  const order = ["found", "unknown", "passed"] as const;
  const sorted = all.toSorted((left, right) => order.indexOf(left.outcome) - order.indexOf(right.outcome));
  return details(`Deployment checks (${String(all.length)})`, [
    ...cut(
      sorted,
      most,
      ({ outcome, title, subject, words: seen }) =>
        `- ${words[outcome]} ${plain(title)} (${plain(subject)}): ${plain(seen)}`,
    ),
    ...cut(
      budget,
      most,
      ({ title, kind, verdict, needed, limit }) =>
        `- budget, ${plain(title)}, ${kind}: ${verdict}, needed ${String(needed.value ?? "?")}, there is ${String(limit.value ?? "?")}`,
    ),
  ]);
}

const accepted = ({ acceptedRisks }: Report, most: number): string[] =>
  details(
    `Accepted risks (${String(acceptedRisks.length)})`,
    cut(acceptedRisks, most, (risk) => {
      const { reason, owner, expires } = risk.accepted;
      const more = [...(owner === null ? [] : [plain(owner)]), ...(expires === null ? [] : [`until ${expires}`])];
      return `- ${at(risk)} ${risk.ruleId}: ${plain(reason)}${more.length === 0 ? "" : ` (${more.join(", ")})`}`;
    }),
  );

const safe = ({ safeFeatures }: Report): string[] =>
  details(
    "Seen and right",
    safeFeatures.map(({ title, count }) => `- ${String(count)} × ${plain(title)}`),
  );

function change({ change: since }: Report, most: number): string[] {
  if (since === null) return [];
  return details(
    `Since the previous report: ${String(since.added.length)} new, ${String(since.fixed.length)} gone, ${String(since.kept)} as before`,
    [
      `- verdict before: ${VERDICT_WORDS[since.previous.verdict]}; SQL resolved ${String(since.coverage.before)} % → ${String(since.coverage.after)} %`,
      ...cut(since.fixed, most, (fixed) => `- gone: ${at(fixed)} ${fixed.ruleId}: ${plain(fixed.message)}`),
    ],
  );
}

function coverage({ coverage: seen }: Report, most: number): string[] {
  const { files, callSites, notAnalysed } = seen;
  const total = callSites.resolved + callSites.partial + callSites.unresolved;
  return details(
    `Coverage: ${plural(files.analysed, "file")}, ${plural(total, "SQL call site")}, ${resolvedPercent(callSites).toFixed(1)} % resolved`,
    [
      `- ${String(callSites.resolved)} resolved, ${String(callSites.partial)} in part, ${String(callSites.unresolved)} unresolved`,
      `- files: ${String(files.skipped)} passed over, ${String(files.failed)} could not be analysed`,
      ...cut(notAnalysed, most, ({ path, reason }) => `- ${code(path)}: ${plain(reason)}`),
    ],
  );
}

function scope({ scope: asked, profile, tool }: Report, most: number): string[] {
  return details("Scope", [
    `- tool and rule set: ${tool.name} ${tool.version}, ${plural(asked.rules.count, "rule")}`,
    `- audited: ${asked.paths.map(code).join(", ")}`,
    ...cut(profile.facts, most, ({ name, value, from, path, line }) => {
      const source = path === null ? from : at({ path, line: line ?? 1 });
      return `- ${plain(name)}: ${code(value)} (${source})`;
    }),
    ...cut(profile.doubts, most, ({ words }) => `- not settled: ${plain(words)}`),
    ...cut(asked.rules.levels, most, ({ id, level }) => `- ${plain(id)} is ${level}`),
    ...cut(
      asked.excluded,
      most,
      ({ why, count, what }) => `- left out: ${String(count)} ${plain(what)}, ${plain(why)}`,
    ),
  ]);
}
