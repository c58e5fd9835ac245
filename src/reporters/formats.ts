import type { Report } from "../report/schema.ts";
import { reportAsJson } from "./json.ts";
import { reportAsText, type TextOptions } from "./text.ts";

/** Every format by its name: what `--format` takes, and what it writes. */
export const formats = {
  text: (report: Report, options: TextOptions) => reportAsText(report, options),
  json: (report: Report) => reportAsJson(report),
} as const satisfies Readonly<Record<string, (report: Report, options: TextOptions) => string>>;

export type FormatName = keyof typeof formats;

/** The names, in the order in which help lists them. */
export const FORMAT_NAMES = Object.keys(formats) as readonly FormatName[];
