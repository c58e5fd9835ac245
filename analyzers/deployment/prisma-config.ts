import type { TSESTree } from "@typescript-eslint/types";
import type { ConnectionUrl, SourceLocation } from "../model.ts";
import { urlsOf } from "../source/connection-url.ts";
import { literalSegments } from "../source/literal-text.ts";
import type { ParsedFile } from "../source/parsed-file.ts";
import { walk } from "../source/walk.ts";

/** What a prisma.config.ts says: `defineConfig({ schema, datasource: { url } })` from "prisma/config". */
export interface PrismaConfig {
  readonly file: string;
  /** The URL that `prisma migrate` uses; absent where the configuration says none. */
  readonly url?: { readonly urls: readonly ConnectionUrl[]; readonly location: SourceLocation };
  /** Of the schema, as it is written. */
  readonly schema?: string;
}

/** Reads a configuration of Prisma 6.18 or newer; earlier ones hold no URL. */
export function readPrismaConfig(file: ParsedFile): PrismaConfig {
  const found: { url?: TSESTree.Node; schema?: TSESTree.Node } = {};
  walk(file.ast, (node, above) => {
    if (node.type !== "Property") return undefined;
    const name = keyOf(node);
    const object = above?.above?.node;
    if (name === "url" && object?.type === "Property" && keyOf(object) === "datasource") found.url ??= node.value;
    if (name === "schema") found.schema ??= node.value;
    return undefined;
  });
  const { url, schema } = found;
  const path = schema === undefined ? undefined : literal(schema);
  return {
    file: file.filename,
    ...(url === undefined
      ? {}
      : {
          url: {
            urls: addressesOf(url, file),
            location: { file: file.filename, range: { start: url.range[0], end: url.range[1] } },
          },
        }),
    ...(path === undefined ? {} : { schema: path }),
  };
}

const keyOf = ({ key, computed }: TSESTree.Property): string | undefined =>
  computed ? undefined : key.type === "Identifier" ? key.name : literal(key);

const literal = (node: TSESTree.Node): string | undefined =>
  node.type === "Literal" && typeof node.value === "string" ? node.value : undefined;

const unknownUrl: ConnectionUrl = { kind: "unknown" };

/** `env("NAME")`, `process.env.NAME`, a text, and what `??`, `||` and `?:` choose from. */
function addressesOf(node: TSESTree.Node, file: ParsedFile): readonly ConnectionUrl[] {
  switch (node.type) {
    case "CallExpression": {
      const [argument] = node.arguments;
      const name = argument === undefined ? undefined : literal(argument);
      const isEnv = node.callee.type === "Identifier" && node.callee.name === "env";
      return isEnv && name !== undefined ? [{ kind: "environment", name, query: [] }] : [unknownUrl];
    }
    case "MemberExpression": {
      const { object, property, computed } = node;
      const name = computed ? literal(property) : property.type === "Identifier" ? property.name : undefined;
      const isEnv =
        object.type === "MemberExpression" && object.property.type === "Identifier" && object.property.name === "env";
      return isEnv && name !== undefined ? [{ kind: "environment", name, query: [] }] : [unknownUrl];
    }
    case "LogicalExpression":
      return [...addressesOf(node.left, file), ...addressesOf(node.right, file)];
    case "ConditionalExpression":
      return [...addressesOf(node.consequent, file), ...addressesOf(node.alternate, file)];
    case "TSNonNullExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
      return addressesOf(node.expression, file);
    case "Literal":
      return typeof node.value === "string"
        ? urlsOf({
            kind: "text",
            segments: literalSegments(file.filename, file.text, node.range[0] + 1, node.range[1] - 1, false),
          })
        : [unknownUrl];
    default:
      return [unknownUrl];
  }
}
