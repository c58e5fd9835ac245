import type { TSESTree } from "@typescript-eslint/types";
import type { SourceLocation } from "../model.ts";
import { annotationOf, keyName } from "../source/names.ts";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import {
  alternatives,
  type HandleValue,
  holeText,
  undefinedValue,
  unknown,
  type Value,
  type WrittenType,
} from "../source/values.ts";
import { union } from "../source/union.ts";
import type { Machine } from "./machine.ts";
import { PathState } from "./path-state.ts";
import { keepOrigin } from "./settings.ts";

/** Type operators that leave the members of their first argument in place. */
const TRANSPARENT = new Set([
  "Promise",
  "PromiseLike",
  "Awaited",
  "Readonly",
  "Partial",
  "Required",
  "NonNullable",
  "Omit",
  "Pick",
]);

/** The type argument that says what a container holds. */
const ELEMENT_ARGUMENT: ReadonlyMap<string, number> = new Map([
  ["Array", 0],
  ["ReadonlyArray", 0],
  ["Set", 0],
  ["Iterable", 0],
  ["AsyncIterable", 0],
  ["Record", 1],
  ["Map", 1],
  ["ReadonlyMap", 1],
]);

type Signature = TSESTree.TSFunctionType | TSESTree.TSMethodSignature | TSESTree.TSCallSignatureDeclaration;

/** How many aliases and interfaces one look-up follows. */
const MAX_HOPS = 12;

/** The declaration a type name leads to, in its file. */
interface Declared {
  readonly unit: SourceUnit;
  readonly node: TSESTree.Node;
}

/** `pg.Pool` as `["pg", "Pool"]`; undefined for anything but names. */
function typePath(name: TSESTree.EntityName): string[] | undefined {
  if (name.type === "Identifier") return [name.name];
  if (name.type === "TSQualifiedName") {
    const left = typePath(name.left);
    return left === undefined ? undefined : [...left, name.right.name];
  }
  return undefined;
}

