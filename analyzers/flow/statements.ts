import type { TSESTree } from "@typescript-eslint/types";
import { truthiness, undefinedValue, unknown, type Value } from "../source/values.ts";
import { fork } from "./conditions.ts";
import { comparison } from "./comparison.ts";
import { noteDialect } from "./dialect-branches.ts";
import { type Activation, type Exits, type Machine, noExits } from "./machine.ts";
import { join, type PathState } from "./path-state.ts";
import { settle } from "./pending-queries.ts";
import { isLoop, withJumps, loop } from "./loops.ts";
import { declare } from "./declarations.ts";

/** Runs statements in order on every path; returns the paths that reach the end. The others are in the activation's exits. */
export function execute(
  machine: Machine,
  nodes: readonly TSESTree.Statement[],
  states: readonly PathState[],
  activation: Activation,
): PathState[] {
  hoist(machine, nodes, states, activation);
  let paths = [...states];
  for (const node of nodes) {
    if (paths.length === 0) return [];
    paths = join(paths.flatMap((state) => executeOne(machine, node, state, activation)));
  }
  return paths;
}

/** Function declarations are there before the first statement runs. */
function hoist(
  machine: Machine,
  nodes: readonly TSESTree.Statement[],
  states: readonly PathState[],
  activation: Activation,
): void {
  const { frame } = activation;
  if (frame.owner === undefined) return;
  for (const node of nodes) {
    if (node.type !== "FunctionDeclaration") continue;
    const value = machine.evaluate(node, states[0] ?? noState(), activation)[0]?.value ?? undefinedValue;
    for (const state of states) machine.assign(node.id, value, state, activation);
  }
}

function noState(): never {
  throw new Error("statements run on at least one path");
}

function executeOne(machine: Machine, node: TSESTree.Statement, state: PathState, activation: Activation): PathState[] {
  const statesOf = (expression: TSESTree.Node): PathState[] =>
    machine.evaluate(expression, state, activation).map((outcome) => outcome.state);
  switch (node.type) {
    case "ExpressionStatement": {
      const outcomes =
        node.expression.type === "CallExpression"
          ? machine.evaluateCall(node.expression, state, activation, true)
          : machine.evaluate(node.expression, state, activation);
      return outcomes.flatMap((outcome) =>
        settle(machine, outcome.value, outcome.state, activation).map((settled) => settled.state),
      );
    }
    case "VariableDeclaration":
      return declare(machine, node, state, activation);
    case "ReturnStatement":
      if (node.argument === null) activation.exits.returns.push({ state, value: undefinedValue });
      else activation.exits.returns.push(...machine.evaluate(node.argument, state, activation));
      return [];
    case "ThrowStatement":
      activation.exits.throws.push(...statesOf(node.argument));
      return [];
    case "BlockStatement":
      return machine.execute(node.body, [state], activation);
    case "IfStatement":
      return fork(machine, node.test, state, activation).flatMap((branch) => {
        const body = branch.truth ? node.consequent : node.alternate;
        return body === null ? [branch.state] : machine.execute([body], [branch.state], activation);
      });
    case "ForStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForOfStatement":
    case "ForInStatement":
      return loop(machine, node, state, activation, undefined);
    case "LabeledStatement":
      if (isLoop(node.body)) return loop(machine, node.body, state, activation, node.label.name);
      return withJumps(activation, node.label.name, (inner) => machine.execute([node.body], [state], inner));
    case "BreakStatement":
    case "ContinueStatement":
      activation.exits.jumps.push({
        kind: node.type === "BreakStatement" ? "break" : "continue",
        label: node.label?.name,
        state,
      });
      return [];
    case "SwitchStatement":
      return switchOver(machine, node, state, activation);
    case "TryStatement":
      return attempt(machine, node, state, activation);
    case "ExportNamedDeclaration":
      return node.declaration === null || node.declaration.type.startsWith("TS")
        ? [state]
        : machine.execute([node.declaration as TSESTree.Statement], [state], activation);
    case "ExportDefaultDeclaration":
      if (node.declaration.type === "ClassDeclaration") return decorate(machine, node.declaration, state, activation);
      return node.declaration.type === "FunctionDeclaration" || node.declaration.type.startsWith("TS")
        ? [state]
        : statesOf(node.declaration);
    case "ClassDeclaration":
      return decorate(machine, node, state, activation);
    case "TSExportAssignment":
      return statesOf(node.expression);
    default:
      return [state];
  }
}

