import type { TSESTree } from "@typescript-eslint/types";
import type { SourceUnit } from "../source/source-unit.ts";
import { alternatives, holeText, knownText, truthiness, unknown, type Value } from "../source/values.ts";
import { concatenate } from "../source/concatenate.ts";
import { union } from "../source/union.ts";
import { walk } from "../source/walk.ts";
import { locate } from "../source/source-unit.ts";
import { fork } from "./conditions.ts";
import { type Activation, type Exits, type Machine } from "./machine.ts";
import { join, type PathState } from "./path-state.ts";
import { settle } from "./pending-queries.ts";
import { frameOf, variableKey } from "./variables.ts";
import { declare } from "./declarations.ts";

type Loop =
  | TSESTree.ForStatement
  | TSESTree.WhileStatement
  | TSESTree.DoWhileStatement
  | TSESTree.ForOfStatement
  | TSESTree.ForInStatement;

/** Whether a statement is a loop of any kind. */
export const isLoop = (node: TSESTree.Node): node is Loop =>
  ["ForStatement", "WhileStatement", "DoWhileStatement", "ForOfStatement", "ForInStatement"].includes(node.type);

/** Runs `body` and takes the jumps to `label` (and unlabelled breaks) that leave it. */
export function withJumps(
  activation: Activation,
  label: string,
  body: (inner: Activation) => PathState[],
): PathState[] {
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

/** Runs a loop: over known elements one by one, else none, one and several times. */
export function loop(
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
