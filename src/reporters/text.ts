import picocolors from "picocolors";
import type { Severity } from "../../analyzers/index.ts";
import type { Report, ReportedFinding, Suppression } from "../report/schema.ts";
import { plural } from "../words.ts";
import { VERDICT_WORDS } from "./words.ts";
import { codeFrame } from "./code-frame.ts";
import { connectionLines } from "./connection-lines.ts";
import { deploymentLines, profileLines } from "./deployment-lines.ts";
import { inert, wellFormed } from "../report/inert.ts";

type Colors = ReturnType<typeof picocolors.createColors>;

/** How a text report is written. */
export interface TextOptions {
  readonly color: boolean;
  /** Findings of level info are listed too. */
  readonly showInfo: boolean;
  /** Accepted findings are listed too. */
  readonly showSuppressed: boolean;
  /** Only the summary. */
  readonly quiet: boolean;
  /** Columns to wrap words at; default 120. */
  readonly width?: number;
}

/** Narrower terminals break the lines themselves; some say they have no width at all. */
const MIN_WIDTH = 72;
/** More than this of what was not analysed is counted, not listed. */
const MAX_LISTED = 10;
/** A longer way to a call is shown by both of its ends; `trace` shows it whole. */
const MAX_STEPS = 5;

const paint = (colors: Colors, severity: Severity): ((words: string) => string) =>
  severity === "error" ? colors.red : severity === "warning" ? colors.yellow : colors.cyan;

/** The report for a terminal. */
export function reportAsText(report: Report, options: TextOptions): string {
  const colors = picocolors.createColors(options.color);
  const lines: string[] = [];
  if (!options.quiet) {
    let path: string | undefined;
    for (const finding of report.findings) {
      if (finding.severity === "info" && !options.showInfo) continue;
      if (finding.suppressed !== null && !options.showSuppressed) continue;
      if (finding.path !== path) {
        path = finding.path;
        lines.push(colors.underline(inert(path)));
      }
      lines.push(...findingLines(finding, colors, Math.max(options.width ?? 120, MIN_WIDTH)), "");
    }
    const map = connectionLines(report);
    if (map.length > 0) lines.push(colors.bold("Connections"), ...map.map(inert), "");
    lines.push(...libraryLines(report, colors));
    const blocks = { Profile: profileLines(report), "Deployment checks": deploymentLines(report) };
    for (const [title, block] of Object.entries(blocks))
      if (block.length > 0) lines.push(colors.bold(title), ...block.map(inert), "");
    lines.push(...notAnalysedLines(report, colors));
  }
  lines.push(...summaryLines(report, colors, options));
  return wellFormed(`${lines.join("\n")}\n`);
}

function findingLines(finding: ReportedFinding, colors: Colors, width: number): string[] {
  const place = `${String(finding.line)}:${String(finding.column)}`;
  const head = `  ${place}  ${finding.severity}  `;
  const indent = " ".repeat(head.length);
  const block = (words: string, color: (words: string) => string): string[] =>
    wrap(inert(words), width - indent.length).map((line) => indent + color(line));
  const plain = (words: string): string => words;
  const steps = stepsOf(finding);
  return [
    `  ${place}  ${paint(colors, finding.severity)(finding.severity)}  ${colors.bold(finding.ruleId)}`,
    ...block(finding.message, plain),
    ...block([finding.effect, finding.confidence, ...steps.slice(0, 1)].join(" · "), colors.dim),
    ...steps.slice(1).flatMap((step) => block(step, colors.dim)),
    ...block(finding.remedy, colors.green),
    ...(finding.suppressed === null ? [] : block(acceptedWords(finding.suppressed), colors.dim)),
    ...codeFrame(finding.snippet, finding).map((line) => `    ${line}`),
  ];
}

const acceptedWords = ({ reason, owner, expires, path, line }: Suppression): string =>
  [
    `accepted at ${path}:${String(line)}: ${reason}`,
    ...(owner === null ? [] : [owner]),
    ...(expires === null ? [] : [`until ${expires}`]),
  ].join(" · ");

