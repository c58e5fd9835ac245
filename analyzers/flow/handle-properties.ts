import type { HandleShape } from "../drivers/driver.ts";
import { type HandleValue, unknown, type Value } from "../source/values.ts";
import type { Machine, Outcome } from "./machine.ts";
import { driverTransaction, freshConnection, type PathState } from "./path-state.ts";

/** The value of a property of a connection handle. */
export function propertyOfHandle(machine: Machine, value: HandleValue, name: string, state: PathState): Outcome[] {
  const only = (result: Value): Outcome[] => [{ state, value: result }];
  const { shape, driver } = machine.handles.get(value);
  if (Object.hasOwn(shape.methods, name)) return only({ kind: "bound-method", receiver: value, name });
  if (shape.asksForTransaction?.includes(name) === true) return askForTransaction(shape, value, state);
  const dialectNames = dialectOf(shape, name);
  if (dialectNames !== undefined) return only(dialectNames);
  if (shape.exports?.names.includes(name) === true)
    return only({ kind: "external", module: shape.exports.module, path: [name] });
  const away = shape.outside !== undefined && Object.hasOwn(shape.outside, name) ? shape.outside[name] : undefined;
  if (away !== undefined) return only(handleOutside(machine, value, away));
  const { views = {} } = shape;
  const isView = Object.hasOwn(views, name);
  const kind = isView ? views[name] : shape.others;
  // It answers a question: `dataSource.isInitialized`.
  const asks = !isView && /^(?:is|has)[A-Z]/.test(name);
  return only(
    asks || kind === undefined || driver === undefined
      ? unknown(`\`${name}\` of a ${shape.title}`)
      : machine.handles.view(value, driver, kind),
  );
}

/** Another connection of the settings of this one. */
function handleOutside(machine: Machine, value: HandleValue, kind: string): Value {
  const { driver, connection, fromCaller } = machine.handles.get(value);
  const shape = driver?.handles[kind];
  if (driver === undefined || shape === undefined) return unknown("another connection");
  const { known, location } = connection;
  return machine.handles.make(`outside:${String(value.handle)}:${kind}`, {
    driver,
    shape,
    known,
    location,
    fromCaller,
    from: connection,
  });
}

/** Whether a handle is in a transaction, which it knows itself; a path for each answer where that cannot be told from here. */
function askForTransaction(shape: HandleShape, handle: HandleValue, state: PathState): Outcome[] {
  const answer = (path: PathState, value: boolean): Outcome => ({ state: path, value: { kind: "constant", value } });
  const known = state.handle(handle.handle)?.transaction;
  if (known === "in-transaction" || (known === undefined && shape.scope === "transaction"))
    return [answer(state, true)];
  if (known === "autocommit" || shape.scope === "pool") return [answer(state, false)];
  const outside = state.fork();
  state.setHandle(handle.handle, driverTransaction);
  outside.setHandle(handle.handle, freshConnection);
  return [answer(state, true), answer(outside, false)];
}

/** What a handle says of its kind of database under this name. */
export function dialectOf(shape: HandleShape, name: string): Value | undefined {
  const { saysDialect } = shape;
  const dialectNames = saysDialect !== undefined && Object.hasOwn(saysDialect, name) ? saysDialect[name] : undefined;
  return dialectNames === undefined ? undefined : { ...unknown("the kind of database"), dialectNames };
}
