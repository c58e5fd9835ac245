import type { CheckOutcome } from "../deployment-model.ts";
import type { Finding, Severity } from "../model.ts";
import { deploymentChecks } from "./deployment-checks/all-checks.ts";
import type { CheckResult, DeploymentCheck, DeploymentView } from "./deployment-checks/check.ts";
import { fill } from "./words.ts";

/** The findings of a deployment, and what every check came to. */
export interface JudgedDeployment {
  readonly findings: readonly Finding[];
  readonly outcomes: readonly CheckOutcome[];
}

type Found = Extract<CheckResult, { readonly is: "found" }>;

/** What is only run by a developer is worth a note: nothing of it serves anybody. */
const severityOf = ({ severity, forDevelopment }: Found): Severity => (forDevelopment ? "info" : severity);

function findingOf(check: DeploymentCheck, result: Found): Finding {
  const data = result.data ?? {};
  return {
    ruleId: "pooler-config",
    messageId: check.id,
    location: result.origin.location,
    severity: severityOf(result),
    confidence: result.confidence ?? "certain",
    effect: check.effect,
    message: fill(check.message, data),
    remedy: fill(check.remedy, data),
    condition: fill(check.remedy, data),
    breaksOn: [],
    evidence: result.evidence ?? [],
    suggestions: [],
  };
}

const keyOf = ({ messageId, location, message }: Finding): string => JSON.stringify([messageId, location, message]);

const byPlace = ({ location: left }: Finding, { location: right }: Finding): number =>
  left.file < right.file ? -1 : left.file > right.file ? 1 : left.range.start - right.range.start;

/** Runs every check of the table over a deployment. */
export function judgeDeployment(view: DeploymentView): JudgedDeployment {
  const results = deploymentChecks.flatMap((check) => check.run(view).map((result) => ({ check, result })));
  const findings = results.flatMap(({ check, result }) => (result.is === "found" ? [findingOf(check, result)] : []));
  return {
    // What several merged files share is said once.
    findings: [...new Map(findings.map((finding) => [keyOf(finding), finding])).values()].sort(byPlace),
    outcomes: results.map(({ check, result }) => ({
      check: check.id,
      topic: check.topic,
      title: check.title,
      subject: result.subject,
      outcome: result.is,
      words: result.is === "found" ? fill(check.message, result.data ?? {}) : result.words,
      source: check.source,
    })),
  };
}
