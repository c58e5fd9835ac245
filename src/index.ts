/** The API of the package: run an audit, write its report. */
import type { Report } from "./report/schema.ts";
import { reportAsJson } from "./reporters/json.ts";
import { reportAsText } from "./reporters/text.ts";

export { ConfigurationError } from "../analyzers/index.ts";
export type { AuditOptions } from "./audit-options.ts";
export { audit, type AuditResult } from "./audit.ts";
export type { Report, ReportedFinding, ReportedPlace, Verdict } from "./report/schema.ts";

/** Reports as text, by format name. */
export const formatters: Readonly<Record<"text" | "json", (report: Report) => string>> = {
  text: (report) => reportAsText(report, { color: false, showInfo: false, quiet: false }),
  json: reportAsJson,
};
