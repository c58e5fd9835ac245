import type { Finding, SourceLocation } from "../model.ts";
import { validSuppression } from "./valid-suppression.ts";
import { fill } from "./words.ts";

/** A finding of `valid-suppression`. Throws for a message that the rule does not have. */
export function suppressionFinding(
  messageId: string,
  data: Readonly<Record<string, string>>,
  location: SourceLocation,
): Finding {
  const words = validSuppression.messages[messageId];
  if (words === undefined) throw new Error(`valid-suppression has no message "${messageId}"`);
  return {
    ruleId: validSuppression.id,
    messageId,
    location,
    severity: "warning",
    confidence: "certain",
    effect: "silent",
    message: fill(words.message, data),
    remedy: words.remedy,
    condition: words.remedy,
    breaksOn: [],
    evidence: [],
    suggestions: [],
  };
}
