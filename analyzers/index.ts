/**
 * The public face of the core: everything that `src/` and `eslint-plugin/` may import.
 */
export type * from "./model.ts";
export type { AnalysisOptions, Project } from "./project.ts";
export type { ParsedFile, SqlFile } from "./source/parsed-file.ts";
