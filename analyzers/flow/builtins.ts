import type { SourceLocation } from "../model.ts";
import { locate } from "../source/source-unit.ts";
import {
  type ArrayValue,
  constantText,
  type FunctionValue,
  knownText,
  type MessageValue,
  truthiness,
  undefinedValue,
  unknown,
  type Value,
} from "../source/values.ts";
import { concatenate } from "../source/concatenate.ts";
import { union } from "../source/union.ts";
import { comparison } from "./comparison.ts";
import type { Activation, CallSite, Machine, Outcome } from "./machine.ts";
import { join, type PathState } from "./path-state.ts";

/** Methods of strings whose result is, for our purposes, the same text: what they change is white space or names inside it. */
const TEXT_KEEPING = new Set([
  "trim",
  "trimStart",
  "trimEnd",
  "toString",
  "valueOf",
  "normalize",
  "replace",
  "replaceAll",
  "slice",
  "substring",
]);

/** Methods of arrays (and iterables nobody knows more of) that call their first argument for each element at once. */
const ITERATING = new Set([
  "forEach",
  "map",
  "flatMap",
  "filter",
  "some",
  "every",
  "find",
  "findIndex",
  "findLast",
  "reduce",
  "reduceRight",
  "sort",
]);

/** Methods of promises; a promise and what it resolves to are one value. */
const PROMISE_METHODS = new Set(["then", "catch", "finally"]);

const TEXT_AND_ARRAY_METHODS = new Set([
  ...TEXT_KEEPING,
  ...ITERATING,
  ...PROMISE_METHODS,
  "concat",
  "join",
  "push",
  "toLowerCase",
  "toUpperCase",
  "at",
]);

/** Whether a text or an array has such a method that the engine follows. */
export const isBuiltinMethod = (name: string): boolean => TEXT_AND_ARRAY_METHODS.has(name);

/** More elements than this are not run through one by one. */
const MAX_UNROLLED = 24;

/** Methods that the language defines; undefined when this is none of them. */
export function callBuiltinMethod(
  machine: Machine,
  receiver: Value,
  name: string,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] | undefined {
  const only = (value: Value): Outcome[] => [{ state, value }];
  const here = locate(activation.frame.unit, site.node);
  const callback = values.find((value) => value.kind === "function" || value.kind === "bound-method");

  if (receiver.kind === "function" || receiver.kind === "bound-method") {
    switch (name) {
      case "bind":
        return only(
          receiver.kind === "function" && values[0] !== undefined && receiver.node.type !== "ArrowFunctionExpression"
            ? { ...receiver, self: values[0] }
            : receiver,
        );
      case "call":
        return machine.call(receiver, values[0], values.slice(1), state, activation, site);
      case "apply":
        return machine.call(
          receiver,
          values[0],
          values[1]?.kind === "array" ? values[1].elements : [],
          state,
          activation,
          site,
        );
      default:
    }
  }
  if (receiver.kind === "text") {
    if (TEXT_KEEPING.has(name)) return only(receiver);
    if (name === "concat") return only(concatenate([receiver, ...values].map((value) => ({ value, location: here }))));
    if (name === "toLowerCase" || name === "toUpperCase") {
      const known = constantText(receiver);
      return only(
        known === undefined
          ? receiver
          : knownText(name === "toLowerCase" ? known.toLowerCase() : known.toUpperCase(), here),
      );
    }
  }
  if (receiver.kind === "message" && name === "append") return only(appendTo(receiver, values[0], here));
  if (receiver.kind === "array") {
    if (name === "join") return only(joinElements(receiver, values[0], site, activation));
    if (name === "concat") {
      const added = values.flatMap((value) => (value.kind === "array" ? value.elements : [value]));
      return only({
        ...receiver,
        elements: [...receiver.elements, ...added],
        open: receiver.open || values.some((value) => value.kind === "array" && value.open),
      });
    }
    if (name === "filter" && callback === undefined) return only(receiver);
    if (name === "includes" && values[0] !== undefined) {
      const [asked] = values;
      const answers = receiver.elements.map((element) => truthiness(comparison("===", asked, element)));
      if (answers.includes(true)) return only({ kind: "constant", value: true });
      if (!receiver.open && !answers.includes(undefined)) return only({ kind: "constant", value: false });
    }
    if (name === "push") return only(undefinedValue);
  }
  if (PROMISE_METHODS.has(name) && receiver.kind !== "object" && receiver.kind !== "instance") {
    return callPromiseMethod(machine, receiver, name, values, state, activation, site);
  }
  if (ITERATING.has(name) && callback !== undefined && ["array", "unknown", "external"].includes(receiver.kind)) {
    return iterate(machine, receiver, name, callback, values, state, activation, site);
  }
  return undefined;
}

/** `query.append(text)` and `query.append(query)` of tagged-template objects, which give the query itself. */
function appendTo(receiver: MessageValue, added: Value | undefined, location: SourceLocation): Value {
  const more = added ?? undefinedValue;
  const values = more.kind === "message" ? more.hasValues : false;
  const text = more.kind === "message" ? more.text : more;
  return {
    ...receiver,
    text: concatenate([
      { value: receiver.text, location },
      { value: text, location },
    ]),
    hasValues:
      receiver.hasValues === true || values === true
        ? true
        : receiver.hasValues === false && values === false
          ? false
          : "unknown",
  };
}

