/**
 * The public face of the core: everything that `src/` and `eslint-plugin/` may import.
 */
import { connectionBudget } from "./deployment/budget/budget.ts";
import { aliasUses, clientPoolsOf } from "./deployment/client-pools.ts";
import { directDoubts } from "./deployment/direct-doubts.ts";
import { poolModeOf } from "./deployment/connection-profiles.ts";
import { readDeployed } from "./deployment/read-deployed.ts";
import { type PoolerConfiguration, resolveProfile, type ResolvedProfile } from "./deployment/resolve-profile.ts";
import type { Deployment } from "./deployment-model.ts";
import { drivers } from "./drivers/all-drivers.ts";
import { makeDriverCatalogue } from "./drivers/catalogue.ts";
import { type DeclaredSink, declaredDrivers } from "./drivers/declared-sinks.ts";
import { otherDialects } from "./drivers/other-dialects.ts";
import { analyseFlow } from "./flow/analyse.ts";
import { libraries } from "./libraries/libraries.ts";
import { type LibrarySurroundings, makeLibraryUses, noSurroundings } from "./libraries/library-use.ts";
import { readProjectUses } from "./libraries/project-uses.ts";
import type { Analysis, Connection, DeclaredRoutes, Finding, PoolerProfile, StatementUse } from "./model.ts";
import { poolerProfile } from "./pooler-profile.ts";
import { importsDriver, makePrefilter } from "./prefilter.ts";
import { defaultOf } from "./pgbouncer-parameters.ts";
import type { AnalysisOptions, Project, ProjectAnalysis } from "./project.ts";
import { rules } from "./rules/all-rules.ts";
import { judge, type ProfileFor } from "./rules/judge.ts";
import { judgeDeployment } from "./rules/judge-deployment.ts";
import { routeOf } from "./source/connection-route.ts";
import type { ParsedFile } from "./source/parsed-file.ts";
import { readSql } from "./sql/read-sql.ts";
import { useSqlFile } from "./sql-files.ts";
import { suppressionFinding } from "./rules/suppression-finding.ts";
import { suppress, type SuppressionContext } from "./suppressions/suppress.ts";
import {
  suppressibleLines,
  suppressibleSource,
  suppressibleSql,
  type SuppressibleFile,
} from "./suppressions/suppressible.ts";

export type * from "./model.ts";
export type * from "./deployment-model.ts";
export type { PoolerConfiguration, ProfileFact, ResolvedProfile } from "./deployment/resolve-profile.ts";
export type { AnalysisOptions, Project, ProjectAnalysis } from "./project.ts";
export type { ParsedFile, SqlFile } from "./source/parsed-file.ts";
export { type DeploymentFile, deploymentKindOf } from "./deployment/deployment-file.ts";
export { ConfigurationError, poolerNames, poolerProfile } from "./pooler-profile.ts";
export { type Cell, POOLER_ROWS, type PoolerRow } from "./pooler-table.ts";
export { didYouMean } from "./configuration/nearest.ts";
export {
  type Configuration,
  configurationJsonSchema,
  configurationSchema,
  type ConnectionRule,
  parseConfiguration,
  poolerOf,
} from "./configuration/schema.ts";
export {
  declaredRoutes,
  type FileSettings,
  makeFileSettings,
  matchesFile,
  namesOfRule,
} from "./configuration/workspace-settings.ts";
export { makeFileMatcher } from "./configuration/match-files.ts";
export { type DeclaredSink, importsSink } from "./drivers/declared-sinks.ts";
export { isOftenDirect, namesOfUrl } from "./source/connection-route.ts";
export { shownUrl } from "./source/connection-url.ts";
export { NOT_UNDERSTOOD, packagesNotUnderstood } from "./drivers/not-understood.ts";
export type { ConnectOptions, Driver, ExportShape, HandleShape, Operation } from "./drivers/driver.ts";
export type { Library } from "./libraries/library.ts";
export { drivers, libraries };
export { rules } from "./rules/all-rules.ts";
export { suppressionFinding } from "./rules/suppression-finding.ts";
export { deploymentChecks } from "./rules/deployment-checks/all-checks.ts";

