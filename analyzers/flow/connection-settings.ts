import type { ConnectOptions } from "../drivers/driver.ts";
import { alternatives, constantText, unknown, type Value } from "../source/values.ts";
import { union } from "../source/union.ts";
import { functionsIn } from "./builtins.ts";
import type { Activation, CallSite, Machine } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { nestedOptions } from "./startup-parameters.ts";

/** Whether the options name a kind of database that is not PostgreSQL. */
export function isElsewhere(machine: Machine, options: ConnectOptions, given: readonly Value[]): boolean {
  if (options.dialect === undefined) return false;
  const { option, postgres, otherOptions = [], otherUrls = [] } = options.dialect;
  const said = (name: string | undefined): Value[] =>
    given.flatMap((value) => {
      const property = value.kind === "object" && name !== undefined ? value.properties.get(name) : undefined;
      return property === undefined ? [] : [...alternatives(property.value)];
    });
  if (given.length > 0 && given.every((value) => namesOtherDriver(machine, value))) return true;
  const named = said(option).map((value) => constantText(value));
  if (named.length > 0) return named.every((name) => name !== undefined && !postgres.includes(name));
  if (otherOptions.some((name) => said(name).length > 0)) return true;
  const urls = [...given.filter((value) => value.kind !== "object"), ...said(options.connectionString)];
  const beginnings = urls.map((url) => (url.kind === "text" ? url.segments[0] : undefined));
  return (
    beginnings.length > 0 &&
    beginnings.every((first) => first?.kind === "text" && otherUrls.some((other) => first.value.startsWith(other)))
  );
}

/** Whether the options name PostgreSQL: by the option for that, or by how the connection string begins. */
export function saysPostgres(options: ConnectOptions, given: readonly Value[]): boolean {
  const said = (name: string | undefined): Value[] =>
    given.flatMap((value) => {
      const property = value.kind === "object" && name !== undefined ? value.properties.get(name) : undefined;
      return property === undefined ? [] : [...alternatives(property.value)];
    });
  const { dialect, connectionString } = options;
  if (said(dialect?.option).some((value) => dialect?.postgres.includes(constantText(value) ?? "") === true))
    return true;
  return [...given, ...said(connectionString)].some((value) => {
    const [first] = value.kind === "text" ? value.segments : [];
    return first?.kind === "text" && /^(?:postgres|pg)/.test(first.value);
  });
}

/** Whether an option is something of a package for another kind of database: `{ driver: MySqlDriver }`. */
const namesOtherDriver = (machine: Machine, value: Value): boolean =>
  value.kind === "object" &&
  [...value.properties.values()].some(
    (property) => property.value.kind === "external" && machine.catalogue.isOtherDialect(property.value.module),
  );

/** Functions among the settings of another kind of database are called by that: they are no entry points of ours. */
export function leaveOut(machine: Machine, settings: readonly Value[]): void {
  for (const callback of functionsIn(settings)) machine.leftOut.add(callback.node);
}

/** What a function gives that is asked for settings. */
function answerOf(machine: Machine, called: Value, state: PathState, activation: Activation, site: CallSite): Value {
  const given = called.kind === "function" ? called.node.params.map(() => unknown("something injected")) : [];
  const outcomes = machine.call(called, undefined, given, state.fork(), activation, site);
  return union(outcomes.map((outcome) => outcome.value));
}

/**
 * The settings that values stand for, those of other kinds of database left out: functions are asked for them, classes for what the
 * method gives that is meant for it, inside the settings too.
 */
export function settingsIn(
  machine: Machine,
  options: ConnectOptions,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Value[] {
  const ask = (called: Value): Value => answerOf(machine, called, state, activation, site);
  return values.flatMap((value) => resolved(machine, options, value, ask, 0));
}

function resolved(
  machine: Machine,
  options: ConnectOptions,
  value: Value,
  ask: (called: Value) => Value,
  depth: number,
): Value[] {
  const inside = (inner: Value): Value =>
    depth > MAX_SETTINGS_DEPTH ? unknown("settings") : union(resolved(machine, options, inner, ask, depth + 1));
  return alternatives(value).flatMap((member): Value[] => {
    if (member.kind === "array") return [{ ...member, elements: member.elements.map((element) => inside(element)) }];
    if ((member.kind === "function" || member.kind === "bound-method") && depth > 0) return [inside(ask(member))];
    if (member.kind === "class" && options.givenBy !== undefined) {
      const { givenBy } = options;
      return [inside(ask({ kind: "bound-method", receiver: machine.instanceOf(member, "any"), name: givenBy }))];
    }
    if (member.kind !== "object") return [member];
    if (isElsewhere(machine, options, [member])) {
      leaveOut(machine, [member]);
      return [];
    }
    const properties = new Map(
      [...member.properties].flatMap(([name, property]): [string, typeof property][] => {
        const inner = nestedOptions(options, name);
        const settings = inner === undefined ? undefined : resolved(machine, inner, property.value, ask, depth + 1);
        if (settings === undefined) return [[name, property]];
        return settings.length === 0 ? [] : [[name, { ...property, value: union(settings) }]];
      }),
    );
    return [{ ...member, properties }];
  });
}

/** Settings nest no deeper than this. */
const MAX_SETTINGS_DEPTH = 8;
