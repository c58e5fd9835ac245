import { locate } from "../source/source-unit.ts";
import {
  alternatives,
  constantText,
  knownText,
  type ObjectValue,
  settingName,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { concatenate } from "../source/concatenate.ts";
import { identityOf } from "../source/value-key.ts";
import type { Activation, CallSite, Machine, Outcome } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { numberOf } from "./settings.ts";

const FILE_MODULES: ReadonlySet<string> = new Set(["fs", "node:fs", "fs/promises", "node:fs/promises"]);
const READING: ReadonlySet<string> = new Set(["readFile", "readFileSync"]);
const PATH_MODULES: ReadonlySet<string> = new Set(["path", "node:path", "path/posix", "node:path/posix"]);
const JOINING: ReadonlySet<string> = new Set(["join", "resolve"]);

/** Functions and constructors of the language and of Node; undefined when this is none of them. */
export function callGlobal(
  machine: Machine,
  module: string,
  path: readonly string[],
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] | undefined {
  const only = (value: Value): Outcome[] => [{ state, value }];
  const name = path.join(".");
  const first = values[0];
  if (module === "util" || module === "node:util") {
    return path.at(-1) === "promisify" && first !== undefined ? only(first) : undefined;
  }
  const here = locate(activation.frame.unit, site.node);
  if ((module === "async_hooks" || module === "node:async_hooks") && path.at(-1) === "AsyncLocalStorage") {
    const { node } = site;
    const type = node.type === "NewExpression" ? node.typeArguments?.params[0] : undefined;
    const { unit } = activation.frame;
    return only({
      kind: "storage",
      id: identityOf(node),
      ...(type === undefined ? {} : { type: { unit, node: type } }),
    });
  }
  if (FILE_MODULES.has(module)) {
    if (!READING.has(path.at(-1) ?? "") || first === undefined) return undefined;
    const contents = machine.sqlFile(first, activation.frame.unit.filename);
    return contents === undefined ? undefined : only(contents);
  }
  if (PATH_MODULES.has(module)) {
    if (!JOINING.has(path.at(-1) ?? "")) return undefined;
    return only(
      concatenate(
        values.flatMap((value, index) => [
          ...(index === 0 ? [] : [{ value: knownText("/", here), location: here }]),
          { value, location: here },
        ]),
      ),
    );
  }
  if ((module === "url" || module === "node:url") && path.at(-1) === "fileURLToPath" && first !== undefined)
    return only(first);
  if ((module === "module" || module === "node:module") && path.at(-1) === "createRequire")
    return only({ kind: "external", module: "<global>", path: ["require"] });
  if (module !== "<global>") return undefined;
  switch (name) {
    case "URL":
      return first?.kind === "text" || (first !== undefined && settingName(first) !== undefined)
        ? only(first)
        : undefined;
    case "Number":
    case "parseInt":
    case "Number.parseInt": {
      const number = numberOf(first);
      return number === undefined ? undefined : only(number);
    }
    case "require": {
      const specifier = constantText(first);
      return specifier === undefined ? undefined : only(machine.imported(activation.frame.unit, specifier, "require"));
    }
    case "Promise":
      return first?.kind === "function"
        ? machine
            .call(first, undefined, [], state, activation, site)
            .map((outcome) => ({ ...outcome, value: unknown("a promise settled by a callback") }))
        : undefined;
    case "Promise.resolve":
    case "Promise.all":
    case "Promise.allSettled":
    case "Promise.any":
    case "Promise.race":
    case "Proxy":
    case "Object.freeze":
    case "Object.seal":
    case "Array.from":
    case "structuredClone":
      return only(first ?? undefinedValue);
    case "String":
      return only(
        first?.kind === "constant"
          ? knownText(String(first.value), locate(activation.frame.unit, site.node))
          : (first ?? undefinedValue),
      );
    case "String.raw": {
      const parts = alternatives(first ?? undefinedValue).flatMap((given) =>
        given.kind === "object" ? alternatives(given.properties.get("raw")?.value ?? undefinedValue) : [given],
      );
      const [strings] = parts;
      if (parts.length !== 1 || strings?.kind !== "array" || strings.open) return undefined;
      const location = locate(activation.frame.unit, site.node);
      const row = strings.elements.flatMap((part, index) =>
        index === 0 ? [part] : [...values.slice(index, index + 1), part],
      );
      return only(concatenate(row.map((value) => ({ value, location }))));
    }
    // They call nothing of what they are given.
    case "Object.keys":
    case "Object.getOwnPropertyNames":
    case "Object.hasOwn":
    case "JSON.stringify":
    case "Array.isArray":
      return only(unknown(`the result of \`${name}\``));
    case "Object.assign":
      return only(assignObjects(values));
    case "Object.values":
      return first?.kind === "object"
        ? only({
            kind: "array",
            elements: [...first.properties.values()].map((property) => property.value),
            open: first.open,
          })
        : undefined;
    case "setTimeout":
    case "setInterval":
    case "setImmediate":
    case "queueMicrotask":
    case "process.nextTick":
    case "process.on":
    case "process.once":
      for (const value of values)
        if (value.kind === "function") machine.invokeLater(value, [], state, activation, site.node);
      return only(unknown("a timer"));
    default:
      return undefined;
  }
}

/** What stays what it is, whatever is assigned to it. */
const IDENTITIES: ReadonlySet<Value["kind"]> = new Set(["handle", "instance", "function", "class", "external"]);

/** `Object.assign(a, b)` and `{ ...a, ...b }`. */
function assignObjects(values: readonly Value[]): Value {
  const objects = values.filter((value): value is ObjectValue => value.kind === "object");
  const [first] = objects;
  const [target] = values;
  if (first === undefined || (target !== undefined && target !== first && IDENTITIES.has(target.kind)))
    return target ?? unknown("no object");
  return {
    kind: "object",
    properties: new Map(objects.flatMap((object) => [...object.properties])),
    open: objects.length < values.length || objects.some((object) => object.open),
    location: first.location,
  };
}
