import type { Capability, PoolerProfile, Problem, Rule, SessionFeature, Severity } from "../model.ts";
import { fill } from "./words.ts";

/** What the messages of the rules say: PgBouncer in transaction mode. */
const AS_WRITTEN: Readonly<Record<SessionFeature, Capability>> = {
  "session-set": "leaks",
  "session-identity": "leaks",
  "session-advisory-lock": "breaks",
  "sql-prepare": "breaks",
  "named-statement": "breaks",
  "temp-table": "leaks",
  listen: "lost",
  "hold-cursor": "breaks",
  "load-library": "leaks",
  discard: "breaks",
  "session-function": "breaks",
  "startup-parameter": "rejected",
  "startup-options": "rejected",
  replication: "rejected",
};

/** Features of PgBouncer that depend on settings and versions the rules themselves know. */
const JUDGED_BY_RULES: readonly SessionFeature[] = [
  "named-statement",
  "startup-parameter",
  "startup-options",
  "replication",
];

const IN_STARTUP: readonly SessionFeature[] = ["startup-parameter", "startup-options"];

/** A problem as it is behind one pooler, with the words for it where those of its rule do not fit. */
export interface FollowedProblem extends Problem {
  readonly words?: string;
}

const atMostWarning = (severity: Severity): Severity => (severity === "error" ? "warning" : severity);

/**
 * A problem behind a pooler: what the pooler keeps is none; what it pins, loses or refuses is another one than what PgBouncer does; what
 * depends on a setting, or is not confirmed, is a warning that says so. What fails without any pooler fails behind each.
 */
export function followPooler(
  problem: Problem,
  rule: Rule,
  profile: PoolerProfile,
  subject: string,
): FollowedProblem | undefined {
  const feature = problem.feature ?? rule.feature;
  if (feature === undefined || rule.failsWithoutPooler === true) return problem;
  if (profile.isPgBouncer && JUDGED_BY_RULES.includes(feature)) return problem;
  const { [feature]: capability } = profile.capabilities;
  const { [feature]: certainty } = profile.certainties;
  const isUnsure = certainty === "low" || certainty === "unknown";
  if (capability === "ok" && !isUnsure) return undefined;
  const words = wordsFor(capability, feature, profile);
  const breaksOn = profile.isPgBouncer ? problem.breaksOn : [profile.poolerName];
  const base = { ...problem, breaksOn, severity: isUnsure ? atMostWarning(problem.severity) : problem.severity };
  const unsure =
    isUnsure && capability !== "depends" ? ` Not confirmed for ${profile.poolerName} (data of ${profile.date}).` : "";
  if (words === undefined) return unsure === "" ? base : { ...base, words: `{{message}}${unsure}` };
  const said = fill(words, {
    subject,
    pooler: profile.poolerName,
    condition: profile.conditions.get(feature) ?? "some settings",
  });
  return { ...base, ...CONSEQUENCES[capability](base), words: said + unsure };
}

/** What becomes of severity and effect. */
const CONSEQUENCES: Readonly<Record<Capability, (problem: Problem) => Partial<Problem>>> = {
  ok: ({ severity }) => ({ severity: atMostWarning(severity) }),
  breaks: () => ({}),
  leaks: () => ({}),
  lost: () => ({ effect: "silent" }),
  pins: ({ severity }) => ({ severity: atMostWarning(severity), effect: "pin" }),
  rejected: () => ({ effect: "error" }),
  depends: ({ severity }) => ({ severity: atMostWarning(severity) }),
};

/** Words for a capability that the message of a rule does not speak of. */
function wordsFor(capability: Capability, feature: SessionFeature, profile: PoolerProfile): string | undefined {
  if (capability === AS_WRITTEN[feature]) return undefined;
  const inStartup = IN_STARTUP.includes(feature);
  switch (capability) {
    case "breaks":
    case "leaks":
      return undefined;
    case "pins":
      return "{{subject}} pins the server connection: {{pooler}} keeps it for this client until the client disconnects, and nobody else can use it.";
    case "lost":
      return inStartup
        ? "{{subject}} in the startup packet has no effect: {{pooler}} does not pass it on."
        : profile.isPgBouncer
          ? "{{subject}} is lost as soon as the transaction ends: server_reset_query_always resets the server connection after each."
          : "{{subject}} is lost: {{pooler}} resets the server connection before the next client gets it.";
    case "rejected":
      return "{{pooler}} refuses {{subject}}.";
    case "depends":
      return profile.certainties[feature] === "unknown"
        ? `It is not known what {{pooler}} does with {{subject}} (data of ${profile.date}).`
        : "{{subject}} works behind {{pooler}} only with {{condition}}.";
    case "ok":
      return "{{subject}} should work behind {{pooler}}.";
  }
}

/** The message of a rule for a pooler that is not PgBouncer: what was said of PgBouncer's versions stays. */
export const nameThePooler = (message: string, profile: PoolerProfile): string =>
  profile.isPgBouncer ? message : message.replace(/\bPgBouncer\b(?! (?:\d|older|newer))/g, profile.poolerName);
