import type { HandleShape, HookShape, Operation, QueryOperation, SwitchOperation } from "../drivers/driver.ts";
import { locate } from "../source/source-unit.ts";
import {
  alternatives,
  constantText,
  type FunctionValue,
  type HandleValue,
  type MessageValue,
  text,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { union } from "../source/union.ts";
import { inWhateverTransaction } from "./ambient-transactions.ts";
import { functionsIn, mergeStates } from "./builtins.ts";
import { connect, runHook, siteKey } from "./connecting.ts";
import { checkOut, runList, runNested, runTransaction } from "./driver-transactions.ts";
import type { Activation, CallSite, Machine, Outcome } from "./machine.ts";
import { messagesOf, ownText } from "./messages.ts";
import { driverTransaction, endLog, freshConnection, type PathState } from "./path-state.ts";
import { sendAll, sendPending, useFragments } from "./pending-queries.ts";
import { partsIn, pendingParts, runBuilderCallbacks, sendParts } from "./query-parts.ts";
import { dialectOf } from "./handle-properties.ts";
import { sqlIdentifier, sqlMessage } from "./text-builders.ts";

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
  const { shape } = machine.handles.get(receiver);
  const operation = Object.hasOwn(shape.methods, name) ? shape.methods[name] : undefined;
  if (operation !== undefined) return perform(machine, receiver, operation, values, state, activation, site);
  if (shape.exports?.names.includes(name) === true) {
    const exported: Value = { kind: "external", module: shape.exports.module, path: [name] };
    return machine.call(exported, undefined, values, state, activation, site);
  }
  const dialect = dialectOf(shape, name);
  if (dialect !== undefined) return [{ state, value: dialect }];
  if (shape.others !== undefined)
    return perform(machine, receiver, { does: "same", gives: shape.others }, values, state, activation, site);
  return [{ state, value: unknown(`the result of \`${name}\``) }];
}

/** Does what a method of a handle does, or calling the handle itself. */
export function perform(
  machine: Machine,
  receiver: HandleValue,
  operation: Operation,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const only = (value: Value): Outcome[] => [{ state, value }];
  const handle = machine.handles.get(receiver);
  switch (operation.does) {
    case "query":
      return runQuery(machine, receiver, operation, values, state, activation, site);
    case "checkout":
      return checkOut(machine, handle, operation, values, state, activation, site);
    case "transaction":
      return runTransaction(machine, receiver, operation, values, state, activation, site);
    case "nested":
      return runNested(machine, receiver, operation, values, state, activation, site);
    case "begin":
      state.setHandle(handle.id, driverTransaction);
      return only(receiver);
    case "end":
      endLog(state.handle(handle.id)?.log, operation.how);
      state.setHandle(handle.id, freshConnection);
      if (operation.throws !== true) return only(undefinedValue);
      activation.exits.throws.push(state);
      return [];
    case "same": {
      const { driver } = handle;
      const given =
        operation.gives === undefined || driver === undefined
          ? receiver
          : machine.handles.view(receiver, driver, operation.gives);
      const location = locate(activation.frame.unit, site.node);
      const parts = partsIn(machine, values, operation, location);
      const pending = pendingParts(machine, parts, given, state, activation, site);
      if (pending === undefined)
        sendParts(machine, parts, { handle: receiver, uncertain: false }, state, activation, site);
      const outcomes = runBuilderCallbacks(machine, given, operation.later === true, values, state, activation, site);
      return pending === undefined ? outcomes : outcomes.map((outcome) => ({ ...outcome, value: pending }));
    }
    case "switch": {
      const other = switchedTo(operation, values);
      if (other === undefined) return only(receiver);
      if (other.kind !== "handle") return only(unknown("a query on a connection that is not known"));
      if (operation.gives !== undefined && handle.driver !== undefined)
        return only(machine.handles.view(other, handle.driver, operation.gives));
      return only({ ...other, ...(receiver.as === undefined ? {} : { as: receiver.as }) });
    }
    case "make":
      return only(
        handle.driver === undefined
          ? unknown("a connection")
          : connect(machine, handle.driver, operation.maker, values, state, activation, site),
      );
    case "message":
      for (const value of values) useFragments(machine, value);
      return only(
        sqlMessage(
          machine,
          {
            is: "message",
            sql: operation.sql,
            protocol: "by-values",
            ...(operation.text === undefined ? {} : { text: operation.text }),
            ...(operation.placeholders === undefined ? {} : { placeholders: operation.placeholders }),
          },
          values,
          activation.frame.unit.filename,
          locate(activation.frame.unit, site.node),
        ),
      );
    case "identifier":
      for (const value of values) useFragments(machine, value);
      return only(sqlIdentifier(locate(activation.frame.unit, site.node)));
    case "subscribe":
      subscribe(machine, receiver, operation, values, state, activation, site);
      return only(receiver);
    case "release": {
      const open = state.handle(handle.id);
      if (open !== undefined) {
        endLog(open.log, "open");
        state.dropHandle(handle.id);
      }
      return only(undefinedValue);
    }
    case "connect": {
      const location = locate(activation.frame.unit, site.node);
      for (const [parameter, value] of activation.silent ? [] : Object.entries(operation.startupParameters)) {
        const made = machine.handles.make(`connect:${siteKey(activation.frame.unit, site, activation)}`, {
          driver: handle.driver,
          shape: { title: "connection of its own", scope: "client", methods: {} },
          known: "created",
          location,
          fromCaller: false,
          from: handle.connection,
        });
        const { connection } = machine.handles.get(made);
        const facts = { via: "option", value, location, connection, confidence: "certain" } as const;
        machine.ledger.startupParameter({ name: parameter, ...facts });
      }
      for (const callback of functionsIn(values)) machine.invokeLater(callback, [], state, activation, site.node);
      return only(unknown("a subscription"));
    }
    case "nothing":
      for (const callback of functionsIn(values)) machine.invokeLater(callback, [], state, activation, site.node);
      return only(unknown("a result"));
  }
}

