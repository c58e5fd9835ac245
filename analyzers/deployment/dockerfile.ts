import { type DeploymentFile, isDevelopmentPath } from "./deployment-file.ts";
import { joined, locationOf, placeScalar, type PlacedText, slice } from "./placed-text.ts";
import { execCommand, readShell, type ShellCommand } from "./shell.ts";
import { type FileFacts, linesOf, makeUnit, type Setting, settingIn, together, trimmed, unquoted } from "./unit.ts";

/** One instruction: its name in capitals, and all that follows, over continued lines. */
export interface Instruction {
  readonly name: string;
  readonly rest: PlacedText;
}

/**
 * A Dockerfile: what it runs while it builds (RUN) is one unit, what the container runs when it starts (ENTRYPOINT, CMD) another. ENV
 * holds for both.
 */
export function readDockerfile({ filename, path, text }: DeploymentFile): FileFacts {
  const instructions = instructionsIn(filename, text);
  const settings = instructions.filter(({ name }) => name === "ENV").flatMap(({ rest }) => settingsOfEnvironment(rest));
  const commandsOf = (...names: readonly string[]): ShellCommand[] =>
    instructions
      .filter(({ name }) => names.includes(name))
      .flatMap(({ rest }) => {
        const words = execForm(rest, text);
        return words === undefined ? readShell(rest) : [execCommand(words)];
      });
  const unit = { file: filename, path, forDevelopment: isDevelopmentPath(path) };
  return together([
    makeUnit({ ...unit, title: "build of the image", occasion: "start" }, commandsOf("RUN"), settings),
    makeUnit(
      { ...unit, title: "start of the container", occasion: "deploy" },
      commandsOf("ENTRYPOINT", "CMD"),
      settings,
    ),
    {
      units: [],
      settings: settings.map((setting) => ({ ...setting, ambient: true, forDevelopment: unit.forDevelopment })),
    },
  ]);
}

const WORD = /^\s*([A-Za-z]+)(?:\s+|$)/;

/** The instructions of a Dockerfile, in order, comments left out. */
export function instructionsIn(file: string, text: string): Instruction[] {
  const escape = /^[ \t]*#[ \t]*escape[ \t]*=[ \t]*`/im.test(text.slice(0, 400)) ? "`" : "\\";
  const found: Instruction[] = [];
  const lines = linesOf(file, text);
  for (let index = 0; index < lines.length; index++) {
    const first = lines[index];
    const match = first === undefined ? null : WORD.exec(first.text);
    if (first === undefined || match === null) continue;
    const pieces = [slice(first, match[0].length)];
    for (let last = first; isContinued(last.text, escape);) {
      const next = lines[++index];
      if (next === undefined) break;
      // Comments and empty lines may stand between continued lines.
      if (/^\s*(?:#|$)/.test(next.text)) continue;
      pieces.push(lineBreak(last), next);
      last = next;
    }
    const heredoc = /<<-?\s*(["']?)(\w+)\1/.exec(first.text);
    if (heredoc !== null) {
      const isScript = /^\s*(?:--\S+\s+)*<</.test(slice(first, match[0].length).text);
      if (isScript) pieces.length = 0;
      for (let line = lines[++index]; line !== undefined && line.text.trim() !== heredoc[2]; line = lines[++index]) {
        if (isScript) pieces.push(line, lineBreak(line));
      }
    }
    const rest = trimmed(joined(file, pieces));
    const name = (match[1] ?? "").toUpperCase();
    const triggered = name === "ONBUILD" ? WORD.exec(rest.text) : null;
    found.push(
      triggered === null
        ? { name, rest }
        : { name: (triggered[1] ?? "").toUpperCase(), rest: slice(rest, triggered[0].length) },
    );
  }
  return found;
}

const isContinued = (line: string, escape: string): boolean => line.trimEnd().endsWith(escape);

const lineBreak = (line: PlacedText): PlacedText => ({
  file: line.file,
  text: "\n",
  offsets: [line.offsets.at(-1) ?? 0],
});

/** The words of `["a", "b"]`; undefined for what is no such list. Options of RUN (`--mount=…`) may stand in front. */
function execForm(rest: PlacedText, source: string): PlacedText[] | undefined {
  const start = /^(?:--\S+\s+)*/.exec(rest.text)?.[0].length ?? 0;
  const list = trimmed(slice(rest, start));
  if (!/^\[.*\]$/s.test(list.text)) return undefined;
  const words: PlacedText[] = [];
  for (const match of list.text.matchAll(/"((?:\\.|[^"\\])*)"/g)) {
    const value = jsonString(match[0]);
    if (value === undefined) return undefined;
    const { range } = locationOf(list, match.index + 1, match.index + match[0].length - 1);
    words.push(placeScalar(rest.file, source, range, value, true));
  }
  return words.length === 0 ? undefined : words;
}

function jsonString(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `ENV A=1 B="two"`, `ENV A 1`. */
export function settingsOfEnvironment(rest: PlacedText): Setting[] {
  const old = /^([A-Za-z_]\w*)\s+(?=[^\s=])/.exec(rest.text);
  if (old !== null) return [{ name: old[1] ?? "", value: unquoted(slice(rest, old[0].length)) }];
  return readShell(rest).flatMap(({ words, assignments }) => [
    ...assignments,
    ...words.flatMap((word) => settingIn(word) ?? []),
  ]);
}
