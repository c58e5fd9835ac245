import type { Report } from "../report/schema.ts";
import { plural } from "../words.ts";

/** More than this of what is not known is counted. */
const MAX_UNKNOWN = 12;

const NAMES: Readonly<Record<Report["profile"]["facts"][number]["from"], string>> = {
  configuration: "as configured",
  deployment: "",
  default: "default",
};

/** What the findings were judged by, each fact with where it comes from. */
export function profileLines({ profile }: Report): readonly string[] {
  const { facts, doubts } = profile;
  const width = Math.max(...facts.map(({ name }) => name.length));
  return [
    ...facts.map(({ name, value, from, path, line }) => {
      const place = path === null ? NAMES[from] : `${path}:${String(line)}`;
      return `  ${name.padEnd(width)}  ${value}${place === "" ? "" : `  (${place})`}`;
    }),
    ...doubts.map(({ words, path, line }) => `  - ${words}${path === null ? "" : ` (${path}:${String(line)})`}`),
  ];
}

/** What the checks of the deployment came to, beside those that are findings. */
export function deploymentLines({ deployment }: Report): readonly string[] {
  if (deployment.length === 0) return [];
  const count = (outcome: Report["deployment"][number]["outcome"]): number =>
    deployment.filter((check) => check.outcome === outcome).length;
  const unknown = deployment.filter(({ outcome }) => outcome === "unknown");
  return [
    `  ${plural(deployment.length, "check")}: ${String(count("passed"))} passed, ${String(count("found"))} found something, ${String(unknown.length)} not known`,
    ...unknown
      .slice(0, MAX_UNKNOWN)
      .map(({ title, subject, words }) => `  ? ${title} (${subject}): ${words.replace(/^not known: /, "")}`),
    ...(unknown.length > MAX_UNKNOWN
      ? [`  … and ${String(unknown.length - MAX_UNKNOWN)} more (--format json lists all)`]
      : []),
  ];
}
