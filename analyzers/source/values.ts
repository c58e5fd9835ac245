import type { TSESTree } from "@typescript-eslint/types";
import type { ConnectionUrl, SourceLocation, SqlText } from "../model.ts";
import type { FunctionNode } from "./function-node.ts";
import type { SourceUnit } from "./source-unit.ts";
import { variableIn } from "./variable-names.ts";

export type { FunctionNode } from "./function-node.ts";

/** What the analysis knows about the value of an expression. A promise and what it resolves to are the same value. */
export type Value =
  | UnknownValue
  | TextValue
  | ConstantValue
  | ObjectValue
  | ArrayValue
  | FunctionValue
  | ClassValue
  | InstanceValue
  | ExternalValue
  | NamespaceValue
  | StorageValue
  | HandleValue
  | MessageValue
  | BoundMethodValue
  | UnionValue;

/** Nothing is known but, perhaps, a written type. */
export interface UnknownValue {
  readonly kind: "unknown";
  /** For a reader: "`where` is a parameter of `find`". */
  readonly reason: string;
  /** The type annotation that was written for it, in its file. */
  readonly type?: WrittenType;
  /** A name that is the same for the same receiver within one function activation; lets transactions on unknown receivers be followed. */
  readonly identity?: string;
  /** True for a parameter of the function the analysis started from: a caller that is not seen decides it. */
  readonly fromCaller?: boolean;
  /** True for what belongs to a database that is not PostgreSQL, or to none: what it is asked to run is none of our business. */
  readonly elsewhere?: boolean;
  /** The names of PostgreSQL, when it is what a connection says of its kind of database: it equals each of them, and no other name. */
  readonly dialectNames?: readonly string[];
  /** The name by which it was looked up among settings: `DATABASE_URL` of a module of the project's, `config.database.url`. */
  readonly setting?: string;
  /** Where the settings lead that something unseen was given to make it: `connect(process.env.DIRECT_URL)` of a package. */
  readonly madeWith?: readonly ConnectionUrl[];
}

/** A type annotation with the file in which its names mean something. */
export interface WrittenType {
  readonly unit: SourceUnit;
  /** A method signature stands for the type of the method. */
  readonly node: TSESTree.TypeNode | TSESTree.TSMethodSignature;
}

/** One text, with holes where parts are unknown. */
export interface TextValue {
  readonly kind: "text";
  readonly segments: SqlText;
}

/** A literal that is no string. */
export interface ConstantValue {
  readonly kind: "constant";
  readonly value: number | bigint | boolean | null | undefined;
}

/** A property of an object literal, with where it is written. */
export interface PropertyValue {
  readonly value: Value;
  /** The whole property in the source. */
  readonly location: SourceLocation;
}

/** An object literal, possibly spread from others. */
export interface ObjectValue {
  readonly kind: "object";
  readonly properties: ReadonlyMap<string, PropertyValue>;
  /** True when it may have properties that are not listed (a spread of something unknown, a computed key). */
  readonly open: boolean;
  readonly location: SourceLocation;
  /** Queries that computed keys are, and values under computed keys that are not known: `{ [raw(a)]: b, [Op.and]: [c] }`. */
  readonly unnamed?: readonly Value[];
  /** Where a property was given to something unknown: what all the others are properties of. */
  readonly rest?: UnknownValue;
  /** The connection that was spread into it, which has the properties that are not listed: `{ ...db, close }`. */
  readonly base?: HandleValue;
}

/** An array literal, or one built from it. */
export interface ArrayValue {
  readonly kind: "array";
  readonly elements: readonly Value[];
  /** True when it may have further elements. */
  readonly open: boolean;
  /** True when further elements are made like those that are listed: by the same callback. */
  readonly alike?: true;
  /** True for what nobody adds to, so that its length is known: the parts of a template, the rest of the arguments. */
  readonly fixed?: true;
}

/** One activation of a function, or the module body (`parent` absent). Closures keep the activation they were made in. */
export interface Frame {
  readonly id: number;
  readonly unit: SourceUnit;
  /** The function's node; absent for a module body. */
  readonly owner?: FunctionNode;
  readonly parent?: Frame;
  /** What `this` is. */
  readonly self?: Value;
  /** The class whose method this is, for `super`. */
  readonly homeClass?: ClassValue;
}

/** A function with the activation that encloses it. */
export interface FunctionValue {
  readonly kind: "function";
  readonly node: FunctionNode;
  readonly unit: SourceUnit;
  readonly frame: Frame;
  /** What `this` is bound to: the instance for a method, the enclosing `this` for an arrow function. */
  readonly self?: Value;
  readonly homeClass?: ClassValue;
  /** True for the getter of an object literal: reading the property runs it. */
  readonly getter?: true;
}

/** A class with the activation that encloses it. */
export interface ClassValue {
  readonly kind: "class";
  readonly node: TSESTree.ClassDeclaration | TSESTree.ClassExpression;
  readonly unit: SourceUnit;
  readonly frame: Frame;
}

