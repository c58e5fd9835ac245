import { programOf } from "../deployment/nested-shell.ts";
import { type PlacedText, spanOf } from "../deployment/placed-text.ts";
import type { ReachedUnit } from "../deployment/script-calls.ts";
import { type RunCommand, settingIn, type Setting } from "../deployment/unit.ts";
import type { SourceLocation } from "../model.ts";
import type { ToolCommand } from "./command.ts";
import { commands } from "./commands.ts";

/** One place where a tool is run. */
export interface ToolRun {
  readonly tool: ToolCommand;
  readonly subcommand: string | undefined;
  readonly unit: ReachedUnit;
  /** Program and subcommand. */
  readonly location: SourceLocation;
  /** The words behind the program. */
  readonly words: readonly PlacedText[];
  readonly settings: readonly Setting[];
  /** It is run inside a container that is there already: `docker exec`. */
  readonly inContainer: boolean;
}

/** Programs that run the program named behind them. */
const RUNNERS = new Set(
  "env cross-env cross-env-shell dotenv dotenvx env-cmd npx pnpm pnpx yarn npm bun bunx node tsx ts-node deno sudo exec command nice nohup timeout docker docker-compose podman gosu su-exec tini dumb-init doppler infisical op chamber aws-vault with-env wait-for-it wait-for dockerize retry xargs heroku fly flyctl railway kubectl corepack xvfb-run".split(
    " ",
  ),
);
const CONTAINERS = new Set(["docker", "docker-compose", "podman", "kubectl"]);
/** Words that make of a package manager's command something else than running a program. */
const NO_RUN = new Set(
  "install i add ci remove rm uninstall update upgrade link view info why outdated global apt-get".split(" "),
);

/** Words that a text must hold to run one of the tools. */
export const toolNames: readonly string[] = [...new Set(commands.flatMap(({ programs }) => programs))];

/** The tools that the commands of a unit run. A script that runs one by itself needs no words of its caller. */
export function toolRunsIn(unit: ReachedUnit): ToolRun[] {
  const completed = unit.completed.filter(({ script }) => runsOf(script, unit).length === 0);
  return [...unit.commands, ...completed].flatMap((command) => runsOf(command, unit));
}

function runsOf({ words, settings }: RunCommand, unit: ReachedUnit): ToolRun[] {
  return words.flatMap((word, index): ToolRun[] => {
    const program = programOf(word);
    const before = words.slice(0, index);
    if (index > 0 && !isRunBy(before)) return [];
    const rest = words.slice(index + 1);
    const found = commands.flatMap((tool) => {
      if (!tool.programs.includes(program)) return [];
      const match = matchOf(tool, word, before, rest);
      return match === undefined ? [] : [{ tool, ...match }];
    })[0];
    if (found === undefined) return [];
    const { tool, subcommand, last } = found;
    return [
      {
        tool,
        subcommand,
        unit,
        location: spanOf(word, last ?? word),
        words: rest,
        settings: [...settings, ...before.flatMap((other) => settingIn(other) ?? [])],
        inContainer: CONTAINERS.has(programOf(before[0])) && before.some((other) => other.text === "exec"),
      },
    ];
  });
}

function isRunBy(before: readonly PlacedText[]): boolean {
  const first = before[0];
  if (first === undefined) return true;
  // `./wait-for.sh db:5432 -- npx prisma migrate deploy`
  const isWaiting = before.at(-1)?.text === "--" || before.some((word) => word.text === "--");
  return (RUNNERS.has(programOf(first)) || isWaiting) && !before.some((word) => NO_RUN.has(word.text));
}

interface Match {
  readonly subcommand: string | undefined;
  readonly last: PlacedText | undefined;
}

function matchOf(
  tool: ToolCommand,
  word: PlacedText,
  before: readonly PlacedText[],
  rest: readonly PlacedText[],
): Match | undefined {
  const isHarmless = rest.some(({ text }) =>
    [...(tool.harmlessWith ?? []), "--help", "--version"].some(
      (option) => text === option || text.startsWith(`${option}=`),
    ),
  );
  if (isHarmless) return undefined;
  if (tool.subcommands === undefined) {
    // A name behind an option is its value: `pnpm --filter graphile-worker build`.
    const previous = before.at(-1)?.text ?? "";
    const isValue =
      !word.text.includes("/") &&
      /^--?[a-z]/i.test(previous) &&
      !/^-(?:[itTy]+|-rm|-yes|-)$/.test(previous) &&
      !previous.includes("=");
    return isValue ? undefined : { subcommand: undefined, last: undefined };
  }
  for (const subcommand of tool.subcommands) {
    const wanted = subcommand.split(" ");
    const at = plainWords(rest).findIndex(({ index }, position, all) => {
      const isFirst = all.slice(0, position).every((other) => isOption(rest[other.index - 1]));
      return isFirst && wanted.every((word, offset) => rest[index + offset]?.text === word);
    });
    const start = plainWords(rest)[at];
    if (start !== undefined) return { subcommand, last: rest[start.index + wanted.length - 1] };
  }
  return undefined;
}

const isOption = (word: PlacedText | undefined): boolean => word?.text.startsWith("-") === true;

const plainWords = (words: readonly PlacedText[]): { readonly index: number }[] =>
  words.flatMap((word, index) => (word.text.startsWith("-") ? [] : [{ index }]));

/** The values of options among words: `--url X`, `--url=X`. */
export function optionValues(words: readonly PlacedText[], names: readonly string[]): PlacedText[] {
  return words.flatMap((word, index): PlacedText[] => {
    const name = names.find((option) => word.text === option || word.text.startsWith(`${option}=`));
    if (name === undefined) return [];
    if (word.text === name) {
      const value = words[index + 1];
      return value === undefined ? [] : [value];
    }
    const { file, text, offsets } = word;
    return [{ file, text: text.slice(name.length + 1), offsets: offsets.slice(name.length + 1) }];
  });
}