/** The value that says on which connection to go on; undefined when none is given. */
function switchedTo(operation: SwitchOperation, values: readonly Value[]): Value | undefined {
  const given = values[operation.argument];
  if (given === undefined || (given.kind === "constant" && given.value == null)) return undefined;
  if (operation.property === undefined) return given;
  if (given.kind !== "object") return given;
  const held = given.properties.get(operation.property)?.value;
  if (held === undefined) return given.open ? unknown("options that are not fully known") : undefined;
  return held.kind === "constant" && held.value == null ? undefined : held;
}

/** One connection that a query may run on. */
interface Target {
  readonly handle: HandleValue;
  readonly uncertain: boolean;
}

/** The connections a query may run on: the one whose method is called, or those that its options name. */
function targetsOf(receiver: HandleValue, operation: QueryOperation, values: readonly Value[]): Target[] {
  const here = { handle: receiver, uncertain: false };
  if (operation.on === undefined) return [here];
  const named = switchedTo({ does: "switch", ...operation.on }, values);
  if (named === undefined) return [here];
  const targets = alternatives(named).map((value): Target =>
    value.kind === "handle"
      ? { handle: value, uncertain: false }
      : value.kind === "constant"
        ? here
        : { handle: receiver, uncertain: true },
  );
  return [
    ...new Map(
      targets.map((target) => [`${String(target.handle.handle)}${String(target.uncertain)}`, target]),
    ).values(),
  ];
}

/** The arguments of a query with the text of the file that one of them names in its place. */
function fromFile(
  machine: Machine,
  operation: QueryOperation,
  values: readonly Value[],
  from: string,
): readonly Value[] {
  const { file } = operation;
  const path = file === undefined ? undefined : values[file];
  if (file === undefined || path === undefined) return values;
  return values.with(file, machine.sqlFile(path, from) ?? unknown("the text of a file that was not found"));
}

/** Calls or uses as a tag something that sends SQL, at once or when somebody waits for the result. */
export function runQuery(
  machine: Machine,
  receiver: HandleValue,
  operation: QueryOperation,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const { unit } = activation.frame;
  const list = operation.list === undefined ? undefined : values[operation.sql];
  if (operation.list !== undefined && list?.kind === "array")
    return runList(machine, receiver, operation.list, list, state, activation, site);
  const place = locate(unit, site.argumentNodes[operation.sql] ?? site.node);
  const messages = messagesOf(
    operation,
    fromFile(machine, operation, values, unit.filename),
    place,
    ({ file, range }) => (machine.unitOf(file) ?? unit).text.slice(range.start, range.end),
    typeof operation.name !== "number" ? place : locate(unit, site.argumentNodes[operation.name] ?? site.node),
  );
  for (const value of values) useFragments(machine, value);
  const targets = targetsOf(receiver, operation, values);
  if (operation.lazy !== undefined) {
    const pending = targets.map(({ handle, uncertain }): Value => {
      const id = machine.pending.add({
        handle,
        uncertain,
        operation,
        messages,
        site,
        activation,
        state: state.fork(),
      });
      return {
        kind: "message",
        text: union(messages.map((message) => message.text)),
        hasValues: "unknown",
        protocol: "by-values",
        pending: id,
      };
    });
    return [{ state, value: union(pending) }];
  }
  const result: Value = unknown("the result of a query");
  const parts = operation.sql < 0 ? partsIn(machine, values, undefined, place) : [];
  const paths = targets.flatMap(({ handle, uncertain }, index) => {
    const path = index === targets.length - 1 ? state : state.fork();
    sendParts(machine, parts, { handle, uncertain }, path, activation, site);
    return sendAll(machine, { handle, uncertain, messages, site, activation }, path, activation);
  });
  const callback = values.findLast((value): value is FunctionValue => value.kind === "function");
  const after = paths.flatMap((path): Outcome[] => {
    if (callback === undefined) return [{ state: path, value: result }];
    return machine
      .invoke(callback, undefined, [unknown("an error or null"), result], path, activation, site.node)
      .map((outcome) => ({ state: outcome.state, value: result }));
  });
  return mergeStates(after);
}

