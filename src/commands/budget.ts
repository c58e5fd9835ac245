import type { AuditOptions } from "../audit-options.ts";
import { audit } from "../audit.ts";
import { budgetTable } from "../reporters/budget-table.ts";

/** The connection budget of a project as a table. Throws a ConfigurationError for mistakes in the call. */
export const runBudget = (options: AuditOptions, color: boolean): string => budgetTable(audit(options).report, color);
