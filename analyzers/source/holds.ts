import type { Value } from "./values.ts";

/** Whether a value of this kind is in the value, or in what an object or array of it holds. */
export function holds(value: Value, kinds: ReadonlySet<Value["kind"]>, depth = 0): boolean {
  if (kinds.has(value.kind)) return true;
  if (depth > 3) return false;
  switch (value.kind) {
    case "object":
      return (
        (value.base !== undefined && holds(value.base, kinds, depth + 1)) ||
        [...value.properties.values()].some((property) => holds(property.value, kinds, depth + 1))
      );
    case "array":
      return value.elements.some((element) => holds(element, kinds, depth + 1));
    case "union":
      return value.members.some((member) => holds(member, kinds, depth + 1));
    case "bound-method":
      return holds(value.receiver, kinds, depth + 1);
    default:
      return false;
  }
}
