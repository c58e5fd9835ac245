import type { TSESTree } from "@typescript-eslint/types";
import type { ConnectionUrl } from "../model.ts";
import { urlsOfArguments } from "../source/connection-url.ts";
import type { SourceUnit } from "../source/source-unit.ts";
import {
  alternatives,
  constantText,
  settingName,
  undefinedValue,
  unknown,
  type UnknownValue,
  type Value,
} from "../source/values.ts";
import { union } from "../source/union.ts";
import { isVariableName } from "../source/variable-names.ts";
import type { Machine } from "./machine.ts";

/** Properties of a URL, and of a binding that stands for a database: what they say is said by the variable. */
const PARTS: ReadonlySet<string> = new Set(["href", "host", "hostname", "port", "pathname", "connectionString"]);

/** Names under which settings of connections are kept; others are not worth remembering. */
const CONNECTION_NAME = /ur[il]|dsn|connection|host|port|database|^db$|postgres/i;

/** Members of names in a row: `config.database.url`. */
const NAMES = /^(?!this\b)[\w$]+(?:\.[\w$]+)+$/;

/** Functions and methods that look a setting up by its key. */
const LOOKING_UP: ReadonlySet<string> = new Set(["get", "getOrThrow", "getOrFail", "getString", "string", "env"]);

const KEY = /^[\w.:-]+$/;

/** The setting that is read as a property of something unknown: a variable by its name, anything else by the words of the source. */
export function settingRead(
  holder: UnknownValue,
  name: string,
  node: TSESTree.Node,
  unit: SourceUnit,
): string | undefined {
  if (isVariableName(name)) return name;
  const { setting } = holder;
  if (setting !== undefined && isVariableName(setting) && PARTS.has(name)) return setting;
  if (!CONNECTION_NAME.test(name)) return undefined;
  if (setting !== undefined) return `${setting}.${name}`;
  // What a caller passes is no setting of the program's, whatever it is called.
  if (holder.fromCaller === true || node.type !== "MemberExpression") return undefined;
  const words = unit.text.slice(node.range[0], node.range[1]).replace(/(?<![!?])[!?]+\./g, ".");
  return NAMES.test(words) ? words : undefined;
}

/** The setting that a call of something unknown looks up: `config.get("DATABASE_URL")`, `requireEnv("DATABASE_URL")`. */
export function settingLookedUp(callee: string, values: readonly Value[]): string | undefined {
  const key = constantText(values[0]);
  if (key === undefined) return undefined;
  if (isVariableName(key) && key.includes("_")) return key;
  const method = callee.split(".").at(-1) ?? "";
  return LOOKING_UP.has(method) && KEY.test(key) && CONNECTION_NAME.test(key) ? key : undefined;
}

/** What a written type makes of a value, still with what was known of where the value comes from. */
export function keepOrigin(machine: Machine, from: Value, to: Value): Value {
  if (from.kind !== "unknown") return to;
  const { setting, madeWith } = from;
  if (to.kind === "handle") return madeWith === undefined ? to : machine.handles.leading(to, madeWith);
  if (to.kind !== "unknown") return to;
  return { ...to, ...(setting === undefined ? {} : { setting }), ...(madeWith === undefined ? {} : { madeWith }) };
}

/**
 * Where something leads that an unseen function made with these arguments. Only what is told without doubt counts: a single handle or
 * unknown value among the arguments may be the connection that is meant.
 */
export function madeWith(values: readonly Value[]): readonly ConnectionUrl[] | undefined {
  const urls = urlsOfArguments(values);
  return urls.length > 0 && urls.every((url) => url.kind !== "unknown") ? urls : undefined;
}

/** What a method without arguments gives of a setting: the same setting (`.trim()`, `.required()`, `.asString()`). */
export const settingItself = (receiver: Value, values: readonly Value[]): string | undefined =>
  values.length === 0 ? settingName(receiver) : undefined;

/** `Number(process.env.DB_PORT ?? 5432)`; undefined when no setting is among what the value may be. */
export function numberOf(value: Value | undefined): Value | undefined {
  const members = alternatives(value ?? undefinedValue);
  if (!members.some((member) => settingName(member) !== undefined)) return undefined;
  return union(
    members.map((member): Value => {
      if (member.kind === "constant" || settingName(member) !== undefined) return member;
      const words = constantText(member);
      return words !== undefined && /^\d+$/.test(words)
        ? { kind: "constant", value: Number(words) }
        : unknown("a number");
    }),
  );
}
