import { Command, CommanderError } from "commander";
import { ConfigurationError, rules, didYouMean } from "../analyzers/index.ts";
import { explainRule, findRule } from "./explain.ts";
import { append, type AuditFlags, declareAuditFlags } from "./flags.ts";
import { runAudit } from "./run-audit.ts";
import { runBudget } from "./run-budget.ts";
import { runTrace } from "./run-trace.ts";
import type { Surroundings } from "./surroundings.ts";
import { version } from "./version.ts";

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
  program
    .command("trace")
    .argument("<file:line>", "a place in the source")
    .argument("[paths...]", "what to analyse together with it (default: the current folder)")
    .option("-p, --pooler <kind[@version]>", "the pooler to judge by")
    .option("--direct <name>", "a variable, setting or host that bypasses the pooler, repeatable", append)
    .option("--pooled <name>", "the same for one that leads to the pooler", append)
    .description("how the call at a line was understood")
    .action((place: string, paths: string[], flags: Pick<AuditFlags, "pooler" | "direct" | "pooled">) => {
      surroundings.out(runTrace({ place, paths, cwd: surroundings.cwd, ...flags }));
    });
  program
    .command("budget")
    .argument("[paths...]", "files and folders (default: the current folder)")
    .option("-p, --pooler <kind[@version]>", "the pooler to judge by")
    .option("--direct <name>", "a variable, setting or host that bypasses the pooler, repeatable", append)
    .option("--pooled <name>", "the same for one that leads to the pooler", append)
    .description("the connection budget: file descriptors, server connections, client connections, with the arithmetic")
    .action((paths: string[], flags: Pick<AuditFlags, "pooler" | "direct" | "pooled">) => {
      surroundings.out(runBudget({ paths, cwd: surroundings.cwd, ...flags }, surroundings.colorOut));
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

function explain(id: string): string {
  const rule = findRule(id);
  if (rule !== undefined) return explainRule(rule);
  const ids = rules.map((candidate) => candidate.id);
  throw new ConfigurationError(`There is no rule "${id}".${didYouMean(id, ids) || ` Rules: ${ids.join(", ")}.`}`);
}
