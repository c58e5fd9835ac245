import { hash } from "node:crypto";
import type { SqlSegment } from "../model.ts";
import type { Value } from "./values.ts";

const objectIds = new WeakMap<object, number>();
let nextObjectId = 1;

/** A number that is the same for the same object. */
export function identityOf(object: object): number {
  let id = objectIds.get(object);
  if (id === undefined) {
    id = nextObjectId++;
    objectIds.set(object, id);
  }
  return id;
}

const segmentKey = (segment: SqlSegment): string =>
  segment.kind === "text"
    ? segment.value
    : `${segment.kind === "hole" ? "\uE000" : "\uE001"}${String(segment.location.range.start)}`;

const keys = new WeakMap<Value, string>();

const LONG_KEY = 64;

/**
 * A key of bounded length for a key of any. Values that use a part several times have keys that grow with every step; written out they
 * double in length, while there are only as many of them as there are values.
 */
export const shortKey = (key: string): string => (key.length <= LONG_KEY ? key : hash("sha1", key, "base64"));

/** Values whose keys are long or made of the keys of others; the others' keys are made faster than they are found. */
const KEPT: ReadonlySet<Value["kind"]> = new Set(["text", "message", "bound-method", "array", "object", "union"]);

/** A key that is equal for values the analysis need not tell apart. */
export function valueKey(value: Value): string {
  if (!KEPT.has(value.kind)) return makeKey(value);
  let key = keys.get(value);
  if (key === undefined) {
    key = shortKey(makeKey(value));
    keys.set(value, key);
  }
  return key;
}

function makeKey(value: Value): string {
  switch (value.kind) {
    case "unknown":
      return `?${value.elsewhere === true ? "!" : ""}${value.dialectNames?.join() ?? ""}${value.setting ?? ""}${value.madeWith === undefined ? "" : JSON.stringify(value.madeWith)}${value.identity ?? ""}${value.type === undefined ? "" : `:${String(identityOf(value.type.node))}`}${value.reason}`;
    case "text":
      return `t${value.segments.map(segmentKey).join("")}@${String(value.segments[0]?.location.range.start ?? 0)}`;
    case "constant":
      return `c${typeof value.value}${String(value.value)}`;
    case "function":
      return `f${String(identityOf(value.node))}.${String(value.frame.id)}`;
    case "class":
      return `k${String(identityOf(value.node))}`;
    case "instance":
      return `i${String(value.id)}`;
    case "external":
      return `x${value.module}/${value.path.join(".")}`;
    case "namespace":
      return `n${value.unit.filename}`;
    case "storage":
      return `s${String(value.id)}`;
    case "handle":
      return `h${String(value.handle)}${value.as ?? ""}`;
    case "message":
      return `m${valueKey(value.text)}${String(value.hasValues)}${value.protocol}#${String(value.pending ?? "")}${value.statementName === undefined ? "" : "!"}`;
    case "bound-method":
      return `b${valueKey(value.receiver)}.${value.name}`;
    case "array":
      return `a[${value.elements.map(valueKey).join()}]${String(value.open)}${value.alike === true ? "*" : ""}`;
    case "object":
      return `o${String(value.location.range.start)}{${[...value.properties].map(([name, property]) => `${name}:${valueKey(property.value)}`).join()}}${String(value.open)}${value.base === undefined ? "" : valueKey(value.base)}${value.rest === undefined ? "" : valueKey(value.rest)}`;
    case "union":
      return `u(${value.members.map(valueKey).join("|")})`;
  }
}
