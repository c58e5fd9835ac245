import type { ConfigurationProblem, PgBouncerConfiguration, PoolerDeployment } from "../deployment-model.ts";
import { isDevelopmentPath } from "./deployment-file.ts";
import { lowestVersionFor, startProblems } from "./pgbouncer-start.ts";

/**
 * The pooler that an ini sets up: by itself, or in a container whose image gives version and defaults. The environment of that image is
 * not used then.
 */
export function poolerOfIni(
  ini: PgBouncerConfiguration,
  outer?: Omit<PoolerDeployment, "container"> & Pick<PoolerDeployment, "container">,
): PoolerDeployment {
  const version = outer?.version?.is === "known" ? outer.version.value : undefined;
  const refused = startProblems(ini, version).map(({ message, origin, onlyOn, fix }): ConfigurationProblem => ({
    message,
    origin,
    kind: "refuses",
    ...(onlyOn === undefined ? {} : { onlyOn }),
    ...(fix === undefined ? {} : { fix }),
  }));
  const unread = ini.problems.filter(({ kind }) => kind === "unread");
  const lowest = version === undefined ? lowestVersionFor(ini) : undefined;
  return {
    kind: "pgbouncer",
    title: outer === undefined ? ini.path : `${outer.title} with ${ini.path}`,
    origin: ini.origin,
    forDevelopment: outer?.forDevelopment ?? isDevelopmentPath(ini.path),
    ...(outer?.version === undefined ? {} : { version: outer.version }),
    ...(lowest === undefined ? {} : { versionAtLeast: lowest }),
    settings: new Map(ini.settings.map((setting) => [setting.name, setting])),
    written: ini.settings,
    isWhole: unread.length === 0,
    databases: ini.databases,
    users: ini.users,
    ...(ini.peers.length === 0 ? {} : { peers: ini.peers.length }),
    withoutEffect: [],
    problems: [...refused, ...unread],
    ...(outer?.container === undefined ? {} : { container: outer.container }),
    readFrom: "ini",
    ...(outer?.imageRow === undefined ? {} : { imageRow: outer.imageRow }),
  };
}
