import { valueKey } from "./value-key.ts";
import { alternatives, unknown, type Value } from "./values.ts";

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
  if (members.length > MAX_ALTERNATIVES) return unknown(`more than ${String(MAX_ALTERNATIVES)} alternatives`);
  return { kind: "union", members };
}
