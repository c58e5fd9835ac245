/** What a file name says of a file. */
export type FileKind = "source" | "sql" | "declarations" | "generated" | "other";

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const DECLARATIONS = /\.d\.[cm]?ts$/;
const GENERATED = /[.-]min\.[cm]?js$|\.bundle\.[cm]?js$/;

/** Sorts files by name. `generated` are the names bundlers and minifiers give. */
export function kindOf(path: string): FileKind {
  if (/\.sql$/i.test(path)) return "sql";
  if (DECLARATIONS.test(path)) return "declarations";
  if (!SOURCE.test(path)) return "other";
  return GENERATED.test(path) ? "generated" : "source";
}

/** Folders that never hold code of the project's own. */
export const isForeignFolder = (name: string): boolean =>
  name === "node_modules" || name === "bower_components" || name === "jspm_packages";

const WORKFLOW_FOLDERS = new Set(
  ".github .gitlab .circleci .buildkite .woodpecker .azure .azuredevops .docker .ci .deploy .config".split(" "),
);

/** Hidden folders that hold workflows and other files of the deployment. */
export const isWorkflowFolder = (name: string): boolean => WORKFLOW_FOLDERS.has(name);

const OUTPUT = new Set(["dist", "build", "out", "coverage", "vendor", "vendored", "third_party"]);

/**
 * Folders that tools write into or that hold others' code, by their name. Below a folder named `src` such a name is a word like any other:
 * `src/build` is code.
 */
export const isOutputFolder = (name: string, foldersAbove: readonly string[]): boolean =>
  OUTPUT.has(name) && !foldersAbove.includes("src");
