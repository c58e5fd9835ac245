import type { HandleMaker } from "../drivers/driver.ts";
import type { SourceUnit } from "../source/source-unit.ts";
import { alternatives, type ObjectValue, type Value } from "../source/values.ts";
import { connect } from "./connecting.ts";
import type { Activation, Machine } from "./machine.ts";
import type { PathState } from "./path-state.ts";

/**
 * Makes the connections that a tool makes with the settings a file exports, where the file has the name under which the tool looks for it:
 * `knexfile.ts`. Settings are the export itself, or each property of it: one for each environment.
 */
export function connectBySettings(machine: Machine, unit: SourceUnit, state: PathState, activation: Activation): void {
  for (const { driver, maker } of machine.catalogue.settingsIn(fileName(unit))) {
    const site = { node: unit.ast, detached: false, argumentNodes: [] };
    for (const settings of settingsOf(maker, machine.exported(unit, "default")))
      connect(machine, driver, maker, [settings], state, activation, site);
  }
}

/** Whether a tool may read settings from a file. */
export const holdsSettings = (machine: Machine, unit: SourceUnit): boolean =>
  machine.catalogue.settingsIn(fileName(unit)).length > 0;

const fileName = ({ filename }: SourceUnit): string =>
  (filename.split(/[/\\]/).at(-1) ?? "").replace(/(?!^)\.\w+$/, "");

function settingsOf({ options }: HandleMaker, exported: Value): ObjectValue[] {
  const isSettings = ({ properties }: ObjectValue): boolean =>
    [options?.dialect?.option, options?.connectionString].some((name) => name !== undefined && properties.has(name));
  const objects = (value: Value): ObjectValue[] => alternatives(value).filter((member) => member.kind === "object");
  return objects(exported).flatMap((object) =>
    isSettings(object)
      ? [object]
      : [...object.properties.values()].flatMap(({ value }) => objects(value)).filter(isSettings),
  );
}
