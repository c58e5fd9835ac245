import type { Scope, Variable } from "@typescript-eslint/scope-manager";
import type { TSESTree } from "@typescript-eslint/types";
import type { SourceLocation } from "../model.ts";
import { collectExports, type ExportTable } from "./exports.ts";
import type { ParsedFile } from "./parsed-file.ts";
import { type Decoration, decorationIn } from "./decorations.ts";
import { type FunctionNode, isFunctionNode } from "./function-node.ts";
import { keyName } from "./names.ts";
import { type TypeContext, typeContextOf } from "./type-context.ts";
import { walk } from "./walk.ts";
import { packageName } from "./package-name.ts";

/** A function of the file with what encloses it. */
export interface FunctionPlace {
  readonly node: FunctionNode;
  /** The nearest enclosing function. */
  readonly enclosing?: FunctionNode;
  /** The class whose method, accessor, constructor or field it is. */
  readonly class?: TSESTree.ClassDeclaration | TSESTree.ClassExpression;
  /** The object literal whose method or accessor it is. */
  readonly object?: TSESTree.ObjectExpression;
  readonly isStatic: boolean;
  /** Its name as a reader would say it: `withTransaction`, `JobQueue.take`, `<anonymous>`. */
  readonly name: string;
}

/** An assignment `this.name = value` in a class body, or `Class.name = value`. */
export interface FieldAssignment {
  readonly name: string;
  readonly isStatic: boolean;
  readonly value: TSESTree.Expression;
  readonly within: FunctionNode | undefined;
}

/** An assignment to a property of an object, by a name where that is written. */
export interface PropertyAssignment {
  readonly name: string | undefined;
  readonly value: TSESTree.Expression;
  readonly within: FunctionNode | undefined;
}

/** Something hung on what every handler gets, with the function that does so. */
interface PlacedDecoration extends Decoration {
  readonly within: FunctionNode | undefined;
}

/** A parsed file with the look-ups the analysis asks for again and again. */
export interface SourceUnit extends ParsedFile {
  /** The variable an identifier refers to or declares; undefined for globals. */
  readonly variableOf: (identifier: TSESTree.Node) => Variable | undefined;
  /** The function whose activation holds the variable; undefined for the module body. */
  readonly ownerOf: (variable: Variable) => FunctionNode | undefined;
  readonly functions: readonly FunctionPlace[];
  readonly placeOf: (node: FunctionNode) => FunctionPlace | undefined;
  /** Where the type of a function is written that is an expression without one of its own. */
  readonly contextOf: (node: FunctionNode) => TypeContext | undefined;
  readonly fieldAssignments: (node: TSESTree.ClassDeclaration | TSESTree.ClassExpression) => readonly FieldAssignment[];
  /** Assignments `this.name = value` in the methods of the object literal that begins at an offset. */
  readonly objectAssignments: (start: number) => readonly FieldAssignment[];
  /** Right-hand sides of plain assignments to a variable outside its declaration. */
  readonly assignmentsTo: (variable: Variable) => readonly TSESTree.Expression[];
  /** What is assigned to properties of the object that a variable of the module holds: `db.orders = orders`, `db[name] = model`. */
  readonly propertyAssignments: (variable: Variable) => readonly PropertyAssignment[];
  /** True when the variable is written in one place only. */
  readonly isConstant: (variable: Variable) => boolean;
  /** What is assigned to properties of the global object, by name. */
  readonly globalAssignments: ReadonlyMap<string, readonly FieldAssignment[]>;
  /** What is hung on what web frameworks hand to every handler, by name. */
  readonly decorations: ReadonlyMap<string, readonly PlacedDecoration[]>;
  readonly exports: ExportTable;
  /** Module specifiers that the file imports or requires, in order. */
  readonly modules: readonly string[];
  /** A type or class declared in the file, by name, whatever the scope. */
  readonly declaredTypes: ReadonlyMap<string, TSESTree.Node>;
  /** What an imported local name stands for. */
  readonly imports: ReadonlyMap<string, { readonly module: string; readonly imported: string }>;
}

export const locate = (
  unit: { readonly filename: string },
  node: { readonly range: [number, number] },
): SourceLocation => ({
  file: unit.filename,
  range: { start: node.range[0], end: node.range[1] },
});

