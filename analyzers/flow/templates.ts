import type { TSESTree } from "@typescript-eslint/types";
import type { QueryOperation } from "../drivers/driver.ts";
import { holds } from "../source/holds.ts";
import { literalSegments } from "../source/literal-text.ts";
import { locate, type SourceUnit } from "../source/source-unit.ts";
import {
  alternatives,
  type HandleValue,
  type MessageValue,
  settingName,
  text,
  unknown,
  type Value,
} from "../source/values.ts";
import { concatenate } from "../source/concatenate.ts";
import { union } from "../source/union.ts";
import { mergeStates } from "./builtins.ts";
import { beginsAsStatement } from "../sql/first-words.ts";
import { inferTag } from "./inferred-queries.ts";
import { type Activation, type Machine, mayThrow, type Outcome } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { runQuery } from "./operations.ts";
import { mayBeAnother } from "./receivers.ts";
import { useFragments } from "./pending-queries.ts";
import { rawOfTag } from "./raw-parts.ts";
import { bindValuesIn } from "./text-builders.ts";
import { evaluateAll } from "./outcomes.ts";

/** The segments of a quasi that begins at `start`. Its own range is not used: producers differ in whether it includes the delimiters. */
function quasiSegments(unit: SourceUnit, quasi: TSESTree.TemplateElement, start: number, raw: boolean): Value {
  const end = start + rawLength(unit.text, start, quasi.value.raw);
  return text(literalSegments(unit.filename, unit.text, start, end, raw));
}

/** The length in the source of a raw quasi, whose CRLF pairs the specification has turned into LF. */
function rawLength(source: string, start: number, raw: string): number {
  let position = start;
  for (const character of raw) {
    if (character === "\n" && source[position] === "\r") position += source[position + 1] === "\n" ? 2 : 1;
    else position += character.length;
  }
  return position - start;
}

/** The pieces of a template in order, expressions with the values they have. */
function templateParts(
  machine: Machine,
  template: TSESTree.TemplateLiteral,
  state: PathState,
  activation: Activation,
  raw: boolean,
): { state: PathState; quasis: Value[]; values: Value[] }[] {
  const { unit } = activation.frame;
  const quasis: Value[] = [];
  let start = template.range[0] + 1;
  template.quasis.forEach((quasi, index) => {
    const next = template.expressions[index];
    quasis.push(quasiSegments(unit, quasi, start, raw));
    if (next !== undefined) {
      const close = unit.text.indexOf("}", next.range[1]);
      start = (close < 0 ? next.range[1] : close) + 1;
    }
  });
  return evaluateAll(machine, template.expressions, state, activation).map((path) => ({
    state: path.state,
    quasis,
    values: path.values,
  }));
}

/** The text of a template literal; `raw` as `String.raw` takes it. */
export function templateValue(
  machine: Machine,
  node: TSESTree.TemplateLiteral,
  state: PathState,
  activation: Activation,
  raw = false,
): Outcome[] {
  const { unit } = activation.frame;
  return templateParts(machine, node, state, activation, raw).map((path) => {
    const parts: { value: Value; location: ReturnType<typeof locate> }[] = [];
    path.quasis.forEach((quasi, index) => {
      parts.push({ value: quasi, location: locate(unit, node) });
      const value = path.values[index];
      const expression = node.expressions[index];
      if (value !== undefined && expression !== undefined)
        parts.push({ value: named(value, expression, unit), location: locate(unit, expression) });
    });
    return { state: path.state, value: concatenate(parts) };
  });
}

/** Gives an unknown value the words of the source, so that a reader sees which expression was not resolved. */
export function named(value: Value, node: TSESTree.Node, unit: SourceUnit): Value {
  if (["text", "constant", "union", "message", "handle"].includes(value.kind)) return value;
  const words = unit.text.slice(node.range[0], Math.min(node.range[1], node.range[0] + 60)).replace(/\s+/g, " ");
  if (value.kind === "unknown") {
    return value.reason.includes("`") && node.type === "Identifier"
      ? value
      : { ...value, reason: `\`${words}\` is not known: ${value.reason}` };
  }
  const setting = settingName(value);
  return { ...unknown(`\`${words}\` is not a text`), ...(setting === undefined ? {} : { setting }) };
}

