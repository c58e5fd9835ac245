import type { Report } from "../report/schema.ts";
import { reportAsGithub } from "./github.ts";
import { reportAsGitlab } from "./gitlab.ts";
import { reportAsHtml } from "./html/html.tsx";
import { reportAsJson } from "./json.ts";
import { reportAsJunit } from "./junit.ts";
import { reportAsMarkdown } from "./markdown.ts";
import { reportAsSarif } from "./sarif.ts";
import { reportAsText, type TextOptions } from "./text.ts";

/** Every format by its name: what `--format` takes, and what it writes. */
export const formats = {
  text: (report: Report, options: TextOptions) => reportAsText(report, options),
  json: (report: Report) => reportAsJson(report),
  html: (report: Report) => reportAsHtml(report),
  sarif: (report: Report) => reportAsSarif(report),
  markdown: (report: Report) => reportAsMarkdown(report),
  gitlab: (report: Report) => reportAsGitlab(report),
  junit: (report: Report) => reportAsJunit(report),
  github: (report: Report) => reportAsGithub(report),
} as const satisfies Readonly<Record<string, (report: Report, options: TextOptions) => string>>;

export type FormatName = keyof typeof formats;

/** The names, in the order in which help lists them. */
export const FORMAT_NAMES = Object.keys(formats) as readonly FormatName[];
