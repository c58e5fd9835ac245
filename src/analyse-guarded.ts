import {
  type AnalysisOptions,
  analyzeFile,
  analyzeProject,
  type ParsedFile,
  type Project,
  type ProjectAnalysis,
} from "../analyzers/index.ts";

/** An analysis, and the files that had to be left out of it. */
export interface GuardedAnalysis {
  readonly analysis: ProjectAnalysis;
  readonly givenUp: readonly string[];
}

/**
 * Analyses a project and survives files that are nested too deep for the stack, such as one expression of a thousand terms: they are found
 * by analysing each file alone, and the rest is analysed without them. Any other error is a bug and is thrown.
 */
export function analyseGuarded(project: Project, options: AnalysisOptions): GuardedAnalysis {
  try {
    return { analysis: analyzeProject(project, options), givenUp: [] };
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    const givenUp = [
      ...project.sourceFiles.filter((name) => {
        const file = project.load(name);
        return file !== undefined && overflows(() => analyzeFile(file, options));
      }),
      ...project.sqlFiles
        .filter((file) =>
          overflows(() =>
            analyzeProject({ ...project, sourceFiles: [], sqlFiles: [file], deploymentFiles: [] }, options),
          ),
        )
        .map((file) => file.filename),
    ];
    if (givenUp.length === 0) throw error;
    const isLeft = (name: string): boolean => !givenUp.includes(name);
    const rest: Project = {
      ...project,
      sourceFiles: project.sourceFiles.filter(isLeft),
      sqlFiles: project.sqlFiles.filter((file) => isLeft(file.filename)),
      load: (name): ParsedFile | undefined => (isLeft(name) ? project.load(name) : undefined),
    };
    return { analysis: analyzeProject(rest, options), givenUp };
  }
}

const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message.includes("call stack size");

function overflows(analyse: () => unknown): boolean {
  try {
    analyse();
    return false;
  } catch (error) {
    if (isStackOverflow(error)) return true;
    throw error;
  }
}
