/** The API of the package: run an audit, write its report, read one back. */
import type { Report } from "./report/schema.ts";
import { type FormatName, formats } from "./reporters/formats.ts";

export { type Configuration, ConfigurationError } from "../analyzers/index.ts";
export type { AuditOptions } from "./audit-options.ts";
export { audit, type AuditResult } from "./audit.ts";
export { defineConfig } from "./define-config.ts";
export { readReport } from "./report/read-report.ts";
export type { Report, ReportedFinding, ReportedPlace, Verdict } from "./report/schema.ts";

const plain = { color: false, showInfo: false, showSuppressed: false, quiet: false } as const;

const made = Object.entries(formats).map(
  ([name, write]) => [name, (report: Report): string => write(report, plain)] as const,
);

/** Reports as text, by format name. */
export const formatters = Object.fromEntries(made) as Readonly<Record<FormatName, (report: Report) => string>>;
