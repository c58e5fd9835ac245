import type { DeploymentFile } from "./deployment-file.ts";
import { partOfFile, type PlacedText } from "./placed-text.ts";

/** The settings of one `datasource` or `generator` block: the text of each value, as it is written. */
export interface SchemaBlock {
  readonly kind: "datasource" | "generator";
  readonly settings: ReadonlyMap<string, PlacedText>;
}

/**
 * The datasource and generator blocks of a Prisma schema. The rest of the language is passed over, so that a schema with a construct of a
 * later version is read like any other. Read against the grammar of prisma 7.10 (`key = value`, one a line; lists may take several).
 */
export function readPrismaSchema({ filename, text }: DeploymentFile): SchemaBlock[] {
  const code = withoutComments(text);
  return [...code.matchAll(/^[ \t]*(datasource|generator)\s+\w+\s*\{([^}]*)\}/gm)].map((match) => {
    const [whole, kind, body = ""] = match;
    const start = match.index + whole.length - 1 - body.length;
    const settings = new Map<string, PlacedText>();
    for (const line of body.matchAll(/^[ \t]*(\w+)[ \t]*=[ \t]*(\[[^[\]]*\]|[^ \t\r\n[][^\r\n]*|)/gm)) {
      const [words, key = "", given = ""] = line;
      const value = given.trimEnd();
      const end = start + line.index + words.trimEnd().length;
      settings.set(key, partOfFile(filename, text, end - value.length, end));
    }
    return { kind: kind === "generator" ? "generator" : "datasource", settings };
  });
}

/** Comments as blanks; `//` inside a string is none. */
const withoutComments = (text: string): string =>
  text.replace(/"(?:\\.|[^"\\\n])*"|\/\/[^\n]*/g, (words) =>
    words.startsWith("//") ? " ".repeat(words.length) : words,
  );

/** `env("NAME")`: the variable; `"text"`: the text; neither for anything else. */
export function schemaValue({ text }: PlacedText): { readonly variable?: string; readonly literal?: string } {
  const variable = /^env\(\s*"([^"]+)"\s*\)$/.exec(text)?.[1];
  if (variable !== undefined) return { variable };
  const literal = /^"((?:\\.|[^"\\])*)"$/.exec(text)?.[1];
  return literal === undefined ? {} : { literal };
}

/** The strings of `["a", "b"]`. */
export const schemaList = ({ text }: PlacedText): string[] =>
  [...text.matchAll(/"([^"]*)"/g)].map(([, item = ""]) => item);
