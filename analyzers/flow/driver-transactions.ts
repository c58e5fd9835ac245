import type { TransactionOperation } from "../drivers/driver.ts";
import type { SourceLocation } from "../model.ts";
import { locate } from "../source/source-unit.ts";
import { alternatives, type ArrayValue, type HandleValue, unknown, type Value } from "../source/values.ts";
import { ambientTransaction } from "./ambient-transactions.ts";
import { callbackArguments, makeHandle, siteKey } from "./connecting.ts";
import type { Handle } from "./handles.ts";
import type { Activation, CallSite, Machine, Outcome } from "./machine.ts";
import { messagesOf } from "./messages.ts";
import { driverTransaction, endLog, freshConnection, type PathState } from "./path-state.ts";
import { sendAll, sendPending, settle } from "./pending-queries.ts";

/** The callback among arguments. */
export const callbackIn = (values: readonly Value[]): Value | undefined =>
  values.flatMap(alternatives).find((value) => value.kind === "function" || value.kind === "bound-method");

/** Whether a function has no `this` of its own, and gets what it is called with: pg-promise 12.7.1 lib/task.js calls `cb.call(t, t)`. */
const isUnbound = (callback: Value): boolean => callback.kind === "function" && callback.self === undefined;

/** Runs a callback on a handle and waits for what it gives. */
function runCallback(
  machine: Machine,
  callback: Value,
  parameter: number,
  given: HandleValue,
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  return machine
    .call(
      callback,
      isUnbound(callback) ? given : undefined,
      callbackArguments(callback, parameter, given),
      state,
      activation,
      site,
    )
    .flatMap((outcome) => settle(machine, outcome.value, outcome.state, activation));
}

/** A client connection of its own: as the result, or for the time of a callback. */
export function checkOut(
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
    { from: handle.connection },
  );
  if (made === undefined) return [{ state, value: unknown("a client") }];
  const callback = callbackIn(values);
  if (callback === undefined) return [{ state, value: made }];
  return runCallback(machine, callback, operation.callbackParameter, made, state, activation, site);
}

/** Runs a callback, or a list of queries, in a transaction that the driver begins and ends; or only begins one. */
export function runTransaction(
  machine: Machine,
  receiver: HandleValue,
  operation: TransactionOperation,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const { unit } = activation.frame;
  const { driver, shape, connection } = machine.handles.get(receiver);
  const result: Value = unknown("the result of a transaction");
  if (driver === undefined) return [{ state, value: result }];
  // A client connection of one's own is not exchanged for another one.
  const isOwn = shape.scope === "client";
  // One inside another is a savepoint.
  if (isOwn && state.handle(receiver.handle)?.transaction === "in-transaction" && callbackIn(values) !== undefined)
    return runNested(machine, receiver, operation, values, state, activation, site);
  const made = isOwn
    ? machine.handles.view(receiver, driver, operation.gives)
    : makeHandle(
        machine,
        driver,
        operation.gives,
        siteKey(unit, site, activation),
        locate(unit, site.node),
        state,
        { from: connection },
        true,
      );
  if (made === undefined) return [{ state, value: result }];
  state.setHandle(made.handle, driverTransaction);
  const finish = (path: PathState, how: "commit" | "rollback"): void => {
    endLog(path.handle(made.handle)?.log, how);
    path.setHandle(made.handle, freshConnection);
  };

  const callback = callbackIn(values);
  if (callback === undefined) {
    const list = values[0];
    if (operation.lists === true && list?.kind === "array") {
      const ends = sendList(machine, list.elements, made, state, activation, site);
      for (const path of ends) finish(path, "commit");
      return ends.map((path) => ({ state: path, value: result }));
    }
    if (operation.manual === true) return [{ state, value: made }];
    finish(state, "commit");
    return [{ state, value: result }];
  }
  const thrown: PathState[] = [];
  const alone: Activation = { ...activation, exits: { ...activation.exits, throws: thrown }, catching: true };
  const isAmbient =
    operation.ambient === true || (operation.ambient === "declared" && machine.declaredAmbient.has(driver.name));
  const ambient = isAmbient ? ambientTransaction(machine, driver, state, alone) : undefined;
  const mayBeAmbient = operation.ambient === "declared" && !isAmbient && !machine.seesProgram;
  const perhapsAmbient = new Set([...(activation.perhapsAmbient ?? []), driver.name]);
  const inner = ambient?.activation ?? (mayBeAmbient ? { ...alone, perhapsAmbient } : alone);
  const outcomes = runCallback(machine, callback, operation.parameter, made, state, inner, site);
  const end = (path: PathState, how: "commit" | "rollback"): void => {
    ambient?.finish(path, how);
    finish(path, how);
  };
  for (const outcome of outcomes) end(outcome.state, "commit");
  for (const path of thrown) end(path, "rollback");
  activation.exits.throws.push(...thrown);
  return outcomes;
}

/** Sends the queries of a list in order on a handle. */
function sendList(
  machine: Machine,
  elements: readonly Value[],
  on: HandleValue,
  state: PathState,
  activation: Activation,
  site: CallSite,
): PathState[] {
  const { unit } = activation.frame;
  const sourceText = ({ file, range }: SourceLocation): string =>
    (machine.unitOf(file) ?? unit).text.slice(range.start, range.end);
  let paths = [state];
  for (const element of elements) {
    for (const member of alternatives(element)) {
      if (member.kind !== "message" || activation.silent) continue;
      const { pending } = member;
      const messages = messagesOf({ does: "query", sql: 0 }, [member], locate(unit, site.node), sourceText);
      paths = paths.flatMap((path) =>
        pending === undefined
          ? sendAll(machine, { handle: on, uncertain: false, messages, site, activation }, path, activation)
          : sendPending(machine, pending, path, activation, on),
      );
    }
  }
  return paths;
}

/** Sends a list of queries that is given in place of one: in a transaction on a handle of that kind, or as it is where the kind is empty. */
export function runList(
  machine: Machine,
  receiver: HandleValue,
  gives: string,
  list: ArrayValue,
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  if (gives !== "") {
    const operation: TransactionOperation = { does: "transaction", parameter: 0, gives, lists: true };
    return runTransaction(machine, receiver, operation, [list], state, activation, site);
  }
  const ends = sendList(machine, list.elements, receiver, state, activation, site);
  return ends.map((path) => ({ state: path, value: unknown("the results of a list of queries") }));
}

/** Runs a callback on the same connection, in whatever state it is. */
export function runNested(
  machine: Machine,
  receiver: HandleValue,
  operation: { readonly parameter: number; readonly gives: string },
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const { driver } = machine.handles.get(receiver);
  const given = driver === undefined ? receiver : machine.handles.view(receiver, driver, operation.gives);
  const callback = callbackIn(values);
  if (callback === undefined) return [{ state, value: given }];
  return runCallback(machine, callback, operation.parameter, given, state, activation, site);
}
