import type { TSESTree } from "@typescript-eslint/types";
import { annotationOf, keyName } from "../source/names.ts";
import { locate } from "../source/source-unit.ts";
import { type FunctionValue, type Value } from "../source/values.ts";
import { union } from "../source/union.ts";
import type { Machine } from "./machine.ts";
import { PathState } from "./path-state.ts";

/** What a tool passes to a function that only the tool calls, in place of the first argument. */
export function conventionalArguments(machine: Machine, called: FunctionValue, values: Value[]): Value[] {
  const [first] = called.node.params;
  const { unit } = called;
  const name = unit.placeOf(called.node)?.name.split(".").at(-1);
  if (first?.type === "ObjectPattern" && name !== undefined) {
    const context = contextGiven(machine, called, name, first);
    return context === undefined ? values : [context, ...values.slice(1)];
  }
  if (first?.type !== "Identifier" || name === undefined) return values;
  const node = annotationOf(first);
  const typed = node === undefined ? undefined : machine.valueOfType({ unit, node }, "", undefined, true);
  const annotated = typed?.kind === "handle" ? machine.handles.get(typed).driver : undefined;
  const candidates = machine.catalogue
    .conventions(name)
    .filter(({ driver, convention }) =>
      node === undefined
        ? convention.property === undefined && convention.parameters.includes(first.name)
        : driver === annotated,
    );
  const isImported = ({ driver }: (typeof candidates)[number]): boolean =>
    unit.modules.some((module) => Object.hasOwn(driver.modules, module));
  const [start, end] = called.node.range;
  const isShown = ({ convention: { shownBy } }: (typeof candidates)[number]): boolean =>
    node !== undefined ||
    shownBy === undefined ||
    (shownBy !== "import" && unit.text.slice(start, end).includes(shownBy.text));
  const found = candidates.find(isImported) ?? candidates.find(isShown);
  if (found === undefined) return values;
  const { gives, unless } = found.convention;
  const shape = found.driver.handles[saysFalse(machine, called, unless?.path) ? (unless?.gives ?? gives) : gives];
  if (shape === undefined) return values;
  const location = locate(unit, first);
  const handle = machine.handles.make(`convention:${location.file}:${String(location.range.start)}`, {
    driver: found.driver,
    shape,
    known: "annotated",
    location,
    fromCaller: true,
  });
  return [handle, ...values.slice(1)];
}

/** What a tool passes inside an object: `({ context: queryInterface })`. */
function contextGiven(
  machine: Machine,
  called: FunctionValue,
  name: string,
  pattern: TSESTree.ObjectPattern,
): Value | undefined {
  for (const { driver, convention } of machine.catalogue.conventions(name)) {
    const shape = driver.handles[convention.gives];
    const held = pattern.properties.find(
      (property): property is TSESTree.Property =>
        property.type === "Property" &&
        keyName(property.key, property.computed) === convention.property &&
        property.value.type === "Identifier" &&
        convention.parameters.includes(property.value.name),
    );
    if (shape === undefined || convention.property === undefined || held === undefined) continue;
    const location = locate(called.unit, held);
    const value = machine.handles.make(`convention:${location.file}:${String(location.range.start)}`, {
      driver,
      shape,
      known: "annotated",
      location,
      fromCaller: true,
    });
    return { kind: "object", properties: new Map([[convention.property, { value, location }]]), open: true, location };
  }
  return undefined;
}

/** Whether a field of the function's class, or what its module exports under the first name, says `false`. */
function saysFalse(machine: Machine, called: FunctionValue, path: readonly string[] = []): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return false;
  const { unit, homeClass, node } = called;
  const activation = machine.lazyActivation(machine.moduleFrame(unit));
  const ask = (value: Value, property: string): Value =>
    union(machine.property(value, property, node, new PathState(), activation).map((outcome) => outcome.value));
  const start =
    homeClass === undefined ? machine.exported(unit, name) : ask(machine.instanceOf(homeClass, "any"), name);
  const said = rest.reduce(ask, start);
  return said.kind === "constant" && said.value === false;
}
