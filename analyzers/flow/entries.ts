import { isTestFile } from "../source/test-file.ts";
import { type FunctionPlace, locate, type SourceUnit } from "../source/source-unit.ts";
import type { Frame, FunctionNode, FunctionValue, InstanceValue } from "../source/values.ts";
import { conventionalArguments } from "./conventions.ts";
import { unseenArguments } from "./functions.ts";
import { type Activation, type Budget, type Machine, noExits, withinSteps } from "./machine.ts";
import { freshConnection, PathState } from "./path-state.ts";
import { connectBySettings, holdsSettings } from "./settings-files.ts";
import { lower } from "./transactions.ts";
import { unreachedIn } from "./unreached.ts";
import { lazyFrame, selfOfPlace } from "./variables.ts";

/** Steps one entry point may take: a few times what the longest functions of real backends need. */
const STEPS_PER_ENTRY = 8_000;

/**
 * Runs a program in every way that is seen: module bodies first, then every function that nothing was seen to call, with arguments nobody
 * was seen to pass; at last what no path came to.
 */
export function runProgram(machine: Machine, units: readonly SourceUnit[]): void {
  for (const unit of units) noteDeclared(machine, unit);
  for (const unit of units) runModule(machine, unit);
  for (const unit of units) {
    if (!holdsSettings(machine, unit)) continue;
    runWithin(machine, machine.moduleFrame(unit), {}, (activation) => {
      const state = new PathState();
      connectBySettings(machine, unit, state, activation);
      return [state];
    });
  }
  const entered = new Set<FunctionNode>();
  const enterAll = (isDue: (unit: SourceUnit, place: FunctionPlace) => boolean): void => {
    for (const unit of units) {
      for (const place of unit.functions) {
        const isSeen = machine.covered.has(place.node) || machine.leftOut.has(place.node) || entered.has(place.node);
        if (isSeen || !isDue(unit, place)) continue;
        entered.add(place.node);
        runEntry(machine, unit, place);
      }
    }
  };
  enterAll((unit, place) => !isCalledByName(unit, place));
  enterAll(() => true);
  // Once more for those that were left half-way when the steps of their caller were used up.
  enterAll(() => true);
  machine.ledger.settle();
  for (const unit of units) enterUnreached(machine, unit);
}

/** Files in order, tests last: what a program does is shown by its own callers before its tests. */
export const testsLast = (files: readonly string[]): string[] => [
  ...files.filter((file) => !isTestFile(file)),
  ...files.filter((file) => isTestFile(file)),
];

/**
 * Runs the functions with calls that no path came to once more: with arguments that nobody was seen to pass, and where that does not lead
 * there either, with conditions that decide nothing. What was seen before is not seen again.
 */
function enterUnreached(machine: Machine, unit: SourceUnit): void {
  for (const place of unit.functions) {
    if (machine.leftOut.has(place.node)) continue;
    if (unreachedIn(place.node, machine.evaluated).length === 0) continue;
    runEntry(machine, unit, place, { pathConfidence: "likely" });
    if (unreachedIn(place.node, machine.evaluated).length === 0) continue;
    runEntry(machine, unit, place, { pathConfidence: "possible", undecided: { owner: place.node } });
  }
  if (unreachedIn(unit.ast, machine.evaluated).length > 0)
    runModule(machine, unit, { pathConfidence: "possible", undecided: { owner: undefined } });
  const ours = unit.functions.map(({ node }) => node).filter((node) => !machine.leftOut.has(node));
  for (const root of [unit.ast, ...ours]) {
    for (const call of unreachedIn(root, machine.evaluated))
      machine.ledger.limit(locate(unit, call), "no path leads to what looks like a query");
  }
}

/** Notes the drivers whose transactions follow the flow of control, because this file says so. */
function noteDeclared(machine: Machine, unit: SourceUnit): void {
  for (const module of unit.modules) {
    const driver = machine.catalogue.driverOf(module);
    const call = driver?.flowDeclaredBy;
    if (driver !== undefined && call !== undefined && new RegExp(`\\.${call}\\s*\\(`).test(unit.text))
      machine.declaredAmbient.add(driver.name);
  }
}

/** True when the function has a name that its own file uses: its callers show with what it is called. */
function isCalledByName(unit: SourceUnit, place: FunctionPlace): boolean {
  if (place.node.type !== "FunctionDeclaration" && place.class !== undefined) return false;
  return (
    unit.scopeManager
      .getDeclaredVariables(place.node)
      .some(
        (variable) => variable.references.length > 0 && variable.defs.some(({ type }) => type === "FunctionName"),
      ) ||
    isUsedConstant(unit, place.node) ||
    place.enclosing !== undefined
  );
}

