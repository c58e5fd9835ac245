import { type Rule, rules } from "../../analyzers/index.ts";

/** A rule for a terminal: what breaks, what was measured, what to do, code that is reported and code that is not. */
export function explainRule(rule: Rule): string {
  const block = (code: string): string =>
    code
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`.trimEnd())
      .join("\n");
  const bad = rule.examples.reported.slice(0, 2).map((example) => `  ${example.title}:\n\n${block(example.code)}`);
  const good = rule.examples.unreported.slice(0, 2).map((example) => `  ${example.title}:\n\n${block(example.code)}`);
  return (
    [
      `${rule.id}: ${rule.summary}`,
      rule.explanation.trim(),
      `What to do\n\n${rule.remedies.trim()}`,
      `Reported\n\n${bad.join("\n\n")}`,
      `Not reported\n\n${good.join("\n\n")}`,
    ].join("\n\n") + "\n"
  );
}

/** The rule of that id, with or without the plugin's prefix. */
export const findRule = (id: string): Rule | undefined =>
  rules.find((rule) => rule.id === id.replace(/^pgbouncer\//, ""));