/** Indexes a parsed file once. */
export function makeSourceUnit(file: ParsedFile): SourceUnit {
  const variables = new Map<TSESTree.Node, Variable>();
  for (const scope of file.scopeManager.scopes) {
    for (const variable of scope.variables) {
      for (const identifier of variable.identifiers) variables.set(identifier, variable);
      for (const definition of variable.defs) variables.set(definition.name, variable);
      for (const reference of variable.references) variables.set(reference.identifier, variable);
    }
  }
  const functions: FunctionPlace[] = [];
  const places = new Map<FunctionNode, FunctionPlace>();
  const contexts = new Map<FunctionNode, TypeContext>();
  const fields = new Map<TSESTree.Node, FieldAssignment[]>();
  const objectFields = new Map<number, FieldAssignment[]>();
  const assignments = new Map<Variable, TSESTree.Expression[]>();
  const properties = new Map<Variable, PropertyAssignment[]>();
  const globals = new Map<string, FieldAssignment[]>();
  const decorations = new Map<string, PlacedDecoration[]>();
  const modules: string[] = [];
  const declaredTypes = new Map<string, TSESTree.Node>();
  const imports = new Map<string, { module: string; imported: string }>();

  walk(file.ast, (node, above) => {
    if (isFunctionNode(node)) {
      const place = describeFunction(node, above);
      functions.push(place);
      places.set(node, place);
      const context = typeContextOf(node, above);
      if (context !== undefined) contexts.set(node, context);
    }
    const decoration =
      node.type === "AssignmentExpression" || node.type === "CallExpression" ? decorationIn(node) : undefined;
    if (decoration !== undefined)
      push(decorations, decoration.name, { ...decoration, within: enclosingFunction(above) });
    switch (node.type) {
      case "ImportDeclaration":
        modules.push(packageName(node.source.value));
        for (const specifier of node.specifiers) imports.set(specifier.local.name, importedName(node, specifier));
        break;
      case "ExportAllDeclaration":
        modules.push(packageName(node.source.value));
        break;
      case "ExportNamedDeclaration":
        if (node.source !== null) modules.push(packageName(node.source.value));
        break;
      case "ImportExpression":
        if (node.source.type === "Literal" && typeof node.source.value === "string")
          modules.push(packageName(node.source.value));
        break;
      case "CallExpression": {
        const first = node.arguments[0];
        if (node.callee.type === "Identifier" && node.callee.name === "require" && first?.type === "Literal") {
          if (typeof first.value === "string") modules.push(first.value);
        }
        break;
      }
      case "TSInterfaceDeclaration":
      case "TSTypeAliasDeclaration":
      case "TSEnumDeclaration":
        declaredTypes.set(node.id.name, node);
        break;
      case "ClassDeclaration":
        if (node.id !== null) declaredTypes.set(node.id.name, node);
        break;
      case "AssignmentExpression":
        if (node.left.type === "Identifier" && ["=", "??=", "||="].includes(node.operator)) {
          const variable = variables.get(node.left);
          if (variable !== undefined) push(assignments, variable, node.right);
        } else if (node.left.type === "MemberExpression") {
          const name = keyName(node.left.property, node.left.computed);
          const owner =
            node.left.object.type === "ThisExpression"
              ? enclosingClass(above)
              : classNamed(variables.get(node.left.object), above);
          if (name !== undefined && owner !== undefined) {
            const { isStatic, within } = owner;
            push(fields, owner.class, { name, isStatic, value: node.right, within });
          } else if (name !== undefined && node.left.object.type === "ThisExpression") {
            const within = ownerOfThis(above);
            const object = within === undefined ? undefined : places.get(within)?.object;
            if (object !== undefined)
              push(objectFields, object.range[0], { name, isStatic: false, value: node.right, within });
          } else if (name !== undefined && isGlobalObject(node.left.object, variables)) {
            push(globals, name, { name, isStatic: true, value: node.right, within: enclosingFunction(above) });
          } else {
            const variable = variables.get(node.left.object);
            if (variable !== undefined)
              push(properties, variable, { name, value: node.right, within: enclosingFunction(above) });
          }
        }
        break;
      default:
    }
    return undefined;
  });

  const owners = new Map<Variable, FunctionNode | undefined>();
  const constants = new Map<Variable, boolean>();
  return {
    filename: file.filename,
    text: file.text,
    ast: file.ast,
    scopeManager: file.scopeManager,
    variableOf: (identifier) => variables.get(identifier),
    ownerOf: (variable) => {
      if (!owners.has(variable)) owners.set(variable, functionOf(variable.scope));
      return owners.get(variable);
    },
    functions,
    placeOf: (node) => places.get(node),
    contextOf: (node) => contexts.get(node),
    fieldAssignments: (node) => fields.get(node) ?? [],
    objectAssignments: (start) => objectFields.get(start) ?? [],
    assignmentsTo: (variable) => assignments.get(variable) ?? [],
    propertyAssignments: (variable) => properties.get(variable) ?? [],
    isConstant: (variable) => {
      let constant = constants.get(variable);
      if (constant === undefined) {
        constant = !variable.references.some((reference) => reference.isWrite() && !(reference.init ?? false));
        constants.set(variable, constant);
      }
      return constant;
    },
    globalAssignments: globals,
    decorations,
    exports: collectExports(file.ast),
    modules,
    declaredTypes,
    imports,
  };
}

function push<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

