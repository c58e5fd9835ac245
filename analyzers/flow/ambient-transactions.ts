import type { Driver } from "../drivers/driver.ts";
import type { FunctionNode, FunctionValue } from "../source/values.ts";
import type { Handle } from "./handles.ts";
import type { Activation, Machine } from "./machine.ts";
import { endLog, type HandleState, type PathState } from "./path-state.ts";
import { evaluateLazily } from "./variables.ts";

/** A transaction in which everything runs that follows the flow of control. */
export interface AmbientTransaction {
  readonly activation: Activation;
  /** Ends it on a path: the connections that followed it are again what they were before. */
  readonly finish: (path: PathState, how: "commit" | "rollback") => void;
}

/** Begins a transaction of a driver's for all handles that follow the flow of control. */
export function ambientTransaction(
  machine: Machine,
  driver: Driver,
  state: PathState,
  activation: Activation,
): AmbientTransaction {
  const follows = (id: number): boolean => {
    const handle = machine.handles.get({ kind: "handle", handle: id });
    return handle.followsFlow && handle.driver?.name === driver.name;
  };
  const before = new Map<number, HandleState | undefined>(state.handleIds.map((id) => [id, state.handle(id)]));
  return {
    activation: { ...activation, ambient: new Set([...(activation.ambient ?? []), driver.name]) },
    finish: (path, how) => {
      for (const id of path.handleIds) {
        const earlier = before.get(id);
        if (!follows(id) || earlier?.transaction === "in-transaction") continue;
        endLog(path.handle(id)?.log, how);
        if (earlier === undefined) path.dropHandle(id);
        else path.setHandle(id, earlier);
      }
    },
  };
}

/**
 * How a callback runs that waits for what others do with a handle: where transactions follow the flow of control, in the one that these are
 * in, if any.
 */
export function inWhateverTransaction(machine: Machine, handle: Handle, activation: Activation): Activation {
  const { driver, shape, followsFlow } = handle;
  if (driver === undefined || !followsFlow) return activation;
  const ambient = Object.values(shape.methods).map((operation) =>
    operation.does === "transaction" ? operation.ambient : undefined,
  );
  if (ambient.includes(true) || machine.declaredAmbient.has(driver.name))
    return { ...activation, inWhateverTransaction: true };
  if (!ambient.includes("declared") || machine.seesProgram) return activation;
  return { ...activation, perhapsAmbient: new Set([...(activation.perhapsAmbient ?? []), driver.name]) };
}

const known = new WeakMap<FunctionNode, { readonly driver: Driver | undefined }>();

/** The driver whose decorator (`@Transactional()`) makes a method run in a transaction. */
export function transactionalBy(machine: Machine, called: FunctionValue): Driver | undefined {
  const { node, homeClass } = called;
  if (homeClass === undefined) return undefined;
  let found = known.get(node);
  if (found === undefined) {
    found = { driver: driverOfDecorators(machine, called) };
    known.set(node, found);
  }
  return found.driver;
}

function driverOfDecorators(machine: Machine, { node, homeClass }: FunctionValue): Driver | undefined {
  const method = homeClass?.node.body.body.find(
    (member) => member.type === "MethodDefinition" && member.value === node,
  );
  if (homeClass === undefined || method?.type !== "MethodDefinition") return undefined;
  for (const { expression } of method.decorators) {
    const named = expression.type === "CallExpression" ? expression.callee : expression;
    const value = evaluateLazily(machine, named, homeClass.frame);
    const found = value.kind === "external" ? machine.catalogue.exportOf(value.module, value.path) : undefined;
    if (found?.shape.is === "decorator") return found.driver;
  }
  return undefined;
}
