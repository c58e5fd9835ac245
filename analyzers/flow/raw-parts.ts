import type { TSESTree } from "@typescript-eslint/types";
import { keyName } from "../source/names.ts";
import { locate } from "../source/source-unit.ts";
import { union } from "../source/union.ts";
import { alternatives, holeText, type Value } from "../source/values.ts";
import type { Activation, Machine } from "./machine.ts";
import type { PathState } from "./path-state.ts";

/** Members of template tags that put a text into the query as it stands. */
const RAW_MEMBERS: ReadonlySet<string> = new Set(["raw", "plain", "unsafe", "unsafeRaw", "rawSql"]);

/** ``sql`SELECT ${sql.raw(name)}()` `` with a tag of no driver: the text that its own member for that is given, where it is known. */
export function rawOfTag(
  machine: Machine,
  tag: TSESTree.Expression,
  expression: TSESTree.Expression,
  state: PathState,
  activation: Activation,
): Value | undefined {
  if (expression.type !== "CallExpression" || expression.callee.type !== "MemberExpression") return undefined;
  const { object, property, computed } = expression.callee;
  const [given] = expression.arguments;
  const wordsOf = ({ range }: TSESTree.Node): string => activation.frame.unit.text.slice(...range);
  if (given === undefined || !RAW_MEMBERS.has(keyName(property, computed) ?? "") || wordsOf(object) !== wordsOf(tag))
    return undefined;
  const outcomes = machine.evaluate(given, state.fork(), { ...activation, silent: true });
  const value = union(outcomes.map((outcome) => outcome.value));
  return alternatives(value).every((member) => member.kind === "text")
    ? value
    : holeText("a text put into the query as it stands", locate(activation.frame.unit, given));
}
