import type { DeployedUrl, Deployment, Destination, PoolerEntry } from "../deployment-model.ts";
import type { Connection, ConnectionUrl, SourceLocation } from "../model.ts";
import type { PoolerSettings } from "../pooler-profile.ts";
import { destinationOf, entrySetting } from "./destination.ts";

type PoolMode = NonNullable<PoolerSettings["poolMode"]>;

const modeIn = (entry: PoolerEntry | undefined): PoolMode | "unknown" | undefined => {
  const value = entry === undefined ? undefined : entrySetting(entry, "pool_mode")?.value;
  if (value === undefined) return undefined;
  const mode = value.is === "known" ? value.value.trim().toLowerCase() : "";
  return mode === "session" || mode === "transaction" || mode === "statement" ? mode : "unknown";
};

/**
 * The pool mode that a user or an alias has of its own, where a URL leads to it; `unknown` where it is not known, undefined where the mode
 * of all others holds. The user's goes before that of the database (pgbouncer 1.25 src/server.c, probably_wrong_pool_pool_mode and its
 * caller; doc/config.md, section [users]).
 */
function ownMode(destination: Destination, url: DeployedUrl): PoolMode | "unknown" | undefined {
  if (destination.to === "server") return undefined;
  const { pooler, alias } = destination;
  const user = pooler.users.findLast(({ name }) => name.is === "known" && name.value === url.user);
  return modeIn(user) ?? modeIn(alias);
}

/** The URLs of the deployment that may be the one a connection is made with. */
function candidates(url: ConnectionUrl, { urls }: Deployment): readonly DeployedUrl[] | undefined {
  if (url.kind === "unknown") return undefined;
  if (url.kind !== "literal") {
    const named = urls.filter(({ name, forDevelopment }) => name === url.name && !forDevelopment);
    return named.length === 0 ? undefined : named;
  }
  if (url.host === undefined || /[$…]/.test(`${url.host}${url.port ?? ""}${url.database ?? ""}`)) return undefined;
  return [
    {
      name: "",
      host: url.host,
      ...(url.port === undefined ? {} : { port: url.port }),
      ...(url.database === undefined ? {} : { database: url.database }),
      query: new Map(),
      origin: { location: nowhere, words: "" },
      forDevelopment: false,
    },
  ];
}

const nowhere: SourceLocation = { file: "", range: { start: 0, end: 0 } };

/**
 * The pool mode of the aliases that a connection leads to, where each of them has one of its own and all have the same: a connection to an
 * alias in session mode keeps what is sent to it. Undefined wherever that is not sure.
 */
export function poolModeOf(connection: Connection, deployment: Deployment): PoolMode | undefined {
  const modes = new Set<PoolMode | "unknown" | undefined>();
  for (const url of connection.urls) {
    const found = candidates(url, deployment);
    if (found === undefined) return undefined;
    for (const candidate of found) {
      const destination = destinationOf(candidate, deployment);
      modes.add(destination === undefined ? undefined : ownMode(destination, candidate));
    }
  }
  const [mode, ...others] = modes;
  return others.length > 0 || mode === "unknown" ? undefined : mode;
}
