import type { TSESTree } from "@typescript-eslint/types";
import { packageName } from "./package-name.ts";

/** What an exported name stands for. */
export type ExportTarget =
  /** A name of the module's own scope. */
  | { readonly kind: "local"; readonly name: string }
  /** An expression or declaration: `export default …`, `module.exports = …`. */
  | { readonly kind: "node"; readonly node: TSESTree.Node }
  /** `export { imported as x } from "module"`; `*` for the whole namespace. */
  | { readonly kind: "from"; readonly module: string; readonly imported: string };

/** What a module exports. */
export interface ExportTable {
  readonly named: ReadonlyMap<string, ExportTarget>;
  /** `export * from "module"`. */
  readonly stars: readonly string[];
  /** The right-hand side of `module.exports = …` and `export = …`. */
  readonly commonjs?: TSESTree.Node;
}

const nameOf = (node: TSESTree.Identifier | TSESTree.StringLiteral): string =>
  node.type === "Identifier" ? node.name : node.value;

/** Reads the export declarations and CommonJS assignments at the top level of a module. */
export function collectExports(program: TSESTree.Program): ExportTable {
  const named = new Map<string, ExportTarget>();
  const stars: string[] = [];
  let commonjs: TSESTree.Node | undefined;
  for (const statement of program.body) {
    switch (statement.type) {
      case "ExportNamedDeclaration":
        if (statement.declaration !== null) {
          for (const name of declaredNames(statement.declaration)) named.set(name, { kind: "local", name });
        }
        for (const specifier of statement.specifiers) {
          const local = nameOf(specifier.local);
          named.set(
            nameOf(specifier.exported),
            statement.source === null
              ? { kind: "local", name: local }
              : { kind: "from", module: packageName(statement.source.value), imported: local },
          );
        }
        break;
      case "ExportDefaultDeclaration":
        named.set("default", { kind: "node", node: statement.declaration });
        break;
      case "ExportAllDeclaration":
        if (statement.exported === null) stars.push(packageName(statement.source.value));
        else
          named.set(nameOf(statement.exported), {
            kind: "from",
            module: packageName(statement.source.value),
            imported: "*",
          });
        break;
      case "TSExportAssignment":
        commonjs = statement.expression;
        break;
      case "ExpressionStatement": {
        const assignment = statement.expression;
        if (assignment.type !== "AssignmentExpression" || assignment.left.type !== "MemberExpression") break;
        const target = assignment.left;
        if (isModuleExports(target)) {
          commonjs = lastAssigned(assignment.right);
        } else if (
          (isModuleExports(target.object) ||
            (target.object.type === "Identifier" && target.object.name === "exports")) &&
          !target.computed &&
          target.property.type === "Identifier"
        ) {
          named.set(target.property.name, { kind: "node", node: assignment.right });
        }
        break;
      }
      default:
    }
  }
  return { named, stars, ...(commonjs === undefined ? {} : { commonjs }) };
}

const isModuleExports = (node: TSESTree.Node): boolean =>
  node.type === "MemberExpression" &&
  node.object.type === "Identifier" &&
  node.object.name === "module" &&
  node.property.type === "Identifier" &&
  node.property.name === "exports";

/** `module.exports = exports = x` exports x. */
function lastAssigned(node: TSESTree.Expression): TSESTree.Expression {
  let current = node;
  while (current.type === "AssignmentExpression") current = current.right;
  return current;
}

function declaredNames(declaration: TSESTree.NamedExportDeclarations): string[] {
  if (declaration.type === "VariableDeclaration") {
    return declaration.declarations.flatMap((declarator) => namesInPattern(declarator.id));
  }
  const id = "id" in declaration ? declaration.id : null;
  return id?.type === "Identifier" ? [id.name] : [];
}

function namesInPattern(pattern: TSESTree.Node): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesInPattern(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element === null ? [] : namesInPattern(element)));
    case "AssignmentPattern":
      return namesInPattern(pattern.left);
    case "RestElement":
      return namesInPattern(pattern.argument);
    default:
      return [];
  }
}
