import type {
  CreateTemporary,
  DropRelation,
  Problem,
  Reach,
  Rule,
  RuleContext,
  SqlAction,
  StatementUse,
  Suggestion,
} from "../model.ts";
import { noTempTableExamples } from "./examples/no-temp-table.ts";
import { alwaysInTransaction } from "./suggestions.ts";
import { leavesNothing } from "./undoing.ts";

const ANY = ["every PgBouncer version in transaction mode"];

function suggestions(action: CreateTemporary, use: StatementUse): readonly Suggestion[] {
  const clause = action.anchors?.onCommit;
  if (
    clause === undefined ||
    action.object !== "table" ||
    action.via !== "keyword" ||
    action.ifNotExists ||
    action.place !== "statement" ||
    !alwaysInTransaction(use)
  )
    return [];
  const text = clause.range.start === clause.range.end ? " ON COMMIT DROP" : "ON COMMIT DROP";
  return [
    {
      message: "Add ON COMMIT DROP, so that the table ends with the transaction.",
      edits: [{ file: clause.file, range: clause.range, text }],
    },
  ];
}

function checkCreate(action: CreateTemporary, use: StatementUse, reach: Reach): readonly Problem[] {
  const adopts = action.ifNotExists && action.object === "table";
  // Outside a transaction ON COMMIT DROP is a matter of no-set-local-outside-transaction.
  if (action.onCommit === "drop" && (!adopts || reach.transaction === "none")) return [];
  if (leavesNothing(action, use.statement, reach) && !adopts) return [];
  const explicit = reach.transaction === "explicit" || reach.transaction === "implicit";
  return [
    {
      messageId: adopts ? "adopts" : explicit ? "outlives" : "session",
      data: { name: action.name, object: action.object },
      location: action.location,
      effect: "leak",
      severity: action.onCommit === "drop" ? "warning" : "error",
      // Its own kind leaves nothing to adopt; only a table of the same name that is declared otherwise does.
      ...(action.onCommit === "drop" ? { confidence: "possible" as const } : {}),
      breaksOn: ANY,
      suggestions: suggestions(action, use),
    },
  ];
}

/** Whether the table is made afterwards in the same transaction: the DROP makes room for it on the server connection it will be on. */
function makesRoom(reach: Reach, makes: (other: SqlAction) => boolean): boolean {
  if (reach.transaction !== "explicit" && reach.transaction !== "implicit") return false;
  const kept = reach.endings.filter((ending) => ending.how !== "rollback");
  return kept.length > 0 && kept.every((ending) => ending.then.some(makes));
}

/** DROP or TRUNCATE of a temporary table by its bare name, on what may be another server connection. */
function checkCleanup(action: DropRelation, use: StatementUse, reach: Reach, context: RuleContext): readonly Problem[] {
  if (action.schema !== undefined || action.place !== "statement") return [];
  const makes = (other: SqlAction): boolean =>
    other.kind === "create-temporary" && other.object === "table" && other.name === action.name;
  // A message of several statements is answered by one server connection, whatever transactions it holds.
  const { protocol, reading } = use.site;
  const isInOneText = protocol === "simple" && reading.statements.some(({ actions }) => actions.some(makes));
  if (reach.state === "unknown" || isInOneText || reach.before.some(makes) || makesRoom(reach, makes)) return [];
  if (!context.actionsIn(use.site.location.file).some(makes)) return [];
  return [
    {
      messageId: "cleanup",
      data: { name: action.name, verb: action.operation === "drop" ? "DROP TABLE" : "TRUNCATE" },
      location: action.location,
      effect: "silent",
      severity: "error",
      confidence: "likely",
      restsOnState: true,
      breaksOn: ANY,
    },
  ];
}

function check(action: SqlAction, use: StatementUse, reach: Reach, context: RuleContext): readonly Problem[] {
  if (use.site.hook !== undefined) return [];
  if (action.kind === "create-temporary") return checkCreate(action, use, reach);
  return action.kind === "drop-relation" ? checkCleanup(action, use, reach, context) : [];
}

/** Temporary objects that outlive their transaction. */
export const noTempTable: Rule = {
  id: "no-temp-table",
  summary: "A temporary table (view, sequence, function) that outlives its transaction",
  explanation: `A temporary table belongs to one server connection. Outside a transaction the next statement looks for it elsewhere
(\`42P01 relation "t" does not exist\`), and another client on that connection finds it: its own \`CREATE TEMP TABLE\` fails with
\`42P07 relation "t" already exists\`, \`CREATE TEMP TABLE IF NOT EXISTS\` adopts your table *and your rows*, and a temporary table named
like a permanent one hides it. Inside a transaction it stays after \`COMMIT\` unless it is declared \`ON COMMIT DROP\` or dropped.

A \`DROP TABLE IF EXISTS t\` as cleanup runs on another server connection; where a permanent table has that name, it drops the permanent one.

Objects created in schema \`pg_temp\` and \`SELECT … INTO TEMP\` are temporary too.

Measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2 over PostgreSQL 15.18, with the same result on all three.`,
  remedies: `- \`CREATE TEMP TABLE t (…) ON COMMIT DROP\`, created and used between \`BEGIN\` and \`COMMIT\`.
- A CTE, an array parameter with \`unnest\`, or a permanent \`UNLOGGED\` table with a batch id.`,
  messages: {
    session: {
      message:
        "The temporary {{object}} `{{name}}` stays on one server connection: your next statement may not find it, and other clients do.",
      remedy: "Create it with ON COMMIT DROP and use it between BEGIN and COMMIT, or do without it.",
      condition: "Create the temporary {{object}} `{{name}}` ON COMMIT DROP, and use it inside one transaction.",
    },
    outlives: {
      message:
        "The temporary {{object}} `{{name}}` outlives the transaction: the next client of this server connection finds it and its rows.",
      remedy: "Declare it ON COMMIT DROP, or drop it before COMMIT.",
      condition: "Declare the temporary {{object}} `{{name}}` ON COMMIT DROP.",
    },
    cleanup: {
      message:
        "`{{verb}} {{name}}` runs on whichever server connection comes next: the temporary table stays where it is, and a permanent table of that name would be hit.",
      remedy: "Declare the table ON COMMIT DROP; where it must be named again, write pg_temp.{{name}}.",
      condition: "Drop the `{{verb}}` of `{{name}}`; let the table end with its transaction.",
    },
    adopts: {
      message:
        "`IF NOT EXISTS` adopts a temporary {{object}} `{{name}}` that another client left on this server connection, with its rows.",
      remedy: "Leave IF NOT EXISTS out and declare the table ON COMMIT DROP.",
      condition: "Take IF NOT EXISTS off the temporary {{object}} `{{name}}`.",
    },
  },
  feature: "temp-table",
  recommended: true,
  checkStatement: (use, reach, context) =>
    use.statement.actions.flatMap((action) => check(action, use, reach, context)),
  examples: noTempTableExamples,
};