/** A method of a query that is not sent yet. All but those of its table leave it as it is. */
export function changePending(
  machine: Machine,
  message: MessageValue & { readonly pending: number },
  name: string,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const query = machine.pending.get(message.pending);
  const { lazy } = query.operation;
  const change = lazy !== undefined && Object.hasOwn(lazy, name) ? lazy[name] : undefined;
  if (change?.does === "query") {
    return runQuery(machine, query.handle, change, values, state, activation, site).map((outcome) => ({
      state: outcome.state,
      value: union(alternatives(outcome.value).map((next) => sentAfter(machine, next, message.pending))),
    }));
  }
  if (change?.does === "append") {
    machine.pending.use(message.pending);
    const messages = query.messages.map((sent) => {
      const { location } = sent.text.segments[0] ?? { location: locate(query.activation.frame.unit, query.site.node) };
      const { segments } = ownText(change.text, values, location);
      return { ...sent, text: text([...sent.text.segments, ...segments]) };
    });
    return [{ state, value: { ...message, pending: machine.pending.add({ ...query, messages }) } }];
  }
  if (change?.does === "protocol") {
    machine.pending.use(message.pending);
    const { protocol } = change;
    const messages = protocol === undefined ? query.messages : query.messages.map((sent) => ({ ...sent, protocol }));
    const pending = machine.pending.add({ ...query, messages });
    if (change.sends !== true || activation.silent) return [{ state, value: { ...message, pending } }];
    return sendPending(machine, pending, state, activation).map((path) => ({
      state: path,
      value: unknown("the result of a query"),
    }));
  }
  if (query.isPart === true) {
    const location = locate(activation.frame.unit, site.node);
    const parts = partsIn(machine, values, change?.does === "same" ? change : undefined, location);
    const longer = pendingParts(machine, parts, query.handle, state, activation, site, message.pending);
    if (longer !== undefined) return [{ state, value: longer }];
  }
  const other = change?.does === "switch" ? switchedTo(change, values) : undefined;
  if (other === undefined) return [{ state, value: message }];
  machine.pending.use(message.pending);
  const targets = alternatives(other).map((value): Target =>
    value.kind === "handle"
      ? { handle: value, uncertain: false }
      : { handle: query.handle, uncertain: value.kind !== "constant" },
  );
  const changed = targets.map((target): Value => ({
    ...message,
    pending: machine.pending.add({ ...query, ...target }),
  }));
  return [{ state, value: union(changed) }];
}

/** A query that is sent when the one of this number was. */
function sentAfter(machine: Machine, next: Value, after: number): Value {
  if (next.kind !== "message" || next.pending === undefined) return next;
  const { uncertain } = machine.pending.get(after);
  return { ...next, pending: machine.pending.add({ ...machine.pending.get(next.pending), uncertain, after }) };
}

function subscribe(
  machine: Machine,
  receiver: HandleValue,
  operation: { readonly event: number; readonly events: Readonly<Record<string, HookShape>> },
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): void {
  const event = operation.event < 0 ? Object.keys(operation.events)[0] : constantText(values[operation.event]);
  const hook = event !== undefined && Object.hasOwn(operation.events, event) ? operation.events[event] : undefined;
  const whenever = inWhateverTransaction(machine, machine.handles.get(receiver), activation);
  for (const callback of functionsIn(values)) {
    if (hook === undefined || event === undefined) machine.invokeLater(callback, [], state, whenever, site.node);
    else
      runHook(
        machine,
        machine.handles.get(receiver).driver,
        receiver,
        hook,
        { event, location: locate(activation.frame.unit, site.node) },
        callback,
        state,
        activation,
        site,
      );
  }
}

/** The shape of a receiver of which only the way it is called is known. */
export const inferredShape: HandleShape = {
  title: "connection",
  scope: "unknown",
  methods: { query: { does: "query", sql: 0, values: 1, config: { text: "text", values: "values", name: "name" } } },
};
