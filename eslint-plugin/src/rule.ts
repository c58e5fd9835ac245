import type { Rule as EslintRule } from "eslint";
import type { Confidence, Finding, Rule } from "../../analyzers/index.ts";
import { analysisOf } from "./analysis.ts";

/** Where the page of a rule is. */
const pageOf = (id: string): string =>
  `https://github.com/pgbouncer-audit/pgbouncer-audit/blob/main/eslint-plugin/docs/rules/${id}.md`;

const LEVELS: readonly Confidence[] = ["certain", "likely", "possible"];

/** The options of every rule. */
export interface RuleOptions {
  /** Findings less sure than this are not shown. `likely` by default: what is only possible is for the audit. */
  readonly minConfidence: Confidence;
}

const DEFAULTS: RuleOptions = { minConfidence: "likely" };

/** The rule that speaks when the analysis itself failed. */
const SPOKESMAN = "unresolved-sql";

/** An ESLint rule that shows what one rule of the core found. */
export function makeEslintRule(rule: Rule): EslintRule.RuleModule {
  return {
    meta: {
      type: "problem",
      docs: { description: rule.summary, recommended: rule.recommended, url: pageOf(rule.id) },
      hasSuggestions: true,
      schema: [
        {
          type: "object",
          properties: {
            minConfidence: { enum: [...LEVELS], description: "Findings less sure than this are not shown." },
          },
          additionalProperties: false,
        },
      ],
      defaultOptions: [{ ...DEFAULTS }],
      messages: {
        finding: "{{message}} {{remedy}}",
        suggestion: "{{message}}",
        failed: "pgbouncer could not analyse this file: {{reason}}",
      },
    },
    create: (context) => {
      // Most files have nothing to be looked at: ESLint need not call anybody for them.
      const result = analysisOf(context);
      if (result === undefined) return {};
      const options = (context.options[0] ?? DEFAULTS) as Partial<RuleOptions>;
      const least = LEVELS.indexOf(options.minConfidence ?? DEFAULTS.minConfidence);
      return {
        "Program:exit": (program) => {
          if ("problem" in result) {
            if (rule.id === SPOKESMAN)
              context.report({ node: program, messageId: "failed", data: { reason: result.problem } });
            return;
          }
          for (const finding of result.analysis.findings) {
            // What ESLint's own comments accept, ESLint leaves out itself, and counts as accepted by them.
            const isAccepted = finding.suppressed?.by === "pgbouncer-ignore";
            const isOurs = finding.ruleId === rule.id && finding.location.file === context.filename && !isAccepted;
            if (isOurs && LEVELS.indexOf(finding.confidence) <= least) show(context, finding);
          }
        },
      };
    },
  };
}

function show(context: EslintRule.RuleContext, finding: Finding): void {
  const { range } = finding.location;
  context.report({
    loc: { start: context.sourceCode.getLocFromIndex(range.start), end: context.sourceCode.getLocFromIndex(range.end) },
    messageId: "finding",
    data: { message: finding.message, remedy: finding.remedy },
    suggest: finding.suggestions.map((suggestion) => ({
      messageId: "suggestion",
      data: { message: suggestion.message },
      fix: (fixer) =>
        suggestion.edits.map((edit) => fixer.replaceTextRange([edit.range.start, edit.range.end], edit.text)),
    })),
  });
}
