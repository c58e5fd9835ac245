import type { HandleShape, PendingOperation, SameOperation } from "../drivers/driver.ts";
import type { SourceLocation } from "../model.ts";
import { locate } from "../source/source-unit.ts";
import { alternatives, type HandleValue, knownText, type MessageValue, text, type Value } from "../source/values.ts";
import { concatenate } from "../source/concatenate.ts";
import { fillPlaceholders } from "../sql/placeholders.ts";
import { functionsIn, mergeStates } from "./builtins.ts";
import type { Activation, CallSite, Machine, Outcome } from "./machine.ts";
import type { Message } from "./messages.ts";
import type { PathState } from "./path-state.ts";
import { sendAll, useFragments } from "./pending-queries.ts";

/**
 * What a query builder is given that does something to the session: texts and queries that become part of the one it makes. `operation`
 * says which argument is such a text by itself: `whereRaw(text)`. How the query travels depends on the values that the rest of it has.
 */
export function partsIn(
  machine: Machine,
  values: readonly Value[],
  operation: SameOperation | undefined,
  location: SourceLocation,
): Message[] {
  const texts = messagesIn(values).map((message) => {
    useFragments(machine, message);
    return message.text;
  });
  const raw = operation?.part === undefined ? undefined : values[operation.part];
  for (const member of raw === undefined ? [] : alternatives(raw)) {
    if (member.kind !== "text") continue;
    const { placeholders } = operation ?? {};
    texts.push(placeholders === undefined ? member : text(fillPlaceholders(member.segments, placeholders)));
  }
  return texts.flatMap((part) =>
    alternatives(
      concatenate([
        { value: knownText("select ", location), location },
        { value: part, location },
      ]),
    ).flatMap((whole): Message[] => {
      if (whole.kind !== "text") return [];
      const { statements } = machine.readSql(whole.segments);
      return statements.some((statement) => statement.actions.length > 0) ? [{ text: whole, protocol: "unknown" }] : [];
    }),
  );
}

/** Sends parts with what is made of them, on the connection of the builder. */
export function sendParts(
  machine: Machine,
  parts: readonly Message[],
  builder: { readonly handle: HandleValue; readonly uncertain: boolean },
  state: PathState,
  activation: Activation,
  site: CallSite,
): void {
  for (const part of parts) sendAll(machine, { ...builder, messages: [part], site, activation }, state, activation);
}

/**
 * A builder that holds parts and may still go on on another connection (`.transacting(trx)`): a query that is sent when somebody waits
 * for it, after the one of the number `after`. Undefined where the builder stays on its connection.
 */
export function pendingParts(
  machine: Machine,
  parts: readonly Message[],
  builder: HandleValue,
  state: PathState,
  activation: Activation,
  site: CallSite,
  after?: number,
): MessageValue | undefined {
  const lazy = changesOf(machine.handles.get(builder).shape);
  let pending = after;
  for (const part of parts) {
    if (lazy === undefined) return undefined;
    pending = machine.pending.add({
      handle: builder,
      uncertain: pending !== undefined && machine.pending.get(pending).uncertain,
      operation: { does: "query", sql: -1, lazy },
      messages: [part],
      isPart: true,
      site,
      activation,
      state: state.fork(),
      ...(pending === undefined ? {} : { after: pending }),
    });
  }
  const first = parts[0];
  return first === undefined || pending === undefined
    ? undefined
    : { kind: "message", text: first.text, hasValues: "unknown", protocol: "by-values", pending };
}

/** What the methods of a builder do to a query that is not sent yet; undefined where none of them takes it to another connection. */
function changesOf(shape: HandleShape): Readonly<Record<string, PendingOperation>> | undefined {
  const changes = Object.entries(shape.methods).flatMap(([name, operation]): [string, PendingOperation][] => {
    return operation.does === "switch" || operation.does === "same" ? [[name, operation]] : [];
  });
  return changes.some(([, { does }]) => does === "switch") ? Object.fromEntries(changes) : undefined;
}

/**
 * Runs the callbacks that a query builder is given: it calls them at once with builders of its own, and what they return becomes part of
 * the query. Those of a plug-in are kept for later.
 */
export function runBuilderCallbacks(
  machine: Machine,
  builder: HandleValue,
  later: boolean,
  values: readonly Value[],
  state: PathState,
  activation: Activation,
  site: CallSite,
): Outcome[] {
  let paths = [state];
  const location = locate(activation.frame.unit, site.node);
  for (const callback of functionsIn(values)) {
    const given = callback.node.params.map(() => builder);
    if (later) {
      machine.invokeLater(callback, values.includes(callback) ? given : [], state, activation, site.node);
      continue;
    }
    paths = paths.flatMap((path) => {
      const outcomes = machine.invoke(callback, undefined, given, path.fork(), activation, site.node);
      for (const outcome of outcomes) {
        const parts = partsIn(machine, [outcome.value], undefined, location);
        sendParts(machine, parts, { handle: builder, uncertain: false }, outcome.state, activation, site);
      }
      // One that only throws is for another case: `executeTakeFirstOrThrow(() => { throw … })`.
      return outcomes.length === 0 ? [path] : outcomes.map((outcome) => outcome.state);
    });
  }
  return mergeStates(paths.map((path) => ({ state: path, value: builder })));
}

function messagesIn(values: readonly Value[], depth = 0): MessageValue[] {
  return values.flatMap((value): MessageValue[] => {
    if (value.kind === "message") return [value];
    if (depth > 3) return [];
    if (value.kind === "union") return messagesIn(value.members, depth + 1);
    if (value.kind === "array") return messagesIn(value.elements, depth + 1);
    if (value.kind === "object")
      return messagesIn(
        [...[...value.properties.values()].map((property) => property.value), ...(value.unnamed ?? [])],
        depth + 1,
      );
    return [];
  });
}
