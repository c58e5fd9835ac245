import type { Problem, Rule, RuleContext, SqlCallSite, StatementNaming } from "../model.ts";
import { noNamedPreparedStatementExamples } from "./examples/no-named-prepared-statement.ts";

const breaksOn = ["PgBouncer older than 1.21", "PgBouncer with max_prepared_statements = 0 (default before 1.24)"];

function checkNaming(naming: StatementNaming, context: RuleContext): readonly Problem[] {
  const limit = context.profile.maxPreparedStatements;
  if (limit !== "unknown" && limit > 0) return [];
  return [
    {
      messageId: limit === 0 ? "namesUntracked" : "names",
      data: { driver: naming.driver, symptom: naming.symptom, fix: naming.fix },
      location: naming.location,
      effect: naming.effect,
      severity: limit === 0 ? "error" : "warning",
      breaksOn,
    },
  ];
}

function check(site: SqlCallSite, context: RuleContext): readonly Problem[] {
  const named = site.statementName;
  const limit = context.profile.maxPreparedStatements;
  if (named === undefined || (limit !== "unknown" && limit > 0)) return [];
  const { file } = named.location;
  return [
    {
      messageId: limit === 0 ? "refused" : "depends",
      data: { name: named.name ?? "…" },
      location: named.location,
      effect: "error",
      severity: limit === 0 ? "error" : "warning",
      breaksOn,
      suggestions:
        named.removal === undefined
          ? []
          : [
              {
                message: "Drop the name: the driver prepares the statement without one.",
                edits: [{ file, range: named.removal, text: "" }],
              },
            ],
    },
  ];
}

/** Protocol-level statements with a name. */
export const noNamedPreparedStatement: Rule = {
  id: "no-named-prepared-statement",
  summary: "A named statement of the driver: needs a PgBouncer that tracks them",
  explanation: `With \`name\`, the driver parses a statement once per client connection and only binds it afterwards. Without tracking,
PgBouncer sends the bind to a server connection that never saw the parse: \`26000 prepared statement "x" does not exist\`, or, after another
client parsed the name there, \`42P05 prepared statement "x" already exists\`. Where two programs use one name for different texts, the
*other program's query* runs, without an error.

PgBouncer 1.21 and newer tracks named statements when \`max_prepared_statements\` is above 0; the default became 200 in 1.24. Statements
without a name are fine everywhere. After a schema change, run \`RECONNECT\`: PgBouncer keeps shared statements
(\`0A000 cached plan must not change result type\`).

Some drivers name every statement that they prepare, without being asked: postgres (postgres.js), Bun's \`SQL\`, Prisma's engine up to
version 6. They are reported where the connection is made.

Measured with postgres 3.4.9 on PgBouncer 1.18.0 with default settings: 35 to 38 of 48 \`sql.begin\` transactions were rolled back and
reported as committed, because \`commit\` too is a named statement; 5 of 24 concurrent queries never settled. All right on 1.25.2.

Measured with pg 8.23.1: 12 to 28 of 36 queries fail on PgBouncer 1.18.0 and 1.21.0 with default settings; 25 of 60 results were another
statement's; all right on 1.25.2.`,
  remedies: `- Drop \`name\`; for postgres.js and Bun, set \`prepare: false\`.
- Or run PgBouncer 1.21 or newer with \`max_prepared_statements\` above 0.`,
  messages: {
    names: {
      message:
        "{{driver}} names the statements it prepares: without PgBouncer 1.21 or newer and max_prepared_statements above 0, {{symptom}}.",
      remedy: "Set {{fix}}, or make sure of the setting (default 200 since 1.24).",
      condition:
        "For {{driver}}: set {{fix}}, or make sure of PgBouncer 1.21 or newer with max_prepared_statements above 0.",
    },
    namesUntracked: {
      message: "{{driver}} names the statements it prepares, which this PgBouncer does not track: {{symptom}}.",
      remedy: "Set {{fix}}, or max_prepared_statements above 0 (PgBouncer 1.21 or newer).",
      condition: "For {{driver}}: set {{fix}}, or set max_prepared_statements above 0 (PgBouncer 1.21 or newer).",
    },
    depends: {
      message:
        "The named statement `{{name}}` needs PgBouncer 1.21 or newer with max_prepared_statements above 0; without it, queries fail or another statement of that name runs.",
      remedy: "Drop `name`, or make sure of the setting (default 200 since 1.24).",
      condition:
        "Drop the name of statement `{{name}}`, or make sure of PgBouncer 1.21 or newer with max_prepared_statements above 0.",
    },
    refused: {
      message:
        "The named statement `{{name}}` is not tracked by this PgBouncer: queries fail, or another statement of that name runs.",
      remedy: "Drop `name`, or set max_prepared_statements above 0 (PgBouncer 1.21 or newer).",
      condition: "Drop the name of statement `{{name}}`, or set max_prepared_statements above 0.",
    },
  },
  feature: "named-statement",
  recommended: true,
  checkCallSite: check,
  checkStatementNaming: checkNaming,
  examples: noNamedPreparedStatementExamples,
};
