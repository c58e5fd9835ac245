import type { TSESTree } from "@typescript-eslint/types";
import type { SourceUnit } from "../source/source-unit.ts";
import {
  alternatives,
  holeText,
  knownText,
  truthiness,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { concatenate } from "../source/concatenate.ts";
import { union } from "../source/union.ts";
import { walk } from "../source/walk.ts";
import { locate } from "../source/source-unit.ts";
import { fork } from "./conditions.ts";
import { comparison } from "./comparison.ts";
import { noteDialect } from "./dialect-branches.ts";
import { type Activation, type Exits, type Machine, noExits } from "./machine.ts";
import { join, type PathState } from "./path-state.ts";
import { settle } from "./pending-queries.ts";
import { frameOf, variableKey } from "./variables.ts";

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

function declare(
  machine: Machine,
  node: TSESTree.VariableDeclaration,
  state: PathState,
  activation: Activation,
): PathState[] {
  // Declared for the types only: what it is, code that is not seen decides.
  if (node.declare) return [state];
  let paths = [state];
  for (const declarator of node.declarations) {
    paths = paths.flatMap((path) => {
      if (declarator.init === null) {
        machine.assign(declarator.id, declaredOnly(declarator), path, activation);
        return [path];
      }
      return machine.evaluate(declarator.init, path, activation).map((outcome) => {
        machine.assign(declarator.id, outcome.value, outcome.state, activation);
        return outcome.state;
      });
    });
  }
  return paths;
}

/** `let client: PoolClient;` holds nothing yet; what it will hold is assigned later on the path or by a closure. */
const declaredOnly = (declarator: TSESTree.VariableDeclarator): Value =>
  declarator.id.type === "Identifier" ? undefinedValue : unknown("an empty pattern");

type Loop =
  | TSESTree.ForStatement
  | TSESTree.WhileStatement
  | TSESTree.DoWhileStatement
  | TSESTree.ForOfStatement
  | TSESTree.ForInStatement;

const isLoop = (node: TSESTree.Node): node is Loop =>
  ["ForStatement", "WhileStatement", "DoWhileStatement", "ForOfStatement", "ForInStatement"].includes(node.type);

/** Runs `body` and takes the jumps to `label` (and unlabelled breaks) that leave it. */
function withJumps(activation: Activation, label: string, body: (inner: Activation) => PathState[]): PathState[] {
  const exits: Exits = { ...activation.exits, jumps: [] };
  const ends = body({ ...activation, exits });
  for (const jump of exits.jumps) {
    if (jump.label === label) ends.push(jump.state);
    else activation.exits.jumps.push(jump);
  }
  return ends;
}

/** What `for (… in …)` goes over: the names of the properties of an object that is known. */
function namesIn(value: Value, location: ReturnType<typeof locate>): Value {
  const objects = alternatives(value).filter((member) => member.kind === "object");
  if (objects.length === 0 || objects.length < alternatives(value).length) return unknown("names of properties");
  const names = new Set(objects.flatMap((object) => [...object.properties.keys()]));
  const elements = [...names].map((name) => knownText(name, location));
  return { kind: "array", elements, open: objects.some(({ open, base }) => open || base !== undefined) };
}

/** Elements a loop is run for one by one; longer lists are run once for all. */
const MAX_UNROLLED = 24;

function loop(
  machine: Machine,
  node: Loop,
  start: PathState,
  activation: Activation,
  label: string | undefined,
): PathState[] {
  const before = start.fork();
  let entry: PathState[] = [start];
  if (node.type === "ForStatement" && node.init !== null) {
    entry =
      node.init.type === "VariableDeclaration"
        ? declare(machine, node.init, start, activation)
        : machine.evaluate(node.init, start, activation).map((outcome) => outcome.state);
  }
  if (node.type === "ForOfStatement" || node.type === "ForInStatement") {
    return entry.flatMap((state) =>
      machine
        .evaluate(node.right, state, activation)
        .flatMap((iterated) => settle(machine, iterated.value, iterated.state, activation))
        .flatMap((iterated) => overElements(machine, node, iterated.value, iterated.state, activation, label)),
    );
  }
  const test = node.test;
  const once = node.type === "DoWhileStatement";
  const skipped: PathState[] = [];
  const entered: PathState[] = [];
  for (const state of entry) {
    if (test === null || once) entered.push(state);
    else {
      for (const branch of fork(machine, test, state, activation))
        (branch.truth ? entered : skipped).push(branch.state);
    }
  }
  const endless =
    test !== null && test.type === "Literal" && truthiness({ kind: "constant", value: Boolean(test.value) }) === true;
  const { ends, left } = iteration(machine, node, entered, activation, label, (inner, states) => {
    const after = machine.execute([node.body], states, inner);
    const update = node.type === "ForStatement" ? node.update : null;
    if (update === null) return after;
    return after.flatMap((state) => machine.evaluate(update, state, inner).map((outcome) => outcome.state));
  });
  // A second round shows what the first one leaves to the next: a transaction still open, a client released.
  const again = iteration(machine, node, join(ends.map((state) => state.fork())), activation, label, (inner, states) =>
    machine.execute([node.body], states, inner),
  );
  for (const state of [...ends, ...again.ends]) widen(machine, node, before, state, activation);
  return join([
    ...skipped,
    ...left,
    ...again.left,
    ...(endless || (test === null && node.type === "ForStatement") ? [] : [...ends, ...again.ends]),
  ]);
}

/** Runs a loop body once; `ends` come to its end or continue, `left` break out. */
function iteration(
  machine: Machine,
  node: Loop,
  states: readonly PathState[],
  activation: Activation,
  label: string | undefined,
  body: (inner: Activation, states: readonly PathState[]) => PathState[],
): { ends: PathState[]; left: PathState[] } {
  if (states.length === 0) return { ends: [], left: [] };
  const exits: Exits = { ...activation.exits, jumps: [] };
  const ends = body({ ...activation, exits }, states);
  const left: PathState[] = [];
  for (const jump of exits.jumps) {
    if (jump.label !== undefined && jump.label !== label) activation.exits.jumps.push(jump);
    else (jump.kind === "break" ? left : ends).push(jump.state);
  }
  return { ends: join(ends), left };
}

function overElements(
  machine: Machine,
  node: TSESTree.ForOfStatement | TSESTree.ForInStatement,
  iterated: Value,
  start: PathState,
  activation: Activation,
  label: string | undefined,
): PathState[] {
  const target = node.left.type === "VariableDeclaration" ? node.left.declarations[0].id : node.left;
  const listed =
    node.type === "ForOfStatement" ? iterated : namesIn(iterated, locate(activation.frame.unit, node.right));
  const known = listed.kind === "array" && !listed.open && listed.elements.length <= MAX_UNROLLED;
  const elements: readonly Value[] = known
    ? listed.elements
    : [
        listed.kind === "array"
          ? union([...listed.elements, unknown("an element")])
          : unknown("an element of a list that is not known"),
      ];
  const before = start.fork();
  let states: PathState[] = [start];
  const left: PathState[] = [];
  if (!known) left.push(start.fork());
  for (const element of elements) {
    for (const member of states) machine.assign(target, element, member, activation);
    const round = iteration(machine, node, states, activation, label, (inner, current) =>
      machine.execute([node.body], current, inner),
    );
    states = round.ends;
    left.push(...round.left);
  }
  if (!known) {
    const again = iteration(
      machine,
      node,
      join(states.map((state) => state.fork())),
      activation,
      label,
      (inner, current) => machine.execute([node.body], current, inner),
    );
    states = [...states, ...again.ends];
    left.push(...again.left);
    for (const state of states) widen(machine, node, before, state, activation);
  }
  return join([...left, ...states]);
}

const assignedIn = new WeakMap<TSESTree.Node, { target: TSESTree.Identifier; node: TSESTree.AssignmentExpression }[]>();

/** Texts that a loop adds to are known up to what they were before it. */
function widen(machine: Machine, node: Loop, before: PathState, after: PathState, activation: Activation): void {
  const { unit } = activation.frame;
  let targets = assignedIn.get(node);
  if (targets === undefined) {
    targets = [];
    const found = targets;
    walk(node.body, (inner) => {
      if (inner.type === "AssignmentExpression" && inner.operator === "+=" && inner.left.type === "Identifier")
        found.push({ target: inner.left, node: inner });
      return undefined;
    });
    assignedIn.set(node, targets);
  }
  for (const { target, node: assignment } of targets) {
    const key = keyOf(unit, target, activation);
    const initial = key === undefined ? undefined : before.variable(key);
    if (key === undefined || initial === undefined) continue;
    const location = locate(unit, assignment);
    after.setVariable(
      key,
      concatenate([
        { value: initial, location },
        { value: holeText("text added in a loop", location), location },
      ]),
    );
  }
}

function keyOf(unit: SourceUnit, target: TSESTree.Identifier, activation: Activation): string | undefined {
  const variable = unit.variableOf(target);
  const frame = variable === undefined ? undefined : frameOf(unit, variable, activation.frame);
  return variable === undefined || frame === undefined ? undefined : variableKey(unit, frame, variable);
}

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
