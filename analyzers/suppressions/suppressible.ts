import type { TSESTree } from "@typescript-eslint/types";
import type { ParsedFile, SqlFile } from "../source/parsed-file.ts";
import { tokenize } from "../sql/lexer.ts";
import { splitStatements } from "../sql/splitter.ts";
import { type Directive, directiveIn, mayHoldDirective } from "./directive.ts";

/** A file with directives, and what a directive needs to know of its text. */
export interface SuppressibleFile {
  readonly filename: string;
  readonly text: string;
  readonly directives: readonly Directive[];
  /** Where what holds an offset begins, innermost first, up to the statement: the lines on which a comment above may stand. */
  readonly beginningsAt: (offset: number) => readonly number[];
  /** Whether an offset is in a comment or a blank: a line of nothing else is passed over by what reaches for the next line of code. */
  readonly isComment: (offset: number) => boolean;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const holdsIn =
  (spans: readonly Span[]) =>
  (offset: number): boolean =>
    spans.some(({ start, end }) => start <= offset && offset < end);

/** A source file; undefined when it has no directive. */
export function suppressibleSource({ filename, text, ast }: ParsedFile): SuppressibleFile | undefined {
  if (!mayHoldDirective(text)) return undefined;
  const comments = (ast.comments ?? []).map(({ range: [start, end] }) => ({ start, end }));
  const isComment = holdsIn(comments);
  const inComments = comments.flatMap(({ start, end }) => {
    const content = text.slice(start + 2, text.startsWith("/*", start) ? end - 2 : end);
    return directiveIn(content, { file: filename, range: { start, end } }) ?? [];
  });
  // In SQL that stands in the code: `-- pgbouncer-ignore …`.
  const inSql = [...text.matchAll(/--[ \t]*pgbouncer-ignore[^\n`]*/g)].flatMap(({ 0: words, index }) =>
    isComment(index)
      ? []
      : (directiveIn(words.slice(2), {
          file: filename,
          range: { start: index, end: index + words.trimEnd().length },
        }) ?? []),
  );
  const directives = [...inComments, ...inSql];
  if (directives.length === 0) return undefined;
  return { filename, text, directives, isComment, beginningsAt: (offset) => beginnings(ast, offset) };
}

/** A `.sql` file; undefined when it has no directive. */
export function suppressibleSql({ filename, text }: SqlFile): SuppressibleFile | undefined {
  if (!mayHoldDirective(text)) return undefined;
  const { tokens, comments } = tokenize(text);
  const directives = comments.flatMap(
    ({ start, end, text: words }) => directiveIn(words, { file: filename, range: { start, end } }) ?? [],
  );
  if (directives.length === 0) return undefined;
  const statements = splitStatements(tokens).map((statement) => ({
    start: statement[0]?.start ?? 0,
    end: statement.at(-1)?.end ?? 0,
  }));
  return {
    filename,
    text,
    directives,
    isComment: holdsIn(comments),
    beginningsAt: (offset) =>
      statements.filter(({ start, end }) => start <= offset && offset < end).map(({ start }) => start),
  };
}

/** A deployment file, by its comments at the beginning or the end of lines; undefined when it has no directive. */
export function suppressibleLines(filename: string, text: string): SuppressibleFile | undefined {
  if (!text.includes("pgbouncer-ignore")) return undefined;
  const comments: Span[] = [];
  const directives: Directive[] = [];
  for (const { 0: words, index } of text.matchAll(/(?:#|;|\/\/)[ \t]*pgbouncer-ignore[^\n]*/g)) {
    const before = text.slice(text.lastIndexOf("\n", index - 1) + 1, index);
    if (/\S$/.test(before)) continue;
    const span = { start: index, end: index + words.trimEnd().length };
    const found = directiveIn(words.replace(/^(?:#|;|\/\/)/, ""), { file: filename, range: span });
    if (found === undefined) continue;
    comments.push(span);
    directives.push(found);
  }
  return directives.length === 0
    ? undefined
    : { filename, text, directives, isComment: holdsIn(comments), beginningsAt: () => [] };
}

const isNode = (value: unknown): value is TSESTree.Node =>
  typeof value === "object" && value !== null && "type" in value && "range" in value;

const STATEMENT = /(?:Statement|Declaration|Definition)$/;

/** The beginnings of the nodes around an offset, innermost first, up to the nearest statement or member of a class. */
function beginnings(ast: TSESTree.Program, offset: number): readonly number[] {
  const chain: TSESTree.Node[] = [];
  for (let node: TSESTree.Node | undefined = ast; node !== undefined; node = childAt(node, offset)) chain.push(node);
  const found: number[] = [];
  for (const node of chain.reverse()) {
    if (node.type === "Program") break;
    found.push(node.range[0]);
    if (STATEMENT.test(node.type) && node.type !== "BlockStatement") break;
  }
  return found;
}

function childAt(node: TSESTree.Node, offset: number): TSESTree.Node | undefined {
  for (const [field, value] of Object.entries(node) as [string, unknown][]) {
    if (field === "parent" || field === "comments" || field === "tokens") continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(child) && child.range[0] <= offset && offset < child.range[1]) return child;
  }
  return undefined;
}
