import type {
  ConfigurationProblem,
  Origin,
  PgBouncerConfiguration,
  PoolerEntry,
  PoolerSetting,
  Stated,
} from "../deployment-model.ts";
import { type DeploymentFile, folderOf } from "./deployment-file.ts";
import { connectionString } from "./pgbouncer-entries.ts";
import { locationOf, type PlacedText, slice, wholeText } from "./placed-text.ts";
import { isTemplated } from "./templates.ts";
import { placedLines } from "./unit.ts";

/** Without the blanks around it: those of C, which a byte order mark is none of. */
function trimmed(text: PlacedText): PlacedText {
  const start = /^[ \t\r\v\f]*/.exec(text.text)?.[0].length ?? 0;
  const end = text.text.length - (/(?<![ \t\r\v\f])[ \t\r\v\f]*$/.exec(text.text)?.[0].length ?? 0);
  return slice(text, start, Math.max(start, end));
}

/** Names in single quotes (pgbouncer 1.25 NEWS.md). */
const QUOTED_NAMES_SINCE = [1, 25] as const;

/** How deep PgBouncer follows `%include` (libusual cfparser.c, MAX_INCLUDE). */
const MAX_INCLUDE = 10;

/** The text of an ini: a whole file, or a part of one, as in a ConfigMap. */
export interface IniText {
  /** Path in the project of the file that holds it, or what a reader would call it. */
  readonly path: string;
  readonly text: PlacedText;
}

/** Finds a file of the project by its path in it. */
export type FindFile = (path: string) => DeploymentFile | undefined;

interface Reading {
  readonly settings: PoolerSetting[];
  readonly databases: PoolerEntry[];
  readonly users: PoolerEntry[];
  readonly peers: PoolerEntry[];
  readonly problems: ConfigurationProblem[];
  section: string | undefined;
  /** Whether `[pgbouncer]` was met, without which PgBouncer does not start. */
  isMain: boolean;
  /** Reading stops where PgBouncer stops: at a line that it cannot take. */
  isStopped: boolean;
}

/**
 * Reads a pgbouncer.ini as PgBouncer does (libusual cfparser.c): comments only where a line begins, quotes and what follows a value part of
 * it, sections by their exact names, `%include`. Values that a template engine fills in are unknown. Passwords are not kept. Never throws.
 */
export function readPgBouncerIni({ path, text }: IniText, find: FindFile): PgBouncerConfiguration {
  const reading: Reading = {
    settings: [],
    databases: [],
    users: [],
    peers: [],
    problems: [],
    section: undefined,
    isMain: false,
    isStopped: false,
  };
  readText(text, path, find, reading, []);
  return {
    path,
    origin: originAt(slice(text, 0, 1), path, path),
    isMain: reading.isMain,
    settings: reading.settings,
    databases: reading.databases,
    users: reading.users,
    peers: reading.peers,
    problems: reading.problems,
  };
}

const originAt = (text: PlacedText, words: string, path: string): Origin => ({
  location: locationOf(text),
  words: words === path ? path : `${words} in ${path}`,
});

const SPACE = /[ \t]*/y;

/** Letters of a key that is not quoted. */
const KEY = /[A-Za-z0-9_.\-*]+/y;

function readText(text: PlacedText, path: string, find: FindFile, reading: Reading, above: readonly string[]): void {
  for (const raw of placedLines(text)) {
    const line = trimmed(raw);
    if (line.text === "" || line.text.startsWith("#") || line.text.startsWith(";")) continue;
    if (reading.isStopped) return;
    if (isDirective(line.text)) {
      unread(reading, line, path, "a template decides what is here");
      continue;
    }
    if (/^%include[ \t]/.test(line.text)) include(line, path, find, reading, above);
    else if (line.text.startsWith("[")) startSection(line, path, reading);
    else readPair(line, path, reading);
  }
}

/** A whole line of a template language: `{{- range .Databases }}`, `{% for %}`, `<% end %>`. */
const isDirective = (line: string): boolean => /^(?:\{\{.*\}\}|\{%.*%\}|<%.*%>)$/.test(line);

function unread(reading: Reading, line: PlacedText, path: string, message: string): void {
  reading.problems.push({ message, origin: originAt(line, path, path), kind: "unread" });
}

function refuse(reading: Reading, line: PlacedText, path: string, message: string, fix: string): void {
  reading.problems.push({ message, origin: originAt(line, path, path), kind: "refuses", fix });
}

function include(line: PlacedText, path: string, find: FindFile, reading: Reading, above: readonly string[]): void {
  const name = trimmed(slice(line, "%include".length)).text;
  if (above.length >= MAX_INCLUDE) {
    refuse(reading, line, path, "%include is nested more than 10 levels deep", "Include fewer levels of files.");
    reading.isStopped = true;
    return;
  }
  const chain = [...above, path];
  const found = candidatesFor(name, path).flatMap((candidate) => find(candidate) ?? [])[0];
  if (found === undefined) {
    unread(reading, line, path, `the included file ${name} is not among the audited files`);
    return;
  }
  if (chain.includes(found.path)) {
    refuse(reading, line, path, `${name} includes itself`, "Break the circle of %include.");
    reading.isStopped = true;
    return;
  }
  readText(wholeText(found.filename, found.text), found.path, find, reading, chain);
}