/** An object made by `new` of a class of the program, or `this` in a method nobody was seen to construct. */
export interface InstanceValue {
  readonly kind: "instance";
  readonly id: number;
  readonly class: ClassValue;
  /** What was assigned to `this.x` so far, by any method; joined over all assignments. Grows while the analysis runs. */
  readonly fields: Map<string, Value>;
  /** The connection handle it is, when a superclass is a driver's class. */
  readonly base?: HandleValue;
}

/** Something imported from a package that is not part of the project: `pg` with path `["Pool"]`. */
export interface ExternalValue {
  readonly kind: "external";
  readonly module: string;
  readonly path: readonly string[];
}

/** `import * as x` of a file of the project. */
export interface NamespaceValue {
  readonly kind: "namespace";
  readonly unit: SourceUnit;
}

/** An AsyncLocalStorage: what it holds, of which `type` may be written, belongs to a path. `id` is that of the place that makes it. */
export interface StorageValue {
  readonly kind: "storage";
  readonly id: number;
  readonly type?: WrittenType;
}

/** A connection handle. What it can do is the driver's knowledge; here it is only an identity. */
export interface HandleValue {
  readonly kind: "handle";
  readonly handle: number;
  /** What it is looked at as: a query builder or schema builder over the same connection. */
  readonly as?: string;
}

/** An object that carries SQL to a query call: a Cursor, a QueryStream, a tagged-template object. */
export interface MessageValue {
  readonly kind: "message";
  readonly text: Value;
  /** True when bind values travel with it. */
  readonly hasValues: boolean | "unknown";
  readonly protocol: "simple" | "extended" | "by-values";
  /** The number of the query that is sent when somebody waits for this. */
  readonly pending?: number;
  /** A method that sends it on the handle given as that argument. */
  readonly sentBy?: { readonly method: string; readonly argument: number };
  /** The name of the statement it travels under. */
  readonly statementName?: { readonly value: Value; readonly location: SourceLocation };
  /** A method that gives it such a name. */
  readonly namedBy?: string;
}

/** A method read from something without being called: `pool.query`, `client.query.bind(client)`. */
export interface BoundMethodValue {
  readonly kind: "bound-method";
  readonly receiver: Value;
  readonly name: string;
}

/** One of several. Members are no unions. */
export interface UnionValue {
  readonly kind: "union";
  readonly members: readonly Value[];
}

export const unknown = (reason: string): UnknownValue => ({ kind: "unknown", reason });
export const undefinedValue: ConstantValue = { kind: "constant", value: undefined };
export const text = (segments: SqlText): TextValue => ({ kind: "text", segments });

/** A text of one hole. */
export const holeText = (reason: string, location: SourceLocation): TextValue =>
  text([{ kind: "hole", reason, location }]);

/** A text of one known piece that stands for its whole location. */
export const knownText = (value: string, location: SourceLocation): TextValue =>
  text(value === "" ? [] : [{ kind: "text", value, location }]);

/** The text that a query builder makes: a query, whose tables and conditions change nothing in the session. */
export const builtQuery = (location: SourceLocation): TextValue =>
  text([
    { kind: "text", value: "select ", location },
    { kind: "parameter", location },
  ]);

/** The alternatives of a value: the members of a union, or the value itself. */
export const alternatives = (value: Value): readonly Value[] => (value.kind === "union" ? value.members : [value]);

/** `process.env.X`, `globalThis.x`: something that may be there or not. */
export const isSetting = (value: Value): boolean =>
  value.kind === "external" && value.module === "<global>" && value.path.length > 1;

/** The environment variable or setting that a value is, or is a part of; undefined for what is none. */
export const settingName = (value: Value): string | undefined =>
  value.kind === "unknown"
    ? value.setting
    : value.kind === "external"
      ? variableIn(value.module, value.path)
      : undefined;

/** Whether the value is surely truthy, surely falsy, or either. */
export function truthiness(value: Value): boolean | undefined {
  switch (value.kind) {
    case "unknown":
      return undefined;
    case "external":
      return isSetting(value) ? undefined : true;
    case "constant":
      return Boolean(value.value);
    case "text":
      return value.segments.length === 0
        ? false
        : value.segments.some((part) => part.kind === "text")
          ? true
          : undefined;
    case "union": {
      const truths = new Set(value.members.map(truthiness));
      return truths.size === 1 ? [...truths][0] : undefined;
    }
    default:
      return true;
  }
}

/** The known characters of a text; undefined when it has a hole or a parameter. */
export function constantText(value: Value | undefined): string | undefined {
  if (value?.kind !== "text") return undefined;
  let result = "";
  for (const segment of value.segments) {
    if (segment.kind !== "text") return undefined;
    result += segment.value;
  }
  return result;
}
