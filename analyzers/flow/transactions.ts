import type { Confidence, Evidence, SourceLocation, SqlAction, SqlStatement, TransactionControl } from "../model.ts";
import type { Ledger, OpenReach, OpenSite } from "./ledger.ts";
import { actionsSince, endLog, type HandleState, type LogEntry } from "./path-state.ts";

/** How one message is sent. */
export interface Sending {
  readonly site: OpenSite;
  readonly statements: readonly SqlStatement[];
  /** False when the message certainly travels in the extended protocol, where it may hold one statement only. */
  readonly mayHoldSeveral: boolean;
  readonly location: SourceLocation;
  readonly confidence: Confidence;
  /** How sure it is that this path is taken as it was followed. */
  readonly pathConfidence: Confidence;
  readonly path: readonly Evidence[];
}

const LEVELS: readonly Confidence[] = ["certain", "likely", "possible"];

/** The less sure of two. */
export const lower = (left: Confidence, right: Confidence): Confidence =>
  LEVELS[Math.max(LEVELS.indexOf(left), LEVELS.indexOf(right))] ?? "possible";

const isControl = (action: SqlAction): action is TransactionControl =>
  action.kind === "transaction" && action.place === "statement";

/** A longer log is begun anew: what is remembered of a transaction is bounded, and so is the work of remembering it. */
const MAX_LOG = 32;

const isInsert = (action: SqlAction): boolean => action.kind === "sequence-advance" && action.function === "insert";

const append = (
  whole: LogEntry | undefined,
  reach: OpenReach,
  actions: readonly SqlAction[],
  savepoint?: string,
): LogEntry => {
  let log = whole;
  if (log !== undefined && log.length >= MAX_LOG) {
    endLog(log, "open");
    log = undefined;
  }
  return {
    reach,
    actions,
    previous: log,
    key: `${log?.key ?? ""}/${savepoint === undefined ? String(reach.id) : `s${savepoint}`}`,
    length: (log?.length ?? 0) + 1,
    inserts: (log?.inserts ?? false) || actions.some(isInsert),
    ...(savepoint === undefined ? {} : { savepoint }),
  };
};

/**
 * Runs the statements of one message on a client connection: notes how each is reached, and returns the state afterwards.
 *
 * Several statements in one simple-protocol message outside a transaction block are one implicit transaction; BEGIN inside it turns
 * what ran before into part of the explicit one (PostgreSQL 18, protocol-flow, "Multiple Statements in a Simple Query").
 */
export function send(ledger: Ledger, before: HandleState, sending: Sending): HandleState {
  const several = sending.mayHoldSeveral && sending.statements.length > 1;
  let state = before;
  let implicitLog: LogEntry | undefined;

  sending.statements.forEach((statement, index) => {
    const transaction =
      state.transaction === "in-transaction"
        ? "explicit"
        : state.transaction === "unknown"
          ? "unknown"
          : several
            ? "implicit"
            : "none";
    const log = transaction === "implicit" ? implicitLog : state.log;
    const path = state.begun === undefined ? sending.path : [...sending.path, state.begun];
    const reach = ledger.reach(sending.site, index, {
      state: state.transaction,
      transaction,
      before: actionsSince(log),
      confidence: sending.confidence,
      stateConfidence: lower(state.confidence, sending.pathConfidence),
      path,
    });
    const control = statement.actions.find(isControl);
    if (control !== undefined) {
      if (control.operation === "begin" && state.transaction !== "in-transaction") {
        endLog(state.log, "open");
        state = {
          transaction: "in-transaction",
          log: implicitLog,
          confidence: "certain",
          begun: { location: control.location, message: "transaction begins here" },
        };
        implicitLog = undefined;
        if (transaction === "none" || transaction === "unknown") reach.end("commit", []);
      } else {
        const after = applyControl(state, control, reach);
        if (transaction === "implicit" && control.operation !== "begin") {
          endLog(implicitLog, control.operation === "rollback" ? "rollback" : "commit");
          implicitLog = undefined;
        }
        state = after;
      }
      return;
    }
    if (transaction === "none") reach.end("commit", []);
    else if (log?.inserts === true && statement.actions.every(isInsert)) reach.end("open", []);
    else if (statement.actions.length > 0) {
      const entry = append(log, reach, statement.actions);
      if (transaction === "implicit") implicitLog = entry;
      else state = { ...state, log: entry };
    } else if (transaction === "implicit") {
      reach.end("commit", []);
    }
  });
  endLog(implicitLog, "commit");
  return state;
}

/** What transaction control does to an open transaction (or to one of which it is not known whether it is open). */
function applyControl(state: HandleState, control: TransactionControl, reach: OpenReach): HandleState {
  reach.end("commit", []);
  switch (control.operation) {
    case "commit":
    case "prepare-transaction":
    case "rollback": {
      endLog(state.log, control.operation === "rollback" ? "rollback" : "commit");
      const stays = control.chain && state.transaction === "in-transaction";
      return { transaction: stays ? "in-transaction" : "autocommit", log: undefined, confidence: "certain" };
    }
    case "savepoint":
      return { ...state, log: append(state.log, reach, [], control.name ?? "") };
    case "rollback-to-savepoint": {
      let target = state.log;
      while (target !== undefined && target.savepoint !== (control.name ?? "")) target = target.previous;
      if (target === undefined) return state;
      for (let entry = state.log; entry !== target && entry !== undefined; entry = entry.previous) {
        if (entry.savepoint === undefined) entry.reach.end("rollback", actionsSince(state.log, entry));
      }
      return { ...state, log: target };
    }
    default:
      return state;
  }
}
