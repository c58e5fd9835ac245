import type { DeploymentFile } from "../deployment/deployment-file.ts";
import { type DeploymentFacts, readDeployment } from "../deployment/read-deployment.ts";
import type { DeclaredRoutes, LibraryUse, StartupParameter, StatementNaming } from "../model.ts";
import type { ParsedFile } from "../source/parsed-file.ts";
import { environmentParameters } from "./environment.ts";
import { libraries } from "./libraries.ts";
import type { LibrarySurroundings } from "./library-use.ts";
import { packageFacts } from "./package-facts.ts";
import { prismaNamings } from "./prisma.ts";
import { toolNames } from "./tool-runs.ts";
import { toolUses } from "./tool-uses.ts";

/** What the files around the program say of packages and tools. */
export interface ProjectUses {
  readonly surroundings: LibrarySurroundings;
  readonly libraryUses: readonly LibraryUse[];
  readonly statementNamings: readonly StatementNaming[];
  readonly startupParameters: readonly StartupParameter[];
  readonly problems: DeploymentFacts["problems"];
}

const fixVariables = libraries.flatMap((row) =>
  row.needs === null ? [] : (row.fixedBy ?? []).flatMap((fix) => ("environment" in fix ? [fix.environment] : [])),
);

/** Texts without any of these say nothing of what is looked for. */
const MATTERS = new RegExp(
  [
    String.raw`(?<![\w-])(?:${toolNames.map((name) => name.replaceAll("-", String.raw`\-`)).join("|")})(?![\w-])`,
    String.raw`\b(?:PGOPTIONS|PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK|${fixVariables.join("|")})\b`,
    String.raw`[?&]pgbouncer=true\b`,
    // A variable that is called direct, and may be set from one that is not.
    String.raw`\b[A-Z_]*(?:DIRECT|UNPOOLED|NON_POOLING)[A-Z_]*\b`,
  ].join("|"),
);

/** Reads the deployment files of a project and judges the tools that they run. */
export function readProjectUses(
  files: readonly DeploymentFile[],
  load: (filename: string) => ParsedFile | undefined,
  declaredRoutes: DeclaredRoutes,
): ProjectUses {
  const facts = readDeployment(files, MATTERS, load);
  return {
    surroundings: {
      versionRange: (file, name) => versionRange(facts, file, name),
      environment: (name) =>
        facts.settings.filter((setting) => setting.name === name).map((setting) => setting.value.text),
      declaredRoutes,
      packages: packageFacts(facts.manifests),
    },
    libraryUses: toolUses(facts, declaredRoutes),
    statementNamings: prismaNamings(facts),
    startupParameters: environmentParameters(facts, declaredRoutes),
    problems: facts.problems,
  };
}

/** The range that the nearest package.json above a file asks for. */
function versionRange({ manifests }: DeploymentFacts, file: string, name: string): string | undefined {
  return manifests
    .filter((manifest) => file.startsWith(manifest.file.slice(0, -"package.json".length)))
    .sort((left, right) => right.file.length - left.file.length)
    .map(({ dependencies }) => dependencies.get(name))
    .find((range) => range !== undefined);
}
