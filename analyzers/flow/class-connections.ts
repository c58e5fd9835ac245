import { locate } from "../source/source-unit.ts";
import type { ClassValue, HandleValue } from "../source/values.ts";
import { type Machine } from "./machine.ts";
import { classMemberNamed, superClassOf } from "./class-members.ts";

/** What a class extends, or what it is by its own word: a migration that runs outside a transaction. */
function asClassSays(machine: Machine, made: ClassValue, parent: HandleValue, key: string): HandleValue {
  const { driver, shape } = machine.handles.get(parent);
  const { ofClass } = shape;
  const other = ofClass === undefined ? undefined : driver?.handles[ofClass.gives];
  if (ofClass === undefined || other === undefined || saidByClass(machine, made, ofClass.member) !== ofClass.says)
    return parent;
  const location = locate(made.unit, made.node);
  return machine.handles.make(`base:${key}`, { driver, shape: other, known: "created", location, fromCaller: false });
}

/** The literal that a field of a class holds, or that a method of it returns. */
function saidByClass(machine: Machine, made: ClassValue, name: string): unknown {
  const { member } = classMemberNamed(machine, made, name, true) ?? classMemberNamed(machine, made, name, false) ?? {};
  const statement = member?.type === "MethodDefinition" ? member.value.body?.body[0] : undefined;
  const said =
    member?.type === "PropertyDefinition"
      ? member.value
      : statement?.type === "ReturnStatement"
        ? statement.argument
        : undefined;
  return said?.type === "Literal" ? said.value : undefined;
}

/** The connection that instances of a class are, when it extends a driver's class, directly or through classes of the program. */
export function baseHandle(machine: Machine, made: ClassValue, key: string): HandleValue | undefined {
  let current = made;
  for (let hops = 0; hops < 8; hops++) {
    const parent = superClassOf(machine, current);
    if (parent?.kind === "class") {
      current = parent;
      continue;
    }
    if (parent?.kind === "handle") return asClassSays(machine, made, parent, key);
    if (parent?.kind !== "external") return undefined;
    const found = machine.catalogue.exportOf(parent.module, parent.path);
    if (found?.shape.is !== "handle-maker") return undefined;
    const shape = found.driver.handles[found.shape.makes];
    return shape === undefined
      ? undefined
      : machine.handles.make(`base:${key}`, {
          driver: found.driver,
          shape,
          known: "created",
          location: locate(made.unit, made.node),
          fromCaller: false,
        });
  }
  return undefined;
}
