import type {
  Container,
  DeployedUrl,
  Deployment,
  PgBouncerConfiguration,
  PoolerDeployment,
  ServerDeployment,
} from "../deployment-model.ts";
import { type FileProblem, readComposeProjects } from "./containers/compose.ts";
import { readDockerImages } from "./containers/dockerfile-image.ts";
import { brokenUrls, urlsInContainer, urlsInFile, urlsInSettings } from "./containers/environment-urls.ts";
import { readKubernetes } from "./containers/kubernetes.ts";
import { poolerOfContainer } from "./containers/pooler-of-container.ts";
import { type DeploymentFile, type DeploymentKind, deploymentKindOf } from "./deployment-file.ts";
import { readPgBouncerIni } from "./pgbouncer-ini.ts";
import { wholeText } from "./placed-text.ts";
import { poolerOfIni } from "./pooler-of-ini.ts";
import { readDeployment } from "./read-deployment.ts";
import { serverOfContainer } from "./postgres-servers.ts";

/** What the deployment files of a project set up. Never throws: what is not understood is a problem, with file and line. */
export function readDeployed(files: readonly DeploymentFile[]): {
  readonly deployment: Deployment;
  readonly problems: readonly FileProblem[];
} {
  const compose = readComposeProjects(files);
  const kubernetes = readKubernetes(files);
  const images = readDockerImages(files);
  const composed = compose.containers.map((container) => onItsImage(container, images));
  const built = new Set(composed.flatMap(({ builtFrom }) => builtFrom ?? []));
  const containers = [
    ...composed,
    ...kubernetes.containers,
    ...images.filter(({ builtFrom = "" }) => !built.has(builtFrom)),
  ];
  const inis = [...readInis(files), ...configMaps(kubernetes.inis, files)];
  const claimed = new Set<PgBouncerConfiguration>();
  const fromContainers = containers.flatMap((container): PoolerDeployment[] => {
    const pooler = poolerOfContainer(container);
    if (pooler === undefined || isInValues(container, kubernetes.poolers)) return [];
    const ini = mountedIni(container, inis);
    if (ini === undefined) return [pooler];
    claimed.add(ini.configuration);
    return [poolerOfIni(ini.configuration, pooler)];
  });
  const alone = inis
    .filter(({ configuration }) => !claimed.has(configuration))
    .map(({ configuration }) => poolerOfIni(configuration));
  const servers = containers.flatMap((container) => serverOfContainer(container, files) ?? []);
  const environments = files.filter(({ path }) => deploymentKindOf(path) === "environment");
  const urls: DeployedUrl[] = [
    ...containers.flatMap((container) => urlsInContainer(container)),
    ...environments.flatMap((file) => urlsInFile(file)),
    ...otherUrls(files),
  ];
  const broken = brokenUrls({ containers }, environments).map(({ location: { file }, words }) => ({
    file,
    reason: `read in part only: ${words.split(" in ")[0] ?? ""} begins as a URL of PostgreSQL and is none`,
  }));
  return {
    deployment: {
      poolers: withoutCopies([...fromContainers, ...kubernetes.poolers, ...alone], poolerKey),
      servers: withoutCopies([...servers, ...kubernetes.servers], serverKey),
      containers,
      urls,
    },
    problems: [...compose.problems, ...kubernetes.problems, ...broken],
  };
}

const WITH_URL = /\bpostgres(?:ql)?(?:\+\w+)?:\/\//;
/** Kinds that are read for commands only; the others have readers of their own. */
const OTHER_KINDS = new Set<DeploymentKind | undefined>(["workflow", "shell", "toml", "procfile", "makefile"]);

/** URLs in workflows, scripts and platform files. */
function otherUrls(files: readonly DeploymentFile[]): readonly DeployedUrl[] {
  const others = files.filter(({ path, text }) => OTHER_KINDS.has(deploymentKindOf(path)) && WITH_URL.test(text));
  const paths = new Map(others.map(({ filename, path }) => [filename, path]));
  const { settings } = readDeployment(others, WITH_URL, () => undefined);
  return urlsInSettings(settings, (file) => paths.get(file) ?? file);
}

