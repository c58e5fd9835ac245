import type { SourceLocation } from "../model.ts";
import { text, type Value } from "../source/values.ts";
import type { Machine } from "./machine.ts";
import { noteReadyNaming } from "./statement-naming.ts";

/** What a path into a package is: a handle that the package keeps ready, or a name of which its table says more. */
export function externalValue(
  machine: Machine,
  module: string,
  path: readonly string[],
  location: SourceLocation,
): Value {
  if (module === "<global>") return machine.globalValue(path) ?? { kind: "external", module, path };
  const found = machine.catalogue.exportOf(module, path);
  if (found?.shape.is === "empty") return { kind: "message", text: text([]), hasValues: false, protocol: "by-values" };
  const shape = found?.shape.is === "handle" ? found.driver.handles[found.shape.makes] : undefined;
  if (found === undefined || shape === undefined) return { kind: "external", module, path };
  const { shape: exported } = found;
  const ready = machine.handles.make(`export:${module}:${path.join(".")}`, {
    driver: found.driver,
    shape,
    known: "created",
    location,
    fromCaller: false,
    ...(exported.is === "handle" && exported.environment !== undefined
      ? { urls: [{ kind: "environment", name: exported.environment, query: [] }] }
      : {}),
  });
  if (exported.is === "handle") noteReadyNaming(machine, exported.namesStatements, machine.handles.get(ready));
  return ready;
}
