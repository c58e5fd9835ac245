import { type Analysis, analyzeProject } from "../../analyzers/index.ts";
import { parseSource } from "./parse.ts";

/** Analyses the deployment files of a small project, given as text by path; `.ts` files are parsed when they are asked for. */
export function analyseFiles(files: Readonly<Record<string, string>>): Analysis {
  const isSource = (path: string): boolean => path.endsWith(".ts");
  return analyzeProject({
    sourceFiles: Object.keys(files).filter((path) => isSource(path) && !path.endsWith("prisma.config.ts")),
    sqlFiles: [],
    deploymentFiles: Object.entries(files)
      .filter(([path]) => !isSource(path) || path.endsWith("prisma.config.ts"))
      .map(([path, text]) => ({ filename: path, path, text })),
    load: (name) => {
      const text = files[name];
      return text === undefined || !isSource(name) ? undefined : parseSource(name, text);
    },
    resolve: () => undefined,
  });
}

const placed = (
  files: Readonly<Record<string, string>>,
  { file, range }: Analysis["findings"][number]["location"],
): string => {
  const text = files[file] ?? "";
  return `${file}:${String(text.slice(0, range.start).split("\n").length)} ${text.slice(range.start, range.end)}`;
};

/** The findings of a project, each in one line: `rule path:line text | confidence`. */
export const findingsOf = (files: Readonly<Record<string, string>>): string[] =>
  analyseFiles(files).findings.map(
    (finding) => `${finding.ruleId} ${placed(files, finding.location)} | ${finding.confidence}`,
  );

/** The packages and tools that a project uses, each in one line: `name status path:line text | url`. */
export const usesOf = (files: Readonly<Record<string, string>>): string[] =>
  analyseFiles(files).libraryUses.map((use) =>
    [use.library, use.status, placed(files, use.location), ...(use.url === undefined ? [] : ["|", use.url])].join(" "),
  );
