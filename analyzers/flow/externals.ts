import type { SourceLocation } from "../model.ts";
import { text, type Value } from "../source/values.ts";
import type { Machine } from "./machine.ts";

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
  return machine.handles.make(`export:${module}:${path.join(".")}`, {
    driver: found.driver,
    shape,
    known: "created",
    location,
    fromCaller: false,
    ...(found.shape.is === "handle" && found.shape.environment !== undefined
      ? { urls: [{ kind: "environment", name: found.shape.environment, query: [] }] }
      : {}),
  });
}