export { importsDriver };

const catalogue = makeDriverCatalogue(drivers, otherDialects);

const catalogueWith = (sinks: readonly DeclaredSink[]): typeof catalogue =>
  sinks.length === 0 ? catalogue : makeDriverCatalogue([...drivers, ...declaredDrivers(sinks)], otherDialects);

/**
 * Whether a file's text gives any reason to analyse it. False for most files of a project; a file that is turned down is still read
 * when an import of an analysed file leads to it.
 */
export const mayReachPostgres: (text: string) => boolean = makePrefilter(libraries.map((library) => library.package));

const noRoutes: DeclaredRoutes = { direct: [], pooled: [] };

/** What deployment files say, as far as it is judged like what the program does. */
type DeploymentUses = Pick<Analysis, "libraryUses" | "statementNamings" | "startupParameters" | "unreadFiles">;

const noDeployment: DeploymentUses = { libraryUses: [], statementNamings: [], startupParameters: [], unreadFiles: [] };

/** Analyses files together: helpers, constants and connections are followed from file to file. Throws for nothing that it reads. */
export function analyzeProject(project: Project, options: AnalysisOptions = {}): ProjectAnalysis {
  const declared = options.routes ?? noRoutes;
  const files = project.deploymentFiles ?? [];
  const { surroundings, problems, ...uses } = readProjectUses(files, project.load, declared);
  const { deployment, problems: unread } = readDeployed(files);
  const resolved = resolveProfile(options.pooler ?? {}, deployment);
  const profile = options.profile ?? poolerProfile(resolved.spec, resolved.settings);
  const profileFor = makeProfileFor(options, deployment, { resolved, profile });
  const analysis = analyse(project, { ...options, profile, profileFor }, surroundings, {
    ...uses,
    unreadFiles: [...problems.filter(({ file, reason }) => !isSaidBetter(file, reason, unread)), ...unread],
  });
  const budget = connectionBudget(deployment, clientPoolsOf(analysis, deployment), (pooler, name) =>
    defaultOf(name, pooler.version?.is === "known" ? pooler.version.value : undefined),
  );
  const judged = judgeDeployment({ deployment, profile, budget, program: analysis, uses: aliasUses(deployment) });
  const sources = project.sourceFiles.flatMap((name) => project.load(name) ?? []);
  const suppressible = [
    ...sources.map(suppressibleSource),
    ...project.sqlFiles.map(suppressibleSql),
    ...files
      .filter(({ filename }) => !project.sourceFiles.includes(filename))
      .map(({ filename, text }) => suppressibleLines(filename, text)),
  ];
  return {
    ...analysis,
    findings: withSuppressions([...analysis.findings, ...judged.findings], suppressible, options, "all"),
    profile,
    resolved,
    deployment,
    budget,
    checks: judged.outcomes,
    directDoubts: directDoubts(analysis.connections, deployment),
  };
}

/** Whether what is wrong with a file is said again, with its line. */
const isSaidBetter = (
  file: string,
  reason: string,
  others: readonly { readonly file: string; readonly reason: string }[],
): boolean =>
  reason.includes("not valid YAML") &&
  others.some((other) => other.file === file && other.reason.includes("not valid YAML"));

