import type { PoolerProfile, Problem, Rule, RuleContext, StartupParameter } from "../model.ts";
import { noStartupParameterExamples } from "./examples/no-startup-parameter.ts";
import { tracking } from "./settings.ts";

type Verdict = Pick<Problem, "messageId" | "effect" | "severity" | "breaksOn"> | undefined;

const EVERY = ["every PgBouncer version"];

/** What becomes of a parameter of the packet itself. */
function direct(name: string, profile: PoolerProfile): Verdict {
  if (name === "replication") {
    const capability = profile.capabilities.replication;
    return capability === "ok"
      ? undefined
      : {
          messageId: "replication",
          effect: "error",
          severity: capability === "depends" ? "warning" : "error",
          breaksOn: ["PgBouncer older than 1.23"],
        };
  }
  if (profile.ignoredStartupParameters.has(name))
    return { messageId: "ignored", effect: "silent", severity: "warning", breaksOn: EVERY };
  const kept = tracking(name, profile);
  if (kept.is === "tracked") return undefined;
  if (profile.untrackableParameters.has(name))
    return { messageId: "trackedInVain", effect: "silent", severity: "warning", breaksOn: EVERY };
  return kept.is === "sometimes"
    ? { messageId: "dependsOnVersion", effect: "error", severity: "warning", breaksOn: ["PgBouncer older than 1.20"] }
    : { messageId: "refused", effect: "error", severity: "error", breaksOn: EVERY };
}

/** What becomes of a setting inside the parameter \`options\`. */
function inOptions(parameter: StartupParameter, profile: PoolerProfile): Verdict {
  const { startupOptionSyntaxes: syntaxes, ignoredStartupParameters: ignored } = profile;
  if (ignored.has("options"))
    return tracking(parameter.name, profile).is === "tracked" && syntaxes !== "unknown" && syntaxes.length > 0
      ? undefined
      : { messageId: "ignored", effect: "silent", severity: "warning", breaksOn: EVERY };
  if (parameter.syntax === "other")
    return { messageId: "options", effect: "error", severity: "error", breaksOn: EVERY };
  const kept = tracking(parameter.name, profile);
  const parsed = syntaxes === "unknown" ? "unknown" : syntaxes.some((syntax) => syntax === parameter.syntax);
  if (kept.is !== "untracked") {
    if (parsed === true) return undefined;
    return {
      messageId: "optionsDepend",
      effect: "error",
      severity: parsed === false ? "error" : "warning",
      breaksOn: [parameter.syntax === "--" ? "PgBouncer older than 1.23" : "PgBouncer older than 1.20"],
    };
  }
  if (ignored.has(parameter.name) && parsed !== false)
    return { messageId: "ignored", effect: "silent", severity: "warning", breaksOn: EVERY };
  return { messageId: "refusedInOptions", effect: "error", severity: "error", breaksOn: EVERY };
}

/** Poolers that are not PgBouncer: what they do with the packet is a cell of their row. */
const elsewhere = (isInOptions: boolean): Verdict => ({
  messageId: isInOptions ? "refusedInOptions" : "refused",
  effect: "error",
  severity: "error",
  breaksOn: EVERY,
});

function check(parameter: StartupParameter, { profile }: RuleContext): readonly Problem[] {
  if (parameter.connection.scope === "direct") return [];
  const isInOptions =
    parameter.via === "options" || (parameter.via === "environment" && parameter.syntax !== undefined);
  const verdict = !profile.isPgBouncer
    ? profile.trackedParameters.has(parameter.name)
      ? undefined
      : elsewhere(isInOptions)
    : isInOptions
      ? inOptions(parameter, profile)
      : direct(parameter.name, profile);
  if (verdict === undefined) return [];
  const { name, via, location, connection } = parameter;
  const inEnvironment = via === "environment" && verdict.messageId === "refusedInOptions";
  return [
    {
      ...verdict,
      ...(inEnvironment ? { messageId: "refusedInEnvironment" } : {}),
      // What is run with an environment may connect to anything.
      ...(connection.known === "inferred" && verdict.severity === "error" ? { severity: "warning" } : {}),
      feature: name === "replication" ? "replication" : isInOptions ? "startup-options" : "startup-parameter",
      data: { name },
      location,
    },
  ];
}

