import type { Confidence, Evidence, SqlAction, TransactionEnding, TransactionState } from "../model.ts";
import { type Value, union, valueKey } from "../source/values.ts";
import type { OpenReach } from "./ledger.ts";

/** A statement that ran in the transaction that is open, newest first. */
export interface LogEntry {
  readonly reach: OpenReach;
  readonly actions: readonly SqlAction[];
  readonly previous: LogEntry | undefined;
  /** The name of the savepoint this entry sets; such an entry has no actions. */
  readonly savepoint?: string;
  /** Equal for logs that tell the same story. */
  readonly key: string;
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

/**
 * One path through the program up to some point: what variables hold and in which state each client connection is.
 * Mutable; `fork` is cheap and both sides may be changed afterwards.
 */
export class PathState {
  #handles: Map<number, HandleState>;
  #variables: Map<string, Value>;
  #assumptions: Map<string, boolean>;
  #ownsHandles = true;
  #ownsVariables = true;
  #ownsAssumptions = true;

  constructor(
    handles = new Map<number, HandleState>(),
    variables = new Map<string, Value>(),
    assumptions = new Map<string, boolean>(),
  ) {
    this.#handles = handles;
    this.#variables = variables;
    this.#assumptions = assumptions;
  }

  fork(): PathState {
    const other = new PathState(this.#handles, this.#variables, this.#assumptions);
    this.#ownsHandles = this.#ownsVariables = this.#ownsAssumptions = false;
    other.#ownsHandles = other.#ownsVariables = other.#ownsAssumptions = false;
    return other;
  }

  handle(id: number): HandleState | undefined {
    return this.#handles.get(id);
  }

  setHandle(id: number, state: HandleState): void {
    if (this.#handles.get(id) === state) return;
    if (!this.#ownsHandles) {
      this.#handles = new Map(this.#handles);
      this.#ownsHandles = true;
    }
    this.#handles.set(id, state);
  }

  /** Forgets a client connection that was given back. */
  dropHandle(id: number): void {
    if (!this.#handles.has(id)) return;
    if (!this.#ownsHandles) {
      this.#handles = new Map(this.#handles);
      this.#ownsHandles = true;
    }
    this.#handles.delete(id);
  }

  variable(key: string): Value | undefined {
    return this.#variables.get(key);
  }

  setVariable(key: string, value: Value): void {
    if (!this.#ownsVariables) {
      this.#variables = new Map(this.#variables);
      this.#ownsVariables = true;
    }
    this.#variables.set(key, value);
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

  /** Equal handle states have the same table object; a quick test that nothing was sent in between. */
  get handlesTable(): object {
    return this.#handles;
  }

  /** Everything that must be equal for two paths to be continued as one. */
  get key(): string {
    const parts: string[] = [];
    for (const [id, state] of this.#handles) {
      parts.push(`${String(id)}${state.transaction}${state.confidence}${state.log?.key ?? ""}`);
    }
    return parts.sort().join(";");
  }

  /** Continues another path of the same key together with this one. */
  absorb(other: PathState): void {
    if (other.#variables !== this.#variables) {
      const merged = new Map<string, Value>();
      for (const [key, value] of this.#variables) {
        const theirs = other.#variables.get(key);
        if (theirs === undefined) continue;
        merged.set(key, value === theirs || valueKey(value) === valueKey(theirs) ? value : union([value, theirs]));
      }
      this.#variables = merged;
      this.#ownsVariables = true;
    }
    if (other.#assumptions !== this.#assumptions) {
      this.#assumptions = new Map(
        [...this.#assumptions].filter(([key, truth]) => other.#assumptions.get(key) === truth),
      );
      this.#ownsAssumptions = true;
    }
  }

  /**
   * The state in which code runs that is called some time later: constant variables keep their values, others and the state of
   * client connections are whatever they are by then.
   */
  deferred(isConstant: (key: string) => boolean): PathState {
    return new PathState(new Map(), new Map([...this.#variables].filter(([key]) => isConstant(key))));
  }

  /**
   * Tells every open log that the path ends here with its transaction still open. Not for paths that end by an exception: what becomes
   * of their transaction is decided where it is caught, and a connection that fails is closed, which rolls back.
   */
  endOpen(): void {
    for (const state of this.#handles.values()) endLog(state.log, "open");
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
