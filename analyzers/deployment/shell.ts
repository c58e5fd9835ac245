import { joined, type PlacedText, slice } from "./placed-text.ts";

/** One simple command of a shell: `A=1 program word word`. Words are without their quotes; `$NAME` and `${NAME}` are left as they stand. */
export interface ShellCommand {
  readonly words: readonly PlacedText[];
  /** Assignments in front of the command; the command's own surroundings only, unless there is no command. */
  readonly assignments: readonly Assignment[];
}

/** `NAME=value`. */
export interface Assignment {
  readonly name: string;
  readonly value: PlacedText;
}

const KEYWORDS = new Set([
  "if",
  "then",
  "elif",
  "else",
  "fi",
  "for",
  "while",
  "until",
  "do",
  "done",
  "{",
  "}",
  "!",
  "time",
  "esac",
]);

const ASSIGNMENT = /^([A-Za-z_]\w*)\+?=/;

/** Letters of a word that mean nothing to the shell. */
const PLAIN = /[^\s\\'"`$;&|()<>]*/y;
const PLAIN_IN_QUOTES = /[^\\"`$]*/y;

/**
 * The simple commands of a shell text, in order, those inside `$(…)` before the one that holds them. Control flow, pipes and subshells
 * are not kept apart: every command counts as one that may run. Here-documents and comments are passed over. Never fails: what is
 * written wrong is read as far as it can be.
 */
export function readShell(text: PlacedText): readonly ShellCommand[] {
  return new ShellReader(text).read();
}

/** A list of words that is run without a shell: `["node", "server.js"]`. */
export const execCommand = (words: readonly PlacedText[]): ShellCommand => ({ words, assignments: [] });

class ShellReader {
  readonly #source: PlacedText;
  readonly #commands: ShellCommand[] = [];
  readonly #delimiters: { readonly word: string; readonly stripsTabs: boolean }[] = [];
  #words: PlacedText[] = [];
  /** Pieces of the word being read; undefined between words. An empty quoted string is a word too. */
  #pieces: PlacedText[] | undefined;
  #isTarget = false;
  #at = 0;

  constructor(source: PlacedText) {
    this.#source = source;
  }

  read(): readonly ShellCommand[] {
    const { text } = this.#source;
    while (this.#at < text.length) this.#step(text);
    this.#endCommand();
    return this.#commands;
  }

  #step(text: string): void {
    const letter = text.charAt(this.#at);
    if (letter === "\\") {
      if (/^\\\r?\n/.test(text.slice(this.#at, this.#at + 3))) {
        this.#endWord();
        this.#at = text.indexOf("\n", this.#at) + 1;
      } else this.#take(this.#at + 1, 1, this.#at + 2);
    } else if (letter === "'") this.#quoted(text.indexOf("'", this.#at + 1));
    else if (letter === '"') this.#doubleQuoted(text);
    else if (letter === "`" || (letter === "$" && text[this.#at + 1] === "(")) this.#substitution(text);
    else if (letter === "$" && text[this.#at + 1] === "{") {
      const end = closing(text, this.#at + 1, "{", "}");
      this.#take(this.#at, end - this.#at, end);
    } else if (letter === "\n") this.#lineBreak(text);
    else if (/\s/.test(letter)) {
      this.#endWord();
      this.#at++;
    } else if (letter === "#" && this.#pieces === undefined) this.#at = endOfLine(text, this.#at);
    else if (letter === "<" || letter === ">") this.#redirection(text);
    else if (";&|()".includes(letter)) {
      this.#endCommand();
      this.#at++;
    } else this.#takeRun(text, PLAIN);
  }

  /** Adds the letters from here on that mean nothing else; at least one. */
  #takeRun(text: string, plain: RegExp): void {
    plain.lastIndex = this.#at + 1;
    plain.test(text);
    const end = Math.max(plain.lastIndex, this.#at + 1);
    this.#take(this.#at, end - this.#at, end);
  }

  /** Adds letters to the word, and goes on behind them. */
  #take(start: number, length: number, next: number): void {
    this.#pieces ??= [];
    this.#pieces.push(slice(this.#source, start, start + length));
    this.#at = next;
  }

  #quoted(end: number): void {
    const close = end < 0 ? this.#source.text.length : end;
    this.#take(this.#at + 1, close - this.#at - 1, close + 1);
  }

  #doubleQuoted(text: string): void {
    this.#pieces ??= [];
    this.#at++;
    while (this.#at < text.length && text[this.#at] !== '"') {
      const letter = text[this.#at];
      if (letter === "\\" && /^\\[$`"\\\n]/.test(text.slice(this.#at, this.#at + 2)))
        this.#take(this.#at + 1, text[this.#at + 1] === "\n" ? 0 : 1, this.#at + 2);
      else if (letter === "`" || (letter === "$" && text[this.#at + 1] === "(")) this.#substitution(text);
      else this.#takeRun(text, PLAIN_IN_QUOTES);
    }
    this.#at++;
  }

  /** `$(…)` and backquotes: the commands inside, and the text as it stands as part of the word. */
  #substitution(text: string): void {
    const isOld = text[this.#at] === "`";
    const open = isOld ? this.#at : this.#at + 1;
    const end = isOld ? text.indexOf("`", open + 1) + 1 : closing(text, open, "(", ")");
    const stop = end <= open ? text.length : end;
    const isClosed = stop > open + 1 && text[stop - 1] === (isOld ? "`" : ")");
    this.#commands.push(...readShell(slice(this.#source, open + 1, isClosed ? stop - 1 : stop)));
    this.#take(this.#at, stop - this.#at, stop);
  }

  #redirection(text: string): void {
    const operator = /^(?:<<-?(?!<)|<<<|[<>]+[&|]?)/.exec(text.slice(this.#at, this.#at + 4))?.[0] ?? "<";
    // A number in front of it is a file descriptor.
    if (/^\d+$/.test((this.#pieces ?? []).map((piece) => piece.text).join(""))) this.#pieces = undefined;
    this.#endWord();
    this.#at += operator.length;
    if (operator === "<<" || operator === "<<-") {
      const word = /^[ \t]*(["']?)([\w.-]+)\1/.exec(text.slice(this.#at, this.#at + 100));
      if (word !== null) {
        this.#delimiters.push({ word: word[2] ?? "", stripsTabs: operator === "<<-" });
        this.#at += word[0].length;
        return;
      }
    }
    this.#isTarget = true;
  }

  #lineBreak(text: string): void {
    this.#endCommand();
    this.#at++;
    for (const { word, stripsTabs } of this.#delimiters.splice(0)) {
      while (this.#at < text.length) {
        const end = endOfLine(text, this.#at);
        const line = text.slice(this.#at, end).replace(/\r$/, "");
        this.#at = end + 1;
        if ((stripsTabs ? line.replace(/^\t+/, "") : line) === word) break;
      }
    }
  }

  #endWord(): void {
    if (this.#pieces === undefined) return;
    if (!this.#isTarget) this.#words.push(joined(this.#source.file, this.#pieces));
    this.#isTarget = false;
    this.#pieces = undefined;
  }

  #endCommand(): void {
    this.#endWord();
    this.#isTarget = false;
    const words = [...this.#words];
    this.#words = [];
    while (words[0] !== undefined && KEYWORDS.has(words[0].text)) words.shift();
    const assignments: Assignment[] = [];
    for (let first = words[0]; first !== undefined; first = words[0]) {
      const match = ASSIGNMENT.exec(first.text);
      if (match === null) break;
      assignments.push({ name: match[1] ?? "", value: slice(first, match[0].length) });
      words.shift();
    }
    if (words.length > 0 || assignments.length > 0) this.#commands.push({ words, assignments });
  }
}

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
};

/** The offset behind the bracket that closes the one at `open`; the end of the text when none does. */
function closing(text: string, open: number, opener: string, closer: string): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "'" && opener === "(") {
      const end = text.indexOf("'", at + 1);
      if (end > 0) at = end;
    } else if (text[at] === opener) depth++;
    else if (text[at] === closer && --depth === 0) return at + 1;
  }
  return text.length;
}
