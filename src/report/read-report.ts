import { readFileSync } from "node:fs";
import { ConfigurationError } from "../../analyzers/index.ts";
import { readingReason } from "../read-text.ts";
import { type Report, reportSchema } from "./schema.ts";

/** Reads a report back that `--format json` wrote. Throws a ConfigurationError, which names it `shown`, for a file that is none. */
export function readReport(file: string, shown: string): Report {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    const reason = error instanceof SyntaxError ? "it is no JSON" : readingReason(error);
    throw new ConfigurationError(`The report ${shown} cannot be read: ${reason}.`);
  }
  const result = reportSchema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue === undefined ? "" : ` (${issue.path.map(String).join(".")}: ${issue.message})`;
  throw new ConfigurationError(
    `${shown} is no report of this version: write one with \`pgbouncer-audit --format json=${shown}\`${at}.`,
  );
}
