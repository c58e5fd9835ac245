import type { PoolSizeShape } from "../drivers/driver.ts";
import type { PoolSize } from "../model.ts";
import {
  alternatives,
  constantText,
  settingName,
  truthiness,
  type PropertyValue,
  type Value,
} from "../source/values.ts";

/** The property at a path with dots. */
function propertyAt(value: Value, path: string): PropertyValue | undefined {
  let found: PropertyValue | undefined;
  let inside: readonly Value[] = [value];
  for (const name of path.split(".")) {
    found = inside.flatMap((member) => (member.kind === "object" ? (member.properties.get(name) ?? []) : []))[0];
    if (found === undefined) return undefined;
    inside = alternatives(found.value);
  }
  return found;
}

const wholeNumber = (value: Value): number | undefined => {
  const text = value.kind === "constant" ? String(value.value) : constantText(value);
  // 0 is as good as not given: drivers take their default for it (pg-pool 3.14 index.js, `max || poolSize || 10`).
  return text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
};

/**
 * How many client connections the pool opens that is made with these settings: the largest number that the option may be, with the
 * variable that may say another; the driver's default where no option is given.
 */
export function poolSizeOf(shape: PoolSizeShape, settings: readonly Value[]): PoolSize {
  for (const option of shape.options) {
    const property = settings.map((value) => propertyAt(value, option)).find((found) => found !== undefined);
    if (property === undefined) continue;
    const members = alternatives(property.value);
    const numbers = members.flatMap((member) => wholeNumber(member) ?? []);
    const names = members.flatMap((member) => settingName(member) ?? []);
    const { location } = property;
    const [name] = names;
    const largest = numbers.length === 0 ? undefined : Math.max(...numbers);
    if (name !== undefined)
      return {
        kind: "setting",
        name,
        ...(largest === undefined ? {} : { fallback: largest }),
        words: largest === undefined ? `${option}: ${name}` : `${option}: ${name}, else ${String(largest)}`,
        location,
      };
    if (largest !== undefined && numbers.length === members.length)
      return { kind: "known", value: largest, words: `${option}: ${String(largest)}`, location };
    if (largest !== undefined)
      return {
        kind: "setting",
        name: option,
        fallback: largest,
        words: `${option}: ${String(largest)}, or another`,
        location,
      };
    if (members.every((member) => truthiness(member) === false)) continue;
    return { kind: "unknown", because: `${option} is not known` };
  }
  // Settings of which not all are known may hold the option.
  const isOpen = settings.some((value) => value.kind === "unknown" || (value.kind === "object" && value.open));
  if (isOpen) return { kind: "unknown", because: "its settings are not all known" };
  return shape.default === undefined
    ? { kind: "unknown", because: shape.source }
    : { kind: "known", value: shape.default, words: `default of ${shape.source}` };
}
