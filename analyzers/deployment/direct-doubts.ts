import type { DeployedUrl, Deployment, Destination } from "../deployment-model.ts";
import type { Connection } from "../model.ts";
import { routeOf } from "../source/connection-route.ts";
import { destinationOf, entrySetting } from "./destination.ts";

/** A connection that claims to bypass the pooler, and what deployment files say against it. */
export interface DirectDoubt {
  readonly connection: Connection;
  /** For a reader: "DIRECT_URL in .env.production leads to the pooler db-pooler:6432". */
  readonly words: string;
}

const addressOf = ({ host, port, database }: DeployedUrl): string =>
  `${(host ?? "").toLowerCase()}:${port ?? "5432"}/${database ?? ""}`;

const variablesOf = ({ urls }: Connection): readonly string[] =>
  urls.flatMap((url) => (url.kind === "environment" ? [url.name] : []));

/**
 * Direct connections whose variable, in some file of the deployment, leads to a pooler, or has the very address that a pooled one has there:
 * the name says direct, the value does not. Files for development say nothing of it.
 */
export function directDoubts(connections: readonly Connection[], deployment: Deployment): readonly DirectDoubt[] {
  const deployed = deployment.urls.filter(({ forDevelopment }) => !forDevelopment);
  const pooledNames = new Set(connections.filter(({ route }) => route !== "direct").flatMap(variablesOf));
  const pooled = deployed.filter(({ name }) => pooledNames.has(name));
  return connections
    .filter(({ route, from }) => route === "direct" && from.length === 0)
    .flatMap((connection): DirectDoubt[] => {
      const own = deployed.filter(({ name }) => variablesOf(connection).includes(name));
      const [doubt] = own.flatMap((url) => doubtOf(url, pooled, deployment) ?? []);
      return doubt === undefined ? [] : [{ connection, words: doubt }];
    });
}

function doubtOf(url: DeployedUrl, pooled: readonly DeployedUrl[], deployment: Deployment): string | undefined {
  const { host, port } = url;
  if (host === undefined) return undefined;
  const address = port === undefined ? host : `${host}:${port}`;
  const destination = destinationOf(url, deployment);
  const literal = {
    kind: "literal",
    host,
    ...(port === undefined ? {} : { port }),
    query: [...url.query.keys()],
  } as const;
  if (
    (destination?.to === "pooler" && !keepsSessions(destination)) ||
    (destination === undefined && routeOf([literal]) === "pooled")
  )
    return `${url.origin.words} leads to a pooler: ${address}`;
  if (destination?.to === "server" || keepsSessions(destination)) return undefined;
  const twin = pooled.find((other) => other.name !== url.name && addressOf(other) === addressOf(url));
  return twin === undefined ? undefined : `${url.origin.words} has the address of ${twin.name}: ${address}`;
}

/** An alias, or a pooler, in session mode does what a direct connection does. */
function keepsSessions(destination: Destination | undefined): boolean {
  if (destination?.to !== "pooler") return false;
  const { alias, pooler } = destination;
  const own = alias === undefined ? undefined : entrySetting(alias, "pool_mode");
  const mode = own?.value ?? pooler.settings.get("pool_mode")?.value;
  return mode?.is === "known" && mode.value.trim().toLowerCase() === "session";
}