/** What written types say about values: the last resort where nothing shows how a value was made. */
export function makeWrittenTypes(
  machine: Machine,
  resolve: (from: string, specifier: string) => string | undefined,
): Pick<Machine, "valueOfType" | "propertyOfType" | "resultOfType" | "parameterOfType" | "elementOfType"> {
  /** Where a type name leads: a package's type, or a declaration of the project. */
  const lead = (
    unit: SourceUnit,
    path: readonly string[],
    hops = 0,
  ): { readonly module: string; readonly path: readonly string[] } | Declared | undefined => {
    const [first, ...rest] = path;
    if (first === undefined || hops > MAX_HOPS) return undefined;
    const binding = unit.imports.get(first);
    if (binding !== undefined) {
      const inner = binding.imported === "*" ? rest : [binding.imported, ...rest];
      const filename = resolve(unit.filename, binding.module);
      if (filename === undefined) return { module: binding.module, path: inner };
      const target = machine.unitOf(filename);
      const found = target === undefined ? undefined : leadExported(target, inner, hops + 1);
      // A module of the project's that passes on what was generated and is not there.
      const generated = found === undefined ? machine.catalogue.generatedModule(inner[0] ?? "") : undefined;
      return generated === undefined ? found : { module: generated, path: inner };
    }
    const node = rest.length === 0 ? unit.declaredTypes.get(first) : undefined;
    if (node !== undefined) return { unit, node };
    const module = machine.catalogue.globalModule(first);
    return module === undefined ? undefined : { module, path: rest };
  };

  const leadExported = (unit: SourceUnit, path: readonly string[], hops: number): ReturnType<typeof lead> => {
    const [first, ...rest] = path;
    if (first === undefined || hops > MAX_HOPS) return undefined;
    const target = unit.exports.named.get(first);
    if (target?.kind === "local") return lead(unit, [target.name, ...rest], hops);
    if (target?.kind === "node") return rest.length === 0 ? { unit, node: target.node } : undefined;
    if (target?.kind === "from") {
      const filename = resolve(unit.filename, target.module);
      const inner = target.imported === "*" ? rest : [target.imported, ...rest];
      if (filename === undefined) return { module: target.module, path: inner };
      const next = machine.unitOf(filename);
      return next === undefined ? undefined : leadExported(next, inner, hops + 1);
    }
    const own = rest.length === 0 ? unit.declaredTypes.get(first) : undefined;
    if (own !== undefined) return { unit, node: own };
    for (const star of unit.exports.stars) {
      const filename = resolve(unit.filename, star);
      const next = filename === undefined ? undefined : machine.unitOf(filename);
      const found = next === undefined ? undefined : leadExported(next, path, hops + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const valueOfType = (
    type: WrittenType,
    reason: string,
    identity: string | undefined,
    fromCaller: boolean,
    hops = 0,
  ): Value => {
    const { unit, node } = type;
    const plain: Value = {
      kind: "unknown",
      reason,
      type,
      ...(identity === undefined ? {} : { identity }),
      ...(fromCaller ? { fromCaller } : {}),
    };
    if (hops > MAX_HOPS) return plain;
    const annotatedHandle = (
      module: string,
      path: readonly string[],
      location: SourceLocation,
    ): HandleValue | undefined => {
      const isKnown = machine.catalogue.typeOf(module, path) !== undefined;
      const generated = isKnown ? undefined : machine.catalogue.generatedModule(path[0] ?? "");
      const typed = machine.catalogue.typeOf(generated ?? module, path);
      const shape = typed?.driver.handles[typed.kind];
      if (typed === undefined || shape === undefined) return undefined;
      return machine.handles.make(`type:${location.file}:${String(location.range.start)}:${identity ?? ""}`, {
        driver: typed.driver,
        shape,
        known: "annotated",
        location,
        fromCaller,
      });
    };
    const elsewhereOr = (module: string): Value =>
      machine.catalogue.isOfOthers(module) ? { ...plain, elsewhere: true } : plain;
    if (node.type === "TSUnionType") {
      const isNothing = ({ type: kind }: TSESTree.TypeNode): boolean =>
        kind === "TSNullKeyword" || kind === "TSUndefinedKeyword";
      const members = node.types
        .filter((member) => !isNothing(member))
        .map((member) => valueOfType({ unit, node: member }, reason, identity, fromCaller, hops + 1));
      const nothing = node.types.some(isNothing) ? [undefinedValue] : [];
      // `Pool | string`: a connection, or the string to make one with.
      const string = node.types.find(({ type: kind }) => kind === "TSStringKeyword");
      const orElse = [...(string === undefined ? [] : [holeText(reason, locate(unit, string))]), ...nothing];
      const orNothing = (value: Value): Value => (orElse.length > 0 ? union([value, ...orElse]) : value);
      const handles = members.flatMap(alternatives).filter((member) => member.kind === "handle");
      const widest = handles.find((handle) => includesAll(handle, handles));
      if (widest !== undefined) return orNothing(widest);
      return handles.length > 0 ? orNothing(union(handles)) : members.length === 1 ? (members[0] ?? plain) : plain;
    }
    if (node.type === "TSIntersectionType") {
      const members = node.types.map((member) =>
        valueOfType({ unit, node: member }, reason, identity, fromCaller, hops + 1),
      );
      const found = members.find((member) => member.kind === "handle" || member.kind === "instance");
      return found ?? members.find((member) => member.kind === "unknown" && member.elsewhere === true) ?? plain;
    }
    if (node.type === "TSTypeQuery") return valueOfName({ unit, node }, plain);
    if (node.type === "TSIndexedAccessType") return valueOfParameterType({ unit, node }, plain, hops);
    if (node.type !== "TSTypeReference") return plain;
    const path = typePath(node.typeName);
    if (path === undefined) return plain;
    const argument = node.typeArguments?.params[0];
    if (path[0] === "Omit" && argument !== undefined) {
      const whole = valueOfType({ unit, node: argument }, reason, identity, fromCaller, hops + 1);
      return whole.kind === "handle" ? withoutTransactions(whole, node.typeArguments?.params[1], unit) : whole;
    }
    if (path[0] === "InstanceType" || path[0] === "ReturnType") {
      return argument === undefined ? plain : madeBy({ unit, node: argument }, plain);
    }
    if (path.length === 1 && TRANSPARENT.has(path[0] ?? "") && argument !== undefined) {
      return valueOfType({ unit, node: argument }, reason, identity, fromCaller, hops + 1);
    }
    const found = lead(unit, path);
    if (found === undefined) {
      const bound = boundOf(unit, node.typeName);
      return bound === undefined ? plain : valueOfType({ unit, node: bound }, reason, identity, fromCaller, hops + 1);
    }
    if ("module" in found) {
      const wrapper = argument === undefined ? undefined : machine.catalogue.wrapperOf(found.module, found.path);
      if (wrapper === undefined || argument === undefined)
        return annotatedHandle(found.module, found.path, locate(unit, node)) ?? elsewhereOr(found.module);
      const held = valueOfType({ unit, node: argument }, reason, identity, fromCaller, hops + 1);
      return held.kind !== "handle" || wrapper.property === undefined ? held : viewOf(held, wrapper.property);
    }
    if (found.node.type === "ClassDeclaration" || found.node.type === "ClassExpression") {
      return machine.instanceOf(
        { kind: "class", node: found.node, unit: found.unit, frame: machine.moduleFrame(found.unit) },
        "any",
      );
    }
    const generated = machine.catalogue.generatedModule(path[0] ?? "");
    if (generated !== undefined && hops === 0) {
      const handle = annotatedHandle(generated, path, locate(unit, node));
      if (handle !== undefined) return handle;
    }
    if (found.node.type === "TSTypeAliasDeclaration") {
      return valueOfType({ unit: found.unit, node: found.node.typeAnnotation }, reason, identity, fromCaller, hops + 1);
    }
    return plain;
  };

  /** A property of a handle that leads to the same connection. */
  const viewOf = (handle: HandleValue, property: string): HandleValue => {
    const { driver, shape } = machine.handles.get(handle);
    const kind = shape.views?.[property];
    return driver === undefined || kind === undefined ? handle : machine.handles.view(handle, driver, kind);
  };

  /** Whether a handle of this type may be any of these: `Knex | Knex.Transaction`, where `Knex` is the type of both. */
  const includesAll = (handle: HandleValue, others: readonly HandleValue[]): boolean => {
    const { driver, shape } = machine.handles.get(handle);
    return shape.scope === "unknown" && others.every((other) => machine.handles.get(other).driver === driver);
  };

  /** `typeof db`, `typeof services.db`: what that is. */
  const valueOfName = (
    type: { readonly unit: SourceUnit; readonly node: TSESTree.TSTypeQuery },
    plain: Value,
  ): Value => {
    const { exprName } = type.node;
    const value = exprName.type === "TSImportType" ? undefined : valueOfEntity(type.unit, exprName);
    return value === undefined || value.kind === "unknown" ? plain : value;
  };

  const valueOfEntity = (unit: SourceUnit, name: TSESTree.EntityName): Value | undefined => {
    if (name.type === "TSQualifiedName") {
      const holder = valueOfEntity(unit, name.left);
      if (holder === undefined) return undefined;
      const activation = machine.lazyActivation(machine.moduleFrame(unit));
      const outcomes = machine.property(holder, name.right.name, name, new PathState(), activation);
      return union(outcomes.map((outcome) => outcome.value));
    }
    const variable = name.type === "Identifier" ? unit.variableOf(name) : undefined;
    return variable === undefined ? undefined : machine.lazyValue(unit, variable);
  };

  /** `ReturnType<typeof makeDb>`, `InstanceType<typeof Db>`: what calling or constructing it makes. */
  const madeBy = (type: WrittenType, plain: Value): Value => {
    const made = type.node.type === "TSTypeQuery" ? valueOfName({ unit: type.unit, node: type.node }, plain) : plain;
    if (made.kind === "class") return machine.instanceOf(made, "any");
    if (made.kind === "external") return madeByPackage(type, made) ?? plain;
    if (made.kind !== "function") return plain;
    const activation = machine.lazyActivation(machine.moduleFrame(type.unit));
    const outcomes = machine.invoke(made, undefined, [], new PathState(), activation, type.node);
    const value = union(outcomes.map((outcome) => outcome.value));
    return value.kind === "unknown" ? plain : value;
  };

  /** `ReturnType<typeof postgres>`: a handle that a package makes; the type does not tell by whom it was passed on. */
  const madeByPackage = (type: WrittenType, made: Value & { readonly kind: "external" }): HandleValue | undefined => {
    const found = machine.catalogue.exportOf(made.module, made.path);
    const kind = found?.shape.is === "handle-maker" ? (found.shape.typed ?? found.shape.makes) : "";
    const shape = found?.driver.handles[kind];
    if (found === undefined || shape === undefined) return undefined;
    const location = locate(type.unit, type.node);
    return machine.handles.make(`type:${location.file}:${String(location.range.start)}:made`, {
      driver: found.driver,
      shape,
      known: "annotated",
      location,
      fromCaller: true,
    });
  };

  /** `Parameters<Parameters<typeof db.transaction>[0]>[0]`: what a driver's transaction callback is given. */
  const valueOfParameterType = (
    type: { readonly unit: SourceUnit; readonly node: TSESTree.TSIndexedAccessType },
    plain: Value,
    hops: number,
  ): Value => {
    const callback = parametersArgument(type.node.objectType);
    const method = callback?.type === "TSIndexedAccessType" ? parametersArgument(callback.objectType) : undefined;
    if (method === undefined) return plain;
    let receiver: Value = plain;
    let called: string | undefined;
    if (method.type === "TSTypeQuery" && method.exprName.type === "TSQualifiedName") {
      const { left, right } = method.exprName;
      const variable = left.type === "Identifier" ? type.unit.variableOf(left) : undefined;
      if (variable !== undefined) receiver = machine.lazyValue(type.unit, variable);
      called = right.name;
    } else if (method.type === "TSIndexedAccessType" && method.indexType.type === "TSLiteralType") {
      receiver = valueOfType({ unit: type.unit, node: method.objectType }, "", undefined, false, hops + 1);
      const { literal } = method.indexType;
      called = literal.type === "Literal" ? String(literal.value) : undefined;
    }
    const base = receiver.kind === "instance" ? receiver.base : receiver;
    if (base?.kind !== "handle" || called === undefined) return plain;
    return transactionHandle(base, called, locate(type.unit, type.node)) ?? plain;
  };

  /** The handle that the callback of this method of a handle gets, where that runs a transaction. */
  const transactionHandle = (
    receiver: HandleValue,
    method: string,
    location: SourceLocation,
  ): HandleValue | undefined => {
    const { driver, shape } = machine.handles.get(receiver);
    const operation = Object.hasOwn(shape.methods, method) ? shape.methods[method] : undefined;
    const given = operation?.does === "transaction" ? driver?.handles[operation.gives] : undefined;
    if (driver === undefined || given === undefined) return undefined;
    return machine.handles.make(`type:${location.file}:${String(location.range.start)}:transaction`, {
      driver,
      shape: given,
      known: "annotated",
      location,
      fromCaller: true,
    });
  };

  /** `Omit<PrismaClient, "$transaction" | …>`: a client that cannot begin transactions is one inside a transaction. */
  const withoutTransactions = (
    whole: HandleValue,
    omitted: TSESTree.TypeNode | undefined,
    unit: SourceUnit,
  ): HandleValue => {
    const path = omitted?.type === "TSTypeReference" ? typePath(omitted.typeName) : undefined;
    const named = path === undefined ? undefined : lead(unit, path);
    if (named !== undefined && omitted !== undefined) {
      const inside = valueOfType({ unit, node: omitted }, "", undefined, true);
      if (inside.kind === "handle") return inside;
      return !("module" in named) && named.node.type === "TSTypeAliasDeclaration"
        ? withoutTransactions(whole, named.node.typeAnnotation, named.unit)
        : whole;
    }
    const types = omitted?.type === "TSUnionType" ? omitted.types : omitted === undefined ? [] : [omitted];
    const { methods } = machine.handles.get(whole).shape;
    const names = types
      .map((type) =>
        type.type === "TSLiteralType" && type.literal.type === "Literal" ? String(type.literal.value) : "",
      )
      .filter((name) => Object.hasOwn(methods, name));
    // Without the method for transactions alone it is a narrower client: one of a replica.
    if (omitted === undefined || names.length < 2) return whole;
    const inside = names.map((name) => transactionHandle(whole, name, locate(unit, omitted)));
    return inside.find((handle) => handle !== undefined) ?? whole;
  };

  const propertyOfDeclared = (declared: Declared, name: string, hops: number): WrittenType | undefined => {
    const { unit, node } = declared;
    if (hops > MAX_HOPS) return undefined;
    if (node.type === "TSInterfaceDeclaration") {
      const own = memberNamed(unit, node.body.body, name);
      if (own !== undefined) return own;
      for (const heritage of node.extends) {
        if (heritage.expression.type !== "Identifier") continue;
        const found = lead(unit, [heritage.expression.name]);
        const inherited =
          found !== undefined && !("module" in found) ? propertyOfDeclared(found, name, hops + 1) : undefined;
        if (inherited !== undefined) return inherited;
      }
      return undefined;
    }
    return node.type === "TSTypeAliasDeclaration"
      ? propertyOfType({ unit, node: node.typeAnnotation }, name, hops + 1)
      : undefined;
  };

  const propertyOfType = (type: WrittenType, name: string, hops = 0): WrittenType | undefined => {
    const { unit, node } = type;
    if (hops > MAX_HOPS) return undefined;
    switch (node.type) {
      case "TSTypeLiteral":
        return memberNamed(unit, node.members, name);
      case "TSUnionType":
      case "TSIntersectionType":
        for (const member of node.types) {
          const found = propertyOfType({ unit, node: member }, name, hops + 1);
          if (found !== undefined) return found;
        }
        return undefined;
      case "TSTypeReference": {
        const path = typePath(node.typeName);
        const argument = node.typeArguments?.params[0];
        if (path === undefined) return undefined;
        if (path.length === 1 && TRANSPARENT.has(path[0] ?? "") && argument !== undefined) {
          return propertyOfType({ unit, node: argument }, name, hops + 1);
        }
        if (path[0] === "Record") return elementOfType(type);
        const found = lead(unit, path);
        if (found === undefined) {
          const bound = boundOf(unit, node.typeName);
          return bound === undefined ? undefined : propertyOfType({ unit, node: bound }, name, hops + 1);
        }
        return "module" in found ? undefined : propertyOfDeclared(found, name, hops + 1);
      }
      default:
        return undefined;
    }
  };

  /** The signature of a function's type. */
  const signatureOf = (type: WrittenType, hops = 0): { unit: SourceUnit; node: Signature } | undefined => {
    const { unit, node } = type;
    if (hops > MAX_HOPS) return undefined;
    switch (node.type) {
      case "TSFunctionType":
      case "TSMethodSignature":
        return { unit, node };
      case "TSUnionType":
        for (const member of node.types) {
          const found = signatureOf({ unit, node: member }, hops + 1);
          if (found !== undefined) return found;
        }
        return undefined;
      case "TSTypeReference": {
        const path = typePath(node.typeName);
        const found = path === undefined ? undefined : lead(unit, path);
        if (found === undefined || "module" in found) return undefined;
        if (found.node.type === "TSTypeAliasDeclaration")
          return signatureOf({ unit: found.unit, node: found.node.typeAnnotation }, hops + 1);
        const members = found.node.type === "TSInterfaceDeclaration" ? found.node.body.body : [];
        const called = members.find((member) => member.type === "TSCallSignatureDeclaration");
        return called === undefined ? undefined : { unit: found.unit, node: called };
      }
      default:
        return undefined;
    }
  };

  const resultOfType = (type: WrittenType): WrittenType | undefined => {
    const found = signatureOf(type);
    return found?.node.returnType == null
      ? undefined
      : { unit: found.unit, node: found.node.returnType.typeAnnotation };
  };

  const parameterOfType = (type: WrittenType, index: number): WrittenType | undefined => {
    const found = signatureOf(type);
    const parameter = found?.node.params[index];
    const annotation = parameter?.type === "Identifier" ? annotationOf(parameter) : undefined;
    return found === undefined || annotation === undefined ? undefined : { unit: found.unit, node: annotation };
  };

  const elementOfType = (type: WrittenType, hops = 0): WrittenType | undefined => {
    const { unit, node } = type;
    if (hops > MAX_HOPS) return undefined;
    if (node.type === "TSArrayType") return { unit, node: node.elementType };
    if (node.type === "TSTypeOperator" && node.typeAnnotation !== undefined)
      return elementOfType({ unit, node: node.typeAnnotation }, hops + 1);
    if (node.type !== "TSTypeReference") return undefined;
    const path = typePath(node.typeName);
    const position = path?.length === 1 ? ELEMENT_ARGUMENT.get(path[0] ?? "") : undefined;
    if (position !== undefined) {
      const argument = node.typeArguments?.params[position];
      return argument === undefined ? undefined : { unit, node: argument };
    }
    const found = path === undefined ? undefined : lead(unit, path);
    return found !== undefined && !("module" in found) && found.node.type === "TSTypeAliasDeclaration"
      ? elementOfType({ unit: found.unit, node: found.node.typeAnnotation }, hops + 1)
      : undefined;
  };

  return {
    valueOfType: (type, reason, identity, fromCaller) => valueOfType(type, reason, identity, fromCaller),
    propertyOfType: (type, name) => propertyOfType(type, name),
    resultOfType,
    parameterOfType,
    elementOfType: (type) => elementOfType(type),
  };
}

/** The argument of `Parameters<…>`, when the index is taken of that. */
function parametersArgument(node: TSESTree.TypeNode): TSESTree.TypeNode | undefined {
  if (node.type !== "TSTypeReference" || node.typeName.type !== "Identifier") return undefined;
  return node.typeName.name === "Parameters" ? node.typeArguments?.params[0] : undefined;
}

function memberNamed(
  unit: SourceUnit,
  members: readonly TSESTree.TypeElement[],
  name: string,
): WrittenType | undefined {
  for (const member of members) {
    if (member.type !== "TSPropertySignature" && member.type !== "TSMethodSignature") continue;
    if (keyName(member.key, member.computed) !== name) continue;
    if (member.type === "TSMethodSignature") return { unit, node: member };
    const annotation = annotationOf(member);
    if (annotation !== undefined) return { unit, node: annotation };
  }
  const index = members.find((member) => member.type === "TSIndexSignature");
  const annotation = index === undefined ? undefined : annotationOf(index);
  return annotation === undefined ? undefined : { unit, node: annotation };
}

/** What a type parameter of that name must be, or is where nothing is said: `<Db extends Knex>`, `<Db = Knex>`. */
function boundOf(unit: SourceUnit, name: TSESTree.EntityName): TSESTree.TypeNode | undefined {
  const variable = name.type === "Identifier" ? unit.variableOf(name) : undefined;
  for (const { node } of variable?.defs ?? [])
    if (node.type === "TSTypeParameter") return node.constraint ?? node.default ?? undefined;
  return undefined;
}

/**
 * A value with what its written type says of what is not known of it: of the whole, or of the properties of an object.
 */
export function withWrittenType(machine: Machine, given: Value, type: WrittenType): Value {
  const value = oneUnknown(given);
  if (value.kind === "unknown" && value.elsewhere !== true) {
    const typed = machine.valueOfType(type, value.reason, value.identity, value.fromCaller ?? false);
    return keepOrigin(machine, value, typed);
  }
  if (value.kind !== "object") return value;
  const properties = new Map(value.properties);
  for (const [name, property] of value.properties) {
    if (property.value.kind !== "unknown") continue;
    const inner = machine.propertyOfType(type, name);
    if (inner !== undefined)
      properties.set(name, { ...property, value: withWrittenType(machine, property.value, inner) });
  }
  return { ...value, properties };
}

/** Several things of which nothing is known are one of which nothing is known. */
export function oneUnknown(value: Value): Value {
  if (value.kind !== "union") return value;
  const members = value.members.flatMap((member) => (member.kind === "unknown" ? [member] : []));
  const [first] = members;
  if (first === undefined || members.length < value.members.length) return value;
  const saysMore = members.some(({ type, elsewhere, setting, madeWith, dialectNames }) =>
    [type, elsewhere, setting, madeWith, dialectNames].some((said) => said !== undefined),
  );
  if (saysMore) return value;
  const fromCaller = members.some((member) => member.fromCaller === true);
  return { ...unknown(first.reason), ...(fromCaller ? { fromCaller } : {}) };
}

/** The value of something with this annotation, or plainly unknown without one. */
export function annotatedValue(
  machine: Machine,
  unit: SourceUnit,
  annotation: TSESTree.TypeNode | undefined,
  reason: string,
  identity: string | undefined,
  fromCaller: boolean,
): Value {
  if (annotation !== undefined) {
    return machine.valueOfType({ unit, node: annotation }, reason, identity, fromCaller);
  }
  return { ...unknown(reason), ...(identity === undefined ? {} : { identity }), ...(fromCaller ? { fromCaller } : {}) };
}
