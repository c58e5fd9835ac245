import { type Analysis, analyzeFile, analyzeProject, poolerProfile, type RuleExample } from "../../analyzers/index.ts";
import { parseSource } from "./parse.ts";

/** Analyses an example of a rule as its language says. */
export function analyseExample(
  example: RuleExample,
  code = example.code,
  profile = poolerProfile(example.pooler),
): Analysis {
  const options = { profile, today: "2026-11-25" };
  if (example.language === "sql") {
    return analyzeProject(
      {
        sourceFiles: [],
        sqlFiles: [{ filename: "example.sql", text: code }],
        load: () => undefined,
        resolve: () => undefined,
      },
      options,
    );
  }
  const { language } = example;
  if (language === "ini" || language === "compose") {
    const filename = language === "ini" ? "pgbouncer.ini" : "docker-compose.yml";
    return analyzeProject(
      {
        sourceFiles: [],
        sqlFiles: [],
        deploymentFiles: [{ filename, path: filename, text: code }],
        load: () => undefined,
        resolve: () => undefined,
      },
      options,
    );
  }
  return analyzeFile(parseSource(`example.${example.language ?? "ts"}`, code), options);
}