/** Parameters of the startup packet. */
export const noStartupParameter: Rule = {
  id: "no-startup-parameter",
  summary: "A setting in the startup packet: PgBouncer refuses the connection, or ignores the setting",
  explanation: `The driver sends \`statement_timeout\`, \`lock_timeout\`, \`idle_in_transaction_session_timeout\` and \`options\` when it connects.
PgBouncer has no server connection to apply them to yet and refuses the client:
\`08P01 unsupported startup parameter: statement_timeout\`, or \`unsupported startup parameter in options: search_path\`.

\`ignore_startup_parameters\` makes the client connect and *drops the value*: the timeout never fires, the schema is the default one.

Accepted: \`application_name\`, \`client_encoding\`, \`DateStyle\`, \`TimeZone\`, \`standard_conforming_strings\`, and from 1.20
\`IntervalStyle\`. \`options\` itself is parsed from 1.20 (\`-c name=value\`) and 1.23 (\`--name=value\`) on, and only for those.

Measured on PgBouncer 1.18.0, 1.20.1, 1.21.0, 1.22.1 and 1.25.2 with pg 8.23.1. \`query_timeout\` is the driver's own clock and is not
sent; a value of 0 or false is not sent either.

The environment variable PGOPTIONS is \`options\` for libpq and for pg alike. The command looks for it in package scripts, Dockerfiles,
compose files, workflows, shell scripts and .env files too; what is run there may connect to anything, so that is a warning.`,
  remedies: `- \`ALTER ROLE app SET statement_timeout = '5s'\` (also \`IN DATABASE d\`).
- \`connect_query\` of the database in pgbouncer.ini.
- \`SET LOCAL statement_timeout\` inside the transaction.`,
  messages: {
    refused: {
      message:
        "`{{name}}` is sent in the startup packet and PgBouncer refuses the connection: `unsupported startup parameter: {{name}}`.",
      remedy: "Use `ALTER ROLE … SET` or `SET LOCAL`; ignore_startup_parameters would only drop it.",
      condition: "Move `{{name}}` from the startup packet to `ALTER ROLE … SET`.",
    },
    refusedInOptions: {
      message:
        "`{{name}}` in `options` makes PgBouncer refuse the connection: `unsupported startup parameter in options: {{name}}` (before 1.20: `unsupported startup parameter: options`).",
      remedy: "Use `ALTER ROLE … SET` or `SET LOCAL`; ignore_startup_parameters would only drop it.",
      condition: "Move `{{name}}` from `options` to `ALTER ROLE … SET`.",
    },
    refusedInEnvironment: {
      message:
        "`{{name}}` in PGOPTIONS goes into the startup packet of libpq and of pg, and PgBouncer refuses the connection: `unsupported startup parameter in options: {{name}}` (before 1.20: `unsupported startup parameter: options`).",
      remedy: "Use `ALTER ROLE … SET`, or set it only for what connects directly.",
      condition: "Take `{{name}}` out of PGOPTIONS; set it with `ALTER ROLE … SET`.",
    },
    options: {
      message: "`options` holds something that PgBouncer cannot read, and it refuses the connection.",
      remedy: "Drop `options`; set what is needed with `ALTER ROLE … SET`.",
      condition: "Drop `options`; set what is needed with `ALTER ROLE … SET`.",
    },
    optionsDepend: {
      message:
        "`{{name}}` in `options` is understood by newer PgBouncers only; older ones refuse the connection: `unsupported startup parameter: options`.",
      remedy: "Use `ALTER ROLE … SET`, or make sure of the version.",
      condition: "Move `{{name}}` from `options` to `ALTER ROLE … SET`, or make sure of the version.",
    },
    dependsOnVersion: {
      message: "`{{name}}` in the startup packet is accepted from PgBouncer 1.20 on; older ones refuse the connection.",
      remedy: "Use `ALTER ROLE … SET`, or make sure of the version.",
      condition: "Move `{{name}}` to `ALTER ROLE … SET`, or make sure of PgBouncer 1.20 or newer.",
    },
    trackedInVain: {
      message:
        "`{{name}}` is in track_extra_parameters, and PostgreSQL does not report it: the client connects and the value is dropped without a word.",
      remedy: "Use `ALTER ROLE … SET` or `SET LOCAL`, and take it out of track_extra_parameters.",
      condition: "Move `{{name}}` to `ALTER ROLE … SET`, and out of track_extra_parameters.",
    },
    ignored: {
      message:
        "`{{name}}` is in ignore_startup_parameters: the client connects and the value is dropped without a word.",
      remedy: "Use `ALTER ROLE … SET` or `SET LOCAL`, and drop it here.",
      condition: "Move `{{name}}`, which is ignored, to `ALTER ROLE … SET`.",
    },
    replication: {
      message:
        "`replication` in the startup packet is refused before PgBouncer 1.23: `unsupported startup parameter: replication`.",
      remedy: "Use a direct connection for replication.",
      condition: "Give replication a direct connection.",
    },
  },
  feature: "startup-parameter",
  recommended: true,
  checkStartupParameter: check,
  examples: noStartupParameterExamples,
};
