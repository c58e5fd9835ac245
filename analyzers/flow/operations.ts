import type { HandleShape, HookShape, Operation, QueryOperation, SwitchOperation } from "../drivers/driver.ts";
import { locate } from "../source/source-unit.ts";
import {
  alternatives,
  concatenate,
  constantText,
  type FunctionValue,
  type HandleValue,
  knownText,
  type MessageValue,
  text,
  undefinedValue,
  union,
  unknown,
  type Value,
} from "../source/values.ts";
import { functionsIn, mergeStates } from "./builtins.ts";
import { connect, runHook } from "./connecting.ts";
import { checkOut, runNested, runTransaction } from "./driver-transactions.ts";
import type { Handle } from "./handles.ts";
import type { Activation, CallSite, Machine, Outcome } from "./machine.ts";
import { messagesOf, ownText } from "./messages.ts";
import { driverTransaction, endLog, freshConnection, type PathState } from "./path-state.ts";
import { sendAll, useFragments } from "./pending-queries.ts";
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
      return only(undefinedValue);
    case "same": {
      sendFragments(machine, receiver, values, state, activation, site);
      for (const callback of functionsIn(values)) machine.invokeLater(callback, [], state, activation, site.node);
      const { driver } = handle;
      return only(
        operation.gives === undefined || driver === undefined
          ? receiver
          : machine.handles.view(receiver, driver, operation.gives),
      );
    }
    case "switch": {
      const other = switchedTo(operation, values);
      return only(
        other === undefined
          ? receiver
          : other.kind === "handle"
            ? { ...other, ...(receiver.as === undefined ? {} : { as: receiver.as }) }
            : unknown("a query on a connection that is not known"),
      );
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
      subscribe(machine, handle, operation, values, state, activation, site);
      return only(receiver);
    case "release": {
      const open = state.handle(handle.id);
      if (open !== undefined) {
        endLog(open.log, "open");
        state.dropHandle(handle.id);
      }
      return only(undefinedValue);
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
  const contents = path === undefined ? undefined : machine.sqlFile(path, from);
  return contents === undefined ? values : values.with(file ?? 0, contents);
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
  const place = locate(unit, site.argumentNodes[operation.sql] ?? site.node);
  const messages = messagesOf(
    operation,
    fromFile(machine, operation, values, unit.filename),
    place,
    ({ file, range }) => (machine.unitOf(file) ?? unit).text.slice(range.start, range.end),
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
  const paths = targets.flatMap(({ handle, uncertain }, index) =>
    sendAll(
      machine,
      { handle, uncertain, messages, site, activation },
      index === targets.length - 1 ? state : state.fork(),
      activation,
    ),
  );
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

/** A method of a query that is not sent yet. All but those of its table leave it as it is. */
export function changePending(
  machine: Machine,
  message: MessageValue & { readonly pending: number },
  name: string,
  values: readonly Value[],
  state: PathState,
): Outcome[] {
  const query = machine.pending.get(message.pending);
  const { lazy } = query.operation;
  const change = lazy !== undefined && Object.hasOwn(lazy, name) ? lazy[name] : undefined;
  if (change?.does === "append") {
    machine.pending.use(message.pending);
    const messages = query.messages.map((sent) => {
      const { location } = sent.text.segments[0] ?? { location: locate(query.activation.frame.unit, query.site.node) };
      const { segments } = ownText(change.text, values, location);
      return { ...sent, text: text([...sent.text.segments, ...segments]) };
    });
    return [{ state, value: { ...message, pending: machine.pending.add({ ...query, messages }) } }];
  }
  const other = change === undefined ? undefined : switchedTo(change, values);
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

/** Parts of a query that are given to a query builder are sent with what the builder makes of them. */
function sendFragments(
  machine: Machine,
  receiver: HandleValue,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): void {
  const { unit } = activation.frame;
  const location = locate(unit, site.node);
  for (const message of messagesIn(values)) {
    useFragments(machine, message);
    const whole = concatenate([
      { value: knownText("select ", location), location },
      { value: message.text, location },
    ]);
    for (const sent of alternatives(whole)) {
      if (sent.kind !== "text") continue;
      const { statements } = machine.readSql(sent.segments);
      if (!statements.some((statement) => statement.actions.length > 0)) continue;
      sendAll(
        machine,
        { handle: receiver, uncertain: false, messages: [{ text: sent, protocol: "extended" }], site, activation },
        state,
        activation,
      );
    }
  }
}

function messagesIn(values: readonly Value[], depth = 0): MessageValue[] {
  return values.flatMap((value): MessageValue[] => {
    if (value.kind === "message") return [value];
    if (depth > 3) return [];
    if (value.kind === "union") return messagesIn(value.members, depth + 1);
    if (value.kind === "array") return messagesIn(value.elements, depth + 1);
    if (value.kind === "object")
      return messagesIn(
        [...value.properties.values()].map((property) => property.value),
        depth + 1,
      );
    return [];
  });
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
  const event = operation.event < 0 ? Object.keys(operation.events)[0] : constantText(values[operation.event]);
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

/** The shape of a receiver of which only the way it is called is known. */
export const inferredShape: HandleShape = {
  title: "connection",
  scope: "unknown",
  methods: { query: { does: "query", sql: 0, values: 1, config: { text: "text", values: "values", name: "name" } } },
};
