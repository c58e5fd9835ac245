import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ConfigurationError, isOftenDirect, parseConfiguration, shownUrl } from "../../analyzers/index.ts";
import { audit } from "../audit.ts";
import { CONFIGURATION_FILES } from "../configuration/load.ts";
import { locate } from "../discovery/discover.ts";
import type { Report } from "../report/schema.ts";
import type { Surroundings } from "../surroundings.ts";
import { plural } from "../words.ts";
import { writeWhole } from "../write-whole.ts";

/** What the user decides; each has an answer that goes without saying. */
interface Answers {
  readonly pooler: string | undefined;
  readonly direct: readonly string[];
  readonly failOn: "error" | "warning";
}

const SCHEMA = "https://raw.githubusercontent.com/pgbouncer-audit/pgbouncer-audit/main/docs/schemas/configuration.json";

/**
 * Looks at a project and writes a configuration for it: with the package installed there in TypeScript, else in JSON with comments. Asks what
 * nothing says, where there is somebody to ask. Throws a ConfigurationError when there is a configuration already, or it cannot be written.
 */
export function runInit(given: string | undefined, yes: boolean, surroundings: Surroundings): string {
  const { cwd } = surroundings;
  const { root } = locate(given === undefined ? [] : [given], cwd);
  const known = CONFIGURATION_FILES.find((name) => existsSync(join(root, name)));
  if (known !== undefined) throw new ConfigurationError(`There is a configuration already: ${known}.`);
  const { report } = audit({ paths: given === undefined ? [] : [given], cwd, configFile: false });
  const answers = yes || surroundings.ask === undefined ? noAnswers : ask(report, surroundings.ask);
  const isInstalled = dependsOnThis(root);
  const name = `pgbouncer-audit.config.${isInstalled ? "ts" : "jsonc"}`;
  const text = isInstalled ? asTypescript(report, answers) : asJson(report, answers);
  writeWhole(join(root, name), text, "The configuration", name);
  const shown = relative(cwd, join(root, name));
  return `${[`${shown} was written.`, ...seenWords(report).map((words) => `  ${words}`)].join("\n")}\n`;
}

const noAnswers: Answers = { pooler: undefined, direct: [], failOn: "error" };

/** Whether the project has this package among its dependencies, so that a configuration in TypeScript finds its types. */
function dependsOnThis(root: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    return ["dependencies", "devDependencies"].some((key) => {
      const list: unknown = typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, key) : undefined;
      return typeof list === "object" && list !== null && "pgbouncer-audit" in list;
    });
  } catch {
    return false;
  }
}

const isPoolerKnown = ({ profile }: Report): boolean =>
  profile.facts.some(({ name, from }) => name === "pooler" && from === "deployment");

/** Names that often are direct, and of which nothing says that they are. */
const askedNames = ({ connections }: Report): readonly string[] => [
  ...new Set(
    connections
      .filter(({ route }) => route === "unknown")
      .flatMap(({ urls }) => urls.filter(isOftenDirect).map(shownUrl)),
  ),
];

function ask(report: Report, question: (words: string) => string): Answers {
  const pooler = isPoolerKnown(report)
    ? ""
    : askUntil(
        question,
        "Which pooler and version? (pgbouncer@1.25, supavisor, rds-proxy, …; Enter: PgBouncer of unknown version) ",
        (answer) => {
          if (answer !== "") parseConfiguration({ pooler: answer }, "the answer");
        },
      );
  const direct = askedNames(report).filter((name) =>
    /^y(?:es)?$/i.test(question(`Does ${name} lead past the pooler? (y/N) `).trim()),
  );
  const failOn = /^w/i.test(question("Fail the build on errors, or on warnings too? (E/w) ").trim())
    ? "warning"
    : "error";
  return { pooler: pooler === "" ? undefined : pooler, direct, failOn };
}

const MAX_TRIES = 3;

/** Asks again when an answer is none; after some tries nothing was said. */
function askUntil(question: (words: string) => string, words: string, check: (answer: string) => void): string {
  let hint = "";
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const answer = question(hint + words).trim();
    try {
      check(answer);
      return answer;
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      hint = `${error.message}\n`;
    }
  }
  return "";
}

