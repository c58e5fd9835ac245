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

/**
 * Takes the actions out of a template. Those that write a value become holes; lines of nothing but actions become blank, whatever they
 * write (`{{ toYaml .Values.env | nindent 8 }}`), for how many lines that is, is not known.
 */
export function untemplated(text: string): Untemplated {
  const actions = new Map<number, string>();
  const blank = (words: string): string => words.replace(/[^\r\n]/g, " ");
  const whole = text.replace(/\{\{[^]*?\}\}/g, (action, start: number) => {
    const inside = action.slice(2, -2);
    const lineStart = text.lastIndexOf("\n", start - 1) + 1;
    const end = text.indexOf("\n", start + action.length);
    const line = text.slice(lineStart, end < 0 ? text.length : end);
    const isAlone = line.replace(/\{\{[^]*?\}\}/g, "").trim() === "";
    // What is written over several lines, or below a key, is not known line by line.
    const isBlock = /\|\s*n?indent\b|\btoYaml\b/.test(inside);
    if (SILENT.test(inside) || isAlone || isBlock || action.includes("\n")) return blank(action);
    actions.set(start, inside.replace(/^-|-$/g, "").trim());
    return HOLE.repeat(action.length);
  });
  return { text: whole, actions };
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
    const fallback = /^default\s+(.+)$/.exec(pipe)?.[1];
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