/** A template with a tag: what the tag sends, makes of it, or returns. */
export function taggedTemplate(
  machine: Machine,
  node: TSESTree.TaggedTemplateExpression,
  state: PathState,
  activation: Activation,
): Outcome[] {
  const { unit } = activation.frame;
  return machine.evaluate(node.tag, state, activation).flatMap(({ state: after, value: tag }) => {
    if (!activation.silent && tag.kind !== "constant") machine.evaluated.add(node);
    const path = tag.kind === "external" ? tag.path : [];
    if (tag.kind === "external" && tag.module === "<global>" && path.join(".") === "String.raw") {
      return templateValue(machine, node.quasi, after, activation, true);
    }
    const queries = queriesOfTag(machine, tag);
    if (queries.length > 0) {
      mayThrow(after, activation);
      return templateParts(machine, node.quasi, after, activation, false).flatMap((parts) => {
        const message: Value = {
          kind: "message",
          text: tagText(machine, parts, node, unit),
          hasValues: bindValuesIn(parts.values),
          protocol: "by-values",
        };
        const site = { node, detached: false, argumentNodes: [node.quasi] };
        const chosen: Activation =
          queries.length > 1 || mayBeAnother(tag) ? { ...activation, pathConfidence: "possible" } : activation;
        const outcomes = queries.flatMap(({ handle, operation }, index) => {
          const path = index === queries.length - 1 ? parts.state : parts.state.fork();
          return runQuery(machine, handle, operation, [message], path, chosen, site);
        });
        return mergeStates(outcomes);
      });
    }
    const shape = tag.kind === "external" ? machine.catalogue.exportOf(tag.module, path)?.shape : undefined;
    if (shape?.is === "raw") return templateValue(machine, node.quasi, after, activation);
    const words = unit.text.slice(node.tag.range[0], node.tag.range[1]);
    const carriesValues =
      shape?.is === "tag" ||
      /(^|\.)sql$/i.test(words) ||
      (tag.kind === "unknown" &&
        (/(^|\.)(tx|trx|db)$/i.test(words) ||
          (machine.seesProgram && beginsAsStatement(node.quasi.quasis[0]?.value.cooked ?? ""))));
    if (!carriesValues) {
      if (tag.kind === "unknown" || tag.kind === "external")
        return templateValue(machine, node.quasi, after, activation);
      return templateParts(machine, node.quasi, after, activation, false).flatMap((parts) =>
        machine.call(
          tag,
          undefined,
          [{ kind: "array", elements: parts.quasis, open: false, fixed: true }, ...parts.values],
          parts.state,
          activation,
          {
            node,
            detached: false,
            argumentNodes: [],
          },
        ),
      );
    }
    return templateParts(machine, node.quasi, after, activation, false).map((parts): Outcome => {
      const spliced =
        shape === undefined
          ? (expression: TSESTree.Expression) => rawOfTag(machine, node.tag, expression, parts.state, activation)
          : undefined;
      const message: MessageValue = {
        kind: "message",
        text: tagText(machine, parts, node, unit, spliced),
        hasValues: bindValuesIn(parts.values),
        protocol: "by-values",
        ...(shape?.is === "tag" && shape.sentBy !== undefined ? { sentBy: shape.sentBy } : {}),
        ...(shape?.is === "tag" && shape.namedBy !== undefined ? { namedBy: shape.namedBy } : {}),
        ...(shape?.is === "tag" && shape.named === true
          ? { statementName: { value: unknown("a statement name"), location: locate(unit, node.tag) } }
          : {}),
      };
      const site = { node, detached: false, argumentNodes: [node.quasi] };
      const value = shape === undefined ? inferTag(machine, message, tag, parts.state, activation, site) : message;
      return { state: parts.state, value };
    });
  });
}

/** What a template tag sends, and on what, when it is a handle or a method of one: once for each connection it may be. */
function queriesOfTag(
  machine: Machine,
  tag: Value,
): readonly { readonly handle: HandleValue; readonly operation: QueryOperation }[] {
  const found = new Map<number, { readonly handle: HandleValue; readonly operation: QueryOperation }>();
  for (const member of alternatives(tag)) {
    const handle = member.kind === "bound-method" ? member.receiver : member;
    if (handle.kind !== "handle") continue;
    const { connection, shape } = machine.handles.get(handle);
    const { methods, tag: own } = shape;
    const operation =
      member.kind !== "bound-method" ? own : Object.hasOwn(methods, member.name) ? methods[member.name] : undefined;
    if (operation?.does === "query" && !found.has(connection.id)) found.set(connection.id, { handle, operation });
  }
  return [...found.values()];
}

/** Text of a values-carrying tag: expressions are bind parameters, nested queries of the same tag become part of the text. */
function tagText(
  machine: Machine,
  parts: { readonly quasis: readonly Value[]; readonly values: readonly Value[] },
  node: TSESTree.TaggedTemplateExpression,
  unit: SourceUnit,
  /** What an expression puts into the text as it stands, where that can be told. */
  spliced: (expression: TSESTree.Expression) => Value | undefined = () => undefined,
): Value {
  const pieces: { value: Value; location: ReturnType<typeof locate> }[] = [];
  parts.quasis.forEach((quasi, index) => {
    pieces.push({ value: quasi, location: locate(unit, node) });
    const expression = node.quasi.expressions[index];
    const value = parts.values[index];
    if (expression === undefined || value === undefined) return;
    const location = locate(unit, expression);
    useFragments(machine, value);
    const own = holds(value, MESSAGES) ? undefined : spliced(expression);
    pieces.push({
      value: own ?? union(alternatives(value).map((member) => partOfTag(machine, member, location))),
      location,
    });
  });
  return concatenate(pieces);
}

/** What an expression in a values-carrying template stands for: a list of queries is all of them in a row. */
function partOfTag(machine: Machine, value: Value, location: ReturnType<typeof locate>): Value {
  if (value.kind === "message") return value.text;
  if (value.kind !== "array" || !value.elements.some((element) => holds(element, MESSAGES)))
    return text([{ kind: "parameter", location }]);
  for (const element of value.elements) useFragments(machine, element);
  const parts = value.elements.flatMap((element) => [
    { value: text([{ kind: "text", value: " ", location }]), location },
    { value: union(alternatives(element).map((member) => partOfTag(machine, member, location))), location },
  ]);
  const rest = [
    { value: text([{ kind: "text", value: " ", location }]), location },
    { value: unknown("further parts of a list"), location },
  ];
  return concatenate(value.open ? [...parts, ...rest] : parts);
}

const MESSAGES: ReadonlySet<Value["kind"]> = new Set(["message"]);