/** What was found, for whoever reads the configuration later. */
function seenWords(report: Report): string[] {
  const { connections, libraries, profile, workspaces, coverage } = report;
  const drivers = [...new Set(connections.map(({ driver }) => driver))].sort();
  const session = [
    ...new Set(libraries.filter(({ status }) => status === "needs-session").map(({ library }) => library)),
  ];
  const pooler = profile.facts.find(({ name }) => name === "pooler");
  const inUse = workspaces.filter(({ verdict }) => verdict !== null).map(({ path }) => path);
  const { resolved, partial, unresolved } = coverage.callSites;
  return [
    `drivers: ${drivers.length === 0 ? "none was found" : drivers.join(", ")}`,
    `pooler: ${pooler?.path == null ? "nothing in the project says which" : `${pooler.value}, by ${pooler.path}`}`,
    ...(inUse.length > 1 ? [`workspaces that reach PostgreSQL: ${inUse.join(", ")}`] : []),
    ...(session.length > 0 ? [`packages and tools that need a session: ${session.join(", ")}`] : []),
    `${plural(resolved + partial + unresolved, "SQL call site")}, ${String(unresolved)} unresolved`,
  ];
}

/** The settings with their comments, in order; the words are JavaScript and JSON alike. */
function settingsOf(
  report: Report,
  { pooler, direct, failOn }: Answers,
): { readonly comment: string; readonly line: string }[] {
  const names = askedNames(report).filter((name) => !direct.includes(name));
  const connections = direct.map((name) => ({
    match: { env: name },
    via: "direct",
    reason: "said when this file was made",
  }));
  return [
    pooler === undefined
      ? {
          comment: isPoolerKnown(report)
            ? "The pooler is read from the project's files; what is said here goes before them."
            : 'The pooler: "pgbouncer@1.25". What depends on its version is a warning until it is said.',
          line: '// "pooler": { "kind": "pgbouncer", "version": "1.25", "poolMode": "transaction" },',
        }
      : { comment: "The pooler to judge by.", line: `"pooler": ${JSON.stringify(pooler)},` },
    connections.length > 0
      ? { comment: "Which connections bypass the pooler.", line: `"connections": ${JSON.stringify(connections)},` }
      : {
          comment: `Which connections bypass the pooler, where their names do not say it${names.length > 0 ? `: is ${names.join(", ")} one?` : "."}`,
          line: `// "connections": [{ "match": { "env": "${names[0] ?? "DIRECT_URL"}" }, "via": "direct", "reason": "migrations" }],`,
        },
    {
      comment: "Functions of your own packages that send SQL or open a transaction, where the audit does not see it.",
      line: '// "sinks": [{ "import": "@acme/db", "name": "run", "sqlArg": 0 }],',
    },
    { comment: "Findings of this level and above make the exit code 1.", line: `"failOn": "${failOn}",` },
    { comment: "Percent of the SQL call sites that must be understood.", line: '// "coverage": { "min": 95 },' },
    {
      comment: "Accepted findings: `pgbouncer-audit baseline --reason …` writes the file.",
      line: '// "baseline": "pgbouncer-baseline.json",',
    },
  ];
}

function asJson(report: Report, answers: Answers): string {
  const lines = settingsOf(report, answers).flatMap(({ comment, line }) => [`  // ${comment}`, `  ${line}`]);
  return [
    ...seenWords(report).map((words) => `// Found: ${words}`),
    "{",
    `  "$schema": ${JSON.stringify(SCHEMA)},`,
    ...withoutLastComma(lines),
    "}",
    "",
  ].join("\n");
}

/** JSON has no comma behind the last value. */
function withoutLastComma(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trimStart().startsWith('"'));
  return lines.map((line, index) => (index === last ? line.replace(/,$/, "") : line));
}

function asTypescript(report: Report, answers: Answers): string {
  const plain = (line: string): string => line.replace(/"(\w+)":/g, "$1:");
  return [
    'import { defineConfig } from "pgbouncer-audit";',
    "",
    ...seenWords(report).map((words) => `// Found: ${words}`),
    "export default defineConfig({",
    ...settingsOf(report, answers).flatMap(({ comment, line }) => [`  // ${comment}`, `  ${plain(line)}`]),
    "});",
    "",
  ].join("\n");
}
