import type {
  Container,
  DeployedUrl,
  Deployment,
  Destination,
  PoolerDeployment,
  PoolerEntry,
} from "../deployment-model.ts";

const LOCAL = new Set(["localhost", "127.0.0.1", "::1", "[::1]", "0.0.0.0", "host.docker.internal"]);

/** PostgreSQL's own port, where a URL names none (libpq, pg). */
const DEFAULT_PORT = "5432";

/**
 * Where a URL leads: the pooler or the server whose container has the name of its host, or publishes its port on the machine itself.
 * Undefined when no file of the project says it, or when several answer.
 */
export function destinationOf(url: DeployedUrl, deployment: Deployment): Destination | undefined {
  const found = [
    ...deployment.poolers.flatMap((pooler) => (leadsTo(url, pooler.container, pooler) ? [toPooler(url, pooler)] : [])),
    ...deployment.servers.flatMap((server): Destination[] =>
      leadsTo(url, server.container) ? [{ to: "server", server }] : [],
    ),
  ];
  return found.length === 1 ? found[0] : undefined;
}

function leadsTo(url: DeployedUrl, container: Container | undefined, pooler?: PoolerDeployment): boolean {
  const host = url.host?.toLowerCase();
  if (host === undefined || container === undefined) return false;
  const isInside = url.container === undefined || isTogether(url.container, container);
  if (!isInside) return false;
  if (namesOf(container).some((name) => isHost(host, name))) return true;
  // A port of the machine is reached from the machine, not from another container.
  if (!LOCAL.has(host) || (url.container !== undefined && host !== "host.docker.internal")) return false;
  const port = Number(url.port ?? DEFAULT_PORT);
  const own = Number(pooler?.settings.get("listen_port")?.value.is === "known" ? listenPortOf(pooler) : NaN);
  return container.ports.some(({ published, target }) => (published ?? target ?? own) === port);
}

const isTogether = (left: Container, right: Container): boolean =>
  left.platform === right.platform && (left.platform === "kubernetes" || left.group === right.group);

const namesOf = ({ name, hostNames = [] }: Container): readonly string[] => [name, ...hostNames];

/** `pooler`, `pooler.namespace`, `pooler.namespace.svc.cluster.local`. */
const isHost = (host: string, name: string): boolean => {
  const own = name.toLowerCase();
  return (
    host === own || (host.startsWith(`${own}.`) && /^\.[a-z\d-]+(?:\.svc(?:\..+)?)?$/.test(host.slice(own.length)))
  );
};

/** The port that a pooler listens on, where it is known. */
export function listenPortOf({ settings }: PoolerDeployment): number | undefined {
  const value = settings.get("listen_port")?.value;
  return value?.is === "known" && /^\d+$/.test(value.value) ? Number(value.value) : undefined;
}

function toPooler(url: DeployedUrl, pooler: PoolerDeployment): Destination {
  const alias = aliasOf(pooler, url.database);
  return { to: "pooler", pooler, ...(alias === undefined ? {} : { alias }) };
}

/** The line of `[databases]` that serves a database: its own, else the one for every other. */
export function aliasOf({ databases }: PoolerDeployment, database: string | undefined): PoolerEntry | undefined {
  const named = (wanted: string): PoolerEntry | undefined =>
    databases.findLast(({ name }) => name.is === "known" && name.value === wanted);
  return (database === undefined ? undefined : named(database)) ?? named("*");
}

/** The setting of an entry that counts: the last of that name. */
export const entrySetting = ({ settings }: PoolerEntry, name: string): PoolerEntry["settings"][number] | undefined =>
  settings.findLast((setting) => setting.name === name);
