import { type Report, reportSchema } from "../report/schema.ts";

const KEYS = Object.keys(reportSchema.unwrap().shape) as (keyof Report)[];

/** The contract other tools read: schemaVersion 1. Same input, same bytes: no clock, no absolute path. */
export function reportAsJson(report: Report): string {
  return `${JSON.stringify(Object.fromEntries(KEYS.map((key) => [key, report[key]])), null, 2)}\n`;
}
