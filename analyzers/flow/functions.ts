import type { ConnectHook, Evidence } from "../model.ts";
import { annotationOf } from "../source/names.ts";
import { locate } from "../source/source-unit.ts";
import { holds, holdsSome } from "../source/holds.ts";
import { isTestFile } from "../source/test-file.ts";
import { beginsAsStatement, STATEMENT_BEGINNING } from "../sql/first-words.ts";
import {
  type Frame,
  type FunctionNode,
  type FunctionValue,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { identityOf, shortKey, valueKey } from "../source/value-key.ts";
import { ambientTransaction, transactionalBy } from "./ambient-transactions.ts";
import { mergeStates } from "./builtins.ts";
import { contextualType } from "./contextual-types.ts";
import { type Activation, type Machine, noExits, type Outcome, withinSteps } from "./machine.ts";
import { givenBack } from "./given-back.ts";
import { distinct, endLog, type PathState, isConstantKey } from "./path-state.ts";
import { settle } from "./pending-queries.ts";
import { doubtStates } from "./receivers.ts";
import { parameterReason } from "./variables.ts";
import { withWrittenType } from "./written-types.ts";

/** Steps a callback may take that runs some time later. */
const LATER_STEPS = 4_000;

/** A key for an argument that tells what a call could make of it: for a client connection also whether it is in a transaction. */
function callKey(value: Value, state: PathState, depth = 0): string {
  switch (value.kind) {
    case "handle": {
      const known = state.handle(value.handle);
      return `${valueKey(value)}${known === undefined ? "" : `${known.transaction}${known.confidence}`}`;
    }
    case "object":
      return depth > 2
        ? valueKey(value)
        : `{${[...value.properties].map(([name, item]) => `${name}:${callKey(item.value, state, depth + 1)}`).join()}}${value.base === undefined ? "" : callKey(value.base, state, depth)}`;
    case "array":
      return depth > 2
        ? valueKey(value)
        : `[${value.elements.map((element) => callKey(element, state, depth + 1)).join()}]`;
    default:
      return valueKey(value);
  }
}

/** Calls of one function inside one another that are followed. */
const MAX_REENTRIES = 3;

/** Arguments nobody was seen to pass. */
export function unseenArguments(called: FunctionValue, fromCaller: boolean): Value[] {
  return called.node.params.map((parameter) => ({
    ...unknown(parameterReason(called.unit, parameter, called.node)),
    ...(fromCaller ? { fromCaller } : {}),
  }));
}

/** Values through which the variables of an activation can be reached after it is over. */
const CLOSURES: ReadonlySet<Value["kind"]> = new Set(["function", "bound-method", "instance", "class"]);
const FUNCTIONS: ReadonlySet<Value["kind"]> = new Set(["function"]);
const HANDLES: ReadonlySet<Value["kind"]> = new Set(["handle", ...CLOSURES]);

/** Forgets what nothing leads to any more when a function has run: its variables, and client connections it made for itself. */
function leaveFrame(outcome: Outcome, frame: number, handlesBefore: ReadonlySet<number>): void {
  const { state, value } = outcome;
  if (!holds(value, CLOSURES)) state.dropFrame(frame);
  if (holds(value, HANDLES)) return;
  for (const id of state.handleIds) {
    if (handlesBefore.has(id) || state.holdsHandle(id)) continue;
    endLog(state.handle(id)?.log, "open");
    state.dropHandle(id);
  }
}

/** Words without which a function hardly touches a database. */
const WORK_WORDS = new RegExp(
  String.raw`query|client|pool|transaction|\b(?:connect|execute|sql|pg|lock|listen)|\b(?:raw|conn|trx|tx|db|database|begin|commit|rollback)\b|["'\x60]\s*(?:--[^\n]*\n\s*)?${STATEMENT_BEGINNING}`,
  "i",
);
/** Shorter functions are run whatever their words: they may give a text or a name that a query needs. */
const SHORT_FUNCTION = 400;
/** Callers after these learn nothing new of a function. */
const ENOUGH_RUNS = 12;
const WORK: ReadonlySet<Value["kind"]> = new Set([
  "handle",
  "function",
  "bound-method",
  "instance",
  "class",
  "message",
]);

/** What makes one more run of a callback differ from earlier ones in what it sends, or on what. */
const GIVEN: ReadonlySet<Value["kind"]> = new Set(["handle", "text", "message"]);

/** Something to send, something to send it on, or something to connect with. */
function isWork({ catalogue }: Machine, value: Value): boolean {
  if (value.kind === "object") return [...value.properties.keys()].some(catalogue.isConnectOption);
  if (value.kind !== "text") return WORK.has(value.kind);
  const [first] = value.segments;
  return first?.kind === "text" && beginsAsStatement(first.value);
}

/** A key for the texts and client connections that a callback is given or finds in the functions around it. */
function workOf(called: FunctionValue, values: readonly Value[], state: PathState): string {
  const found = [...values];
  for (let frame: Frame | undefined = called.frame; frame?.owner !== undefined; frame = frame.parent)
    found.push(...state.variablesOf(frame.id));
  return shortKey(
    found
      .filter((value) => holds(value, GIVEN))
      .map(valueKey)
      .join(),
  );
}

/** Whether running a function can matter: by its words, its length, or by what it is given. Left out, it is still an entry point. */
function canMatter(called: FunctionValue, values: readonly Value[]): boolean {
  const [start, end] = called.node.range;
  if (end - start <= SHORT_FUNCTION || values.some((value) => holds(value, WORK))) return true;
  let matters = wordsKnown.get(called.node);
  if (matters === undefined) {
    matters = WORK_WORDS.test(called.unit.text.slice(start, end));
    wordsKnown.set(called.node, matters);
  }
  return matters;
}

const wordsKnown = new WeakMap<FunctionNode, boolean>();

/** An argument of which nothing is known, with the type its parameter has by where the function stands. */
function byContext(machine: Machine, called: FunctionValue, index: number, value: Value): Value {
  const parameter = called.node.params[index];
  const isBare = parameter?.type === "Identifier" || parameter?.type === "ObjectPattern";
  if (value.kind !== "unknown" || value.type !== undefined || !isBare || annotationOf(parameter) !== undefined)
    return value;
  const type = contextualType(machine, called, index);
  return type === undefined ? value : withWrittenType(machine, value, type);
}

/** Makes the parts of the machine that run functions. */
export function makeFunctions(machine: Machine): Pick<Machine, "invoke" | "invokeLater" | "enter"> {
  /**
   * Results of calls that left every client connection as it was, by function and arguments. What such a call sends does not depend
   * on the path, so it is noted once.
   */
  const inert = new Map<FunctionNode, Map<string, Value>>();
  const postponed = new Set<string>();
  const timesPostponed = new Map<FunctionNode, number>();
  const timesRun = new Map<FunctionNode, number>();

  /**
   * Whether a test calls a part of the program that was run before, with nothing that it could send or send something on: tests come last,
   * and what they call has shown what it does.
   */
  const isOnlyTested = (called: FunctionValue, values: readonly Value[], { frame }: Activation): boolean =>
    machine.covered.has(called.node) &&
    called.unit.placeOf(called.node)?.name.endsWith(".constructor") !== true &&
    isTestFile(frame.unit.filename) &&
    !isTestFile(called.unit.filename) &&
    !values.some((value) => holdsSome(value, (part) => isWork(machine, part)));

  /** Whether one more run of a long function that is given nothing to work on or with would show what earlier runs have shown. */
  const isWornOut = (node: FunctionNode, values: readonly Value[]): boolean => {
    if (
      node.range[1] - node.range[0] <= SHORT_FUNCTION ||
      values.some((value) => holdsSome(value, (part) => isWork(machine, part)))
    )
      return false;
    const times = (timesRun.get(node) ?? 0) + 1;
    timesRun.set(node, times);
    return times > ENOUGH_RUNS;
  };

  /** Runs a function; in a transaction of its own, where a decorator says so and none runs already. */
  const run: typeof runBody = (called, self, values, state, activation, step, hook) => {
    const driver = transactionalBy(machine, called);
    if (driver === undefined || activation.ambient?.has(driver.name) === true)
      return runBody(called, self, values, state, activation, step, hook);
    const thrown: PathState[] = [];
    const outer: Activation = { ...activation, exits: { ...activation.exits, throws: thrown }, catching: true };
    const transaction = ambientTransaction(machine, driver, state, outer);
    const outcomes = runBody(called, self, values, state, transaction.activation, step, hook);
    for (const outcome of outcomes) transaction.finish(outcome.state, "commit");
    for (const path of thrown) transaction.finish(path, "rollback");
    activation.exits.throws.push(...thrown);
    return outcomes;
  };

  const runBody = (
    called: FunctionValue,
    self: Value | undefined,
    values: readonly Value[],
    state: PathState,
    activation: Activation,
    step: Evidence | undefined,
    hook: ConnectHook | undefined,
  ): Outcome[] => {
    const { node, unit } = called;
    if (!activation.silent) machine.covered.add(node);
    const bound =
      called.node.type === "ArrowFunctionExpression" ? (called.self ?? called.frame.self) : (self ?? called.self);
    const frame: Frame = {
      id: machine.nextFrameId(),
      unit,
      owner: node,
      parent: called.frame,
      ...(bound === undefined ? {} : { self: bound }),
      ...(called.homeClass === undefined ? {} : { homeClass: called.homeClass }),
    };
    const handlesBefore = new Set(state.handleIds);
    const exits = noExits();
    const inner: Activation = {
      ...activation,
      frame,
      exits,
      path: step === undefined ? activation.path : [...activation.path, step],
      stack: [...activation.stack, node],
      ...(hook === undefined ? {} : { hook }),
    };
    node.params.forEach((parameter, index) => {
      const rest = parameter.type === "RestElement";
      const value: Value = rest
        ? { kind: "array", elements: values.slice(index), open: false, fixed: true }
        : (values[index] ?? undefinedValue);
      machine.assign(parameter, byContext(machine, called, index, value), state, inner);
    });
    const body = node.body;
    if (body == null) return [{ state, value: unknown("a function without a body") }];
    const outcomes =
      body.type === "BlockStatement"
        ? [
            ...machine
              .execute(body.body, [state], inner)
              .map((end): Outcome => ({ state: end, value: undefinedValue })),
            ...exits.returns,
          ]
        : machine.evaluate(body, state, inner);
    activation.exits.throws.push(...distinct(exits.throws));
    const settled = node.async
      ? outcomes.flatMap((outcome) => settle(machine, outcome.value, outcome.state, inner))
      : outcomes;
    for (const outcome of settled) {
      if (!activation.silent && holds(outcome.value, FUNCTIONS)) machine.closures.note(outcome.value, outcome.state);
      leaveFrame(outcome, frame.id, handlesBefore);
    }
    return mergeStates(settled);
  };

  const invoke: Machine["invoke"] = (called, self, values, state, activation, site, options) => {
    const outcomes = follow(called, self, values, state, activation, site, options).map((outcome) => ({
      ...outcome,
      value: givenBack(machine, outcome.value, called, values, outcome.state, activation, site),
    }));
    const { returnType } = called.node;
    if (returnType == null) return outcomes;
    const type = { unit: called.unit, node: returnType.typeAnnotation };
    return outcomes.map((outcome) => ({ ...outcome, value: withWrittenType(machine, outcome.value, type) }));
  };

  const follow: Machine["invoke"] = (called, self, values, state, activation, site, options) => {
    const { node } = called;
    // A function may be on the stack twice without recursion: a forwarder whose callback calls the forwarder again.
    if (activation.stack.filter((running) => running === node).length >= MAX_REENTRIES) {
      return [{ state, value: unknown("a recursive call") }];
    }
    if (activation.stack.length >= activation.maxDepth) {
      // Its caller was not seen to its end: that is an entry point of its own again.
      const caller = activation.stack.at(-1);
      if (!activation.silent && caller !== undefined) machine.covered.delete(caller);
      if (!activation.silent) machine.ledger.limit(locate(activation.frame.unit, site), "calls nested too deep");
      doubtStates(self === undefined ? values : [self, ...values], state, false);
      return [{ state, value: unknown("calls nested too deep") }];
    }
    if (!canMatter(called, values) || isOnlyTested(called, values, activation))
      return [{ state, value: unknown("the result of a function that was not followed") }];
    if (isWornOut(node, values))
      return [{ state, value: unknown("the result of a function that was followed often enough") }];
    const place = called.unit.placeOf(node);
    const name = place === undefined || place.name.startsWith("<") ? "the callback" : `\`${place.name}\``;
    const step: Evidence = { location: locate(activation.frame.unit, site), message: `${name} is called here` };
    const key =
      options?.hook === undefined && activation.hook === undefined && called.frame.owner === undefined
        ? shortKey(
            `${self === undefined ? "" : valueKey(self)}(${values.map((value) => callKey(value, state)).join()})${String(activation.silent)}${activation.pathConfidence}${[...(activation.ambient ?? [])].join()}${state.storesKey}${state.assumptionsKey}`,
          )
        : undefined;
    const known = key === undefined ? undefined : inert.get(node)?.get(key);
    if (known !== undefined) return [{ state, value: known }];
    const tableBefore = state.handlesTable;
    const outcomes = run(called, self, values, state, activation, step, options?.hook);
    const [only] = outcomes;
    if (
      key !== undefined &&
      outcomes.length === 1 &&
      only?.state.handlesTable === tableBefore &&
      activation.budget.steps > 0
    ) {
      const results = inert.get(node) ?? new Map<string, Value>();
      results.set(key, only.value);
      inert.set(node, results);
    }
    return outcomes;
  };

  const invokeLater: Machine["invokeLater"] = (called, values, state, activation, site) => {
    const { node } = called;
    const key = `${String(identityOf(node))}@${String(called.frame.id)}`;
    if (
      activation.silent ||
      postponed.has(key) ||
      activation.stack.includes(node) ||
      activation.stack.length >= activation.maxDepth
    )
      return;
    const { callbacks } = activation.budget;
    const times = timesPostponed.get(node) ?? 0;
    if (times >= ENOUGH_RUNS) {
      const work = `${String(identityOf(node))}@${workOf(called, values, state)}`;
      if (postponed.has(work)) return;
      postponed.add(work);
    }
    if (callbacks.steps <= 0) {
      // What was not followed at all is an entry point of its own; of the rest it is said that it was not followed here.
      if (machine.covered.has(node))
        machine.ledger.limit(locate(activation.frame.unit, site), "too many callbacks from one file");
      return;
    }
    postponed.add(key);
    timesPostponed.set(node, times + 1);
    const step: Evidence = {
      location: locate(activation.frame.unit, site),
      message: "the callback is registered here",
    };
    const { hook: _, ...rest } = activation;
    const given = unseenArguments(called, false).map((fallback, index) => values[index] ?? fallback);
    const start = state.deferred(isConstantKey);
    // It runs by itself, so it has steps of its own.
    const taken = withinSteps({ steps: LATER_STEPS, callbacks }, activation.stack.length, (limits) => {
      const isDoubtful = rest.inWhateverTransaction === true || rest.undecided !== undefined;
      const pathConfidence = isDoubtful ? "possible" : limits.pathConfidence;
      const inner: Activation = { ...rest, ...limits, pathConfidence, exits: noExits(), catching: false };
      for (const outcome of run(called, undefined, given, start.fork(), inner, step, undefined))
        outcome.state.endOpen();
    });
    callbacks.steps -= taken;
  };

  const enter: Machine["enter"] = (called, self, values, state, activation) =>
    run(called, self, values, state, activation, undefined, activation.hook);

  return { invoke, invokeLater, enter };
}