/** The way to a call, oldest step first. */
function stepsOf({ evidence }: ReportedFinding): string[] {
  const steps = evidence.map(({ message, path, line }) => {
    const place = `${path}:${String(line)}`;
    return message.endsWith(" here") ? `${message.slice(0, -"here".length)}at ${place}` : `${message}: ${place}`;
  });
  if (steps.length <= MAX_STEPS) return steps;
  const hidden = steps.length - (MAX_STEPS - 1);
  return [...steps.slice(0, 2), `… ${plural(hidden, "more step")} …`, ...steps.slice(-2)];
}

/** Breaks words into lines of at most `width` letters; a longer word has a line of its own. */
function wrap(words: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(/\s+/).filter((part) => part !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Packages and tools that were looked at and are not among the findings. */
function libraryLines({ libraries }: Report, colors: Colors): string[] {
  const quiet = libraries.filter(({ status }) => status !== "needs-session");
  if (quiet.length === 0) return [];
  const listed = quiet.slice(0, MAX_LISTED).map(({ library, status, because, places }) => {
    const [first] = places;
    const place = first === undefined ? "" : ` (${first.path}:${String(first.line)}${places.length > 1 ? ", …" : ""})`;
    return `  ${inert(library)}: ${status === "fine" ? "fine, " : ""}${inert(because)}${inert(place)}`;
  });
  const rest = quiet.length - listed.length;
  return [
    colors.bold("Packages and tools that were looked at"),
    ...listed,
    ...(rest > 0 ? [`  … and ${String(rest)} more (--format json lists all)`] : []),
    "",
  ];
}

function notAnalysedLines(report: Report, colors: Colors): string[] {
  const { notAnalysed } = report.coverage;
  if (notAnalysed.length === 0) return [];
  const listed = notAnalysed.slice(0, MAX_LISTED).map(({ path, reason }) => `  ${inert(path)}: ${inert(reason)}`);
  const rest = notAnalysed.length - listed.length;
  return [
    colors.bold("Not analysed, wholly or in part"),
    ...listed,
    ...(rest > 0 ? [`  … and ${String(rest)} more (--format json lists all)`] : []),
    "",
  ];
}

function summaryLines(report: Report, colors: Colors, options: TextOptions): string[] {
  const count = (severity: Severity): number =>
    report.findings.filter((finding) => finding.severity === severity && finding.suppressed === null).length;
  const { resolved, partial, unresolved } = report.coverage.callSites;
  const total = resolved + partial + unresolved;
  const share = total === 0 ? 0 : ((resolved + partial) / total) * 100;
  const sites =
    total === 0
      ? "no SQL call site"
      : `${plural(total, "SQL call site")}: ${share.toFixed(1)} % resolved, ${String(unresolved)} unresolved`;
  const { pooler, version, poolMode } = report.profile;
  const notes = count("info");
  const accepted = report.findings.filter(({ suppressed }) => suppressed !== null).length;
  const hints = [
    ...(notes > 0 && !options.showInfo ? [`${plural(notes, "note")} of level info: --show-info`] : []),
    ...(accepted > 0 && !options.showSuppressed ? [`${plural(accepted, "accepted finding")}: --show-suppressed`] : []),
  ];
  const color = report.verdict === "ready" ? colors.green : report.verdict === "not-ready" ? colors.red : colors.yellow;
  return [
    ...report.reasons.map((reason) => `- ${inert(reason)}`),
    colors.dim(
      `judged by ${pooler}${version === "unknown" ? " of unknown version" : ` ${version}`} in ${poolMode} mode${hints.map((hint) => ` · ${hint}`).join("")}`,
    ),
    `${color(colors.bold(`${VERDICT_WORDS[report.verdict]} for ${poolMode} mode`))} · ${plural(count("error"), "error")}, ${plural(count("warning"), "warning")} · ${plural(report.coverage.files.analysed, "file")}, ${sites}`,
  ];
}
