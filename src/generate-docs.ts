/** Writes the JSON Schemas and the reference of the configuration. Run with `npm run docs`; CI fails when it changes anything. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import * as z from "zod";
import { configurationJsonSchema } from "../analyzers/index.ts";
import { baselineSchema } from "./baseline/baseline-file.ts";
import { reportSchema } from "./report/schema.ts";

const root = join(import.meta.dirname, "..");

/** The published schemas by file name. */
export const schemas = (): Readonly<Record<string, unknown>> => ({
  "configuration.json": configurationJsonSchema(),
  "report.json": z.toJSONSchema(reportSchema),
  "baseline.json": z.toJSONSchema(baselineSchema, { io: "input" }),
});

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Rows of a table: every key below an object, with its type and what it is for. */
export function configurationRows(): readonly {
  readonly key: string;
  readonly type: string;
  readonly words: string;
}[] {
  const whole = configurationJsonSchema();
  const definitions = isSchema(whole) && isSchema(whole["$defs"]) ? whole["$defs"] : {};
  const rows: { key: string; type: string; words: string }[] = [];
  const branches = (node: unknown): Schema[] => {
    if (!isSchema(node)) return [];
    if (typeof node["$ref"] === "string") return branches(definitions[node["$ref"].replace("#/$defs/", "")]);
    return Array.isArray(node["anyOf"]) ? node["anyOf"].flatMap(branches) : [node];
  };
  const typeOf = (node: unknown): string =>
    [
      ...new Set(
        branches(node).map((branch) => {
          if (Array.isArray(branch["enum"])) return branch["enum"].map((value) => JSON.stringify(value)).join(" \\| ");
          if (branch["type"] === "array") return `list of ${typeOf(branch["items"])}`;
          return { string: "text", integer: "number" }[String(branch["type"])] ?? String(branch["type"]);
        }),
      ),
    ].join(" or ");
  const visit = (node: unknown, prefix: string): void => {
    for (const branch of branches(node)) {
      if (isSchema(branch["items"])) visit(branch["items"], `${prefix}[]`);
      const { properties, additionalProperties } = branch;
      if (isSchema(additionalProperties) && !("enum" in additionalProperties))
        visit(additionalProperties, `${prefix}.*`);
      if (!isSchema(properties)) continue;
      for (const [name, child] of Object.entries(properties)) {
        const key = prefix === "" ? name : `${prefix}.${name}`;
        const words = isSchema(child) && typeof child["description"] === "string" ? child["description"] : "";
        rows.push({ key, type: typeOf(child), words });
        // What a workspace may say is what may be said for all.
        if (!prefix.startsWith("workspaces")) visit(child, key);
      }
    }
  };
  visit(whole, "");
  return rows;
}

const MARKS = ["<!-- begin keys -->", "<!-- end keys -->"] as const;

function withKeys(text: string): string {
  const [begin, end] = MARKS;
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no ${begin} … ${end}`);
  const rows = configurationRows().map(
    ({ key, type, words }) => `| \`${key}\` | ${type} | ${words.replaceAll("|", "\\|")} |`,
  );
  const table = ["| key | type | what it says |", "| --- | --- | --- |", ...rows].join("\n");
  return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`;
}

async function main(): Promise<void> {
  mkdirSync(join(root, "docs/schemas"), { recursive: true });
  for (const [name, schema] of Object.entries(schemas()))
    writeFileSync(join(root, "docs/schemas", name), await format(JSON.stringify(schema), { parser: "json" }));
  const page = join(root, "docs/configuration.md");
  writeFileSync(page, await format(withKeys(readFileSync(page, "utf8")), { parser: "markdown", printWidth: 120 }));
}

if (process.argv[1]?.endsWith("generate-docs.ts") === true) await main();
