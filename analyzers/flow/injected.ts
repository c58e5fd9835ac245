import type { TSESTree } from "@typescript-eslint/types";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import type { Frame, HandleValue } from "../source/values.ts";
import type { Machine } from "./machine.ts";
import { evaluateLazily } from "./variables.ts";

/** The connection that a decorator of a parameter or field says is injected: `@InjectRepository(User) users`. */
export function injectedHandle(
  machine: Machine,
  unit: SourceUnit,
  frame: Frame,
  decorators: readonly TSESTree.Decorator[] | undefined,
): HandleValue | undefined {
  for (const decorator of decorators ?? []) {
    const { expression } = decorator;
    const named = expression.type === "CallExpression" ? expression.callee : expression;
    const value = evaluateLazily(machine, named, frame);
    const found = value.kind === "external" ? machine.catalogue.exportOf(value.module, value.path) : undefined;
    const shape = found?.shape.is === "injector" ? found.driver.handles[found.shape.gives] : undefined;
    if (found === undefined || shape === undefined) continue;
    const location = locate(unit, decorator);
    return machine.handles.make(`injected:${location.file}:${String(location.range.start)}`, {
      driver: found.driver,
      shape,
      known: "annotated",
      location,
      fromCaller: false,
    });
  }
  return undefined;
}
