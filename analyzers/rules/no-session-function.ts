import type { Problem, Reach, Rule, RuleContext, SessionFunction, SqlAction, StatementUse } from "../model.ts";
import { noSessionFunctionExamples } from "./examples/no-session-function.ts";
import { leavesNothing } from "./undoing.ts";

const ANY = ["every PgBouncer version in transaction mode"];

/**
 * The value was made in this transaction, or by this statement: what an INSERT returns is worked out when the row has its values, and so is
 * what a query makes of that.
 */
const advancedBefore = (name: string, { statement }: StatementUse, reach: Reach): boolean =>
  reach.before.some((action) => action.kind === "sequence-advance") ||
  statement.actions.some((action) => action.kind === "sequence-advance" && action.function !== "insert") ||
  isReturned(name, statement.text);

/** Whether a function is called behind INSERT … RETURNING only. */
function isReturned(name: string, text: string): boolean {
  const returning = /\binsert\b[\s\S]*?\breturning\b/i.exec(text);
  return returning !== null && text.toLowerCase().indexOf(name) > returning.index + returning[0].length;
}

const isConstant = (argument: string | undefined): boolean =>
  argument !== undefined &&
  /^[\s\d$\uE000\uE001:a-z_.]*$/i.test(argument) &&
  !/pid/i.test(argument.replace(/\$\d+/g, ""));

/** Whether a file is seen to learn the pid of a connection of its own, which is another one's later: of the driver, or by asking for it. */
const learnsPid = ({ site }: StatementUse, { statementsIn }: RuleContext): boolean =>
  site.readsProcessId === true ||
  statementsIn(site.location.file).some(
    ({ text, actions }) =>
      // `pid <> pg_backend_pid()` leaves the own one out.
      !/(?:<>|!=)\s*(?:pg_catalog\s*\.\s*)?pg_backend_pid/i.test(text) &&
      actions.some((action) => action.kind === "session-function" && action.function === "pg_backend_pid"),
  );

/** The message for a call, where it is one that fails behind a pooler. */
function problemOf(
  action: SessionFunction,
  use: StatementUse,
  reach: Reach,
  context: RuleContext,
):
  | { readonly messageId: string; readonly effect: Problem["effect"]; readonly confidence: Problem["confidence"] }
  | undefined {
  const { function: name } = action;
  const within = reach.transaction === "explicit" || reach.transaction === "implicit";
  switch (name) {
    case "currval":
    case "lastval":
      if (action.place !== "statement" || within || advancedBefore(name, use, reach)) return undefined;
      return reach.state === "unknown" ? undefined : { messageId: "sequence", effect: "silent", confidence: "certain" };
    case "pg_cancel_backend":
    case "pg_terminate_backend":
      // A pid that the same statement reads from pg_stat_activity is right when it is used.
      return isConstant(action.arguments[0])
        ? // Most pids were read from a view of the catalogue a moment before.
          { messageId: "signal", effect: "leak", confidence: learnsPid(use, context) ? "likely" : "possible" }
        : undefined;
    case "pg_listening_channels":
    case "pg_my_temp_schema":
      return within ? undefined : { messageId: "introspection", effect: "silent", confidence: "certain" };
    case "dblink_connect":
    case "dblink_connect_u":
      return leavesNothing(action, use.statement, reach)
        ? undefined
        : { messageId: "dblink", effect: "leak", confidence: "certain" };
    case "pg_replication_origin_session_setup":
      return { messageId: "origin", effect: "leak", confidence: "certain" };
    case "pg_create_logical_replication_slot":
    case "pg_create_physical_replication_slot": {
      const temporary = action.arguments.find((argument) => /^(?:temporary\s*(?:=>|:=)\s*)?true$/i.test(argument));
      return temporary === undefined ? undefined : { messageId: "slot", effect: "leak", confidence: "certain" };
    }
    default:
      return undefined;
  }
}

