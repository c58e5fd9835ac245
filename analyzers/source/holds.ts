import type { Value } from "./values.ts";

/** Whether the value, or something that an object or array of it holds, is one of those. */
export function holdsSome(value: Value, isOne: (value: Value) => boolean, depth = 0): boolean {
  if (isOne(value)) return true;
  if (depth > 3) return false;
  switch (value.kind) {
    case "object":
      if (value.base !== undefined && holdsSome(value.base, isOne, depth + 1)) return true;
      for (const property of value.properties.values()) if (holdsSome(property.value, isOne, depth + 1)) return true;
      return false;
    case "array":
      return value.elements.some((element) => holdsSome(element, isOne, depth + 1));
    case "union":
      return value.members.some((member) => holdsSome(member, isOne, depth + 1));
    case "bound-method":
      return holdsSome(value.receiver, isOne, depth + 1);
    default:
      return false;
  }
}

/** Whether a value of this kind is in the value, or in what an object or array of it holds. */
export const holds = (value: Value, kinds: ReadonlySet<Value["kind"]>): boolean =>
  holdsSome(value, ({ kind }) => kinds.has(kind));