/** Analyses one file by itself, as an editor sees it. */
export function analyzeFile(file: ParsedFile, options: AnalysisOptions = {}): Analysis {
  const analysis = analyse(
    {
      sourceFiles: [file.filename],
      sqlFiles: [],
      load: (filename) => (filename === file.filename ? file : undefined),
      resolve: () => undefined,
    },
    options,
    noSurroundings,
    noDeployment,
  );
  // What another file would show may be what a comment is for.
  const isAlone = !/(?:from|import|require)\s*(?:\(\s*)?["'][.~@#/]/.test(file.text);
  return {
    ...analysis,
    findings: withSuppressions(analysis.findings, [suppressibleSource(file)], options, isAlone ? "ours" : "none"),
  };
}

interface Judging {
  readonly resolved: ResolvedProfile;
  readonly profile: PoolerProfile;
}

/** The profile that a connection meets in a file: that of the file's workspace, in the pool mode of the alias that the connection leads to. */
function makeProfileFor(
  { pooler, poolerFor, profile: fixed }: AnalysisOptions,
  deployment: Deployment,
  usual: Judging,
): ProfileFor {
  const ofWorkspaces = new Map<PoolerConfiguration, Judging>();
  const inMode = new Map<string, PoolerProfile>();
  const judgingOf = (file: string): Judging => {
    const own = fixed === undefined ? poolerFor?.(file) : undefined;
    if (own === undefined || own === pooler) return usual;
    const known = ofWorkspaces.get(own);
    if (known !== undefined) return known;
    const resolved = resolveProfile(own, deployment);
    const made = { resolved, profile: poolerProfile(resolved.spec, resolved.settings) };
    ofWorkspaces.set(own, made);
    return made;
  };
  return (connection, file) => {
    const { resolved, profile } = judgingOf(file);
    const mode = connection === undefined || fixed !== undefined ? undefined : poolModeOf(connection, deployment);
    if (mode === undefined || mode === profile.poolMode) return profile;
    const key = JSON.stringify([
      resolved.spec,
      [...ofWorkspaces.values()].findIndex((one) => one.resolved === resolved),
      mode,
    ]);
    const known = inMode.get(key) ?? poolerProfile(resolved.spec, { ...resolved.settings, poolMode: mode });
    inMode.set(key, known);
    return known;
  };
}

const ruleIds = rules.map(({ id }) => id);

function withSuppressions(
  findings: readonly Finding[],
  files: readonly (SuppressibleFile | undefined)[],
  { today }: AnalysisOptions,
  reportUnused: SuppressionContext["reportUnused"],
): readonly Finding[] {
  const found = files.filter((file) => file !== undefined);
  if (found.length === 0) return findings;
  const suppressed = suppress(findings, found, { ruleIds, today, reportUnused });
  return [
    ...suppressed.findings,
    ...suppressed.problems.map(({ messageId, data, location }) => suppressionFinding(messageId, data, location)),
  ];
}

// Readers of deployment files are not reached from here, so that the ESLint plugin is built without them.
function analyse(
  project: Project,
  options: AnalysisOptions,
  surroundings: LibrarySurroundings,
  deployment: DeploymentUses,
): Analysis {
  const facts = analyseFlow({
    sourceFiles: project.sourceFiles,
    sqlFiles: project.sqlFiles,
    load: project.load,
    resolve: project.resolve,
    catalogue: catalogueWith(options.sinks ?? []),
    readSql,
    libraryUseOf: makeLibraryUses(surroundings),
    declaredRoutes: options.routes ?? noRoutes,
    packages: surroundings.packages,
  });
  const connections: Connection[] = [...facts.connections];
  const statementUses: StatementUse[] = [...facts.statementUses];
  const callSites = [...facts.callSites];
  for (const file of project.sqlFiles) {
    const { connection, site, uses } = useSqlFile(file, connections.length);
    connections.push(connection);
    callSites.push(site);
    statementUses.push(...uses);
  }
  const startupParameters = [...facts.startupParameters, ...deployment.startupParameters];
  const statementNamings = [...facts.statementNamings, ...deployment.statementNamings];
  const libraryUses = [...facts.libraryUses, ...deployment.libraryUses];
  const { limits } = facts;
  const findings = judge(
    { statementUses, callSites, startupParameters, statementNamings, libraryUses, connections },
    rules,
    options.profile ?? poolerProfile(),
    options.profileFor,
    (connection, file) => routeOf(connection.urls, options.routes, file) === "direct",
  );
  return {
    findings,
    statementUses,
    callSites,
    connections,
    startupParameters,
    statementNamings,
    libraryUses,
    limits,
    unreadFiles: deployment.unreadFiles,
  };
}
