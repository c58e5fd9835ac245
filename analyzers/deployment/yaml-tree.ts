import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from "yaml";
import type { Origin } from "../deployment-model.ts";
import { HOLE } from "../model.ts";
import type { DeploymentFile } from "./deployment-file.ts";
import { placeScalar, type PlacedText } from "./placed-text.ts";

/** A piece of YAML with where it stands. Aliases and merge keys (`<<`) are resolved. */
export type Tree = TreeMap | TreeList | TreeScalar;

interface TreeBase {
  readonly origin: Origin;
  /** Where its key stands, for what has one. */
  readonly key?: Origin;
  /** A tag of an application's own: `!reset`, `!override`. */
  readonly tag?: string;
}

export interface TreeMap extends TreeBase {
  readonly kind: "map";
  /** Of a key that comes twice the last counts. */
  readonly entries: ReadonlyMap<string, Tree>;
}

export interface TreeList extends TreeBase {
  readonly kind: "list";
  readonly items: readonly Tree[];
}

export interface TreeScalar extends TreeBase {
  readonly kind: "scalar";
  /** As it is written, without quotes and escapes; empty for null. */
  readonly text: string;
  readonly isNull: boolean;
  /** The letters of the text, each where it stands. */
  readonly placed: () => PlacedText;
}

/** The documents of a file, and what could not be read, each with its line. */
export interface YamlTrees {
  readonly trees: readonly Tree[];
  readonly problems: readonly string[];
}

/** A text with holes in it, and what stands in the hole that begins somewhere, where that is known. */
export interface Template {
  readonly text: string;
  readonly valueAt: (start: number) => string | undefined;
}

/** Aliases can stand for any amount of text: more nodes than these are not taken. */
const MAX_NODES = 100_000;
const MAX_DEPTH = 100;

/** Reads YAML, or JSON, as trees. Never throws: what is broken is a problem that names its line, and the rest is read. */
export function readYamlTrees(file: DeploymentFile, template?: Template): YamlTrees {
  const text = template?.text ?? file.text;
  const lines = new LineCounter();
  const documents = [
    ...parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false, lineCounter: lines, strict: false }),
  ];
  const problems = documents.flatMap((document) =>
    document.errors.slice(0, 1).map((error) => {
      const words =
        error.message
          .split("\n")[0]
          ?.replace(/ at line .*$/, "")
          .replace(/:$/, "") ?? "";
      return `not valid YAML in line ${String(lines.linePos(error.pos[0]).line)}: ${words}`;
    }),
  );
  const trees = documents.flatMap((document): Tree[] => {
    const grower = { file, text, template, document, nodes: 0, isFull: false };
    const tree = grow(document.contents, grower, [], 0);
    if (grower.isFull) problems.push("more nodes than are read: aliases within aliases, or nested too deep");
    return tree === undefined ? [] : [tree];
  });
  return { trees, problems };
}

interface Grower {
  readonly file: DeploymentFile;
  readonly text: string;
  readonly template: Template | undefined;
  readonly document: Document;
  nodes: number;
  isFull: boolean;
}

function grow(node: unknown, grower: Grower, above: readonly unknown[], depth: number): Tree | undefined {
  if (grower.isFull) return undefined;
  if (++grower.nodes > MAX_NODES || depth > MAX_DEPTH) {
    grower.isFull = true;
    return undefined;
  }
  if (isAlias(node)) {
    const target = node.resolve(grower.document);
    return target === undefined || above.includes(target)
      ? undefined
      : grow(target, grower, [...above, target], depth + 1);
  }
  if (isScalar(node)) {
    const { value, source } = node;
    const words =
      typeof value === "string"
        ? value
        : (source ?? (typeof value === "number" || typeof value === "boolean" ? String(value) : ""));
    const base = baseOf(node, grower);
    return {
      kind: "scalar",
      text: value === null ? "" : filled(words, node, grower),
      isNull: value === null,
      placed: () => placedScalar(node, words, grower),
      ...base,
    };
  }
  if (isSeq(node)) {
    const items = node.items.flatMap((item) => grow(item, grower, above, depth + 1) ?? []);
    return { kind: "list", items, ...baseOf(node, grower) };
  }
  if (!isMap(node)) return undefined;
  const merged = new Map<string, Tree>();
  const own = new Map<string, Tree>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const tree = value === null ? emptyAt(key, grower) : grow(value, grower, above, depth + 1);
    if (tree === undefined) continue;
    if (name !== "<<") own.set(name, isScalar(key) ? { ...tree, key: baseOf(key, grower).origin } : tree);
    else for (const [inner, held] of mergedEntries(tree)) if (!merged.has(inner)) merged.set(inner, held);
  }
  return { kind: "map", entries: new Map([...merged, ...own]), ...baseOf(node, grower) };
}

/** A text with its holes filled, as far as the template knows what stands there. */
function filled(words: string, node: Node, grower: Grower): string {
  const { template } = grower;
  if (template === undefined || !words.includes(HOLE)) return words;
  const { offsets } = placedScalar(node, words, grower);
  return words.replace(HOLES, (holes, start: number) => template.valueAt(offsets[start] ?? -1) ?? holes);
}

const HOLES = new RegExp(`${HOLE}+`, "g");

/** `<<: *a` and `<<: [*a, *b]`, of which the first counts. */
const mergedEntries = (tree: Tree): readonly (readonly [string, Tree])[] =>
  tree.kind === "map" ? [...tree.entries] : tree.kind === "list" ? tree.items.flatMap(mergedEntries) : [];

function baseOf(node: Node, grower: Grower): TreeBase {
  const [start = 0, end = start] = node.range ?? [];
  const { file } = grower;
  const origin = {
    location: { file: file.filename, range: { start, end: trimmedEnd(grower.text, start, end) } },
    words: file.path,
  };
  const { tag } = node;
  return tag?.startsWith("!") === true ? { origin, tag } : { origin };
}

/** Without the line breaks that a block ends with. */
function trimmedEnd(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && /\s/.test(text[last - 1] ?? "")) last--;
  return last;
}

const emptyAt = (key: unknown, grower: Grower): TreeScalar | undefined => {
  if (!isScalar(key)) return undefined;
  const { origin } = baseOf(key, grower);
  const placed = (): PlacedText => ({ file: grower.file.filename, text: "", offsets: [] });
  return { kind: "scalar", text: "", isNull: true, placed, origin };
};

function placedScalar(node: Node & { type?: string }, value: string, { file, text }: Grower): PlacedText {
  const [start, end] = node.range ?? [0, 0];
  const isBlock = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
  const body = isBlock ? text.indexOf("\n", start) + 1 : start + (/^["']/.test(text.slice(start, end)) ? 1 : 0);
  return placeScalar(file.filename, text, { start: body, end }, value, node.type === "QUOTE_DOUBLE");
}

/** What stands below a path of keys. */
export function at(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  let found = tree;
  for (const key of path) {
    if (found?.kind !== "map") return undefined;
    found = found.entries.get(key);
  }
  return found;
}

/** The entries of a map; none for anything else. */
export const entriesIn = (tree: Tree | undefined): readonly (readonly [string, Tree])[] =>
  tree?.kind === "map" ? [...tree.entries] : [];

export const itemsIn = (tree: Tree | undefined): readonly Tree[] => (tree?.kind === "list" ? tree.items : []);

/** The text of a scalar that is not null, and that no template writes. */
export const textIn = (tree: Tree | undefined): string | undefined =>
  tree?.kind === "scalar" && !tree.isNull && !tree.text.includes(HOLE) ? tree.text : undefined;