/** What is written in the decorators of a class is evaluated with it: `@Module({ imports: [DatabaseModule.forRoot(…)] })`. */
const decorate = (
  machine: Machine,
  node: TSESTree.ClassDeclaration,
  state: PathState,
  activation: Activation,
): PathState[] =>
  node.decorators.reduce<PathState[]>(
    (paths, { expression }) =>
      paths.flatMap((path) => machine.evaluate(expression, path, activation).map((outcome) => outcome.state)),
    [state],
  );

function switchOver(
  machine: Machine,
  node: TSESTree.SwitchStatement,
  start: PathState,
  activation: Activation,
): PathState[] {
  const exits: Exits = { ...activation.exits, jumps: [] };
  const inner: Activation = { ...activation, exits };
  const ends: PathState[] = [];
  for (const { state, value } of machine.evaluate(node.discriminant, start, activation)) {
    const entered = casesEntered(machine, node.cases, value, state, activation);
    let falling: PathState[] = [];
    for (const branch of node.cases) {
      const own = state.fork();
      if (branch.test !== null) noteDialect(node.discriminant, branch.test, true, own);
      const states = entered.has(branch) ? [...falling, own] : falling;
      if (states.length > 0) falling = machine.execute(branch.consequent, join(states), inner);
    }
    ends.push(...falling);
    if (entered.has(undefined)) ends.push(state);
  }
  for (const jump of exits.jumps) {
    if (jump.kind === "break" && jump.label === undefined) ends.push(jump.state);
    else activation.exits.jumps.push(jump);
  }
  return join(ends);
}

/** The cases at which a switch may be entered, as far as the value tells; `undefined` among them where it may be left out. */
function casesEntered(
  machine: Machine,
  cases: readonly TSESTree.SwitchCase[],
  value: Value,
  state: PathState,
  activation: Activation,
): Set<TSESTree.SwitchCase | undefined> {
  const answers = cases.map(({ test }) => {
    const tested = test === null ? undefined : machine.evaluate(test, state.fork(), activation)[0]?.value;
    return tested === undefined ? undefined : truthiness(comparison("===", value, tested));
  });
  const hit = answers.indexOf(true);
  const possible = cases.filter((branch, index) => branch.test !== null && answers[index] === undefined);
  if (hit >= 0) return new Set([...possible.filter((branch) => cases.indexOf(branch) < hit), cases[hit]]);
  return new Set([...possible, cases.find((branch) => branch.test === null)]);
}

/**
 * try / catch / finally. What is thrown in the block enters the handler with the state it was thrown in; whatever way the block and the
 * handler are left, `finally` runs on that way.
 */
function attempt(machine: Machine, node: TSESTree.TryStatement, start: PathState, activation: Activation): PathState[] {
  const hasHandler = node.handler !== null;
  const hasFinalizer = node.finalizer !== null;
  const outer = activation.exits;
  const leaving: Exits = hasFinalizer ? noExits() : outer;
  const thrown: PathState[] = [];
  const blockExits: Exits = {
    returns: leaving.returns,
    jumps: leaving.jumps,
    throws: hasHandler ? thrown : leaving.throws,
  };
  let ends = machine.execute(node.block.body, [start], { ...activation, exits: blockExits, catching: true });
  if (node.handler !== null) {
    const { param, body } = node.handler;
    const caught = join(thrown.map((state) => state.fork()));
    for (const state of caught) if (param !== null) machine.assign(param, unknown("an error"), state, activation);
    if (caught.length > 0) ends = [...ends, ...machine.execute(body.body, caught, { ...activation, exits: leaving })];
  }
  if (node.finalizer === null) return join(ends);
  const last = node.finalizer.body;
  const afterwards = (states: readonly PathState[]): PathState[] =>
    states.length === 0 ? [] : machine.execute(last, join(states), activation);
  const normal = afterwards(ends);
  outer.throws.push(...afterwards(leaving.throws));
  for (const outcome of leaving.returns)
    outer.returns.push(...afterwards([outcome.state]).map((state) => ({ state, value: outcome.value })));
  for (const jump of leaving.jumps) outer.jumps.push(...afterwards([jump.state]).map((state) => ({ ...jump, state })));
  return normal;
}