/** Whether a function is what a constant of the module is set to, which its own file uses: `const load = async () => …`. */
const isUsedConstant = (unit: SourceUnit, node: FunctionNode): boolean =>
  unit.scopeManager.scopes.some(
    (scope) =>
      (scope.type === "module" || scope.type === "global") &&
      scope.variables.some(
        (variable) =>
          variable.defs.some(
            (definition) => definition.node.type === "VariableDeclarator" && definition.node.init === node,
          ) && variable.references.some((reference) => reference.isRead()),
      ),
  );

/** What is to be doubted of an entry point that is run for what no path came to. */
type Doubts = Partial<Pick<Activation, "pathConfidence" | "undecided">>;

/**
 * Steps that all entry points of one file may take together: more than any file of the real backends that were tried
 * takes. What is left over is named and not run. Steps, not seconds: what is found does not depend on the machine.
 */
export const STEPS_PER_FILE = 1_000_000;

/**
 * Runs an entry point: everything it leads to, within its steps. Code nested so deep that following it overflows the stack is given up
 * and named; the other entry points are still run.
 */
function runWithin(
  machine: Machine,
  frame: Frame,
  doubts: Doubts,
  run: (activation: Activation) => readonly PathState[],
): void {
  const before = machine.effort.steps;
  const taken = machine.stepsOf.get(frame.unit) ?? 0;
  if (taken > machine.stepsPerFile) {
    machine.ledger.limit(locate(frame.unit, frame.unit.ast), "it takes too long");
    return;
  }
  try {
    const budget: Budget = { steps: STEPS_PER_ENTRY, callbacks: machine.callbacksOf(frame.unit) };
    withinSteps(budget, 0, (limits) => {
      const pathConfidence = lower(doubts.pathConfidence ?? "certain", limits.pathConfidence);
      const circumstances = { exits: noExits(), path: [], stack: [], silent: false, catching: false };
      const ends = run({ frame, ...circumstances, ...limits, ...doubts, pathConfidence });
      for (const state of ends) state.endOpen();
    });
  } catch (error) {
    if (!(error instanceof RangeError && error.message.includes("call stack"))) throw error;
    machine.ledger.limit(locate(frame.unit, frame.owner ?? frame.unit.ast), "code nested too deep to follow");
  }
  machine.stepsOf.set(frame.unit, taken + machine.effort.steps - before);
}

function runModule(machine: Machine, unit: SourceUnit, doubts: Doubts = {}): void {
  runWithin(machine, machine.moduleFrame(unit), doubts, (activation) =>
    machine.execute(unit.ast.body, [new PathState()], activation),
  );
}

function runEntry(machine: Machine, unit: SourceUnit, place: FunctionPlace, doubts: Doubts = {}): void {
  const closures = machine.closures.of(place.node);
  for (const { called, state } of closures) {
    runWithin(machine, called.frame, doubts, (activation) =>
      machine
        .enter(called, called.self, unseenArguments(called, true), state.fork(), activation)
        .map((outcome) => outcome.state),
    );
  }
  if (closures.length > 0) return;
  const frame = lazyFrame(machine, unit, place.enclosing);
  const self = selfOfPlace(machine, unit, place.node, frame);
  const called: FunctionValue = {
    kind: "function",
    node: place.node,
    unit,
    frame,
    ...(self === undefined ? {} : { self }),
    ...(place.class === undefined ? {} : { homeClass: { kind: "class", node: place.class, unit, frame } }),
  };
  const hook = connectOverride(machine, unit, place, self);
  // The entry point is no call, so no step of the path says so: it starts inside the function.
  runWithin(machine, frame, doubts, (activation) => {
    const hooked = hook === undefined ? activation : { ...activation, hook };
    const state = new PathState();
    if (hook !== undefined && self?.kind === "instance" && self.base !== undefined)
      state.setHandle(self.base.handle, freshConnection);
    return machine
      .enter(called, self, conventionalArguments(machine, called, unseenArguments(called, true)), state, hooked)
      .map((outcome) => outcome.state);
  });
}

/** `connect()` of a class that extends a driver's client runs once for each client connection of the pool that is given the class. */
function connectOverride(machine: Machine, unit: SourceUnit, place: FunctionPlace, self: unknown): Activation["hook"] {
  if (place.class === undefined || !place.name.endsWith(".connect") || place.isStatic) return undefined;
  const instance = self as InstanceValue | undefined;
  if (instance?.kind !== "instance" || instance.base === undefined) return undefined;
  return machine.handles.get(instance.base).shape.scope === "client"
    ? { event: "connect() of the client class", location: locate(unit, place.node) }
    : undefined;
}
