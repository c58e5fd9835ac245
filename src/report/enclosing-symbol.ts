import type { ParsedFile } from "../../analyzers/index.ts";

/** A node of any syntax tree: a type, a range and fields. */
interface AnyNode {
  readonly type: string;
  readonly range: readonly [number, number];
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" &&
  value !== null &&
  "type" in value &&
  typeof value.type === "string" &&
  "range" in value &&
  Array.isArray(value.range);

/** Types of nodes that give a name to the code in them, with the field that holds the name. */
const NAMING: Readonly<Record<string, string>> = {
  FunctionDeclaration: "id",
  FunctionExpression: "id",
  ClassDeclaration: "id",
  ClassExpression: "id",
  VariableDeclarator: "id",
  MethodDefinition: "key",
  PropertyDefinition: "key",
  Property: "key",
  TSModuleDeclaration: "id",
  TSEnumDeclaration: "id",
};

/** The names around a place, outermost first: `TenantStore.switchTo`. Empty at the top of a file. */
export function enclosingSymbol(file: ParsedFile, offset: number): string {
  const names: string[] = [];
  for (let node: AnyNode | undefined = childAt(file.ast, offset); node !== undefined; node = childAt(node, offset)) {
    const field = NAMING[node.type];
    const name = field === undefined ? undefined : node[field];
    if (!isNode(name) || holds(name, offset)) continue;
    if (name.type === "Identifier" || name.type === "PrivateIdentifier") names.push(String(name["name"]));
    else if (name.type === "Literal") names.push(String(name["value"]));
  }
  return names.join(".");
}

const holds = (node: AnyNode, offset: number): boolean => node.range[0] <= offset && offset < node.range[1];

function childAt(node: object, offset: number): AnyNode | undefined {
  for (const [field, value] of Object.entries(node)) {
    // A producer may have linked each node to the one above it.
    if (field === "parent") continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child) && holds(child, offset)) return child;
    }
  }
  return undefined;
}
