import type { Finding, SourceLocation } from "../model.ts";
import type { Directive } from "./directive.ts";
import type { SuppressibleFile } from "./suppressible.ts";

/** What is wrong with a directive: a message of `valid-suppression`. */
export interface DirectiveProblem {
  readonly messageId: "noReason" | "noRule" | "unknownRule" | "expired" | "unused";
  readonly data: Readonly<Record<string, string>>;
  readonly location: SourceLocation;
}

/** Findings, those that a directive accepts marked so, and what is wrong with directives. */
export interface Suppressed {
  readonly findings: readonly Finding[];
  readonly problems: readonly DirectiveProblem[];
}

/** What directives are held against. */
export interface SuppressionContext {
  readonly ruleIds: readonly string[];
  /** `2026-11-25`; absent: nothing expires. */
  readonly today: string | undefined;
  /** Directives that are reported when they accept nothing: none where another file may show what they are for. */
  readonly reportUnused: "all" | "ours" | "none";
}

/**
 * Marks the findings that directives accept. A directive without a reason, or one that is over, accepts nothing and is reported; so is one of
 * which some rule has nothing to say.
 */
export function suppress(
  findings: readonly Finding[],
  files: readonly SuppressibleFile[],
  context: SuppressionContext,
): Suppressed {
  const problems: DirectiveProblem[] = [];
  const marks = new Map<Finding, NonNullable<Finding["suppressed"]>>();
  for (const file of files) {
    const own = findings.filter(({ location }) => location.file === file.filename);
    for (const directive of file.directives.filter(({ reach }) => reach !== "to")) {
      const wrong = problemsOf(directive, context);
      problems.push(...wrong);
      const { reason, expires, location, by } = directive;
      const isOver = wrong.some(({ messageId }) => messageId === "expired");
      if (reason === undefined || isOver) continue;
      const isCovered = coverageOf(directive, file);
      // ESLint itself reports its comments that do nothing.
      const isReportedUnused =
        context.reportUnused === "all" || (context.reportUnused === "ours" && by === "pgbouncer-ignore");
      for (const rule of directive.rules.filter((name) => context.ruleIds.includes(name))) {
        const covered = own.filter((finding) => finding.ruleId === rule && isCovered(finding.location.range.start));
        for (const finding of covered)
          if (!marks.has(finding))
            marks.set(finding, { by, reason, location, ...(expires === undefined ? {} : { expires }) });
        if (covered.length === 0 && isReportedUnused) problems.push({ messageId: "unused", data: { rule }, location });
      }
    }
  }
  return {
    findings: findings.map((finding) => {
      const suppressed = marks.get(finding);
      return suppressed === undefined ? finding : { ...finding, suppressed };
    }),
    problems,
  };
}

function problemsOf({ rules, reason, expires, location }: Directive, context: SuppressionContext): DirectiveProblem[] {
  const unknown = rules.filter((name) => !context.ruleIds.includes(name));
  return [
    ...(rules.length === 0 ? [{ messageId: "noRule" as const, data: {}, location }] : []),
    ...unknown.map((rule) => ({ messageId: "unknownRule" as const, data: { rule }, location })),
    ...(reason === undefined ? [{ messageId: "noReason" as const, data: { rules: rules.join(", ") }, location }] : []),
    ...(expires !== undefined && context.today !== undefined && expires < context.today
      ? [{ messageId: "expired" as const, data: { rules: rules.join(", "), expires }, location }]
      : []),
  ];
}

const lineStart = (text: string, offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;
const lineEnd = (text: string, offset: number): number => {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
};

/** Whether a directive covers a finding that begins at an offset. */
function coverageOf(directive: Directive, file: SuppressibleFile): (offset: number) => boolean {
  const { text, directives, beginningsAt } = file;
  const { range } = directive.location;
  if (directive.reach === "file") return () => true;
  if (directive.reach === "from") {
    const ends = directives
      .filter(({ reach, location, rules }) => {
        const isLater = reach === "to" && location.range.start > range.start;
        return isLater && (rules.length === 0 || rules.some((rule) => directive.rules.includes(rule)));
      })
      .map(({ location }) => location.range.start);
    const end = Math.min(text.length, ...ends);
    return (offset) => range.end <= offset && offset < end;
  }
  const isStrict = directive.by === "eslint-disable";
  const isAlone = text.slice(lineStart(text, range.start), range.start).trim() === "";
  const isNext = directive.reach === "next-line" || (directive.reach === "here" && isAlone);
  const line = isNext ? lineAfter(file, range.end, isStrict) : lineStart(text, range.start);
  const end = lineEnd(text, line);
  const isOnLine = (offset: number): boolean => line <= offset && offset <= end;
  return (offset) => isOnLine(offset) || (!isStrict && beginningsAt(offset).some(isOnLine));
}

/** The beginning of the next line; of the next line of code, unless `isStrict`. */
function lineAfter({ text, isComment }: SuppressibleFile, offset: number, isStrict: boolean): number {
  let line = Math.min(lineEnd(text, offset) + 1, text.length);
  while (!isStrict && line < text.length) {
    const end = lineEnd(text, line);
    const first = line + text.slice(line, end).search(/\S/);
    if (first >= line && !isComment(first)) break;
    line = end + 1;
  }
  return line;
}
