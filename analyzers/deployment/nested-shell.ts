import type { PlacedText } from "./placed-text.ts";
import { readShell, type ShellCommand } from "./shell.ts";

/** Options whose value is a text for a shell: `sh -c "…"`, `su - app -c "…"`, `nodemon --exec "…"`. */
const TEXT_OPTION = /^-[a-z]*c$|^-C$|^--?exec$|^--command$|^--onSuccess$/;
/** Programs that run each of their arguments as a text of its own. */
const RUN_TEXTS = new Set(["eval", "ssh", "concurrently", "conc", "cross-env-shell", "start-server-and-test"]);
/** Programs whose option of that name is something else. */
const OTHERS = new Set(["psql", "git", "docker", "node", "tar", "grep", "sed", "awk", "python", "python3", "curl"]);

const MAX_DEPTH = 4;

/** A command, and the commands of the texts that it gives to a shell. */
export function withNested(command: ShellCommand, depth = 0): readonly ShellCommand[] {
  const { words, assignments } = command;
  const program = programOf(words[0]);
  const isOther = OTHERS.has(program);
  const texts = words.filter(
    (word, index) =>
      /\s/.test(word.text) &&
      (RUN_TEXTS.has(program) || (!isOther && index > 0 && TEXT_OPTION.test(words[index - 1]?.text ?? ""))),
  );
  if (texts.length === 0 || depth >= MAX_DEPTH) return [command];
  return [
    command,
    ...texts
      .flatMap((text) => readShell(text))
      .map((nested) => ({ words: nested.words, assignments: [...assignments, ...nested.assignments] }))
      .flatMap((nested) => withNested(nested, depth + 1)),
  ];
}

const EXTENSION = /\.(?:[cm]?[jt]s|cmd|exe|sh)$/;

/**
 * The name of the program that a word stands for, without path and extension: `node_modules/.bin/prisma`, `./ace.js`. A file with a name of
 * no meaning is called by its package.
 */
export function programOf(word: PlacedText | undefined): string {
  const text = word?.text ?? "";
  const name = text.slice(text.lastIndexOf("/") + 1).replace(EXTENSION, "");
  const inside = /node_modules\/((?:@[^/]+\/)?[^/.][^/]*)\/.+/.exec(text)?.[1];
  return inside !== undefined && /^(?:cli|index|main|bin|run)$/.test(name) ? inside : name;
}
