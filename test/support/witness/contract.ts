import { type Finding, poolerProfile, type RuleExample, rules } from "../../../analyzers/index.ts";
import { analyseExample } from "../analyse.ts";
import { inWords, type Outcome } from "./outcome.ts";

/** Gives the findings of an example behind the pooler named: the analysis, or another in a test of the witness itself. */
export type Analyse = (example: RuleExample, pooler: string | undefined) => readonly Finding[];

/** The analysis of this project. */
export const analyse: Analyse = (example, pooler) =>
  analyseExample(example, example.code, poolerProfile(pooler)).findings;

/** What is said to fail: what is only for the audit is not. */
const isReported = (finding: Finding): boolean => finding.severity !== "info";

const failWithoutPooler = new Set(rules.filter((rule) => rule.failsWithoutPooler === true).map((rule) => rule.id));

const fails = (outcome: Outcome): boolean => !outcome.holds || outcome.harm.length > 0;

const named = (findings: readonly Finding[]): string => findings.map((finding) => finding.ruleId).join(", ");

/** Where the analysis and what was seen directly on PostgreSQL do not agree, in words; none: they agree. */
export function directDisagreements(
  example: RuleExample,
  outcome: Outcome,
  analysed: Analyse = analyse,
): readonly string[] {
  const findings = analysed(example, example.pooler).filter((finding) => failWithoutPooler.has(finding.ruleId));
  if (findings.some(isReported)) {
    return fails(outcome) ? [] : [`${named(findings)} says that this fails directly too, and it holds`];
  }
  return fails(outcome) ? [`the author's intention must hold directly on PostgreSQL, and it ${inWords(outcome)}`] : [];
}

/**
 * Where the analysis and what was seen behind `pooler` (`pgbouncer@1.18.0`) do not agree, in words. Reported at error or warning under
 * that pooler's profile, exactly when it fails or harms; and what fails anywhere is found, if only for the audit, when the pooler's version
 * is not known.
 */
export function pooledDisagreements(
  example: RuleExample,
  pooler: string,
  outcome: Outcome,
  analysed: Analyse = analyse,
): readonly string[] {
  const findings = analysed(example, pooler).filter(isReported);
  if (fails(outcome)) {
    if (findings.length === 0) return [`not reported behind ${pooler}, and it ${inWords(outcome)}`];
    if (analysed(example, undefined).length === 0)
      return [`not found behind a PgBouncer of unknown version, and it ${inWords(outcome)}`];
    return [];
  }
  return findings.length > 0 ? [`reported behind ${pooler} by ${named(findings)}, and it holds without harm`] : [];
}