function check(action: SqlAction, use: StatementUse, reach: Reach, context: RuleContext): readonly Problem[] {
  if (action.kind !== "session-function") return [];
  const found = problemOf(action, use, reach, context);
  if (found === undefined) return [];
  return [
    {
      messageId: found.messageId,
      data: { function: action.function },
      location: action.location,
      effect: found.effect,
      severity: found.messageId === "signal" ? "warning" : "error",
      confidence: found.confidence ?? "certain",
      restsOnState: found.messageId === "sequence" || found.messageId === "introspection",
      breaksOn: ANY,
    },
  ];
}

/** Functions whose result or effect belongs to one server connection. */
export const noSessionFunction: Rule = {
  id: "no-session-function",
  summary: "currval(), a stored backend pid, dblink connections: results and effects of one server connection",
  explanation: `Some functions answer for the server connection they run on. In transaction mode the next transaction may run on another.

- \`currval()\` and \`lastval()\` in a later statement fail with \`55000 currval of sequence … is not yet defined in this session\`, or, after
  another client inserted on that connection, return *its* id without an error.
- \`pg_cancel_backend(pid)\` with a pid learnt earlier cancels whatever runs there by then, possibly another client's query; the pid that
  the driver knows (\`client.processID\`) is PgBouncer's own and matches nothing.
- \`pg_listening_channels()\` and \`pg_my_temp_schema()\` describe an arbitrary server connection.
- \`dblink_connect()\` leaves its connection on the server connection, where another client uses it; a temporary replication slot and
  \`pg_replication_origin_session_setup()\` stay there too.

Measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2 over PostgreSQL 15.18 (slots, origins and dblink over 18.4).

Not reported: \`currval()\` in the transaction, text or statement that advances the sequence; \`nextval()\`; \`pg_backend_pid()\`, which
is information; pids read from \`pg_stat_activity\` by the same statement.`,
  remedies: `- \`INSERT … RETURNING id\` instead of \`currval()\` and \`lastval()\`.
- The driver's cancel request instead of \`pg_cancel_backend()\`.
- \`dblink(connection, sql)\`, persistent slots; a direct connection for replication.`,
  messages: {
    sequence: {
      message:
        "`{{function}}()` runs on another server connection than the INSERT did: it fails, or returns another client's id.",
      remedy: "Use `INSERT … RETURNING`.",
      condition: "Replace `{{function}}()` by `INSERT … RETURNING`.",
    },
    signal: {
      message:
        "`{{function}}()` with a pid learnt earlier reaches whatever that server connection runs by then, possibly another client's query.",
      remedy: "Cancel through the driver, or look the pid up in pg_stat_activity in the same statement.",
      condition:
        "Look the pid for `{{function}}()` up in pg_stat_activity in the same statement, or cancel through the driver.",
    },
    introspection: {
      message: "`{{function}}()` describes whichever server connection it runs on, not your session.",
      remedy: "Ask it on the direct connection that listens, or keep the state in the program.",
      condition: "Ask `{{function}}()` on the direct connection that it is about, or keep that state in the program.",
    },
    dblink: {
      message:
        "`{{function}}()` leaves its connection on the server connection: later dblink calls miss it, and other clients use it.",
      remedy: "Use `dblink(connection, sql)`, or connect and disconnect in one transaction.",
      condition: "Use `dblink(connection, sql)` in place of `{{function}}()`.",
    },
    origin: {
      message: "`{{function}}()` marks the server connection: other clients write with your replication origin.",
      remedy: "Use a direct connection.",
      condition: "Give what calls `{{function}}()` a direct connection.",
    },
    slot: {
      message:
        "`{{function}}()` makes a temporary slot that belongs to one server connection: it is active elsewhere and others can read it.",
      remedy: "Use a persistent slot, or a direct connection.",
      condition: "Give what calls `{{function}}()` a direct connection, or use a persistent slot.",
    },
  },
  feature: "session-function",
  recommended: true,
  checkStatement: (use, reach, context) =>
    use.statement.actions.flatMap((action) => check(action, use, reach, context)),
  examples: noSessionFunctionExamples,
};
