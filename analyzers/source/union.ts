import { valueKey } from "./value-key.ts";
import { alternatives, type ObjectValue, type PropertyValue, undefinedValue, unknown, type Value } from "./values.ts";

/** More alternatives than this become one unknown value. */
const MAX_ALTERNATIVES = 12;

/** The value that is one of these; duplicates are dropped. */
export function union(values: readonly Value[]): Value {
  const [only] = values;
  if (only !== undefined && values.every((value) => value === only)) return only;
  const members: Value[] = [];
  const seen = new Set<string>();
  for (const value of values) {
    for (const member of alternatives(value)) {
      const key = valueKey(member);
      if (seen.has(key)) continue;
      seen.add(key);
      members.push(member);
    }
  }
  const first = members[0];
  if (first === undefined) return unknown("no value");
  if (members.length === 1) return first;
  if (members.length > MAX_ALTERNATIVES)
    return mergedObject(members) ?? unknown(`more than ${String(MAX_ALTERNATIVES)} alternatives`);
  return { kind: "union", members };
}

/** One object of what one literal became on many paths: each of its properties is one of what it is on some path. */
function mergedObject(members: readonly Value[]): ObjectValue | undefined {
  const objects = members.filter((member) => member.kind === "object");
  const [first] = objects;
  if (first === undefined || objects.length < members.length) return undefined;
  const isSame = ({ location, base }: ObjectValue): boolean =>
    location.file === first.location.file && location.range.start === first.location.range.start && base === first.base;
  if (!objects.every(isSame)) return undefined;
  const properties = new Map<string, PropertyValue>();
  for (const name of new Set(objects.flatMap((object) => [...object.properties.keys()]))) {
    const given = objects.map((object) => object.properties.get(name));
    const known = given.find((property) => property !== undefined);
    if (known === undefined) continue;
    const value = union(given.map((property) => property?.value ?? undefinedValue));
    properties.set(name, { value, location: known.location });
  }
  return { ...first, properties, open: objects.some((object) => object.open) };
}