/** Where an included file may be: PgBouncer's working folder is not known, so beside the file and at the top of the project. */
function candidatesFor(name: string, path: string): readonly string[] {
  const clean = name.replace(/^\.\//, "");
  const base = clean.slice(clean.lastIndexOf("/") + 1);
  const folder = folderOf(path);
  const beside = (inner: string): string => (folder === "" ? inner : `${folder}/${inner}`);
  return clean.startsWith("/") ? [beside(base)] : [beside(clean), clean, beside(base)];
}

function startSection(line: PlacedText, path: string, reading: Reading): void {
  const end = line.text.indexOf("]");
  if (end < 0) {
    refuse(reading, line, path, `the section ${line.text} has no closing bracket`, "Close the bracket.");
    reading.isStopped = true;
    return;
  }
  const name = line.text.slice(1, end);
  reading.section = name;
  // A section that begins again starts from the defaults (cfparser.c, fill_defaults).
  if (name === "pgbouncer") {
    reading.settings.length = 0;
    reading.isMain = true;
  }
  if (!["pgbouncer", "databases", "users", "peers"].includes(name)) {
    refuse(reading, line, path, `there is no section [${name}]`, "Take the section out, or correct its name.");
    reading.isStopped = true;
    return;
  }
  const rest = trimmed(slice(line, end + 1));
  if (rest.text !== "" && !rest.text.startsWith(";") && !rest.text.startsWith("#")) readPair(rest, path, reading);
}

function readPair(line: PlacedText, path: string, reading: Reading): void {
  const pair = pairIn(line);
  if (pair === undefined) {
    refuse(
      reading,
      line,
      path,
      "a line is neither `key = value` nor a comment nor a section",
      "Correct the line, or begin it with `;`.",
    );
    reading.isStopped = true;
    return;
  }
  const { key, value } = pair;
  if (line.text.startsWith("'")) {
    reading.problems.push({
      message: `the quoted name '${key.text}' is not understood before ${QUOTED_NAMES_SINCE.join(".")}`,
      origin: originAt(key, key.text, path),
      kind: "refuses",
      since: QUOTED_NAMES_SINCE,
      onlyOn: `PgBouncer older than ${QUOTED_NAMES_SINCE.join(".")}`,
      fix: "Give it a name without blanks and the like, or run PgBouncer 1.25 or newer.",
    });
  }
  if (reading.section === undefined) {
    refuse(reading, line, path, `${key.text} stands before any section`, "Put it below [pgbouncer].");
    reading.isStopped = true;
    return;
  }
  if (reading.section === "pgbouncer") {
    reading.settings.push({ name: key.text, value: stated(key, value, path), via: "ini" });
    return;
  }
  const entry: PoolerEntry = {
    name: isTemplated(key.text)
      ? { is: "unknown", because: "a template writes it", origin: originAt(key, key.text, path) }
      : { is: "known", value: key.text, origin: originAt(key, key.text, path) },
    ...connectionString(value, (at, words) => originAt(at, words, path)),
    origin: originAt(line, key.text, path),
  };
  const list = { databases: reading.databases, users: reading.users, peers: reading.peers }[reading.section];
  list?.push(entry);
}

/** The value of a parameter: unknown where a template writes it. */
function stated(key: PlacedText, value: PlacedText, path: string): Stated<string> {
  const origin = originAt(value.text === "" ? key : value, key.text, path);
  return isTemplated(value.text) || isPlaceholder(key.text, value.text)
    ? { is: "unknown", because: "a template or the environment writes its value", origin }
    : { is: "known", value: value.text, origin };
}

const letters = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, "");

/** A value that is the name of its key in another spelling (`_listen_port`, `<LISTEN_PORT>`): a script writes another one there. */
const isPlaceholder = (key: string, value: string): boolean =>
  value !== key && /^[^\w]*_*[A-Za-z]\w*[^\w]*$/.test(value) && letters(value) === letters(key);

function pairIn(line: PlacedText): { readonly key: PlacedText; readonly value: PlacedText } | undefined {
  const { text } = line;
  let key: PlacedText;
  let at: number;
  if (text.startsWith("'")) {
    const end = text.indexOf("'", 1);
    if (end <= 1) return undefined;
    key = slice(line, 1, end);
    at = end + 1;
  } else {
    KEY.lastIndex = 0;
    const word = KEY.exec(text)?.[0] ?? templateAt(text);
    key = slice(line, 0, word.length);
    at = word.length;
  }
  SPACE.lastIndex = at;
  at += SPACE.exec(text)?.[0].length ?? 0;
  if (text[at] !== "=") return undefined;
  return { key, value: trimmed(slice(line, at + 1)) };
}

/** A key that a template writes: `{{ .Name }}`, `${DB_NAME}`. */
const templateAt = (text: string): string => /^(?:\{\{.*?\}\}|\$\{[^}]*\}|\$\w+|<%.*?%>)/.exec(text)?.[0] ?? "";