function functionOf(scope: Scope): FunctionNode | undefined {
  for (let current: Scope | null = scope; current !== null; current = current.upper) {
    if (isFunctionNode(current.block)) return current.block;
  }
  return undefined;
}

function importedName(
  node: TSESTree.ImportDeclaration,
  specifier: TSESTree.ImportClause,
): { module: string; imported: string } {
  const module = packageName(node.source.value);
  if (specifier.type === "ImportNamespaceSpecifier") return { module, imported: "*" };
  if (specifier.type === "ImportDefaultSpecifier") return { module, imported: "default" };
  const imported = specifier.imported.type === "Identifier" ? specifier.imported.name : specifier.imported.value;
  return { module, imported };
}

interface Above {
  readonly node: TSESTree.Node;
  readonly above: Above | undefined;
}

function describeFunction(node: FunctionNode, above: Above | undefined): FunctionPlace {
  const parent = above?.node;
  let name = node.id?.name ?? "<anonymous>";
  let owner: FunctionPlace["class"];
  let object: FunctionPlace["object"];
  let isStatic = false;
  if (parent?.type === "MethodDefinition" || parent?.type === "PropertyDefinition") {
    const holder = above?.above?.above?.node;
    if (holder?.type === "ClassDeclaration" || holder?.type === "ClassExpression") owner = holder;
    isStatic = parent.static;
    name = `${owner?.id?.name ?? "<class>"}.${keyName(parent.key, parent.computed) ?? "<computed>"}`;
  } else if (parent?.type === "VariableDeclarator" && parent.id.type === "Identifier") {
    name = parent.id.name;
  } else if (parent?.type === "Property") {
    name = keyName(parent.key, parent.computed) ?? name;
    const holder = above?.above?.node;
    if (holder?.type === "ObjectExpression" && node.type === "FunctionExpression") object = holder;
  } else if (parent?.type === "AssignmentExpression" && parent.left.type === "MemberExpression") {
    name = keyName(parent.left.property, parent.left.computed) ?? name;
  }
  let enclosing: FunctionNode | undefined;
  for (let current = above; current !== undefined && enclosing === undefined; current = current.above) {
    if (isFunctionNode(current.node)) enclosing = current.node;
  }
  return {
    node,
    name,
    isStatic,
    ...(enclosing === undefined ? {} : { enclosing }),
    ...(owner === undefined ? {} : { class: owner }),
    ...(object === undefined ? {} : { object }),
  };
}

/** A class, and the outermost function of it, or the innermost around it, in which something is written. */
interface WithinClass {
  readonly class: TSESTree.Node;
  readonly isStatic: boolean;
  readonly within: FunctionNode | undefined;
}

function enclosingClass(above: Above | undefined): WithinClass | undefined {
  let within: FunctionNode | undefined;
  let isStatic = false;
  for (let current = above; current !== undefined; current = current.above) {
    const { node } = current;
    if (isFunctionNode(node)) within = node;
    if (node.type === "MethodDefinition" || node.type === "PropertyDefinition") isStatic = node.static;
    if (node.type === "StaticBlock") isStatic = true;
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression") return { class: node, isStatic, within };
  }
  return undefined;
}

/** The class that a variable names, seen from where it is written. */
function classNamed(variable: Variable | undefined, above: Above | undefined): WithinClass | undefined {
  const made = variable?.defs.map(({ node }) => node).find((node) => node.type === "ClassDeclaration");
  if (made === undefined) return undefined;
  return { class: made, isStatic: true, within: enclosingFunction(above) };
}

function enclosingFunction(above: Above | undefined): FunctionNode | undefined {
  for (let current = above; current !== undefined; current = current.above)
    if (isFunctionNode(current.node)) return current.node;
  return undefined;
}

/** The function whose `this` it is here: arrow functions have none of their own. */
function ownerOfThis(above: Above | undefined): FunctionNode | undefined {
  for (let current = above; current !== undefined; current = current.above)
    if (isFunctionNode(current.node) && current.node.type !== "ArrowFunctionExpression") return current.node;
  return undefined;
}

const GLOBAL_OBJECTS: ReadonlySet<string> = new Set(["globalThis", "global", "window", "self"]);

/** Whether a node is the global object, also cast to another type or under a name of its own. */
function isGlobalObject(node: TSESTree.Node, variables: ReadonlyMap<TSESTree.Node, Variable>, hops = 0): boolean {
  if (hops > 3) return false;
  if (node.type === "TSAsExpression" || node.type === "TSNonNullExpression" || node.type === "TSTypeAssertion")
    return isGlobalObject(node.expression, variables, hops);
  if (node.type !== "Identifier") return false;
  const made = variables.get(node)?.defs[0]?.node;
  if (made === undefined) return GLOBAL_OBJECTS.has(node.name);
  return made.type === "VariableDeclarator" && made.init !== null && isGlobalObject(made.init, variables, hops + 1);
}
