import type { TSESTree } from "@typescript-eslint/types";
import type { Connection } from "../model.ts";
import { keyName } from "../source/names.ts";
import { locate } from "../source/source-unit.ts";
import type { Value } from "../source/values.ts";
import type { Activation, Machine } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { parametersInOptions, parametersOf } from "./startup-parameters.ts";

/** `pg.defaults.statement_timeout = 5000` and `process.env.PGOPTIONS = "-c …"`: settings that connections made later start from. */
export function noteDefaults(
  machine: Machine,
  node: TSESTree.AssignmentExpression,
  value: Value,
  state: PathState,
  activation: Activation,
): void {
  const target = node.left;
  if (activation.silent || target.type !== "MemberExpression" || target.object.type !== "MemberExpression") return;
  const name = keyName(target.property, target.computed);
  const holder = machine.evaluate(target.object, state.fork(), activation)[0]?.value;
  if (name === undefined || holder?.kind !== "external") return;
  const location = locate(activation.frame.unit, node);
  /** Made only when there is something to say of it. */
  const laterConnections = (): Connection =>
    machine.handles.addConnection({
      scope: "unknown",
      driver: holder.module === "<global>" ? "pg" : holder.module,
      known: "created",
      location,
      urls: [],
      from: [],
    });
  if (holder.module === "<global>") {
    if (holder.path.join(".") !== "process.env" || name !== "PGOPTIONS") return;
    for (const parameter of parametersInOptions(value, location, "certain"))
      machine.ledger.startupParameter({ ...parameter, via: "environment", connection: laterConnections() });
    return;
  }
  const shape = machine.catalogue.exportOf(holder.module, holder.path)?.shape;
  if (shape?.is !== "defaults") return;
  const object = { kind: "object", properties: new Map([[name, { value, location }]]), open: false, location } as const;
  for (const parameter of parametersOf(object, shape.options, location)) {
    machine.ledger.startupParameter({
      ...parameter,
      via: parameter.via === "option" ? "defaults" : parameter.via,
      connection: laterConnections(),
    });
  }
}