/** Whether a template's container is among the values of its chart too, which say more of it. */
const isInValues = ({ isTemplated, group }: Container, poolers: readonly PoolerDeployment[]): boolean =>
  isTemplated === true &&
  poolers.some(({ container }) => container !== undefined && `${group}/`.startsWith(`${container.group}/`));

interface FoundIni {
  readonly configuration: PgBouncerConfiguration;
  readonly configMap?: string;
}

/** Every pgbouncer.ini that is no part of another. */
function readInis(files: readonly DeploymentFile[]): readonly FoundIni[] {
  const found = files.filter(
    ({ path, text }) => deploymentKindOf(path) === "pgbouncer-ini" && /^[ \t]*\[(?:pgbouncer|databases)\]/m.test(text),
  );
  const included = new Set<string>();
  const read = found.map((file) =>
    readPgBouncerIni({ path: file.path, text: wholeText(file.filename, file.text) }, (path) => {
      const other = files.find((candidate) => candidate.path === path);
      if (other !== undefined) included.add(path);
      return other;
    }),
  );
  return read.filter(({ path, isMain }) => !included.has(path) && isMain).map((configuration) => ({ configuration }));
}

const configMaps = (
  inis: ReturnType<typeof readKubernetes>["inis"],
  files: readonly DeploymentFile[],
): readonly FoundIni[] =>
  inis.map(({ configMap, ...ini }) => ({
    configuration: readPgBouncerIni(ini, (path) => files.find((candidate) => candidate.path === path)),
    ...(configMap === undefined ? {} : { configMap }),
  }));

/** The ini that is put into a container. */
function mountedIni({ mounts, platform }: Container, inis: readonly FoundIni[]): FoundIni | undefined {
  for (const { source, target } of mounts) {
    // A file of another kind, such as the list of users.
    if (source === undefined || (/\.\w+$/.test(target) && !/\.ini(?:\.\w+)?$/.test(target))) continue;
    const found = inis.find(({ configuration: { path }, configMap }) =>
      source.kind === "path"
        ? configMap === undefined && isAt(path, source.name, platform === "dockerfile")
        : source.kind === "config-map" && configMap === source.name,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a Dockerfile copies is named from the folder it is built in, which may be above that of the Dockerfile. */
const isAt = (path: string, source: string, isCopied: boolean): boolean =>
  path === source || path.startsWith(`${source}/`) || (isCopied && source !== "" && source.endsWith(`/${path}`));

/** A service on top of the image that is built for it. */
function onItsImage(container: Container, images: readonly Container[]): Container {
  const { builtFrom } = container;
  const image = builtFrom === undefined ? undefined : images.find((candidate) => candidate.builtFrom === builtFrom);
  if (image === undefined) return container;
  const environment = new Map([...image.environment, ...container.environment].map((entry) => [entry.name, entry]));
  const base = image.image;
  return {
    ...container,
    // What `image` names beside `build` is what the result is called.
    ...(base === undefined ? {} : { image: base }),
    environment: [...environment.values()],
    command: container.command.length > 0 ? container.command : image.command,
    mounts: [...container.mounts, ...image.mounts],
    healthCheck: container.healthCheck.state === "absent" ? image.healthCheck : container.healthCheck,
    ...(container.stopSignal === undefined && image.stopSignal !== undefined ? { stopSignal: image.stopSignal } : {}),
  };
}

/** Of what several merged compose files share, the first is enough. */
function withoutCopies<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const seen = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

const poolerKey = ({ origin, settings, kind, databases }: PoolerDeployment): string =>
  JSON.stringify([kind, origin.location, [...settings.values()].map(({ name, value }) => [name, value]), databases]);

const serverKey = ({ origin, settings }: ServerDeployment): string => JSON.stringify([origin.location, [...settings]]);
