import { constantText, unknown, type Value } from "../source/values.ts";

/** Whether what a connection says of its kind of database is this name; undefined where neither value is one. */
export function isDialectNamed(one: Value, other: Value): boolean | undefined {
  const names = one.kind === "unknown" ? one.dialectNames : undefined;
  const name = constantText(other);
  return names === undefined || name === undefined ? undefined : names.includes(name);
}

/** The result of comparing two known values. */
export function comparison(operator: string, left: Value, right: Value): Value {
  const isNamed = isDialectNamed(left, right) ?? isDialectNamed(right, left);
  if (isNamed !== undefined) return { kind: "constant", value: isNamed !== operator.startsWith("!") };
  const known = (value: Value): string | undefined => {
    if (value.kind === "constant")
      return value.value == null && (operator === "==" || operator === "!=")
        ? "nullish"
        : `${typeof value.value}${String(value.value)}`;
    const words = constantText(value);
    return words === undefined ? undefined : `string${words}`;
  };
  const one = known(left);
  const other = known(right);
  if (one === undefined || other === undefined) {
    const isObject = (value: Value): boolean =>
      ["handle", "object", "function", "instance", "class", "array", "message"].includes(value.kind);
    if (!(isObject(left) && other !== undefined) && !(isObject(right) && one !== undefined))
      return unknown(`the result of \`${operator}\``);
  }
  if (operator === "===" || operator === "==") return { kind: "constant", value: one === other && one !== undefined };
  if (operator === "!==" || operator === "!=") return { kind: "constant", value: one !== other || one === undefined };
  return unknown(`the result of \`${operator}\``);
}

/** Which of two known numbers is the greater one; undefined for other operators and values. */
export function comparisonOfNumbers(operator: string, left: Value, right: Value): boolean | undefined {
  const one = left.kind === "constant" ? left.value : undefined;
  const other = right.kind === "constant" ? right.value : undefined;
  if (typeof one !== "number" || typeof other !== "number") return undefined;
  switch (operator) {
    case "<":
      return one < other;
    case "<=":
      return one <= other;
    case ">":
      return one > other;
    case ">=":
      return one >= other;
    default:
      return undefined;
  }
}
