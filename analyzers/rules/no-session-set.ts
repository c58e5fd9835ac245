import type {
  Problem,
  Reach,
  ResetParameter,
  Rule,
  RuleContext,
  SetParameter,
  SqlAction,
  StatementUse,
} from "../model.ts";
import { noSessionSetExamples } from "./examples/no-session-set.ts";
import { isIdentitySetting, isUnknownName, tracking } from "./settings.ts";
import { localSuggestions } from "./suggestions.ts";
import { isRolledBack, leavesNothing, takesBack } from "./undoing.ts";

const ANY = ["every PgBouncer version in transaction mode"];

function checkSet(action: SetParameter, use: StatementUse, reach: Reach, context: RuleContext): readonly Problem[] {
  if (action.scope === "local" || isIdentitySetting(action.name) || use.site.hook !== undefined) return [];
  const kept = tracking(action.name, context.profile);
  if (kept.is === "tracked" || leavesNothing(action, use.statement, reach)) return [];
  const data = { name: action.name, condition: kept.is === "sometimes" ? kept.condition : "" };
  const nameless = isUnknownName(action.name);
  // Behind SET an unknown word may be LOCAL; set_config() of a list of names sets more than what poolers track.
  const guess = action.scope === "unknown" || (nameless && action.via !== "set_config");
  return [
    {
      messageId:
        kept.is === "sometimes"
          ? "dependsOnVersion"
          : reach.transaction === "explicit"
            ? "leaksAfterCommit"
            : "session",
      data,
      location: action.location,
      effect: "leak",
      severity: kept.is === "sometimes" ? "warning" : "error",
      confidence: guess ? "possible" : nameless ? "likely" : "certain",
      breaksOn:
        kept.is === "sometimes"
          ? [`PgBouncer older than ${kept.condition.replace(/^PgBouncer | or newer$/g, "")}`]
          : ANY,
      suggestions: localSuggestions(action, use),
    },
  ];
}

/** RESET as a cleanup: it reaches another server connection, unless the SET it answers is in the same transaction. */
function checkReset(action: ResetParameter, use: StatementUse, reach: Reach, context: RuleContext): readonly Problem[] {
  if (use.site.hook !== undefined || action.scope === "local") return [];
  if (
    action.name !== "all" &&
    (tracking(action.name, context.profile).is !== "untracked" || isUnknownName(action.name))
  )
    return [];
  if (action.name === "all") return [];
  if (reach.state === "unknown" || isRolledBack(reach) || takesBack(action, use, reach)) return [];
  return [
    {
      messageId: "reset",
      data: { name: action.name },
      location: action.location,
      effect: "silent",
      severity: "warning",
      confidence: "likely",
      restsOnState: true,
      breaksOn: ANY,
    },
  ];
}

const check = (action: SqlAction, use: StatementUse, reach: Reach, context: RuleContext): readonly Problem[] =>
  action.kind === "set-parameter"
    ? checkSet(action, use, reach, context)
    : action.kind === "reset-parameter" && action.place === "statement"
      ? checkReset(action, use, reach, context)
      : [];

/** SET and its relatives that outlive the transaction. */
export const noSessionSet: Rule = {
  id: "no-session-set",
  summary: "SET that outlives its transaction: lost for this client, inherited by others",
  explanation: `\`SET\` changes the *server connection*. In transaction mode that connection goes to another client as soon as the
transaction ends, and the next statement of this client may run on another one. So the setting is missing where it was wanted and
applies where nobody asked for it. PostgreSQL reports no error.

\`SET\` between \`BEGIN\` and \`COMMIT\` is no better: without \`LOCAL\` it stays after \`COMMIT\`. \`set_config(name, value, false)\`,
\`UPDATE pg_settings\`, \`setseed()\` and \`SET SESSION CHARACTERISTICS\` do the same, also inside functions and DO blocks.

With one idle server connection, as in development and most tests, everything seems to work.

Measured on PgBouncer 1.18.0, 1.21.0 and 1.25.2 over PostgreSQL 15.18: after \`SET work_mem = '99MB'\` the same client reads \`4MB\` on
another server connection, and another client reads \`99MB\` on this one. A leaked \`statement_timeout\` cancels other clients' queries
with \`57014 canceling statement due to statement timeout\`.

Not reported: parameters that PgBouncer tracks for each client (\`TimeZone\`, \`DateStyle\`, \`client_encoding\`,
\`standard_conforming_strings\`, \`application_name\`, and \`IntervalStyle\` from 1.20); a \`SET\` that the same transaction rolls back or
resets; \`SET\` in the header of \`CREATE FUNCTION\`, \`ALTER ROLE\` and \`ALTER DATABASE\`.`,
  remedies: `- \`SET LOCAL\` (or \`set_config(name, value, true)\`) inside the transaction that needs it.
- \`ALTER ROLE app SET name = value\` or \`ALTER DATABASE d SET name = value\` for what every session wants. It applies to server
  connections opened afterwards.
- \`connect_query\` of the database in pgbouncer.ini.`,
  messages: {
    session: {
      message:
        "`{{name}}` is set on the server connection, not on your session: later queries of this client may miss it and other clients inherit it.",
      remedy: "Use `SET LOCAL` inside the transaction that needs it, or `ALTER ROLE … SET`.",
      condition: "Move `{{name}}` into `SET LOCAL` inside the transaction that needs it, or into `ALTER ROLE … SET`.",
    },
    leaksAfterCommit: {
      message: "`{{name}}` stays set on the server connection after COMMIT: other clients inherit it.",
      remedy: "Use `SET LOCAL`, which ends with the transaction.",
      condition: "Write `SET LOCAL` for `{{name}}`.",
    },
    dependsOnVersion: {
      message:
        "`{{name}}` is kept for this client by {{condition}} only; older versions lose it and pass it on to other clients.",
      remedy: "Use `SET LOCAL` inside the transaction that needs it, or make sure of the version.",
      condition: "Move `{{name}}` into `SET LOCAL`, or make sure of {{condition}}.",
    },
    reset: {
      message:
        "`RESET {{name}}` runs on whichever server connection comes next: what was set before stays where it was set.",
      remedy: "Use `SET LOCAL` instead of SET and RESET.",
      condition: "Drop `RESET {{name}}`, and set it with `SET LOCAL`.",
    },
  },
  feature: "session-set",
  recommended: true,
  checkStatement: (use, reach, context) =>
    use.statement.actions.flatMap((action) => check(action, use, reach, context)),
  examples: noSessionSetExamples,
};
