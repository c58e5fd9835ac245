import type { ConnectOptions, Driver, HandleMaker, HookShape } from "../drivers/driver.ts";
import type { Connection, ConnectHook, ConnectionUrl, SourceLocation } from "../model.ts";
import { urlsOfArguments } from "../source/connection-url.ts";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import { isTestFile } from "../source/test-file.ts";
import {
  alternatives,
  constantText,
  type FunctionValue,
  type HandleValue,
  type ObjectValue,
  truthiness,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { functionsIn } from "./builtins.ts";
import { type Activation, calleeOf, type CallSite, type Machine } from "./machine.ts";
import { type Message, ownText } from "./messages.ts";
import { driverTransaction, freshConnection, type PathState } from "./path-state.ts";
import { isElsewhere, leaveOut, saysPostgres, settingsIn } from "./connection-settings.ts";
import { isOtherDatabase } from "./dialect-branches.ts";
import { sendMessage } from "./sending.ts";
import { poolSizeOf } from "./pool-size.ts";
import { noteNaming } from "./statement-naming.ts";
import { doneByVersion } from "./versions-of-drivers.ts";
import { defaultParameters, forConnection, nestedOptions, parametersOf } from "./startup-parameters.ts";

/** What stands for a connection to a database that is not PostgreSQL. */
export const elsewhere = (reason: string): Value => ({ ...unknown(reason), elsewhere: true });

/** Makes a handle of a driver's kind at this place: one that leads to `urls`, or is taken `from` another connection. */
export function makeHandle(
  machine: Machine,
  driver: Driver,
  kind: string,
  key: string,
  location: SourceLocation,
  state: PathState,
  settings: { readonly urls: readonly ConnectionUrl[] } | { readonly from: Connection },
  inTransaction = false,
): HandleValue | undefined {
  const shape = driver.handles[kind];
  if (shape === undefined) return undefined;
  const made = machine.handles.make(`${key}:${kind}`, {
    driver,
    shape,
    known: "created",
    location,
    fromCaller: false,
    ...settings,
  });
  state.setHandle(made.handle, inTransaction ? driverTransaction : freshConnection);
  return made;
}

/** The same for the same call in the same activation. */
export const siteKey = (unit: SourceUnit, site: CallSite, activation: Activation): string =>
  `${unit.filename}:${String(site.node.range[0])}-${String(site.node.range[1])}#${String(activation.frame.id)}`;

/** What a callback of the driver's is given: the handle in its place, and arguments that are not known. */
export const callbackArguments = (callback: Value, parameter: number, given: Value): Value[] => {
  const count = callback.kind === "function" ? callback.node.params.length : parameter + 1;
  return Array.from({ length: count }, (_, index): Value =>
    index === parameter || parameter < 0 ? given : unknown("an argument of the driver's"),
  );
};

/** Runs a callback as the driver does for each new client connection of `of`. */
export function runHook(
  machine: Machine,
  driver: Driver | undefined,
  of: HandleValue,
  shape: HookShape,
  hook: ConnectHook,
  callback: FunctionValue,
  state: PathState,
  activation: Activation,
  site: CallSite,
): void {
  if (driver === undefined) return;
  const { unit } = activation.frame;
  const path = state.fork();
  const key = `hook:${siteKey(unit, site, activation)}:${hook.event}`;
  const from = machine.handles.get(of).connection;
  const made = makeHandle(machine, driver, shape.gives, key, locate(unit, site.node), path, { from });
  if (made === undefined) return;
  const { property } = shape;
  const given: Value =
    property === undefined
      ? made
      : {
          kind: "object",
          properties: new Map([[property, { value: made, location: hook.location }]]),
          open: true,
          location: hook.location,
        };
  const exits = { returns: [], throws: [], jumps: [] };
  const outcomes = machine.invoke(
    callback,
    undefined,
    callbackArguments(callback, shape.parameter, given),
    path,
    { ...activation, exits },
    site.node,
    shape.repeats === true ? {} : { hook },
  );
  for (const outcome of outcomes) outcome.state.endOpen();
}

/** `new Pool(options)`: a handle, what its options put into the startup packet, and the hooks they name. */
export function connect(
  machine: Machine,
  driver: Driver,
  maker: HandleMaker,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Value {
  const { unit } = activation.frame;
  const isOther =
    maker.options !== undefined &&
    ((maker.options.dialect !== undefined && isOtherDatabase(state)) ||
      isElsewhere(machine, maker.options, givenOptions(maker, values)));
  if (isOther) {
    if (!isTestFile(unit.filename)) machine.connects.elsewhere.add(driver.name);
    if (!activation.silent) leaveOut(machine, values);
    return elsewhere("a connection to another kind of database");
  }
  const name = (handle: HandleValue): void => {
    const place = locate(unit, calleeOf(site.node));
    if (!activation.silent) noteNaming(machine, maker, machine.handles.get(handle), givenOptions(maker, values), place);
  };
  const under = maker.over === undefined ? undefined : underlying(machine, maker.over, values, state, activation, site);
  if (under !== undefined) {
    if (under.kind !== "handle") return under;
    machine.connects.asPostgres.add(driver.name);
    const over = machine.handles.view(under, driver, maker.makes);
    if (maker.namesNothing !== undefined)
      machine.ledger.unnamedBy(machine.handles.get(over).connection, maker.namesNothing);
    readOptions(machine, driver, maker, over, values, state, activation, site);
    if (maker.options?.namesStatements?.onlyWith === true) name(over);
    return over;
  }
  const { single } = maker;
  const isSingle =
    single !== undefined &&
    givenOptions(maker, values).some((value) => {
      const said = value.kind === "object" ? value.properties.get(single.option)?.value : undefined;
      return said?.kind === "constant" && said.value === single.value;
    });
  const made = makeHandle(
    machine,
    driver,
    isSingle ? single.makes : maker.makes,
    siteKey(unit, site, activation),
    locate(unit, site.node),
    state,
    {
      urls: urlsGiven(machine, maker, values, (options, given) =>
        settingsIn(machine, options, given, state, activation, site),
      ),
    },
  );
  if (made === undefined) return unknown("a connection");
  noteSize(machine, maker, made, values);
  readOptions(machine, driver, maker, made, values, state, activation, site);
  if (!isOverSomething(maker, values)) name(made);
  return made;
}

/** Notes how many client connections it opens: as many as its pool, one where it is no pool. */
function noteSize(machine: Machine, maker: HandleMaker, made: HandleValue, values: readonly Value[]): void {
  const shape = maker.options?.poolSize;
  if (shape !== undefined) machine.handles.size(made, poolSizeOf(shape, givenOptions(maker, values)));
  else if (machine.handles.get(made).connection.scope === "client")
    machine.handles.size(made, { kind: "known", value: 1, words: "one client" });
}

/**
 * Where a connection leads that is made with these arguments: what they say, or what functions and classes among the settings give when
 * `ask` asks them, else the variable that the driver then reads.
 */
export function urlsGiven(
  machine: Machine,
  { options }: HandleMaker,
  values: readonly Value[],
  ask?: (options: ConnectOptions, given: readonly Value[]) => readonly Value[],
): readonly ConnectionUrl[] {
  const given = (options === undefined ? [0] : positions(options)).flatMap((position) => values[position] ?? []);
  const read = (settings: readonly Value[]): ConnectionUrl[] =>
    urlsOfArguments(settings, (handle) => {
      const { urls } = machine.handles.get(handle).connection;
      return urls.length === 0 ? [{ kind: "unknown" }] : urls;
    });
  const written = read(given);
  // Of several connections by name, those to other kinds of database are left out when they are asked.
  const isAsked = written.length === 0 || options?.nested?.["connections"] !== undefined;
  const said = options === undefined || ask === undefined || !isAsked ? written : read(ask(options, given));
  const variable = options?.environment;
  return said.length > 0 || variable === undefined ? said : [{ kind: "environment", name: variable, query: [] }];
}

/** The same for a handle that was there before its settings: an instance of a class that extends a driver's, in its constructor. */
export function readOwnOptions(
  machine: Machine,
  driver: Driver,
  maker: HandleMaker,
  made: HandleValue,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): void {
  machine.handles.tell(made, urlsGiven(machine, maker, values));
  readOptions(machine, driver, maker, made, values, state, activation, site);
}

/** The values that hold options of a connection to be made. */
const givenOptions = ({ options }: HandleMaker, values: readonly Value[]): readonly Value[] =>
  (options === undefined ? [] : positions(options)).flatMap((position) => {
    const value = values[position];
    return value === undefined ? [] : alternatives(value);
  });

/** Whether it is given something to work over, of which nothing is known. */
const isOverSomething = ({ over }: HandleMaker, values: readonly Value[]): boolean =>
  over !== undefined &&
  alternatives(values[over.argument] ?? undefinedValue).some(
    (value) => value.kind === "object" && over.properties.some((name) => value.properties.has(name)),
  );

const positions = (options: ConnectOptions): readonly number[] =>
  typeof options.argument === "number" ? [options.argument] : options.argument;

/** The handle that another driver works over, where it was given one; an unknown value when that is no PostgreSQL. */
function underlying(
  machine: Machine,
  over: NonNullable<HandleMaker["over"]>,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): HandleValue | (Value & { readonly kind: "unknown" }) | undefined {
  const given = values[over.argument];
  const candidates = (given === undefined ? [] : alternatives(given)).flatMap((value): Value[] =>
    value.kind === "object"
      ? over.properties.flatMap((name) => {
          const found = value.properties.get(name)?.value;
          return found === undefined ? [] : [...alternatives(found)];
        })
      : [value],
  );
  let other: (Value & { readonly kind: "unknown" }) | undefined;
  for (const candidate of candidates) {
    const value =
      candidate.kind === "function" || candidate.kind === "bound-method"
        ? machine.call(candidate, undefined, [], state.fork(), activation, site)[0]?.value
        : candidate;
    if (value?.kind === "handle") return value;
    if (value?.kind === "instance" && value.base !== undefined) return value.base;
    if (value?.kind === "unknown" && value.elsewhere === true) other ??= value;
  }
  return other;
}

/** What the options of a connection put into its startup packet, and the hooks they name. */
function readOptions(
  machine: Machine,
  driver: Driver,
  maker: HandleMaker,
  made: HandleValue,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): void {
  const { options } = maker;
  machine.connects.here.add(driver.name);
  if (options === undefined || activation.silent) return;
  const { connection } = machine.handles.get(made);
  const location = locate(activation.frame.unit, site.node);
  const callee = locate(activation.frame.unit, calleeOf(site.node));
  const given = settingsIn(machine, options, givenOptions(maker, values), state, activation, site);
  if (saysPostgres(options, given)) machine.connects.asPostgres.add(driver.name);
  const last = values[positions(options).at(-1) ?? -1];
  const settings = last === undefined ? [] : alternatives(last);
  const found = [
    ...given.flatMap((value) => parametersOf(value, options, location)),
    ...defaultParameters(settings, options, callee, (versions) => doneByVersion(machine, driver, versions, callee)),
  ];
  for (const parameter of forConnection(found, connection)) machine.ledger.startupParameter(parameter);
  for (const { sql, unless, versions } of options.statementsByDefault ?? []) {
    const done = doneByVersion(machine, driver, versions, callee);
    const mayBeSet = (value: Value): boolean =>
      value.kind === "unknown" || (value.kind === "object" && (value.open || value.properties.has(unless)));
    if (done === undefined || settings.some(mayBeSet)) continue;
    const message: Message = { text: ownText(sql, [], callee), protocol: "simple", confidence: done.confidence };
    const told = { ...activation, path: [...activation.path, ...done.evidence] };
    sendOnConnect(machine, driver, made, unless, message, callee, state, told, site);
  }
  for (const value of given) {
    if (value.kind === "object") hooksOf(machine, driver, options, made, value, state, activation, site);
  }
}

function hooksOf(
  machine: Machine,
  driver: Driver,
  options: ConnectOptions,
  made: HandleValue,
  object: ObjectValue,
  state: PathState,
  activation: Activation,
  site: CallSite,
): void {
  for (const [name, hook] of Object.entries(options.hooks ?? {})) {
    const property = object.properties.get(name);
    if (property === undefined) continue;
    for (const callback of functionsIn([property.value])) {
      const event = { event: name, location: property.location };
      runHook(machine, driver, made, hook, event, callback, state, activation, site);
    }
  }
  for (const [name, words] of Object.entries(options.connectStatements ?? {})) {
    const property = object.properties.get(name);
    if (property === undefined || truthiness(property.value) === false) continue;
    if (typeof words !== "string" && constantText(property.value) !== words.value) continue;
    const text = ownText(typeof words === "string" ? words : words.sql, [], property.location);
    const message: Message = { text, protocol: "simple" };
    sendOnConnect(machine, driver, made, name, message, property.location, state, activation, site);
  }
  for (const [name, { value }] of object.properties) {
    const inner = nestedOptions(options, name);
    if (inner === undefined) continue;
    const members = alternatives(value).flatMap((member) => (member.kind === "array" ? member.elements : [member]));
    for (const member of members.flatMap(alternatives)) {
      if (member.kind === "object") hooksOf(machine, driver, inner, made, member, state, activation, site);
    }
  }
}

/** SQL that the driver itself sends on each new client connection. */
function sendOnConnect(
  machine: Machine,
  driver: Driver,
  made: HandleValue,
  event: string,
  message: Message,
  location: SourceLocation,
  state: PathState,
  activation: Activation,
  site: CallSite,
): void {
  const client = machine.handles.make(`on-connect:${String(made.handle)}:${event}`, {
    driver,
    shape: { title: "client", scope: "client", methods: {} },
    known: "created",
    location: locate(activation.frame.unit, site.node),
    fromCaller: false,
    from: machine.handles.get(made).connection,
  });
  const path = state.fork();
  path.setHandle(client.handle, freshConnection);
  const hooked = { ...activation, hook: { event, location } };
  const handle = machine.handles.get(client);
  sendMessage(machine, handle, message, path, hooked, site, false, location);
  path.endOpen();
}
