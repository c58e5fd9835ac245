import { codeFrameColumns } from "@babel/code-frame";
import picocolors from "picocolors";
import type { Severity } from "../../analyzers/index.ts";
import type { Report, ReportedFinding, Verdict } from "../report.ts";

type Colors = ReturnType<typeof picocolors.createColors>;

/** How a text report is written. */
export interface TextOptions {
  readonly color: boolean;
  /** Findings of level info are listed too. */
  readonly showInfo: boolean;
  /** Only the summary. */
  readonly quiet: boolean;
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  ready: "READY for transaction mode",
  "ready-with-conditions": "READY WITH CONDITIONS for transaction mode",
  "not-ready": "NOT READY for transaction mode",
  inconclusive: "INCONCLUSIVE",
};

const paint = (colors: Colors, severity: Severity): ((words: string) => string) =>
  severity === "error" ? colors.red : severity === "warning" ? colors.yellow : colors.cyan;

/** More unanalysed places than this are counted, not listed. */
const MAX_LISTED = 10;

/** Removes what would move the cursor or change colours: messages quote the analysed source. */
const inert = (words: string): string =>
  words.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "·");

/** The report for a terminal. */
export function reportAsText(report: Report, options: TextOptions): string {
  const colors = picocolors.createColors(options.color);
  const lines: string[] = [];
  const listed = options.quiet
    ? []
    : report.findings.filter((finding) => options.showInfo || finding.severity !== "info");
  let path = "";
  for (const finding of listed) {
    if (finding.path !== path) {
      path = finding.path;
      lines.push("", colors.underline(inert(path)));
    }
    lines.push(...findingLines(report, finding, colors));
  }
  const { notAnalysed } = report.coverage;
  if (notAnalysed.length > 0 && !options.quiet) {
    lines.push("", colors.bold("Not analysed"));
    for (const { path: name, reason } of notAnalysed.slice(0, MAX_LISTED))
      lines.push(`  ${inert(name)}: ${inert(reason)}`);
    if (notAnalysed.length > MAX_LISTED)
      lines.push(`  … and ${String(notAnalysed.length - MAX_LISTED)} more (--format json lists all)`);
  }
  lines.push("", ...summaryLines(report, colors));
  return `${lines.join("\n").replace(/^\n+/, "")}\n`;
}

function findingLines(report: Report, finding: ReportedFinding, colors: Colors): string[] {
  const place = `${String(finding.line)}:${String(finding.column)}`;
  const color = paint(colors, finding.severity);
  const lines = [
    `  ${place}  ${color(finding.severity)}  ${colors.bold(finding.ruleId)}`,
    `      ${inert(finding.message)}`,
    `      ${colors.dim(`${finding.effect} · ${finding.confidence}`)}`,
  ];
  for (const step of finding.evidence)
    lines.push(`      ${colors.dim(`${inert(step.message)}: ${inert(step.path)}:${String(step.line)}`)}`);
  lines.push(`      ${colors.green(inert(finding.remedy))}`);
  const text = report.textOf(finding.path);
  if (text !== undefined) {
    const frame = codeFrameColumns(
      text,
      {
        start: { line: finding.line, column: finding.column },
        end: { line: finding.endLine, column: finding.endColumn },
      },
      { linesAbove: 1, linesBelow: 0, highlightCode: false },
    );
    for (const line of frame.split("\n")) lines.push(`    ${inert(line).slice(0, 200)}`);
  }
  lines.push("");
  return lines;
}

const count = (number: number, noun: string): string => `${String(number)} ${noun}${number === 1 ? "" : "s"}`;

function summaryLines(report: Report, colors: Colors): string[] {
  const of = (severity: Severity): number => report.findings.filter((finding) => finding.severity === severity).length;
  const { resolved, partial, unresolved } = report.coverage.callSites;
  const total = resolved + partial + unresolved;
  const percent =
    total === 0
      ? "none found"
      : `${(((resolved + partial) / total) * 100).toFixed(1)} % resolved, ${String(unresolved)} unresolved`;
  const { pooler, version } = report.profile;
  const color = report.verdict === "ready" ? colors.green : report.verdict === "not-ready" ? colors.red : colors.yellow;
  const infos = of("info");
  return [
    ...report.reasons.map((reason) => `- ${reason}`),
    colors.dim(
      `judged by ${pooler}${version === "unknown" ? " of unknown version" : ` ${version}`} in transaction mode${infos > 0 ? ` · ${count(infos, "note")} of level info: --show-info` : ""}`,
    ),
    `${color(colors.bold(VERDICTS[report.verdict]))} · ${count(of("error"), "error")}, ${count(of("warning"), "warning")} · ${count(report.coverage.files.analysed, "file")}, ${count(total, "SQL call site")}: ${percent}`,
  ];
}
