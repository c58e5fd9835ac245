import type { Reach, SqlAction, SqlStatement, StatementUse } from "../model.ts";

/** Which later action of the same transaction takes an earlier one back. */
const UNDOES: Partial<{
  [Kind in SqlAction["kind"]]: (done: Extract<SqlAction, { kind: Kind }>, later: SqlAction) => boolean;
}> = {
  "set-parameter": (done, later) =>
    (later.kind === "reset-parameter" && (later.name === done.name || later.name === "all")) ||
    (later.kind === "discard" && later.target === "all"),
  "set-identity": (done, later) => later.kind === "reset-identity" && later.identity === done.identity,
  "prepared-statement": (done, later) =>
    later.kind === "prepared-statement" &&
    (later.operation === "deallocate-all" || (later.operation === "deallocate" && later.name === done.name)),
  "create-temporary": (done, later) =>
    later.kind === "drop-relation" && later.operation === "drop" && later.name === done.name,
  cursor: (done, later) =>
    later.kind === "cursor" &&
    (later.operation === "close-all" || (later.operation === "close" && later.name === done.name)),
  notification: (done, later) =>
    later.kind === "notification" &&
    (later.operation === "unlisten-all" || (later.operation === "unlisten" && later.channel === done.channel)),
  // A connection has no name where a connection string is all that dblink_connect() is given.
  "session-function": (done, later) =>
    /^dblink_connect(?:_u)?$/.test(done.function) &&
    later.kind === "session-function" &&
    later.function === "dblink_disconnect" &&
    later.arguments[0] === (done.arguments.length > 1 ? done.arguments[0] : undefined),
};

/** Whether `later` takes `done` back. */
export function undoes(done: SqlAction, later: SqlAction): boolean {
  const test = UNDOES[done.kind] as ((done: SqlAction, later: SqlAction) => boolean) | undefined;
  return test?.(done, later) ?? false;
}

/**
 * Whether an action takes back what was done earlier in its transaction: on this way, or, where this one is in a transaction too, on
 * another. A way on which the first statement failed comes through the same `finally` without having done anything.
 */
export const takesBack = (action: SqlAction, use: StatementUse, reach: Reach): boolean =>
  [reach, ...(reach.state === "in-transaction" ? use.reaches : [])].some(({ before }) =>
    before.some((earlier) => undoes(earlier, action)),
  );

/** Effects that ROLLBACK does not take back: PostgreSQL keeps prepared statements, session advisory locks and connections of dblink. */
const SURVIVES_ROLLBACK = new Set<SqlAction["kind"]>([
  "prepared-statement",
  "advisory-lock",
  "load-library",
  "session-function",
]);

/**
 * Whether nothing of the action is left on the server connection, whatever way the transaction goes on: it rolls back, or a later
 * action of it takes it back. Outside a transaction everything is left.
 */
export function leavesNothing(action: SqlAction, statement: SqlStatement, reach: Reach): boolean {
  const own = statement.actions.slice(statement.actions.indexOf(action) + 1);
  if (own.some((later) => later.place === action.place && undoes(action, later))) return true;
  // A routine runs in whatever transaction calls it.
  if (reach.transaction === "none" || action.place === "routine-body") return false;
  const ended = reach.endings.filter(
    (ending) => ending.how !== "open" || ending.then.some((later) => undoes(action, later)),
  );
  if (ended.length === 0) return false;
  // A path that was not seen to end decides nothing where others were.
  const decided = reach.transaction === "unknown" ? reach.endings : ended;
  const survives = SURVIVES_ROLLBACK.has(action.kind);
  // What survives ROLLBACK is left by a statement that fails in between; the code is judged by what it does when nothing fails.
  const judged =
    survives && decided.some((ending) => ending.how === "commit")
      ? decided.filter((ending) => ending.how === "commit")
      : decided;
  return judged.every(
    (ending) => (ending.how === "rollback" && !survives) || ending.then.some((later) => undoes(action, later)),
  );
}

/** Whether the transaction around it takes everything back, on each way in which it was seen to end. */
export function isRolledBack(reach: Reach): boolean {
  const seen = reach.endings.filter((ending) => ending.how !== "open");
  return reach.transaction === "explicit" && seen.length > 0 && seen.every((ending) => ending.how === "rollback");
}
