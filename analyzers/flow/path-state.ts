import type { Confidence, Evidence, SqlAction, TransactionEnding, TransactionState } from "../model.ts";
import { type Value } from "../source/values.ts";
import { union } from "../source/union.ts";
import { valueKey } from "../source/value-key.ts";
import type { OpenReach } from "./ledger.ts";

/** Whether the key of a variable says that nothing but its declaration writes it. */
export const isConstantKey = (key: string): boolean => key.endsWith("c");

/** Begins the key of an assumption that decides conditions in any function: of a variable of a module, of the kind of the database. */
export const OF_PROGRAM = "program:";

/** A statement that ran in the transaction that is open, newest first. */
export interface LogEntry {
  readonly reach: OpenReach;
  readonly actions: readonly SqlAction[];
  readonly previous: LogEntry | undefined;
  /** The name of the savepoint this entry sets; such an entry has no actions. */
  readonly savepoint?: string;
  /** Equal for logs that tell the same story. */
  readonly key: string;
  /** How many entries the log has, with this one. */
  readonly length: number;
  /** True when it holds an INSERT: one is as good as a thousand. */
  readonly inserts: boolean;
}

/** What is known of one client connection at one point of a path. */
export interface HandleState {
  readonly transaction: TransactionState;
  readonly log: LogEntry | undefined;
  /** How sure `transaction` is: code that was not seen may have had the handle in between. */
  readonly confidence: Confidence;
  /** Where the open transaction began. */
  readonly begun?: Evidence;
}

/** A client connection just made. */
export const freshConnection: HandleState = { transaction: "autocommit", log: undefined, confidence: "certain" };
/** A client connection somebody else has had. */
export const foreignConnection: HandleState = { transaction: "unknown", log: undefined, confidence: "certain" };
/** A client connection inside a transaction that the driver opened. */
export const driverTransaction: HandleState = { transaction: "in-transaction", log: undefined, confidence: "certain" };

/** The actions of a log from oldest to newest, down to and without `until`. */
export function actionsSince(log: LogEntry | undefined, until?: LogEntry): SqlAction[] {
  const groups: (readonly SqlAction[])[] = [];
  for (let entry = log; entry !== undefined && entry !== until; entry = entry.previous) groups.push(entry.actions);
  return groups.reverse().flat();
}

/** Tells every statement of the log that this is how its transaction ends on this path. */
export function endLog(log: LogEntry | undefined, how: TransactionEnding["how"]): void {
  for (let entry = log; entry !== undefined; entry = entry.previous) {
    if (entry.savepoint === undefined) entry.reach.end(how, actionsSince(log, entry));
  }
}

/** Variables of one activation, or fields of one instance. */
type Group = Map<string, Value>;

/** What a key is grouped by: the activation of a variable (`12#…`), the instance of a field (`i7.…`). */
const groupOf = (key: string): string => {
  const hash = key.indexOf("#");
  return key.slice(0, hash < 0 ? key.indexOf(".") : hash);
};

const NO_HANDLES = new Map<number, HandleState>();
const NO_VARIABLES = new Map<string, Group>();
const NO_ASSUMPTIONS = new Map<string, boolean>();
const NO_STORES: ReadonlyMap<number, Value> = new Map();

/**
 * One path through the program up to some point: what variables hold and in which state each client connection is.
 * Mutable; `fork` is cheap, shares everything, and both sides may be changed afterwards.
 */
export class PathState {
  // Paths are forked all the time, and most forks change little: a table is made when something is first put into it.
  #handles: Map<number, HandleState> = NO_HANDLES;
  #variables: Map<string, Group> = NO_VARIABLES;
  #assumptions: Map<string, boolean> = NO_ASSUMPTIONS;
  #stores: ReadonlyMap<number, Value> = NO_STORES;
  #ownsHandles = false;
  #ownsVariables = false;
  #ownsAssumptions = false;
  /** Groups that no other path shares. */
  #ownGroups: Set<string> | undefined;
  #key: string | undefined;

  fork(): PathState {
    const other = new PathState();
    other.#handles = this.#handles;
    other.#variables = this.#variables;
    other.#assumptions = this.#assumptions;
    other.#stores = this.#stores;
    other.#key = this.#key;
    this.#ownsHandles = this.#ownsVariables = this.#ownsAssumptions = false;
    this.#ownGroups = undefined;
    return other;
  }

