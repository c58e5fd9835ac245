import { withNested } from "./nested-shell.ts";
import { partOfFile, type PlacedText, slice } from "./placed-text.ts";
import type { ShellCommand } from "./shell.ts";

/**
 * When a text is run, from what says least of the deployment to what says most:
 * a script that somebody or something calls, a workflow, the building or starting of the program, what the platform runs itself when it
 * releases or starts a container.
 */
export type Occasion = "script" | "workflow" | "start" | "deploy";

export const OCCASIONS: readonly Occasion[] = ["script", "workflow", "start", "deploy"];

/** A text that is run as one: a package script, a shell script, the start of a container, the steps of a workflow. */
export interface Unit {
  /** Of the file, as it is reported. */
  readonly file: string;
  /** Of the file, in the project. */
  readonly path: string;
  /** For a reader: "package script db:deploy", "start of the container". */
  readonly title: string;
  /** The name by which others call it: a script of a package, a target of a Makefile; absent for what is called by its file or not at all. */
  readonly script?: string;
  readonly occasion: Occasion;
  readonly forDevelopment: boolean;
  /** Hosts that are known to be PostgreSQL itself: the services of a compose file that run its image. */
  readonly serverHosts?: readonly string[];
  readonly commands: readonly RunCommand[];
}

/** A simple command with the environment it is run in. */
export interface RunCommand {
  readonly words: readonly PlacedText[];
  /** Settings of the environment, the nearest last. */
  readonly settings: readonly Setting[];
}

/** An environment variable that is set, with the text of its value. */
export interface Setting {
  readonly name: string;
  readonly value: PlacedText;
  /** Where it holds for one command only: that command. */
  readonly command?: readonly PlacedText[];
  readonly forDevelopment?: boolean;
  /** It holds for whatever is run in a container, job or program, and not for the rest of one script. */
  readonly ambient?: boolean;
}

/** What a file says. */
export interface FileFacts {
  readonly units: readonly Unit[];
  /** Every environment variable that is set anywhere in it. */
  readonly settings: readonly Setting[];
  /** Why it was read in part only, or not at all. */
  readonly problem?: string;
}

export const nothing: FileFacts = { units: [], settings: [] };

const EXPORTING = new Set(["export", "declare", "typeset", "local", "readonly"]);

/** `NAME=value` as a word. */
export function settingIn(word: PlacedText): Setting | undefined {
  const match = /^([A-Za-z_]\w*)=/.exec(word.text);
  return match === null ? undefined : { name: match[1] ?? "", value: slice(word, match[0].length) };
}

/** The commands of a shell text, each with what was set before it, and all that is set. */
export function inEnvironment(
  commands: readonly ShellCommand[],
  outer: readonly Setting[],
): { readonly commands: readonly RunCommand[]; readonly settings: readonly Setting[] } {
  const set: Setting[] = [];
  const own: Setting[] = [];
  const run = commands
    .flatMap((command) => withNested(command))
    .map(({ words, assignments }): RunCommand => {
      if (words.length === 0) set.push(...assignments);
      own.push(...assignments.map((setting) => (words.length === 0 ? setting : { ...setting, command: words })));
      if (EXPORTING.has(words[0]?.text ?? "")) {
        const exported = words.slice(1).flatMap((word) => settingIn(word) ?? []);
        own.push(...exported);
        set.push(...exported);
      }
      return { words, settings: [...outer, ...set, ...(words.length === 0 ? [] : assignments)] };
    });
  return { commands: run.filter(({ words }) => words.length > 0), settings: own };
}

/** A unit of these commands, and what they set. */
export function makeUnit(
  facts: Omit<Unit, "commands">,
  commands: readonly ShellCommand[],
  outer: readonly Setting[] = [],
): FileFacts {
  const inside = inEnvironment(commands, outer);
  const { forDevelopment } = facts;
  return {
    units: inside.commands.length === 0 ? [] : [{ ...facts, commands: inside.commands }],
    settings: inside.settings.map((setting) => ({ ...setting, forDevelopment })),
  };
}

export const together = (facts: readonly FileFacts[]): FileFacts => ({
  units: facts.flatMap(({ units }) => units),
  settings: facts.flatMap(({ settings }) => settings),
  ...facts.reduce<{ problem?: string }>((known, { problem }) => (problem === undefined ? known : { problem }), {}),
});

/** The lines of a file, each where it stands, without its line break. */
export function linesOf(file: string, text: string): PlacedText[] {
  const lines: PlacedText[] = [];
  for (let start = 0; start <= text.length;) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    lines.push(partOfFile(file, text, start, text[stop - 1] === "\r" ? stop - 1 : stop));
    start = stop + 1;
  }
  return lines;
}

/** The lines of a text that is part of a file, each where it stands, without its line break. */
export function placedLines(text: PlacedText): PlacedText[] {
  const lines: PlacedText[] = [];
  for (let start = 0; start <= text.text.length;) {
    const end = text.text.indexOf("\n", start);
    const stop = end < 0 ? text.text.length : end;
    lines.push(slice(text, start, text.text[stop - 1] === "\r" ? stop - 1 : stop));
    start = stop + 1;
  }
  return lines;
}

/** A text without the blanks around it. */
export function trimmed(text: PlacedText): PlacedText {
  const start = text.text.length - text.text.trimStart().length;
  return slice(text, start, Math.max(text.text.trimEnd().length, start));
}

/** A text without the quotes around it. */
export function unquoted(text: PlacedText): PlacedText {
  const inside = trimmed(text);
  return /^(["']).*\1$/s.test(inside.text) ? slice(inside, 1, inside.text.length - 1) : inside;
}
