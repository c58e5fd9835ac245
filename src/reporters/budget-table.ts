import picocolors from "picocolors";
import type { Report, ReportedAmount, ReportedBudgetLine } from "../report/schema.ts";
import { inert } from "../report/inert.ts";

const KINDS: Readonly<Record<ReportedBudgetLine["kind"], string>> = {
  "file-descriptors": "file descriptors",
  "server-connections": "server connections",
  "client-connections": "client connections",
};

const MEANINGS: Readonly<Record<ReportedBudgetLine["kind"], string>> = {
  "file-descriptors": "of PgBouncer, against its limit of open files",
  "server-connections": "of the pools, against max_connections of PostgreSQL",
  "client-connections": "of the program, against max_client_conn",
};

const figure = ({ value, isLeast }: ReportedAmount): string =>
  value === null ? "?" : isLeast ? `>= ${String(value)}` : String(value);

const HEAD = ["", "needed", "there is", "verdict"] as const;

/** The connection budget as a table for a terminal, each line with its arithmetic and with what is not known. */
export function budgetTable({ budget }: Report, color: boolean): string {
  const colors = picocolors.createColors(color);
  if (budget.length === 0)
    return (
      "No PgBouncer is set up in these files: there is nothing to count.\n" +
      "The budget is read from pgbouncer.ini, compose files, Kubernetes manifests and Helm values.\n"
    );
  const rows = budget.map((line) => [KINDS[line.kind], figure(line.needed), figure(line.limit), line.verdict]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const shown = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 || column === 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  const paint = (line: ReportedBudgetLine): ((words: string) => string) =>
    line.verdict === "fits" ? colors.green : line.verdict === "exceeds" ? colors.red : colors.yellow;
  const titles = [...new Set(budget.map(({ title }) => title))];
  const blocks = titles.map((title) => [
    colors.bold(inert(title)),
    ...budget.flatMap((line, index) =>
      line.title === title
        ? [
            `  ${paint(line)(shown(rows[index] ?? []))}  ${colors.dim(MEANINGS[line.kind])}`,
            ...detailLines(line).map((words) => `      ${inert(words)}`),
          ]
        : [],
    ),
    "",
  ]);
  return `${[`  ${colors.dim(shown([...HEAD]))}`, ...blocks.flat()].join("\n").trimEnd()}\n`;
}

function detailLines({ arithmetic, terms, limit, unknowns }: ReportedBudgetLine): string[] {
  const sources = [...terms, limit]
    .filter(({ value, words }) => value !== null && words !== "")
    .map((amount) => {
      const place = amount.path === null ? amount.words : `${amount.path}:${String(amount.line)}`;
      return `${amount.name} ${figure(amount)} (${place})`;
    });
  return [
    ...arithmetic,
    ...[...new Set(sources)],
    ...(unknowns.length === 0 ? [] : [`not known: ${unknowns.join("; ")}`]),
  ];
}
