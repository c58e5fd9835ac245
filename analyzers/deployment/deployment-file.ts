/** A file that says how a program is built, run or configured. */
export interface DeploymentFile {
  /** The name under which locations in it are reported. */
  readonly filename: string;
  /** Its path in the project, with `/`: what its folders and its name say of it. */
  readonly path: string;
  readonly text: string;
}

export type DeploymentKind =
  | "manifest"
  | "dockerfile"
  | "shell"
  | "workflow"
  | "compose"
  | "yaml"
  | "procfile"
  | "makefile"
  | "toml"
  | "environment"
  | "prisma-schema"
  | "prisma-config"
  | "pgbouncer-ini"
  | "postgresql-conf";

/** By the name of the file. The first that fits counts. */
const NAMES: readonly (readonly [RegExp, DeploymentKind])[] = [
  [/^package\.json$/, "manifest"],
  [/^prisma\.config\.[cm]?[jt]s$/, "prisma-config"],
  [/\.prisma$/, "prisma-schema"],
  [/\.ini(?:\.(?:example|sample|template|tmpl|tpl|j2|erb|in|dist|ctmpl|gotmpl))?$/, "pgbouncer-ini"],
  [/^(?:ini|template|tmpl)[._-]?pgbouncer$|^pgbouncer\.(?:conf|cfg)(?:\.\w+)?$/, "pgbouncer-ini"],
  [/^postgres(?:ql)?[\w.-]*\.conf(?:\.(?:example|sample|template|tmpl|tpl|j2|erb|in|dist))?$/, "postgresql-conf"],
  [/^(?:dockerfile|containerfile)(?:[.-].+)?$|\.dockerfile$/i, "dockerfile"],
  [/\.(?:sh|bash|zsh|ksh)$/, "shell"],
  [/^(?:docker-)?entrypoint$/, "shell"],
  [/^(?:docker-)?compose(?:[.-].+)?\.ya?ml$/, "compose"],
  [
    /^(?:\.gitlab-ci|\.drone|\.travis|\.woodpecker|azure-pipelines|bitbucket-pipelines|buildspec|cloudbuild|action)(?:[.-].+)?\.ya?ml$/,
    "workflow",
  ],
  [/\.ya?ml$/, "yaml"],
  [/^procfile(?:\..+)?$/i, "procfile"],
  [/^(?:gnu)?makefile$|\.mk$/i, "makefile"],
  // JSON is YAML.
  [/^(?:railway|render|vercel|now|nixpacks|app)\.json$/, "yaml"],
  [/^(?:fly|railway|nixpacks)(?:[.-].+)?\.toml$/, "toml"],
  [/^\.env(?:\..+)?$|^[\w-]+\.env(?:\.(?:example|sample|template|dist))?$/, "environment"],
];

/** Folders whose YAML files are workflows. */
const WORKFLOW_FOLDERS = /(?:^|\/)(?:\.github|\.gitlab|\.circleci|\.buildkite|\.azure|\.azuredevops|\.woodpecker)\//;
/** Code and words about such a file: `dockerfile.ts`, `Dockerfile.md`. */
const CODE = /\.(?:[cm]?[jt]sx?|mdx?|html|txt)$/;
const LOCK = /(?:^|\/)(?:pnpm-lock|[^/]*[.-]lock)\.ya?ml$/;

/** What kind of file a path is, by its name alone; undefined for one that says nothing of deployment. */
export function deploymentKindOf(path: string): DeploymentKind | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (LOCK.test(path)) return undefined;
  const kind = NAMES.find(([pattern]) => pattern.test(name))?.[1];
  if (kind !== "prisma-config" && CODE.test(name)) return undefined;
  return kind === "yaml" && WORKFLOW_FOLDERS.test(path) ? "workflow" : kind;
}

/** Words in names that mean a developer's or a tester's machine. */
const DEVELOPMENT =
  /^(?:dev|devel|development|local|localhost|test|tests|testing|e2e|spec|integration|playground|sandbox|demo|watch|devcontainer|bench|benchmark|benchmarks)$/i;
const DEVELOPMENT_FOLDERS =
  /^(?:\.devcontainer|\.husky|__tests__|tests?|e2e|examples?|fixtures?|playgrounds?|sandbox|demos?|benchmarks?|dev|local|docs|templates?)$/i;

/** Whether a name is made for development or tests: `db:migrate:dev`, `pretest`, `docker-compose.test.yml`. */
export const isForDevelopment = (name: string): boolean =>
  name.split(/[^A-Za-z0-9]+/).some((word) => DEVELOPMENT.test(word) || /^(?:pre|post)(?:test|dev)$/i.test(word));

/** Whether a path lies among examples and tests, or has such a name. */
export function isDevelopmentPath(path: string): boolean {
  const folders = path.split("/");
  const name = folders.pop() ?? "";
  return folders.some((folder) => DEVELOPMENT_FOLDERS.test(folder)) || isForDevelopment(name);
}

/** The folder of a path in the project; empty for the top. */
export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

/** Whether a folder is another or lies below it. */
export const isWithin = (folder: string, outer: string): boolean =>
  outer === "" || folder === outer || folder.startsWith(`${outer}/`);
