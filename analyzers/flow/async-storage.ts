import { type StorageValue, undefinedValue, unknown, type Value } from "../source/values.ts";
import { union } from "../source/union.ts";
import type { Activation, CallSite, Machine, Outcome } from "./machine.ts";
import type { PathState } from "./path-state.ts";

/** Calls a method of an AsyncLocalStorage; undefined for those that do nothing here. */
export function callStorage(
  machine: Machine,
  storage: StorageValue,
  name: string,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] | undefined {
  const [first = undefinedValue, second] = values;
  switch (name) {
    case "run":
      return second === undefined
        ? undefined
        : runWith(machine, storage, first, second, values.slice(2), state, activation, site);
    case "exit":
      return runWith(machine, storage, undefinedValue, first, values.slice(1), state, activation, site);
    case "enterWith":
      state.setStore(storage.id, first);
      return [{ state, value: undefinedValue }];
    case "getStore":
      return [{ state, value: state.store(storage.id) ?? unseenStore(machine, storage, activation) }];
    default:
      return undefined;
  }
}

/** Runs a callback while the storage holds a value. */
function runWith(
  machine: Machine,
  storage: StorageValue,
  store: Value,
  callback: Value,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const before = state.store(storage.id);
  state.setStore(storage.id, store);
  const outcomes = machine.call(callback, undefined, values, state, activation, site);
  for (const outcome of outcomes) outcome.state.setStore(storage.id, before);
  return outcomes;
}

/** What a storage holds for code that nobody was seen to run in it: what its type says, or nothing. */
function unseenStore(machine: Machine, storage: StorageValue, activation: Activation): Value {
  const { type } = storage;
  const reason = "what an AsyncLocalStorage holds";
  const identity = `storage${String(storage.id)}`;
  const held =
    type === undefined
      ? { ...unknown(reason), identity, fromCaller: true }
      : machine.valueOfType(type, reason, identity, true);
  return activation.silent ? held : union([held, undefinedValue]);
}
