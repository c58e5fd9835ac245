import type { HandleValue, Value } from "../source/values.ts";
import { holds } from "../source/holds.ts";
import { alternatives, unknown } from "../source/values.ts";
import { locate } from "../source/source-unit.ts";
import { mergeStates } from "./builtins.ts";
import type { Activation, Machine, Outcome, PendingQueries, PendingQuery } from "./machine.ts";
import type { PathState } from "./path-state.ts";
import { sendMessage } from "./sending.ts";
import { lower } from "./transactions.ts";

/** The queries of one analysis that were made and may still be sent. */
export function makePendingQueries(): PendingQueries {
  const queries: PendingQuery[] = [];
  const used = new Set<string>();
  const made = new Map<string, Map<number, PendingQuery>>();
  const get = (id: number): PendingQuery => {
    const query = queries[id];
    if (query === undefined) throw new Error(`no query ${String(id)}`);
    return query;
  };
  return {
    add: (query) => {
      const key = keyOf(query);
      if (!query.activation.silent) {
        const onHandles = made.get(key) ?? new Map<number, PendingQuery>();
        if (!onHandles.has(query.handle.handle)) onHandles.set(query.handle.handle, query);
        made.set(key, onHandles);
      }
      queries.push(query);
      return queries.length - 1;
    },
    get,
    use: (id) => {
      used.add(keyOf(get(id)));
    },
    get unused() {
      return [...made].flatMap(([key, onHandles]) => (used.has(key) ? [] : [...onHandles.values()]));
    },
  };
}

function keyOf({ activation, site }: PendingQuery): string {
  const { file, range } = locate(activation.frame.unit, site.node);
  return `${file}:${String(range.start)}-${String(range.end)}`;
}

const AWAITED: ReadonlySet<Value["kind"]> = new Set(["message", "handle"]);

/** Sends what is pending in a value that somebody waits for; a query builder gives a result. */
export function settle(machine: Machine, value: Value, state: PathState, activation: Activation): Outcome[] {
  if (!holds(value, AWAITED)) return [{ state, value }];
  switch (value.kind) {
    case "handle":
      return [{ state, value: machine.handles.isBuilder(value) ? unknown("the result of a query") : value }];
    case "message":
      return value.pending === undefined || activation.silent
        ? [{ state, value }]
        : sendPending(machine, value.pending, state, activation).map((path) => ({
            state: path,
            value: unknown("the result of a query"),
          }));
    case "union":
      return mergeStates(
        value.members.flatMap((member, index) =>
          settle(machine, member, index === value.members.length - 1 ? state : state.fork(), activation),
        ),
      );
    case "array": {
      let paths: { readonly state: PathState; readonly elements: readonly Value[] }[] = [{ state, elements: [] }];
      for (const element of value.elements) {
        paths = paths.flatMap((path) =>
          settle(machine, element, path.state, activation).map((outcome) => ({
            state: outcome.state,
            elements: [...path.elements, outcome.value],
          })),
        );
      }
      return paths.map((path) => ({ state: path.state, value: { ...value, elements: path.elements } }));
    }
    default:
      return [{ state, value }];
  }
}

/** Sends a query on its own handle or another one; the paths that follow. */
export function sendPending(
  machine: Machine,
  id: number,
  state: PathState,
  activation: Activation,
  on?: HandleValue,
): PathState[] {
  const query = machine.pending.get(id);
  machine.pending.use(id);
  const { after, handle, uncertain } = query;
  const paths =
    after === undefined ? [state] : sendPending(machine, after, state, activation, on ?? (uncertain ? on : handle));
  const sent = on === undefined ? query : { ...query, handle: on, uncertain: false };
  return paths.flatMap((path) => sendAll(machine, sent, path, activation));
}

/** Sends each text that a query may have, each on a path of its own. */
export function sendAll(
  machine: Machine,
  query: Pick<PendingQuery, "handle" | "uncertain" | "messages" | "site"> & {
    readonly activation: Pick<Activation, "frame" | "pathConfidence">;
  },
  state: PathState,
  activation: Activation,
): PathState[] {
  const handle = machine.handles.get(query.handle);
  const { frame, pathConfidence } = query.activation;
  const there: Activation = { ...activation, frame, pathConfidence: lower(activation.pathConfidence, pathConfidence) };
  if (query.messages.length === 0) return [state];
  return query.messages.map((message, index) => {
    const path = index === query.messages.length - 1 ? state : state.fork();
    sendMessage(machine, handle, message, path, there, query.site, query.uncertain);
    return path;
  });
}

/** Sends the queries that nobody was seen to wait for, in the state in which they were made. */
export function sendUnused(machine: Machine): void {
  for (const query of machine.pending.unused) {
    // Of a tag that nobody knows only waiting for the result says that it sends something.
    const { connection, driver } = machine.handles.get(query.handle);
    if (connection.known === "inferred" && driver === undefined) continue;
    const isQuery =
      query.operation.file !== undefined ||
      query.messages.every((message) => {
        const { statements } = machine.readSql(message.text.segments);
        return (
          statements.length > 0 &&
          statements.every((statement) => statement.readBy !== "none" && statement.resolution !== "unresolved")
        );
      });
    if (!isQuery) continue;
    const { pathConfidence } = query.activation;
    sendAll(machine, query, query.state.fork(), {
      ...query.activation,
      pathConfidence: pathConfidence === "certain" ? "likely" : pathConfidence,
    });
  }
}

/** Marks the pending queries in a value as part of something else. */
export function useFragments(machine: Machine, value: Value): void {
  for (const member of alternatives(value)) {
    if (member.kind === "message" && member.pending !== undefined) machine.pending.use(member.pending);
  }
}
