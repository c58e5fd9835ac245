import { Command, CommanderError } from "commander";
import { ConfigurationError, didYouMean, rules } from "../../analyzers/index.ts";
import type { Surroundings } from "../surroundings.ts";
import { version } from "../version.ts";
import { optionsOf, runAudit } from "./audit.ts";
import { runBaseline } from "./baseline.ts";
import { runBudget } from "./budget.ts";
import { explainRule, findRule } from "./explain.ts";
import {
  append,
  type AuditFlags,
  declareAuditFlags,
  declareGateFlags,
  declareJudgingFlags,
  declareWritingFlags,
  type GateFlags,
  type JudgingFlags,
} from "./flags.ts";
import { runInit } from "./init.ts";
import { runMerge } from "./merge.ts";
import { runTrace } from "./trace.ts";
import type { WritingFlags } from "./write-reports.ts";

const AFTER_HELP = `
Exit code: 0 clean for the gate, 1 findings or too little coverage, 2 could not run.
The report goes to standard output, everything else to standard error.`;

/** Runs the command. Returns the exit code: 0 clean, 1 findings, 2 could not run. Throws only what is a bug. */
export function runCommand(argv: readonly string[], surroundings: Surroundings): number {
  let code = 0;
  const program = new Command("pgbouncer-audit")
    .description("Finds what breaks, leaks or silently does nothing behind PgBouncer's pool_mode = transaction.")
    .version(version, "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({ writeOut: surroundings.out, writeErr: surroundings.error })
    .enablePositionalOptions()
    .argument("[paths...]", "files and folders (default: the current folder)")
    .addHelpText("after", AFTER_HELP);

  declareAuditFlags(program).action((paths: string[], flags: AuditFlags) => {
    code = runAudit(paths, flags, surroundings);
  });
  program
    .command("explain")
    .argument("<rule>", "a rule id")
    .description("what a rule is about: what breaks, what was measured, what to do")
    .action((id: string) => {
      surroundings.out(explain(id));
    });
  declareJudgingFlags(
    program
      .command("trace")
      .argument("<file:line>", "a place in the source")
      .argument("[paths...]", "what to analyse together with it (default: the current folder)"),
  )
    .description("how the call at a line was understood")
    .action((place: string, paths: string[], flags: JudgingFlags) => {
      surroundings.out(runTrace(place, optionsOf(paths, { ...flags, progress: false }, surroundings)));
    });
  declareJudgingFlags(
    program.command("budget").argument("[paths...]", "files and folders (default: the current folder)"),
  )
    .description("the connection budget: file descriptors, server connections, client connections, with the arithmetic")
    .action((paths: string[], flags: JudgingFlags) => {
      const options = optionsOf(paths, { ...flags, progress: false }, surroundings);
      surroundings.out(runBudget(options, surroundings.colorOut));
    });
  program
    .command("init")
    .argument("[folder]", "the project (default: the current folder)")
    .option("-y, --yes", "ask nothing")
    .description("write a configuration: what was found, and what there is to say")
    .action((folder: string | undefined, { yes }: { readonly yes?: boolean }) => {
      surroundings.out(runInit(folder, yes === true, surroundings));
    });
  declareBaseline(program, surroundings);
  declareGateFlags(
    declareWritingFlags(
      program
        .command("merge")
        .argument("<reports...>", "reports in JSON; FOLDER=FILE for one of a folder of the project"),
    ),
  )
    .description("one report of several: of shards in CI, of workspaces")
    .action((reports: string[], flags: GateFlags & WritingFlags) => {
      code = runMerge(reports, flags, surroundings);
    });

  try {
    program.parse([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof ConfigurationError) {
      surroundings.error(`pgbouncer-audit: ${error.message}\n`);
      return 2;
    }
    throw error;
  }
}

interface BaselineFlags extends JudgingFlags {
  readonly baseline?: string;
  readonly reason?: string;
  readonly owner?: string;
  readonly expires?: string;
  readonly ignore?: readonly string[];
}

const BASELINE_ACTIONS = ["update", "prune"] as const;

function declareBaseline(program: Command, surroundings: Surroundings): void {
  declareJudgingFlags(
    program
      .command("baseline")
      .argument("[update|prune]", "add what is new, or take out what matches nothing; neither: write a first one")
      .argument("[paths...]", "files and folders (default: the current folder)"),
  )
    .option("--baseline <file>", "the file (default: that of the configuration, else pgbouncer-baseline.json)")
    .option("--reason <text>", "why these findings are accepted")
    .option("--owner <name>", "who answers for it")
    .option("--expires <day>", "the last day on which they are accepted: 2027-01-31")
    .option("--ignore <glob>", "leave files out, repeatable", append)
    .description("accept today's findings")
    .action((first: string | undefined, paths: string[], flags: BaselineFlags) => {
      const action = BASELINE_ACTIONS.find((name) => name === first);
      const given = action === undefined && first !== undefined ? [first, ...paths] : paths;
      const { reason, owner, expires, ...rest } = flags;
      const { cwd } = surroundings;
      const options = optionsOf(given, { ...rest, progress: false }, surroundings);
      surroundings.out(runBaseline({ action: action ?? "create", options, cwd, reason, owner, expires }));
    });
}

function explain(id: string): string {
  const rule = findRule(id);
  if (rule !== undefined) return explainRule(rule);
  const ids = rules.map((candidate) => candidate.id);
  throw new ConfigurationError(`There is no rule "${id}".${didYouMean(id, ids) || ` Rules: ${ids.join(", ")}.`}`);
}
