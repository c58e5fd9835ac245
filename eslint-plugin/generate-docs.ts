/** Writes the pages of the rules, and the rules table into both READMEs. Run with `npm run docs`; CI fails when it changes anything. */
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import {
  type Cell,
  deploymentChecks,
  POOLER_ROWS,
  type PoolerRow,
  type Rule,
  type RuleExample,
  rules,
  type SessionFeature,
} from "../analyzers/index.ts";
import { driversPage } from "./drivers-page.ts";
import { measured, measuredOn } from "./measured.ts";

const root = join(import.meta.dirname, "..");

const block = (language: string, code: string): string => `\`\`\`${language}\n${code.trimEnd()}\n\`\`\``;

/** An example with what it finds, what its author intends, and what was seen when it was run. */
function section(rule: Rule, example: RuleExample): string {
  const pooler = example.pooler === undefined ? "" : ` (${example.pooler})`;
  const { given, caller, notRun } = example;
  const intends =
    example.intendsError === undefined
      ? example.intends === undefined
        ? []
        : [`Intended: \`${JSON.stringify(example.intends)}\`.`]
      : [`Intended: error ${example.intendsError}.`];
  const seen = measured(rule.id, example.title);
  return [
    `### ${example.title}${pooler}`,
    ...(given === undefined ? [] : ["Given:", block("sql", given)]),
    block(example.language === "compose" ? "yaml" : (example.language ?? "ts"), example.code),
    ...(caller === undefined ? [] : ["Called by:", block("ts", caller)]),
    ...intends,
    ...(notRun === undefined ? (seen === "" ? [] : [`Measured:\n\n${seen}`]) : [`Not run: ${notRun}.`]),
  ].join("\n\n");
}

function inConfigurations({ judges, recommended }: Rule): string {
  if (judges === "deployment") return "In the command only: it judges deployment files.";
  if (judges === "suppressions") return "In the `strict` and `all` configurations.";
  return recommended ? "In the `recommended`, `strict` and `all` configurations." : "In the `all` configuration only.";
}

/** What an editor has no use for. */
const OPTIONS =
  '`{ minConfidence: "certain" | "likely" | "possible" }`, default `likely`: findings less sure than this are not shown. What is only possible is for the audit.';

/** The page of a rule, in Markdown. */
export function rulePage(rule: Rule): string {
  const messages = Object.values(rule.messages).map(
    (words) => `- ${words.message.replaceAll("{{", "⟨").replaceAll("}}", "⟩")}`,
  );
  return [
    "<!-- Generated from analyzers/rules by `npm run docs`. -->",
    `# pgbouncer/${rule.id}`,
    `${rule.summary}.`,
    inConfigurations(rule),
    "## Why",
    rule.explanation,
    "## What to do instead",
    rule.remedies,
    "## Messages",
    messages.join("\n"),
    "## Reported",
    ...rule.examples.reported.map((example) => section(rule, example)),
    "## Not reported",
    ...rule.examples.unreported.map((example) => section(rule, example)),
    ...(rule.judges === "deployment" ? [`## Checks\n\n${checksTable()}`] : ["## Options", OPTIONS, MEASURED]),
  ].join("\n\n");
}

const MEASURED = `Each example on this page is run through the analysis, and through ESLint, by the tests. The measurements were made on ${measuredOn}, on
each server connection of which another client had left session state, and every transaction was given another server connection than
the one before; _leaves_ and _takes away_ is what that other client found changed.`;

/** The checks of a deployment with their sources. */
const checksTable = (): string =>
  [
    "| check | asks whether | source |",
    "| --- | --- | --- |",
    ...deploymentChecks.map(({ id, title, source }) => `| ${id} | ${title} | ${source.replaceAll("|", "\\|")} |`),
  ].join("\n");

/** The table of the rules; `pages` is the path from the reader to the pages. */
export function rulesTable(pages: string, shown: readonly Rule[] = rules): string {
  const rows = shown.map(
    (rule) =>
      `| [${rule.id}](${pages}/${rule.id}.md) | ${rule.summary.replaceAll("|", "\\|")} | ${rule.recommended ? "✓" : ""} |`,
  );
  return ["| rule | what it finds | recommended |", "| --- | --- | :-: |", ...rows].join("\n");
}

const MARKS = ["<!-- begin rules -->", "<!-- end rules -->"] as const;

/** The text with the table between its marks replaced. Throws when the marks are missing. */
export function withTable(text: string, table: string): string {
  const [begin, end] = MARKS;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`;
}

async function write(path: string, text: string): Promise<void> {
  writeFileSync(path, await format(text, { parser: "markdown", printWidth: 120, embeddedLanguageFormatting: "off" }));
}

/** A cell of the pooler table: what is not sure has a question mark, what depends on something a footnote. */
function shownCell({ capability, certainty, condition }: Cell): string {
  const unsure = certainty === "low" ? " ?" : certainty === "unknown" ? " ??" : "";
  return `${capability}${unsure}${condition === undefined ? "" : `: ${condition}`}`;
}

/** What each pooler does with each feature of a session, in Markdown. */
export function poolersPage(): string {
  const features = Object.keys(POOLER_ROWS[0]?.cells ?? {}) as SessionFeature[];
  const versions = (row: PoolerRow): string =>
    row.since === undefined || row.since[1] === 0 ? "" : `, from ${row.since.join(".")}`;
  const sections = POOLER_ROWS.map((row) =>
    [
      `## ${row.name}${versions(row)}`,
      `\`--pooler ${row.pooler}\`. Named statements: ${row.maxPreparedStatements === "unknown" ? "see the table" : `max_prepared_statements ${String(row.maxPreparedStatements)} unless it is set`}. Kept for each client: ${[...row.tracked, ...(row.trackExtraParameters ?? [])].join(", ") || "nothing by itself"}.`,
      [
        "| feature | in transaction mode |",
        "| --- | --- |",
        ...features.map((feature) => `| ${feature} | ${shownCell(row.cells[feature])} |`),
      ].join("\n"),
      `Source: ${row.source}. Compared ${row.date}.`,
    ].join("\n\n"),
  );
  return [
    "<!-- Generated from analyzers/pooler-table.ts by `npm run docs`. -->",
    "# Poolers",
    "What each pooler does, in transaction mode with its own defaults, with what belongs to a session. `ok`: kept or not needed. `leaks`: left for the next client. `lost`: gone, for nobody else to find. `breaks`: fails. `rejected`: refused. `pins`: kept, and the server connection with it. `depends`: on what is said there. `?` marks what is not sure, `??` what nobody says: a guess that errs on the side of a finding.",
    ...sections,
  ].join("\n\n");
}

/** Writes everything. */
export async function generateDocs(): Promise<void> {
  const pages = join(root, "eslint-plugin", "docs", "rules");
  mkdirSync(pages, { recursive: true });
  await write(join(root, "eslint-plugin", "docs", "poolers.md"), poolersPage());
  await write(join(root, "eslint-plugin", "docs", "drivers.md"), driversPage());
  for (const rule of rules) await write(join(pages, `${rule.id}.md`), rulePage(rule));
  const inEditor = rules.filter(({ judges }) => judges !== "deployment");
  for (const [file, path, shown] of [
    ["README.md", "eslint-plugin/docs/rules", rules],
    ["eslint-plugin/README.md", "docs/rules", inEditor],
  ] as const) {
    await write(join(root, file), withTable(readFileSync(join(root, file), "utf8"), rulesTable(path, shown)));
  }
}

await generateDocs();
