import type { TSESTree } from "@typescript-eslint/types";
import { locate } from "../source/source-unit.ts";
import {
  alternatives,
  type ClassValue,
  type ExternalValue,
  type FunctionNode,
  type HandleValue,
  type InstanceValue,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { union } from "../source/union.ts";
import { fieldKey, staticKey } from "./assignments.ts";
import { isBuiltinMethod } from "./builtins.ts";
import { isReadOfShared } from "./decorations.ts";
import { externalValue } from "./externals.ts";
import { propertyOfHandle } from "./handle-properties.ts";
import type { Activation, Machine, Outcome } from "./machine.ts";
import { settingRead } from "./settings.ts";
import type { PathState } from "./path-state.ts";
import { classMemberNamed, lineage, memberOf, superClassOf } from "./class-members.ts";
import { declaredStatic, isInformative, lazyField, writtenByMethods } from "./declared-members.ts";

/** The value of `value.name`. */
export function property(
  machine: Machine,
  value: Value,
  name: string,
  node: TSESTree.Node,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const only = (result: Value): Outcome[] => [{ state, value: result }];
  if (name === "bind" || name === "call" || name === "apply") {
    if (value.kind === "function" || value.kind === "bound-method")
      return only({ kind: "bound-method", receiver: value, name });
  }
  switch (value.kind) {
    case "union":
      return only(
        union(
          alternatives(value).flatMap((member) =>
            property(machine, member, name, node, state.fork(), activation).map((outcome) => outcome.value),
          ),
        ),
      );
    case "object": {
      const found = value.properties.get(name);
      if (found?.value.kind === "function" && found.value.getter === true)
        return machine.invoke(found.value, value, [], state, activation, node);
      if (found !== undefined && isInformative(found.value)) return only(found.value);
      const written = writtenByMethods(machine, value, name);
      if (written.length > 0) return only(union([...(found === undefined ? [] : [found.value]), ...written]));
      if (found !== undefined) return only(found.value);
      if (value.base !== undefined) return propertyOfHandle(machine, value.base, name, state);
      if (value.rest !== undefined) return property(machine, value.rest, name, node, state, activation);
      return only(value.open ? unknown(`\`${name}\` of an object that is not fully known`) : undefinedValue);
    }
    case "instance":
      return instanceProperty(machine, value, name, node, state, activation);
    case "class":
      return only(staticProperty(machine, value, name, node, state, activation) ?? unknown(`\`${name}\` of a class`));
    case "external":
      return only(externalValue(machine, value.module, [...value.path, name], locate(activation.frame.unit, node)));
    case "storage":
      return only({ kind: "bound-method", receiver: value, name });
    case "namespace":
      return only(machine.exported(value.unit, name));
    case "handle":
      return propertyOfHandle(machine, value, name, state);
    case "message":
      return only(name === "text" || name === "sql" ? value.text : unknown(`\`${name}\` of a query`));
    case "unknown": {
      const own = value.elsewhere === true ? undefined : handleByMethod(machine, value, name, node, activation);
      if (own !== undefined) return only({ kind: "bound-method", receiver: own, name });
      const identity = value.identity === undefined ? undefined : `${value.identity}.${name}`;
      const type = value.type === undefined ? undefined : machine.propertyOfType(value.type, name);
      const setting = settingRead(value, name, node, activation.frame.unit);
      const called = setting === undefined ? {} : { setting };
      const typed =
        type === undefined ? undefined : machine.valueOfType(type, `\`${name}\``, identity, value.fromCaller ?? false);
      if (typed !== undefined && typed.kind !== "unknown") return only(typed);
      const hung = value.elsewhere === true || !isReadOfShared(node) ? undefined : machine.decoration(name);
      if (hung !== undefined) return only(hung);
      if (typed !== undefined) return only({ ...typed, ...called });
      return only({
        kind: "unknown",
        reason: `\`${name}\` of something unknown`,
        ...called,
        ...(identity === undefined ? {} : { identity }),
        ...(value.fromCaller === undefined ? {} : { fromCaller: value.fromCaller }),
        ...(value.elsewhere === undefined ? {} : { elsewhere: value.elsewhere }),
      });
    }
    case "array": {
      const index = Number(name);
      const other = value.fixed === true ? undefinedValue : unknown("an element");
      if (Number.isInteger(index)) return only(value.elements[index] ?? other);
      if (name === "length" && value.fixed === true) return only({ kind: "constant", value: value.elements.length });
      return only(
        isBuiltinMethod(name) ? { kind: "bound-method", receiver: value, name } : unknown(`\`${name}\` of an array`),
      );
    }
    case "text":
      return only(
        isBuiltinMethod(name) ? { kind: "bound-method", receiver: value, name } : unknown(`\`${name}\` of a text`),
      );
    default:
      return only(unknown(`\`${name}\``));
  }
}

/** The handle that something unknown must be which has a method that only one package has. */
function handleByMethod(
  machine: Machine,
  value: Value & { readonly kind: "unknown" },
  name: string,
  node: TSESTree.Node,
  activation: Activation,
): HandleValue | undefined {
  const found = machine.catalogue.driverOfMethod(name);
  const shape = found?.driver.handles[found.kind];
  if (found === undefined || shape === undefined) return undefined;
  const location = locate(activation.frame.unit, node);
  return machine.handles.make(
    `method:${value.identity ?? `${location.file}:${String(location.range.start)}`}:${found.driver.name}`,
    { driver: found.driver, shape, known: "inferred", location, fromCaller: value.fromCaller ?? false },
  );
}

function methodValue(node: FunctionNode, made: ClassValue, self: Value): Value {
  return { kind: "function", node, unit: made.unit, frame: made.frame, self, homeClass: made };
}

/** Static members, own before inherited. */
function staticProperty(
  machine: Machine,
  made: ClassValue,
  name: string,
  node: TSESTree.Node,
  state: PathState,
  activation: Activation,
): Value | undefined {
  const onPath = state.variable(staticKey(made, name));
  if (onPath !== undefined) return onPath;
  const member = memberOf(made, name, true);
  if (member?.type === "MethodDefinition") {
    const method = methodValue(member.value, made, made);
    return member.kind === "get" && method.kind === "function"
      ? union(machine.invoke(method, made, [], state.fork(), activation, node).map((outcome) => outcome.value))
      : method;
  }
  const declared = declaredStatic(machine, made, name, member);
  if (declared !== undefined) return declared;
  const parent = superClassOf(machine, made);
  if (parent?.kind === "class") return staticProperty(machine, parent, name, node, state, activation);
  return parent?.kind === "handle" || parent?.kind === "external"
    ? property(machine, parent, name, node, state, activation)[0]?.value
    : undefined;
}

function instanceProperty(
  machine: Machine,
  instance: InstanceValue,
  name: string,
  node: TSESTree.Node,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const onPath = state.variable(fieldKey(instance.id, name));
  if (onPath !== undefined) return [{ state, value: onPath }];
  const inherited = classMemberNamed(machine, instance.class, name, false);
  if (inherited !== undefined) {
    const { made, member } = inherited;
    if (member.type === "MethodDefinition" || member.type === "TSAbstractMethodDefinition") {
      const method = methodValue(member.value, made, instance);
      if (member.kind === "get" && method.kind === "function")
        return machine.invoke(method, instance, [], state, activation, node);
      return [{ state, value: method }];
    }
  }
  const recorded = instance.fields.get(name);
  if (recorded !== undefined && recorded.kind !== "unknown") {
    // What was seen to be written is not all that the field may hold: a flag that one callback sets decides nothing in another one.
    const others = recorded.kind === "constant" ? [lazyField(machine, instance, name) ?? undefinedValue] : [];
    return [{ state, value: union([recorded, ...others]) }];
  }
  const lazily = lazyField(machine, instance, name);
  if (lazily !== undefined) return [{ state, value: lazily }];
  if (instance.base !== undefined) return property(machine, instance.base, name, node, state, activation);
  return [{ state, value: recorded ?? { ...unknown(`\`this.${name}\``), identity: fieldKey(instance.id, name) } }];
}

/** Whether a value has a property of that name; undefined where it cannot be told. */
export function hasProperty(machine: Machine, value: Value, name: string): boolean | undefined {
  switch (value.kind) {
    case "object":
      return value.properties.has(name) ? true : value.open ? undefined : false;
    case "handle":
      return Object.hasOwn(machine.handles.get(value).shape.methods, name) ? true : undefined;
    case "instance": {
      if (classMemberNamed(machine, value.class, name, false) !== undefined || value.fields.has(name)) return true;
      return lineage(machine, value.class).complete && lazyField(machine, value, name) === undefined
        ? false
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a value is an instance of a class of the program, or of a driver; undefined where it cannot be told. */
export function isInstanceOf(machine: Machine, value: Value, made: Value): boolean | undefined {
  if (value.kind === "constant" || value.kind === "text") return false;
  if (made.kind === "external") return isOfDriver(machine, value, made);
  if (value.kind === "handle" && made.kind === "class") return false;
  if (value.kind !== "instance" || made.kind !== "class") return undefined;
  const { classes, complete } = lineage(machine, value.class);
  return classes.includes(made.node) ? true : complete ? false : undefined;
}

/** Whether a connection, or what extends the class of one, is an instance of a driver's class: `db instanceof Pool`. */
function isOfDriver(machine: Machine, value: Value, { module, path }: ExternalValue): boolean | undefined {
  const connection = value.kind === "instance" ? value.base : value;
  const found = machine.catalogue.exportOf(module, path);
  if (connection?.kind !== "handle" || found?.shape.is !== "handle-maker") return undefined;
  const { driver, shape } = machine.handles.get(connection);
  if (driver !== found.driver || shape.scope === "unknown") return undefined;
  return found.driver.handles[found.shape.makes]?.scope === shape.scope;
}
