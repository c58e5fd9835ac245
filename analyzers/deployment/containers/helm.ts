import { HOLE } from "../../model.ts";
import { type DeploymentFile, folderOf } from "../deployment-file.ts";
import { at, readYamlTrees, textIn, type Tree } from "../yaml-tree.ts";

/** A template of Helm as YAML: every action is taken out, as long as it was, so that everything stands where it stood. */
export interface Untemplated {
  readonly text: string;
  /** The actions that write something, by where they began; in the text each of their letters is a HOLE. */
  readonly actions: ReadonlyMap<number, string>;
}

/** Actions that decide, define or comment, and write nothing themselves. */
const SILENT = /^-?\s*(?:\/\*|if\b|else\b|end\b|range\b|with\b|define\b|block\b|break\b|continue\b|\$[\w.]*\s*:?=)/;

/** Whether a file is a template of Helm: it lies among them, and has actions. */
export const isHelmTemplate = ({ path, text }: DeploymentFile): boolean =>
  /(?:^|\/)templates\//.test(path) && text.includes("{{");

/** An action with its braces: half-open. */
interface Action {
  readonly start: number;
  readonly end: number;
}

function actionsIn(text: string): readonly Action[] {
  const found: Action[] = [];
  for (let start = text.indexOf("{{"); start >= 0;) {
    const close = text.indexOf("}}", start + 2);
    if (close < 0) break;
    found.push({ start, end: close + 2 });
    start = text.indexOf("{{", close + 2);
  }
  return found;
}

/** The starts of the actions beside which their line holds nothing but others. */
function alone(text: string, actions: readonly Action[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (let first = 0; first < actions.length;) {
    const start = actions[first]?.start ?? 0;
    const lineStart = text.lastIndexOf("\n", start - 1) + 1;
    let last = first;
    let isEmpty = text.slice(lineStart, start).trim() === "";
    for (;;) {
      const end = actions[last]?.end ?? text.length;
      const lineEnd = text.indexOf("\n", end);
      const next = actions[last + 1];
      const stop = lineEnd < 0 ? text.length : lineEnd;
      if (next === undefined || next.start >= stop) {
        isEmpty &&= text.slice(end, stop).trim() === "";
        break;
      }
      isEmpty &&= text.slice(end, next.start).trim() === "";
      last++;
    }
    for (let index = first; index <= last; index++) if (isEmpty) found.add(actions[index]?.start ?? -1);
    first = last + 1;
  }
  return found;
}

/** What is written over several lines, or below a key: for how many lines that is, is not known. */
const BLOCK = /\|\s*n?indent\b|\btoYaml\b/;

/**
 * Takes the actions out of a template. Those that write a value become holes; lines of nothing but actions become blank, whatever they
 * write (`{{ toYaml .Values.env | nindent 8 }}`).
 */
export function untemplated(text: string): Untemplated {
  const actions = actionsIn(text);
  const isAlone = alone(text, actions);
  const values = new Map<number, string>();
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of actions) {
    const inside = text.slice(start + 2, end - 2);
    pieces.push(text.slice(at, start));
    at = end;
    if (SILENT.test(inside) || isAlone.has(start) || BLOCK.test(inside) || inside.includes("\n"))
      pieces.push(text.slice(start, end).replace(/[^\r\n]/g, " "));
    else {
      values.set(start, inside.replace(/^-|-$/g, "").trim());
      pieces.push(HOLE.repeat(end - start));
    }
  }
  return { text: pieces.join("") + text.slice(at), actions: values };
}

/** The path of a template without the folder that says it is one: `templates` says nothing of what it is for. */
export const withoutTemplates = (path: string): string => path.replace(/(^|\/)templates\//, "$1");

/** The values of a chart, and its name. */
export interface Chart {
  readonly folder: string;
  readonly values: Tree | undefined;
  readonly name: string | undefined;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The charts of a project: every folder with a Chart.yaml. */
export function chartsIn(files: readonly DeploymentFile[]): readonly Chart[] {
  return files
    .filter(({ path }) => /^Chart\.ya?ml$/.test(nameOf(path)))
    .map((file) => {
      const folder = folderOf(file.path);
      const values = files.find(({ path }) => folderOf(path) === folder && /^values\.ya?ml$/.test(nameOf(path)));
      return {
        folder,
        values: values === undefined ? undefined : readYamlTrees(values).trees[0],
        name: textIn(at(readYamlTrees(file).trees[0], "name")),
      };
    });
}

/** The chart that a template belongs to: the nearest above it. */
export const chartOf = (charts: readonly Chart[], path: string): Chart | undefined =>
  charts
    .filter(({ folder }) => folder === "" || path.startsWith(`${folder}/`))
    .sort((left, right) => right.folder.length - left.folder.length)[0];

/** Functions that leave a value what it is. */
const HARMLESS = /^(?:quote|squote|int|int64|toString|trim|toYaml|tpl\s+\.?)$/;

/**
 * What an action writes, as far as the chart itself says it: `.Values.a.b`, with a default or without, and functions that leave it what it
 * is. Undefined for anything else: whoever installs the chart decides.
 */
export function actionValue(action: string, chart: Chart | undefined): string | undefined {
  const [first = "", ...pipes] = action.split("|").map((part) => part.trim());
  let value = operand(first, chart);
  for (const pipe of pipes) {
    if (HARMLESS.test(pipe)) continue;
    const fallback = /^default\s+(\S.*)$/.exec(pipe)?.[1];
    if (fallback === undefined) return undefined;
    value = value === undefined || value === "" ? operand(fallback, chart) : value;
  }
  return value;
}

function operand(words: string, chart: Chart | undefined): string | undefined {
  const text = words.replace(/^\((.*)\)$/, "$1").trim();
  const literal = /^(?:"([^"]*)"|(-?\d+(?:\.\d+)?|true|false))$/.exec(text);
  if (literal !== null) return literal[1] ?? literal[2];
  const defaulted = /^default\s+(\S+)\s+(\.\S+)$/.exec(text);
  if (defaulted !== null) {
    const value = operand(defaulted[2] ?? "", chart);
    return value === undefined || value === "" ? operand(defaulted[1] ?? "", chart) : value;
  }
  if (HARMLESS.test(text.split(/\s+/)[0] ?? "")) return operand(text.replace(/^\S+\s+/, ""), chart);
  if (text === ".Chart.Name") return chart?.name;
  const path = /^\$?\.Values((?:\.[A-Za-z_]\w*)+)$/.exec(text)?.[1]?.slice(1).split(".");
  return path === undefined ? undefined : textIn(at(chart?.values, ...path));
}
