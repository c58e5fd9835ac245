import type { ConnectOptions, Driver, ExportShape, HandleShape, HookShape, QueryOperation } from "../drivers/driver.ts";
import type { ConnectHook, SourceLocation } from "../model.ts";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import {
  alternatives,
  constantText,
  type FunctionValue,
  type HandleValue,
  type ObjectValue,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { functionsIn, mergeStates } from "./builtins.ts";
import type { Handle } from "./handles.ts";
import type { Activation, CallSite, Machine, Outcome } from "./machine.ts";
import { messagesOf } from "./messages.ts";
import { driverTransaction, endLog, freshConnection, type PathState } from "./path-state.ts";
import { forConnection, parametersOf } from "./startup-parameters.ts";
import { sendMessage } from "./sending.ts";

/** Calls a method of a connection handle. */
export function operate(
  machine: Machine,
  receiver: HandleValue,
  name: string,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const handle = machine.handles.get(receiver);
  const operation = Object.hasOwn(handle.shape.methods, name) ? handle.shape.methods[name] : undefined;
  const result: Value = unknown(`the result of \`${name}\``);
  switch (operation?.does) {
    case "query":
      return runQuery(machine, handle, operation, values, state, activation, site);
    case "checkout":
      return checkOut(machine, handle, operation, values, state, activation, site);
    case "transaction":
      return driverTransactionCall(machine, handle, operation, values, state, activation, site);
    case "subscribe":
      subscribe(machine, handle, operation, values, state, activation, site);
      return [{ state, value: receiver }];
    case "release": {
      const open = state.handle(handle.id);
      if (open !== undefined) {
        endLog(open.log, "open");
        state.dropHandle(handle.id);
      }
      return [{ state, value: undefinedValue }];
    }
    case "nothing": {
      const callbacks = functionsIn(values);
      for (const callback of callbacks) machine.invokeLater(callback, [], state, activation, site.node);
      return [{ state, value: result }];
    }
    default:
      return [{ state, value: result }];
  }
}

/** Makes a handle of a driver's kind at this place. */
function makeHandle(
  machine: Machine,
  driver: Driver,
  kind: string,
  key: string,
  location: SourceLocation,
  state: PathState,
  inTransaction = false,
): HandleValue | undefined {
  const shape = driver.handles[kind];
  if (shape === undefined) return undefined;
  const made = machine.handles.make(`${key}:${kind}`, { driver, shape, known: "created", location, fromCaller: false });
  state.setHandle(made.handle, inTransaction ? driverTransaction : freshConnection);
  return made;
}

const siteKey = (unit: SourceUnit, site: CallSite, activation: Activation): string =>
  `${unit.filename}:${String(site.node.range[0])}-${String(site.node.range[1])}#${String(activation.frame.id)}`;

function runQuery(
  machine: Machine,
  handle: Handle,
  operation: QueryOperation,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const { unit } = activation.frame;
  const place = locate(unit, site.argumentNodes[operation.sql] ?? site.node);
  const messages = messagesOf(operation, values, place, ({ file, range }) =>
    (machine.unitOf(file) ?? unit).text.slice(range.start, range.end),
  );
  const result: Value = unknown("the result of a query");
  const paths =
    messages.length === 0
      ? [state]
      : messages.map((message, index) => {
          const path = index === messages.length - 1 ? state : state.fork();
          sendMessage(machine, handle, message, path, activation, site);
          return path;
        });
  const callback = values.findLast((value): value is FunctionValue => value.kind === "function");
  const carried = values[operation.sql];
  const after = paths.flatMap((path): Outcome[] => {
    if (callback === undefined) return [{ state: path, value: carried?.kind === "message" ? carried : result }];
    return machine
      .invoke(callback, undefined, [unknown("an error or null"), result], path, activation, site.node)
      .map((outcome) => ({ state: outcome.state, value: result }));
  });
  return mergeStates(after);
}

function checkOut(
  machine: Machine,
  handle: Handle,
  operation: { readonly gives: string; readonly callbackParameter: number },
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const { unit } = activation.frame;
  if (handle.driver === undefined) return [{ state, value: unknown("a client") }];
  const made = makeHandle(
    machine,
    handle.driver,
    operation.gives,
    siteKey(unit, site, activation),
    locate(unit, site.node),
    state,
  );
  if (made === undefined) return [{ state, value: unknown("a client") }];
  const callback = values.find((value): value is FunctionValue => value.kind === "function");
  if (callback === undefined) return [{ state, value: made }];
  const given = callback.node.params.map((_, index): Value =>
    index === operation.callbackParameter ? made : unknown("an error or a function"),
  );
  return machine
    .invoke(callback, undefined, given, state, activation, site.node)
    .map((outcome) => ({ state: outcome.state, value: undefinedValue }));
}

function driverTransactionCall(
  machine: Machine,
  handle: Handle,
  operation: { readonly callback: number; readonly parameter: number; readonly gives: string },
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const { unit } = activation.frame;
  const callback = values[operation.callback];
  if (handle.driver === undefined || callback?.kind !== "function")
    return [{ state, value: unknown("the result of a transaction") }];
  const made = makeHandle(
    machine,
    handle.driver,
    operation.gives,
    siteKey(unit, site, activation),
    locate(unit, site.node),
    state,
    true,
  );
  if (made === undefined) return [{ state, value: unknown("the result of a transaction") }];
  const given = callback.node.params.map((_, index): Value =>
    index === operation.parameter ? made : unknown("an argument of the driver's"),
  );
  const thrown: PathState[] = [];
  const inner: Activation = { ...activation, exits: { ...activation.exits, throws: thrown }, catching: true };
  const outcomes = machine.invoke(callback, undefined, given, state, inner, site.node);
  const finish = (path: PathState, how: "commit" | "rollback"): void => {
    endLog(path.handle(made.handle)?.log, how);
    path.setHandle(made.handle, freshConnection);
  };
  for (const outcome of outcomes) finish(outcome.state, "commit");
  for (const path of thrown) finish(path, "rollback");
  activation.exits.throws.push(...thrown);
  return outcomes;
}

function subscribe(
  machine: Machine,
  handle: Handle,
  operation: { readonly event: number; readonly events: Readonly<Record<string, HookShape>> },
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): void {
  const event = constantText(values[operation.event]);
  const hook = event !== undefined && Object.hasOwn(operation.events, event) ? operation.events[event] : undefined;
  for (const callback of functionsIn(values)) {
    if (hook === undefined || event === undefined) machine.invokeLater(callback, [], state, activation, site.node);
    else
      runHook(
        machine,
        handle.driver,
        hook,
        { event, location: locate(activation.frame.unit, site.node) },
        callback,
        state,
        activation,
        site,
      );
  }
}

/** Runs a callback as the driver does for each new client connection. */
function runHook(
  machine: Machine,
  driver: Driver | undefined,
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
  const made = makeHandle(machine, driver, shape.gives, key, locate(unit, site.node), path);
  if (made === undefined) return;
  const given = callback.node.params.map((_, index): Value =>
    index === shape.parameter ? made : unknown("an argument of the driver's"),
  );
  const exits = { returns: [], throws: [], jumps: [] };
  const outcomes = machine.invoke(callback, undefined, given, path, { ...activation, exits }, site.node, { hook });
  for (const outcome of outcomes) outcome.state.endOpen();
}

/** `new Pool(options)`: a handle, what its options put into the startup packet, and the hooks they name. */
export function connect(
  machine: Machine,
  driver: Driver,
  shape: HandleMaker,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Value {
  const { unit } = activation.frame;
  const made = makeHandle(
    machine,
    driver,
    shape.makes,
    siteKey(unit, site, activation),
    locate(unit, site.node),
    state,
  );
  if (made === undefined) return unknown("a connection");
  readOptions(machine, driver, shape, made, values, state, activation, site);
  return made;
}

/** What the options of a connection put into its startup packet, and the hooks they name. */
export function readOptions(
  machine: Machine,
  driver: Driver,
  shape: HandleMaker,
  made: HandleValue,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): void {
  const { options } = shape;
  const given = options === undefined ? undefined : values[options.argument];
  if (options === undefined || given === undefined || activation.silent) return;
  const { connection } = machine.handles.get(made);
  const location = locate(activation.frame.unit, site.node);
  for (const parameter of forConnection(parametersOf(given, options, location), connection))
    machine.ledger.startupParameter(parameter);
  for (const alternative of alternatives(given)) {
    if (alternative.kind === "object") hooksOf(machine, driver, options, alternative, state, activation, site);
  }
}

type HandleMaker = Extract<ExportShape, { readonly is: "handle-maker" }>;

function hooksOf(
  machine: Machine,
  driver: Driver,
  options: ConnectOptions,
  object: ObjectValue,
  state: PathState,
  activation: Activation,
  site: CallSite,
): void {
  for (const [name, hook] of Object.entries(options.hooks ?? {})) {
    const property = object.properties.get(name);
    if (property === undefined) continue;
    for (const callback of functionsIn([property.value])) {
      runHook(machine, driver, hook, { event: name, location: property.location }, callback, state, activation, site);
    }
  }
}

/** The shape of a receiver of which only the way it is called is known. */
export const inferredShape: HandleShape = {
  title: "connection",
  scope: "unknown",
  methods: { query: { does: "query", sql: 0, values: 1, config: { text: "text", values: "values", name: "name" } } },
};
