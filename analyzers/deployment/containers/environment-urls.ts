import type { Container, DeployedUrl, Deployment, EnvironmentEntry, Origin } from "../../deployment-model.ts";
import { type DeploymentFile, isDevelopmentPath } from "../deployment-file.ts";
import { readEnvironmentFile } from "../line-files.ts";
import { locationOf } from "../placed-text.ts";
import type { Setting } from "../unit.ts";
import { secretly } from "./compose-service.ts";

const URL = /^(?:prisma\+)?postgres(?:ql)?(?:\+\w+)?:\/\/(?:([^@/?]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/i;

/** Families of variables that together stand for a URL. */
const FAMILIES: readonly (readonly [host: string, port: string, database: string, user: string])[] = [
  ["PGHOST", "PGPORT", "PGDATABASE", "PGUSER"],
  ["DB_HOST", "DB_PORT", "DB_NAME", "DB_USER"],
  ["DB_HOST", "DB_PORT", "DB_DATABASE", "DB_USERNAME"],
  ["DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER"],
  ["POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_DB", "POSTGRES_USER"],
  ["PG_HOST", "PG_PORT", "PG_DATABASE", "PG_USER"],
  ["PGBOUNCER_HOST", "PGBOUNCER_PORT", "PGBOUNCER_DATABASE", "PGBOUNCER_USER"],
  ["TYPEORM_HOST", "TYPEORM_PORT", "TYPEORM_DATABASE", "TYPEORM_USERNAME"],
];

/** The URLs in the environment of a container. */
export const urlsInContainer = (container: Container): readonly DeployedUrl[] =>
  urlsIn(container.environment, { container, forDevelopment: container.forDevelopment });

/** Variables of workflows and shells: what is written for them is not known, what stands around them is. */
const VARIABLES = /\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*/g;

/** The URLs among settings of files of other kinds: workflows, shell scripts, platform files. */
export const urlsInSettings = (settings: readonly Setting[], path: (file: string) => string): readonly DeployedUrl[] =>
  settings.flatMap(({ name, value, forDevelopment = false }) => {
    const origin: Origin = { location: locationOf(value), words: `${name} in ${path(value.file)}` };
    const text = value.text.replace(VARIABLES, "…");
    return urlOf(secretly(name, { is: "known", value: text, origin }, false), { forDevelopment });
  });

/** Settings that begin as a URL of PostgreSQL and are none that can be read. */
export const brokenUrls = (
  urls: Pick<Deployment, "containers">,
  files: readonly DeploymentFile[],
): readonly Origin[] => [
  ...urls.containers.flatMap(({ environment }) => environment.filter(isBroken).map(({ value }) => value.origin)),
  ...files.flatMap((file) =>
    entriesIn(file)
      .filter(isBroken)
      .map(({ value }) => value.origin),
  ),
];

function isBroken({ value }: EnvironmentEntry): boolean {
  const text = value.is === "known" ? value.value.trim() : "";
  if (!/^(?:prisma\+)?postgres(?:ql)?(?:\+\w+)?:/i.test(text)) return false;
  const [, , authority = ""] = URL.exec(text) ?? [];
  if (!URL.test(text) || /\s/.test(text)) return true;
  // Several hosts, or an address in brackets, or a host with its port, or a socket in the query.
  return !authority.split(",").every((host) => /^(?:\[[\da-f:.]+\]|[^:[\]\s]*)(?::(?:\d+|…|\$.*)?)?$/i.test(host));
}

/** The URLs in a file of environment variables. */
export function urlsInFile(file: DeploymentFile): readonly DeployedUrl[] {
  return urlsIn(entriesIn(file), { forDevelopment: isDevelopmentPath(file.path) || isExample(file.path) });
}

const entriesIn = (file: DeploymentFile): readonly EnvironmentEntry[] =>
  readEnvironmentFile(file).settings.map(({ name, value }): EnvironmentEntry => {
    const origin: Origin = { location: locationOf(value), words: `${name} in ${file.path}` };
    return secretly(name, { is: "known", value: value.text, origin }, true);
  });

/** An example shows how a file may look, not how one does. */
const isExample = (path: string): boolean =>
  /\.(?:example|sample|template|dist)$|\.env\.(?:example|sample|template)/.test(path);

function urlsIn(
  entries: readonly EnvironmentEntry[],
  around: Pick<DeployedUrl, "container" | "forDevelopment">,
): readonly DeployedUrl[] {
  return [...entries.flatMap((entry) => urlOf(entry, around)), ...familiesIn(entries, around)];
}

function urlOf(
  { name, value }: EnvironmentEntry,
  around: Pick<DeployedUrl, "container" | "forDevelopment">,
): DeployedUrl[] {
  // A password that is not known leaves the rest of a URL known.
  const text = value.is === "known" ? value.value : (value.shape ?? "");
  const match = URL.exec(text.trim());
  if (match === null) return [];
  const [, userInfo, authority = "", database, query] = match;
  const [, host = "", port] = /^(.*?)(?::(\d+|…))?$/.exec(authority) ?? [];
  const user = userInfo?.split(":")[0];
  // Of an address that is not known nothing follows.
  if (`${host}${port ?? ""}`.includes("…")) return [];
  const isKnown = (part: string | undefined): part is string =>
    part !== undefined && part !== "" && !part.includes("…");
  return [
    {
      name,
      ...(host === "" ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(isKnown(database) ? { database: decoded(database) } : {}),
      ...(isKnown(user) ? { user: decoded(user) } : {}),
      query: queryOf(query ?? ""),
      origin: value.origin,
      ...around,
    },
  ];
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Keys that may hold a secret in a query. */
const SECRET_KEYS = /pass|secret|token|api_key/i;

const queryOf = (query: string): ReadonlyMap<string, string> =>
  new Map(
    query
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair) => {
        const equals = pair.indexOf("=");
        const key = decoded(equals < 0 ? pair : pair.slice(0, equals));
        return [key, SECRET_KEYS.test(key) || equals < 0 ? "" : decoded(pair.slice(equals + 1).replaceAll("+", " "))];
      }),
  );

/** Host, port, database and user in variables of their own, under the name of the host's. */
function familiesIn(
  entries: readonly EnvironmentEntry[],
  around: Pick<DeployedUrl, "container" | "forDevelopment">,
): DeployedUrl[] {
  const textOf = (name: string): string | undefined => {
    const value = entries.findLast((entry) => entry.name === name)?.value;
    return value?.is === "known" && value.value !== "" ? value.value : undefined;
  };
  const found = FAMILIES.flatMap(([hostName, portName, databaseName, userName]): DeployedUrl[] => {
    const host = textOf(hostName);
    const [database, port, user] = [textOf(databaseName), textOf(portName), textOf(userName)];
    const origin = entries.findLast((entry) => entry.name === hostName)?.value.origin;
    if (
      host === undefined ||
      origin === undefined ||
      (database === undefined && port === undefined && user === undefined)
    )
      return [];
    return [
      {
        name: hostName,
        host,
        ...(port === undefined ? {} : { port }),
        ...(database === undefined ? {} : { database }),
        ...(user === undefined ? {} : { user }),
        query: new Map(),
        origin,
        ...around,
      },
    ];
  });
  // Of two families with the same host the one that says more.
  return [...new Map(found.sort((left, right) => weight(left) - weight(right)).map((url) => [url.name, url])).values()];
}

const weight = ({ database, port, user }: DeployedUrl): number =>
  [database, port, user].filter((part) => part !== undefined).length;
