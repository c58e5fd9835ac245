import type { TSESTree } from "@typescript-eslint/types";
import { keyName } from "../source/names.ts";
import { decorationAsked } from "../source/decorations.ts";
import { locate } from "../source/source-unit.ts";
import {
  type ClassValue,
  type InstanceValue,
  type MessageValue,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { ambientTransaction } from "./ambient-transactions.ts";
import { callStorage } from "./async-storage.ts";
import { calledTag } from "./called-tags.ts";
import { callBuiltinMethod, functionsIn, mergeStates } from "./builtins.ts";
import { evaluateAll } from "./outcomes.ts";
import { unseenArguments } from "./functions.ts";
import { callGlobal } from "./globals.ts";
import { type Activation, calleeOf, type CallSite, type Machine, mayThrow, type Outcome } from "./machine.ts";
import { connect, elsewhere, makeHandle, readOwnOptions, siteKey } from "./connecting.ts";
import { inferQuery, inferredHandle, queryOnGiven } from "./inferred-queries.ts";
import { changePending, operate, perform } from "./operations.ts";
import { settle, useFragments } from "./pending-queries.ts";
import { distinct, freshConnection, type PathState } from "./path-state.ts";
import { areSeveral, doubtStates, mayBeAnother, receiversAmong, rememberChoice } from "./receivers.ts";
import { madeWith, settingItself, settingLookedUp } from "./settings.ts";
import { memberOf, superClassOf } from "./class-members.ts";
import { isUndecided } from "./unreached.ts";
import { withWrittenType } from "./written-types.ts";
import { sqlFormat, sqlIdentifier, sqlJoin, sqlLiteral, sqlMessage, sqlParts, sqlRaw } from "./text-builders.ts";

/** Methods that keep a callback for later. */
const REGISTERING = new Set([
  "on",
  "once",
  "addListener",
  "prependListener",
  "addEventListener",
  "subscribe",
  "setTimeout",
  "setInterval",
  "schedule",
]);

/** Words in the name of a function that was not seen, which suggest that it begins or ends a transaction. */
const SUGGESTS_TRANSACTION = /begin|transaction|commit|rollback|\btx\b/i;

/** Calls and constructions: evaluates callee and arguments, then calls what the callee is. */
export function evaluateCall(
  machine: Machine,
  node: TSESTree.CallExpression | TSESTree.NewExpression,
  state: PathState,
  activation: Activation,
  detached: boolean,
): Outcome[] {
  mayThrow(state, activation);
  const site: CallSite = { node, detached, argumentNodes: node.arguments };
  const { callee } = node;
  if (callee.type === "Super") return callSuper(machine, node, state, activation, site);
  if (callee.type === "MemberExpression") return callMethodExpression(machine, callee, state, activation, site);
  return machine.evaluate(callee, state, activation).flatMap((called) => {
    if (!activation.silent && called.value.kind !== "constant") machine.evaluated.add(node);
    return evaluateArguments(machine, node.arguments, called.state, activation).flatMap((path) =>
      machine.call(called.value, undefined, path.values, path.state, activation, site),
    );
  });
}

function evaluateArguments(
  machine: Machine,
  nodes: readonly TSESTree.Node[],
  state: PathState,
  activation: Activation,
): { state: PathState; values: Value[] }[] {
  return evaluateAll(machine, nodes, state, activation).map((path) => ({
    state: path.state,
    values: path.values.flatMap((value, index): readonly Value[] => {
      if (nodes[index]?.type !== "SpreadElement") return [value];
      return value.kind === "array" ? value.elements : [unknown("a spread argument")];
    }),
  }));
}

function callSuper(
  machine: Machine,
  node: TSESTree.CallExpression | TSESTree.NewExpression,
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const { self, homeClass } = activation.frame;
  return evaluateArguments(machine, node.arguments, state, activation).flatMap((path) => {
    const parent = homeClass === undefined ? undefined : superClassOf(machine, homeClass);
    if (self?.kind === "instance" && parent?.kind === "class")
      return runConstructor(machine, parent, self, path.values, path.state, activation, node);
    if (parent?.kind === "external") {
      const found = machine.catalogue.exportOf(parent.module, parent.path);
      if (found?.shape.is === "handle-maker" && self?.kind === "instance" && self.base !== undefined) {
        path.state.setHandle(self.base.handle, freshConnection);
        readOwnOptions(machine, found.driver, found.shape, self.base, path.values, path.state, activation, site);
      }
    }
    return [{ state: path.state, value: undefinedValue }];
  });
}

function callMethodExpression(
  machine: Machine,
  callee: TSESTree.MemberExpression,
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const name = keyName(callee.property, callee.computed);
  if (callee.object.type === "Super") {
    if (!activation.silent) machine.evaluated.add(site.node);
    return evaluateArguments(machine, site.argumentNodes, state, activation).flatMap((path) =>
      callSuperMethod(machine, name, path.values, path.state, activation, site),
    );
  }
  const receiverNode = callee.object;
  const receivers = catchesRejection(name, site)
    ? evaluateRejected(machine, receiverNode, state, activation)
    : machine.evaluate(receiverNode, state, activation);
  return receivers.flatMap((receiver) => {
    if (name === undefined) {
      const outcomes = machine.evaluate(callee.property, receiver.state, activation);
      return outcomes.flatMap((outcome) =>
        evaluateArguments(machine, site.argumentNodes, outcome.state, activation).flatMap((path) =>
          callUnknown(machine, "", path.values, path.state, activation, site),
        ),
      );
    }
    return evaluateArguments(machine, site.argumentNodes, receiver.state, activation).flatMap((path) => {
      const sent = queryOnGiven(machine, receiver.value, name, path.values, path.state, activation, site);
      if (sent !== undefined) return sent;
      const members = receiversAmong(receiver.value);
      const isChoice = areSeveral(machine, members);
      const outcomes = members.flatMap((member, index) => {
        const own = index === members.length - 1 ? path.state : path.state.fork();
        if (members.length > 1 && receiverNode.type === "Identifier")
          machine.assign(receiverNode, member, own, activation);
        if (isChoice) rememberChoice(machine, member, own);
        if (name === "push" && member.kind === "array" && receiverNode.type === "Identifier") {
          const elements = [...member.elements, ...path.values];
          machine.assign(receiverNode, { kind: "array", elements, open: member.open }, own, activation);
        }
        const chosen: Activation =
          mayBeAnother(receiver.value) || isChoice ? { ...activation, pathConfidence: "possible" } : activation;
        const isEmpty = member.kind === "constant" && member.value == null;
        const isThere = !isEmpty || isUndecided(activation);
        if (!activation.silent && isThere) machine.evaluated.add(site.node);
        const asked = isEmpty && isThere ? unknown("what was not there when it was seen") : member;
        const called = callMethod(machine, asked, name, path.values, own, chosen, site);
        // append() and setName() change the query they are called on, and give it back.
        const changes = member.kind === "message" && (name === "append" || name === member.namedBy);
        if (changes && receiverNode.type === "Identifier") {
          for (const outcome of called) machine.assign(receiverNode, outcome.value, outcome.state, activation);
        }
        return called;
      });
      return mergeStates(outcomes);
    });
  });
}

const catchesRejection = (name: string | undefined, { argumentNodes }: CallSite): boolean =>
  name === "catch" || (name === "then" && argumentNodes.length > 1);

/** A promise that may reject, with somebody who catches it: where it only rejects, it goes on from there. */
function evaluateRejected(
  machine: Machine,
  node: TSESTree.Expression,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const thrown: PathState[] = [];
  const outcomes = machine.evaluate(node, state, {
    ...activation,
    exits: { ...activation.exits, throws: thrown },
  });
  if (outcomes.length === 0) return distinct(thrown).map((path) => ({ state: path, value: unknown("a rejection") }));
  activation.exits.throws.push(...thrown);
  return outcomes;
}

function callSuperMethod(
  machine: Machine,
  name: string | undefined,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const { self, homeClass } = activation.frame;
  const parent = homeClass === undefined ? undefined : superClassOf(machine, homeClass);
  if (name !== undefined && self?.kind === "instance") {
    const member = parent?.kind === "class" ? memberOf(parent, name, false) : undefined;
    if (parent?.kind === "class" && member?.type === "MethodDefinition") {
      const method = {
        kind: "function",
        node: member.value,
        unit: parent.unit,
        frame: parent.frame,
        self,
        homeClass: parent,
      } as const;
      return machine.invoke(method, self, values, state, activation, site.node);
    }
    if (self.base !== undefined) return operate(machine, self.base, name, values, state, activation, site);
  }
  return callUnknown(machine, name ?? "", values, state, activation, site);
}

/** Calls `receiver.name(…)` for a receiver that is one value. */
function callMethod(
  machine: Machine,
  receiver: Value,
  name: string,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  if (receiver.kind === "handle" && !isPromiseMethod(machine, receiver, name)) {
    // A method that no table has may be one that sends SQL all the same.
    const isListed = Object.hasOwn(machine.handles.get(receiver).shape.methods, name);
    const inferred = isListed ? undefined : inferQuery(machine, receiver, name, values, state, activation, site);
    return inferred ?? operate(machine, receiver, name, values, state, activation, site);
  }
  if (receiver.kind === "message") {
    const sent = sendBy(machine, receiver, name, values, state, activation, site);
    if (sent !== undefined) return sent;
    const statementName = receiver.namedBy === name ? values[0] : undefined;
    if (statementName !== undefined) {
      const location = locate(activation.frame.unit, site.argumentNodes[0] ?? site.node);
      return [{ state, value: { ...receiver, statementName: { value: statementName, location } } }];
    }
    if (receiver.pending !== undefined) {
      if (!isPromiseMethod(machine, receiver, name)) {
        for (const callback of functionsIn(values)) machine.invokeLater(callback, [], state, activation, site.node);
        const message = { ...receiver, pending: receiver.pending };
        return changePending(machine, message, name, values, state, activation, site);
      }
      // Where nothing is sent, because a value is only looked up, it stays a query that is not sent.
      return settle(machine, receiver, state, activation).flatMap((outcome) => {
        const { value } = outcome;
        const result = value.kind === "message" ? unknown("the result of a query") : value;
        return callMethod(machine, result, name, values, outcome.state, activation, site);
      });
    }
  }
  if (receiver.kind === "storage") {
    const stored = callStorage(machine, receiver, name, values, state, activation, site);
    if (stored !== undefined) return stored;
  }
  const builtin = callBuiltinMethod(machine, receiver, name, values, state, activation, site);
  if (builtin !== undefined) return builtin;
  if (receiver.kind === "unknown" || receiver.kind === "external") {
    const inferred = inferQuery(machine, receiver, name, values, state, activation, site);
    if (inferred !== undefined) return inferred;
  }
  return machine.property(receiver, name, site.node, state, activation).flatMap((method) => {
    // A method that is still only a name of its receiver is one that nothing here knows.
    const isOnlyName = method.value.kind === "bound-method" && method.value.receiver === receiver;
    if (receiver.kind === "message" && method.value.kind === "unknown") {
      // `.as("name")`, `.mapWith(Number)`: still the same query.
      return [{ state: method.state, value: receiver }];
    }
    if (method.value.kind === "unknown" || isOnlyName) {
      return callUnknown(machine, name, values, method.state, activation, site, receiver, method.value);
    }
    return machine.call(method.value, receiver, values, method.state, activation, site);
  });
}

/** `then`, `catch` and `finally` of what is a promise, or resolves to a handle. */
const isPromiseMethod = (machine: Machine, receiver: Value, name: string): boolean =>
  (name === "then" || name === "catch" || name === "finally") &&
  !(receiver.kind === "handle" && Object.hasOwn(machine.handles.get(receiver).shape.methods, name));

/** ``sql`…`.execute(db)``: a query that is sent on what it is given. */
function sendBy(
  machine: Machine,
  message: MessageValue,
  name: string,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] | undefined {
  const { sentBy } = message;
  const given = sentBy?.method === name ? values[sentBy.argument] : undefined;
  if (given === undefined) return undefined;
  const targets = receiversAmong(given);
  return mergeStates(
    targets.flatMap((target, index): Outcome[] => {
      const path = index === targets.length - 1 ? state : state.fork();
      const handle =
        target.kind === "handle"
          ? target
          : target.kind === "instance" && target.base !== undefined
            ? target.base
            : inferredHandle(machine, target, activation, site);
      return handle === undefined
        ? [{ state: path, value: unknown("the result of a query") }]
        : perform(machine, handle, { does: "query", sql: 0 }, [message], path, activation, site);
    }),
  );
}

/** Calls a value. */
export function call(
  machine: Machine,
  callee: Value,
  self: Value | undefined,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  switch (callee.kind) {
    case "function":
      return machine.invoke(callee, self, values, state, activation, site.node);
    case "bound-method":
      return callMethod(machine, callee.receiver, callee.name, values, state, activation, site);
    case "class":
      return machine.construct(callee, values, state, activation, site.node);
    case "union": {
      const members = receiversAmong(callee).filter((member) => member !== callee);
      return mergeStates(
        members.flatMap((member, index) =>
          call(machine, member, self, values, index === members.length - 1 ? state : state.fork(), activation, site),
        ),
      );
    }
    case "external":
      return callExternal(machine, callee, values, state, activation, site);
    case "handle": {
      const operation = machine.handles.get(callee).shape.call;
      if (operation !== undefined) return perform(machine, callee, operation, values, state, activation, site);
      return callUnknown(machine, "", values, state, activation, site);
    }
    case "namespace":
      return callUnknown(machine, "", values, state, activation, site);
    default: {
      const words = calleeOf(site.node);
      return callUnknown(
        machine,
        activation.frame.unit.text.slice(words.range[0], words.range[1]),
        values,
        state,
        activation,
        site,
        undefined,
        callee,
      );
    }
  }
}

function callExternal(
  machine: Machine,
  callee: Value & { readonly kind: "external" },
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const only = (value: Value): Outcome[] => [{ state, value }];
  const { unit } = activation.frame;
  const global = callGlobal(machine, callee.module, callee.path, values, state, activation, site);
  if (global !== undefined) return global;
  const found = machine.catalogue.exportOf(callee.module, callee.path);
  const location = locate(unit, site.node);
  if (found?.shape.is === "tag" && values[0]?.kind === "array") {
    for (const value of values) useFragments(machine, value);
    return only(calledTag(found.shape, values, location));
  }
  switch (found?.shape.is) {
    case "handle-maker":
      return only(connect(machine, found.driver, found.shape, values, state, activation, site));
    case "other-database":
      return only(elsewhere("a connection to another kind of database"));
    case "message":
      for (const value of values) useFragments(machine, value);
      return only(sqlMessage(machine, found.shape, values, unit.filename, location));
    case "identifier":
      return only(sqlIdentifier(location));
    case "literal":
      return only(sqlLiteral(values, location));
    case "parts":
      for (const value of values) useFragments(machine, value);
      return only(sqlParts(values, location));
    case "join":
      for (const value of values.flatMap((item) => (item.kind === "array" ? item.elements : [item])))
        useFragments(machine, value);
      return only(sqlJoin(values, location));
    case "format":
      return only(sqlFormat(values, location));
    case "raw":
      return only(sqlRaw(values));
    case "same":
      return only(values[0] ?? undefinedValue);
    case "extension": {
      const key = siteKey(unit, site, activation);
      const given = makeHandle(machine, found.driver, found.shape.gives, key, location, state, { urls: [] });
      for (const callback of functionsIn(values))
        machine.invokeLater(callback, given === undefined ? [] : [given], state, activation, site.node);
      return only(unknown("an extension"));
    }
    case "decorator": {
      // Called as a function: `runInTransaction(async () => { … })`.
      const [callback] = functionsIn(values);
      if (callback === undefined) break;
      const transaction = ambientTransaction(machine, found.driver, state, activation);
      const outcomes = machine.call(callback, undefined, [], state, transaction.activation, site);
      for (const outcome of outcomes) transaction.finish(outcome.state, "commit");
      return outcomes;
    }
    default:
      if (found?.shape.call !== undefined) return only({ ...callee, path: [...callee.path, "()"] });
  }
  if (machine.catalogue.isOtherDialect(callee.module)) {
    for (const callback of functionsIn(values)) machine.invokeLater(callback, [], state, activation, site.node);
    return only(elsewhere("something of another kind of database"));
  }
  if (!activation.silent && callee.module !== "<global>") {
    machine.onPackageUse({
      module: callee.module,
      path: callee.path,
      as: site.node.type === "NewExpression" ? "new" : "call",
      arguments: values,
      node: site.node,
      unit,
    });
  }
  return callUnknown(machine, callee.path.join("."), values, state, activation, site, callee);
}

/** A call of something that was not seen: its callbacks run, and the handles it is given may be in another state afterwards. */
function callUnknown(
  machine: Machine,
  name: string,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
  receiver?: Value,
  callee?: Value,
): Outcome[] {
  doubtStates(values, state, SUGGESTS_TRANSACTION.test(name));
  const asked = receiver?.kind === "unknown" && receiver.elsewhere !== true ? decorationAsked(site.node) : undefined;
  const hung = asked === undefined ? undefined : machine.decoration(asked);
  if (hung !== undefined) return [{ state, value: hung }];
  const setting =
    settingLookedUp(name, values) ?? (receiver === undefined ? undefined : settingItself(receiver, values));
  const urls = setting === undefined ? madeWith(values) : undefined;
  const untyped: Value = {
    ...unknown(`the result of \`${name === "" ? "a call" : name.replace(/\s+/g, " ").slice(-60)}\``),
    ...(setting === undefined ? {} : { setting }),
    ...(urls === undefined ? {} : { madeWith: urls }),
  };
  const type = callee?.kind === "unknown" && callee.type !== undefined ? machine.resultOfType(callee.type) : undefined;
  const result = type === undefined ? untyped : withWrittenType(machine, untyped, type);
  const callbacks = functionsIn(values);
  const later = site.detached || REGISTERING.has(name.split(".").at(-1) ?? "");
  if (later) {
    for (const callback of callbacks) machine.invokeLater(callback, [], state, activation, site.node);
    return [{ state, value: result }];
  }
  // What a connection to another kind of database gives is of that database.
  const isElsewhere = receiver?.kind === "unknown" && receiver.elsewhere === true;
  let paths: PathState[] = [state];
  for (const callback of callbacks) {
    paths = paths.flatMap((path) => {
      const skipped = path.fork();
      const given = unseenArguments(callback, false).map((value) =>
        isElsewhere ? { ...value, elsewhere: true } : value,
      );
      const ran = machine.invoke(callback, undefined, given, path, activation, site.node);
      return mergeStates([{ state: skipped, value: result }, ...ran]).map((outcome) => outcome.state);
    });
  }
  return paths.map((path) => ({ state: path, value: result }));
}

/** `new X(…)` of a class of the program. */
export function construct(
  machine: Machine,
  made: ClassValue,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  node: TSESTree.Node,
): Outcome[] {
  const { unit } = activation.frame;
  machine.constructed.add(made.node);
  const instance = machine.instanceOf(made, `${unit.filename}:${String(node.range[0])}#${String(activation.frame.id)}`);
  return runConstructor(machine, made, instance, values, state, activation, node).map((outcome) => ({
    state: outcome.state,
    value: instance,
  }));
}

function runConstructor(
  machine: Machine,
  made: ClassValue,
  instance: InstanceValue,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  node: TSESTree.Node,
): Outcome[] {
  const maker = memberOf(made, "constructor", false);
  if (maker?.type === "MethodDefinition") {
    const method = {
      kind: "function",
      node: maker.value,
      unit: made.unit,
      frame: made.frame,
      self: instance,
      homeClass: made,
    } as const;
    return machine.invoke(method, instance, values, state, activation, node);
  }
  const parent = superClassOf(machine, made);
  if (parent?.kind === "class") return runConstructor(machine, parent, instance, values, state, activation, node);
  if (parent?.kind === "external") {
    const found = machine.catalogue.exportOf(parent.module, parent.path);
    if (found?.shape.is === "handle-maker" && node.type === "NewExpression" && instance.base !== undefined) {
      state.setHandle(instance.base.handle, freshConnection);
      readOwnOptions(machine, found.driver, found.shape, instance.base, values, state, activation, {
        node,
        detached: false,
        argumentNodes: node.arguments,
      });
    }
  }
  return [{ state, value: instance }];
}