  handle(id: number): HandleState | undefined {
    return this.#handles.get(id);
  }

  setHandle(id: number, state: HandleState): void {
    if (this.#handles.get(id) === state) return;
    this.#changeHandles();
    this.#handles.set(id, state);
  }

  /** Forgets a client connection that was given back, or that nothing leads to any more. */
  dropHandle(id: number): void {
    if (!this.#handles.has(id)) return;
    this.#changeHandles();
    this.#handles.delete(id);
  }

  #changeHandles(): void {
    this.#key = undefined;
    if (this.#ownsHandles) return;
    this.#handles = new Map(this.#handles);
    this.#ownsHandles = true;
  }

  variable(key: string): Value | undefined {
    return this.#variables.get(groupOf(key))?.get(key);
  }

  setVariable(key: string, value: Value): void {
    const group = groupOf(key);
    let values = this.#variables.get(group);
    if (!this.#ownsVariables) {
      this.#variables = new Map(this.#variables);
      this.#ownsVariables = true;
    }
    if (values === undefined || this.#ownGroups?.has(group) !== true) {
      values = new Map(values);
      this.#variables.set(group, values);
      this.#ownGroups ??= new Set();
      this.#ownGroups.add(group);
    }
    values.set(key, value);
  }

  /** What the variables of one activation hold. */
  variablesOf(frame: number): Iterable<Value> {
    return this.#variables.get(String(frame))?.values() ?? [];
  }

  /** Forgets the variables of an activation that is over. */
  dropFrame(frame: number): void {
    const group = String(frame);
    if (!this.#variables.has(group)) return;
    if (!this.#ownsVariables) {
      this.#variables = new Map(this.#variables);
      this.#ownsVariables = true;
    }
    this.#variables.delete(group);
    this.#ownGroups?.delete(group);
  }

  /** What an AsyncLocalStorage holds; undefined outside of what it was seen to run. */
  store(id: number): Value | undefined {
    return this.#stores.get(id);
  }

  setStore(id: number, value: Value | undefined): void {
    const stores = new Map(this.#stores);
    if (value === undefined) stores.delete(id);
    else stores.set(id, value);
    this.#stores = stores;
  }

  /** Equal for paths on which every AsyncLocalStorage holds the same. */
  get storesKey(): string {
    return [...this.#stores].map(([id, value]) => `${String(id)}${valueKey(value)}`).join();
  }

  assumption(key: string): boolean | undefined {
    return this.#assumptions.get(key);
  }

  assume(key: string, truth: boolean): void {
    if (!this.#ownsAssumptions) {
      this.#assumptions = new Map(this.#assumptions);
      this.#ownsAssumptions = true;
    }
    this.#assumptions.set(key, truth);
  }

  /** Equal for paths on which the same is assumed of what every function may ask. */
  get assumptionsKey(): string {
    return [...this.#assumptions]
      .filter(([key]) => key.startsWith(OF_PROGRAM))
      .map(([key, truth]) => `${key}${String(truth)}`)
      .sort()
      .join();
  }

  /** Equal handle states have the same table object; a quick test that nothing was sent in between. */
  get handlesTable(): object {
    return this.#handles;
  }

  /** Everything that must be equal for two paths to be continued as one. */
  get key(): string {
    if (this.#key === undefined) {
      const parts: string[] = [];
      for (const [id, state] of this.#handles) {
        parts.push(`${String(id)}${state.transaction}${state.confidence}${state.log?.key ?? ""}`);
      }
      this.#key = parts.sort().join(";");
    }
    return this.#key;
  }

  /** Continues another path of the same key together with this one. */
  absorb(other: PathState): void {
    if (other.#variables !== this.#variables) {
      const merged = new Map<string, Group>();
      for (const [group, values] of this.#variables) {
        const theirs = other.#variables.get(group);
        if (theirs !== undefined) merged.set(group, values === theirs ? values : mergeGroups(values, theirs));
      }
      this.#variables = merged;
      this.#ownsVariables = true;
      this.#ownGroups = undefined;
    }
    if (other.#stores !== this.#stores) {
      const same = ([id, value]: [number, Value]): boolean => {
        const theirs = other.#stores.get(id);
        return theirs !== undefined && valueKey(theirs) === valueKey(value);
      };
      this.#stores = new Map([...this.#stores].filter(same));
    }
    if (other.#assumptions !== this.#assumptions) {
      this.#assumptions = new Map(
        [...this.#assumptions].filter(([key, truth]) => other.#assumptions.get(key) === truth),
      );
      this.#ownsAssumptions = true;
    }
  }

  /**
   * The state in which code runs that is called some time later: constant variables keep their values, and what is assumed of the program
   * holds; others and the state of client connections are whatever they are by then.
   */
  deferred(isConstant: (key: string) => boolean): PathState {
    const later = new PathState();
    for (const values of this.#variables.values())
      for (const [key, value] of values) if (isConstant(key)) later.setVariable(key, value);
    for (const [key, truth] of this.#assumptions) if (key.startsWith(OF_PROGRAM)) later.assume(key, truth);
    return later;
  }

  /**
   * Tells every open log that the path ends here with its transaction still open. Not for paths that end by an exception: what becomes
   * of their transaction is decided where it is caught, and a connection that fails is closed, which rolls back.
   */
  endOpen(): void {
    for (const state of this.#handles.values()) endLog(state.log, "open");
  }

  /** Every variable and field of the path with its key. */
  *variables(): Generator<readonly [string, Value]> {
    for (const values of this.#variables.values()) yield* values;
  }

  /** Whether a variable or field leads to the client connection. */
  holdsHandle(id: number): boolean {
    for (const values of this.#variables.values()) {
      for (const value of values.values()) if (leadsTo(value, id, 0)) return true;
    }
    for (const value of this.#stores.values()) if (leadsTo(value, id, 0)) return true;
    return false;
  }

  /** Gives up telling connection states apart: each becomes unknown, its log ends open. */
  forgetTransactions(): void {
    for (const [id, state] of [...this.#handles]) {
      endLog(state.log, "open");
      this.setHandle(id, { transaction: "unknown", log: undefined, confidence: "possible" });
    }
  }

  get handleIds(): number[] {
    return [...this.#handles.keys()];
  }
}

function leadsTo(value: Value, handle: number, depth: number): boolean {
  switch (value.kind) {
    case "handle":
      return value.handle === handle;
    case "union":
      return value.members.some((member) => leadsTo(member, handle, depth));
    case "object":
      return (
        value.base?.handle === handle ||
        (depth < 3 && [...value.properties.values()].some((property) => leadsTo(property.value, handle, depth + 1)))
      );
    case "array":
      return depth < 3 && value.elements.some((element) => leadsTo(element, handle, depth + 1));
    default:
      return false;
  }
}

function mergeGroups(ours: Group, theirs: Group): Group {
  const merged: Group = new Map();
  for (const [key, value] of ours) {
    const other = theirs.get(key);
    if (other === undefined) continue;
    merged.set(key, value === other || valueKey(value) === valueKey(other) ? value : union([value, other]));
  }
  return merged;
}

/** One path of each key; the others are left out. */
export function distinct(states: readonly PathState[]): PathState[] {
  return states.length < 2 ? [...states] : [...new Map(states.map((state) => [state.key, state])).values()];
}

/** More paths than this at one point are continued as one, with connection states unknown where they differ. */
const MAX_PATHS = 16;

/** Joins paths that need not be told apart, and bounds their number. */
export function join(states: readonly PathState[]): PathState[] {
  if (states.length < 2) return [...states];
  const byKey = new Map<string, PathState>();
  for (const state of states) {
    const key = state.key;
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, state);
    else known.absorb(state);
  }
  const joined = [...byKey.values()];
  if (joined.length <= MAX_PATHS) return joined;
  const [first, ...rest] = joined;
  if (first === undefined) return [];
  for (const state of joined) state.forgetTransactions();
  for (const state of rest) {
    for (const id of state.handleIds) if (first.handle(id) === undefined) first.setHandle(id, foreignConnection);
    first.absorb(state);
  }
  return [first];
}