function joinElements(
  receiver: ArrayValue,
  separator: Value | undefined,
  site: CallSite,
  activation: Activation,
): Value {
  const location = locate(activation.frame.unit, site.node);
  const between = separator ?? knownText(",", location);
  const further = receiver.alike === true ? receiver.elements : [unknown("further elements")];
  const elements = [...receiver.elements, ...(receiver.open ? further : [])];
  const parts = elements.flatMap((value, index) =>
    index === 0
      ? [{ value, location }]
      : [
          { value: between, location },
          { value, location },
        ],
  );
  return concatenate(parts);
}

function callPromiseMethod(
  machine: Machine,
  receiver: Value,
  name: string,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const [first, second] = values;
  const isQuery = receiver.kind === "handle" && machine.handles.isBuilder(receiver);
  const result = isQuery ? unknown("the result of a query") : receiver;
  if (name === "then") {
    const failed =
      second === undefined || second.kind === "constant"
        ? []
        : machine.call(second, undefined, [unknown("an error")], state.fork(), activation, site);
    const done =
      first === undefined || first.kind === "constant"
        ? [{ state, value: receiver }]
        : machine.call(first, undefined, [result], state, activation, site);
    return [...done, ...failed];
  }
  if (first === undefined) return [{ state, value: receiver }];
  if (name === "finally") {
    return machine
      .call(first, undefined, [], state, activation, site)
      .map((outcome) => ({ state: outcome.state, value: receiver }));
  }
  const caught = machine.call(first, undefined, [unknown("an error")], state.fork(), activation, site);
  return [{ state, value: receiver }, ...caught];
}

/** Runs a callback for the elements that are known, or for one that stands for all. */
function iterate(
  machine: Machine,
  receiver: Value,
  name: string,
  callback: Value,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  const known = receiver.kind === "array" && !receiver.open && receiver.elements.length <= MAX_UNROLLED;
  const elements: readonly Value[] = known
    ? receiver.elements
    : [
        receiver.kind === "array" && receiver.elements.length > 0
          ? union([...receiver.elements, unknown("an element")])
          : unknown("an element"),
      ];
  const folds = name === "reduce" || name === "reduceRight";
  const isFromFirst = known && folds && values.length < 2 && elements.length > 0;
  const initial = isFromFirst ? elements.at(name === "reduce" ? 0 : -1) : values[1];
  let paths: { state: PathState; results: Value[]; folded: Value }[] = [
    { state, results: [], folded: initial ?? unknown("a first element") },
  ];
  const places = elements.map((element, index) => ({
    element,
    rest: known ? [{ kind: "constant", value: index } as const, receiver] : [],
  }));
  const visited = name === "reduceRight" ? places.reverse() : places;
  for (const { element, rest } of isFromFirst ? visited.slice(1) : visited) {
    paths = paths.flatMap((path) =>
      machine
        .call(callback, undefined, [...(folds ? [path.folded] : []), element, ...rest], path.state, activation, site)
        .map((outcome) => ({ state: outcome.state, results: [...path.results, outcome.value], folded: outcome.value })),
    );
    if (paths.length > MAX_UNROLLED) paths = paths.slice(0, MAX_UNROLLED);
  }
  if (!known) paths.push({ state: state.fork(), results: [], folded: values[1] ?? undefinedValue });
  const results = paths.map((path): Outcome => {
    if (folds) return { state: path.state, value: known ? path.folded : unknown("a fold over unknown elements") };
    if (name === "map" || name === "flatMap") {
      const alike = known || name === "flatMap" ? {} : { alike: true as const };
      return { state: path.state, value: { kind: "array", elements: path.results, open: !known, ...alike } };
    }
    return {
      state: path.state,
      value: name === "filter" || name === "sort" ? receiver : unknown(`the result of \`${name}\``),
    };
  });
  if (name === "map" || name === "flatMap" || folds) {
    const informative = known ? results : results.slice(0, -1);
    const rest = known ? [] : results.slice(-1);
    const first = informative[0];
    return first === undefined
      ? results
      : mergeStates([...informative, ...rest.map((outcome) => ({ ...outcome, value: first.value }))]);
  }
  return mergeStates(results);
}

/** Outcomes with equal paths as one. */
export function mergeStates(outcomes: readonly Outcome[]): Outcome[] {
  if (outcomes.length < 2) return [...outcomes];
  const groups = new Map<string, { states: PathState[]; values: Value[] }>();
  for (const outcome of outcomes) {
    const { key } = outcome.state;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { states: [outcome.state], values: [outcome.value] });
    else {
      group.states.push(outcome.state);
      group.values.push(outcome.value);
    }
  }
  return [...groups.values()].flatMap(({ states, values }) =>
    join(states).map((state) => ({ state, value: union(values) })),
  );
}

/** The functions among arguments, also inside object literals and arrays. */
export function functionsIn(values: readonly Value[], depth = 0): FunctionValue[] {
  return values.flatMap((value): FunctionValue[] => {
    if (value.kind === "function") return [value];
    if (depth > 2) return [];
    if (value.kind === "object")
      return functionsIn(
        [...value.properties.values()].map((property) => property.value),
        depth + 1,
      );
    if (value.kind === "array") return functionsIn(value.elements, depth + 1);
    if (value.kind === "union") return functionsIn(value.members, depth + 1);
    return [];
  });
}
