import type {
  BudgetLine,
  CheckOutcome,
  Container,
  Deployment,
  Origin,
  PoolerDeployment,
  PoolerEntry,
} from "../../deployment-model.ts";
import type { Analysis, Confidence, Effect, Evidence, PoolerProfile, Severity } from "../../model.ts";

/** What the program does that a setting of the pooler meets. */
export type ProgramFacts = Pick<
  Analysis,
  "startupParameters" | "statementNamings" | "callSites" | "statementUses" | "libraryUses" | "connections"
>;

/** What checks of a deployment are asked about. */
export interface DeploymentView {
  readonly deployment: Deployment;
  readonly profile: PoolerProfile;
  readonly budget: readonly BudgetLine[];
  readonly program: ProgramFacts;
  /** Lines of `[databases]` that URLs of the project lead to, with where the URL stands. */
  readonly uses: readonly AliasUse[];
}

/** A URL that leads to a pooler. */
export interface AliasUse {
  readonly url: Deployment["urls"][number];
  readonly pooler: PoolerDeployment;
  readonly alias?: PoolerEntry;
}

/** What a check says of one thing that it looked at. */
export type CheckResult =
  | {
      readonly is: "found";
      readonly subject: string;
      readonly origin: Origin;
      readonly severity: Severity;
      readonly data?: Readonly<Record<string, string>>;
      /** Default `certain`. */
      readonly confidence?: Confidence;
      readonly evidence?: readonly Evidence[];
      /** What was looked at is for development or tests: worth a note, no more. */
      readonly forDevelopment: boolean;
    }
  | { readonly is: "passed" | "unknown"; readonly subject: string; readonly words: string };

/** One check: a row of the table. */
export interface DeploymentCheck {
  /** The message id of `pooler-config`. */
  readonly id: string;
  readonly topic: CheckOutcome["topic"];
  /** For the list of checks: "pool_mode". */
  readonly title: string;
  /** What happens; `{{name}}` from the data of a result. */
  readonly message: string;
  readonly remedy: string;
  readonly effect: Effect;
  /** Versioned. */
  readonly source: string;
  readonly run: (view: DeploymentView) => readonly CheckResult[];
}

/** Poolers that are PgBouncer: what the checks know of. */
export const bouncers = ({ deployment }: DeploymentView): readonly PoolerDeployment[] =>
  deployment.poolers.filter(({ kind }) => kind === "pgbouncer");

/** A finding about a pooler. */
export const foundAt = (
  pooler: Pick<PoolerDeployment | Container, "title" | "forDevelopment">,
  origin: Origin,
  severity: Severity,
  data: Readonly<Record<string, string>> = {},
  more: { readonly confidence?: Confidence; readonly evidence?: readonly Evidence[] } = {},
): CheckResult => ({
  is: "found",
  subject: pooler.title,
  origin,
  severity,
  data,
  forDevelopment: pooler.forDevelopment,
  ...more,
});

export const passed = (pooler: { readonly title: string }, words: string): CheckResult => ({
  is: "passed",
  subject: pooler.title,
  words,
});

export const notKnown = (pooler: { readonly title: string }, words: string): CheckResult => ({
  is: "unknown",
  subject: pooler.title,
  words,
});

/** The text of an effective setting; undefined when it is not set or not known. */
export const textOf = (pooler: PoolerDeployment, name: string): string | undefined => {
  const value = pooler.settings.get(name)?.value;
  return value?.is === "known" ? value.value : undefined;
};

/** Where an effective setting is written. */
export const originOf = (pooler: PoolerDeployment, name: string): Origin =>
  pooler.settings.get(name)?.value.origin ?? pooler.origin;

/** Names in a list, as PgBouncer separates them: by commas, with blanks around. */
export const namesIn = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");

/** Whether a boolean setting is on (pgbouncer 1.25 lib/usual/cfparser.c, cf_set_bool). */
export const isOn = (pooler: PoolerDeployment, name: string): boolean =>
  /^(?:1|on|yes|true|t|y)$/i.test(textOf(pooler, name) ?? "");

/** Seconds of a time setting; undefined when it is not set or no number. */
export const secondsOf = (pooler: PoolerDeployment, name: string): number | undefined => {
  const text = textOf(pooler, name);
  return text === undefined || !/^\d+(?:\.\d+)?$/.test(text) ? undefined : Number(text);
};

/** Whether a version, such as `1.21.0`, is older than another; undefined when it is not known. */
export function isOlder(version: string | undefined, than: readonly [number, number]): boolean | undefined {
  const match = /^(\d+)\.(\d+)/.exec(version ?? "");
  if (match === null) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major < than[0] || (major === than[0] && minor < than[1]);
}

/** The version of a pooler, where a file says it. */
export const versionOf = ({ version }: PoolerDeployment): string | undefined =>
  version?.is === "known" ? version.value : undefined;
