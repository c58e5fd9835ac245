import { describe, expect, it } from "vitest";
import { type Finding, rules } from "../../analyzers/index.ts";
import { analyseExample } from "../support/analyse.ts";

const shown = (code: string, finding: Finding) => ({
  rule: finding.ruleId,
  messageId: finding.messageId,
  at: code.slice(finding.location.range.start, finding.location.range.end),
});

const applied = (code: string, finding: Finding): string | undefined => {
  const [suggestion] = finding.suggestions;
  if (suggestion === undefined) return undefined;
  return [...suggestion.edits]
    .sort((left, right) => right.range.start - left.range.start)
    .reduce((text, edit) => text.slice(0, edit.range.start) + edit.text + text.slice(edit.range.end), code);
};

for (const rule of rules) {
  describe(rule.id, () => {
    it("has at least six examples each way, under titles of their own", () => {
      expect(rule.examples.reported.length).toBeGreaterThanOrEqual(6);
      expect(rule.examples.unreported.length).toBeGreaterThanOrEqual(6);
      const titles = [...rule.examples.reported, ...rule.examples.unreported].map((example) => example.title);
      expect(new Set(titles).size).toBe(titles.length);
    });

    for (const example of rule.examples.reported) {
      it(`reports: ${example.title}`, () => {
        const findings = analyseExample(example).findings;
        const own = findings.filter((finding) => finding.ruleId === rule.id);
        expect(own.map((finding) => shown(example.code, finding))).toEqual(
          example.reports.map((report) => ({ rule: rule.id, messageId: report.messageId, at: report.at })),
        );
        example.reports.forEach((report, index) => {
          const finding = own[index];
          if (report.confidence !== undefined) expect(finding?.confidence).toBe(report.confidence);
          if (report.severity !== undefined) expect(finding?.severity).toBe(report.severity);
          if (finding === undefined || report.suggestion === undefined) return;
          const changed = applied(example.code, finding);
          expect(changed).toBe(report.suggestion);
          const again = analyseExample(example, changed).findings;
          expect(
            again.filter((other) => other.ruleId === rule.id && other.messageId === report.messageId).length,
          ).toBeLessThan(own.filter((other) => other.messageId === report.messageId).length);
          const others = (list: readonly Finding[]): number => list.filter((other) => other.ruleId !== rule.id).length;
          expect(others(again)).toBeLessThanOrEqual(others(findings));
        });
        // One defect is one finding: whatever else is reported is reported elsewhere.
        const places = own.map((finding) => finding.location.range.start);
        for (const other of findings) {
          if (other.ruleId !== rule.id && other.ruleId !== "unresolved-sql")
            expect(places).not.toContain(other.location.range.start);
        }
      });
    }

    for (const example of rule.examples.unreported) {
      it(`is silent on: ${example.title}`, () => {
        const findings = analyseExample(example).findings.filter((finding) => finding.ruleId === rule.id);
        expect(findings.map((finding) => shown(example.code, finding))).toEqual([]);
      });
    }
  });
}
