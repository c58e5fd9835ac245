import type { Amount, ClientPool, Container, DeployedUrl, Deployment, Destination } from "../deployment-model.ts";
import type { Analysis, Connection } from "../model.ts";
import { shownUrl } from "../source/connection-url.ts";
import { isTestFile } from "../source/test-file.ts";
import { exactly, HOW_MANY, notKnown, statedAmount, sumOf } from "./budget/amounts.ts";
import { destinationOf } from "./destination.ts";

/** The URLs of the deployment whose variable a connection is made with. */
function urlsOf({ urls }: Connection, deployment: Deployment): readonly DeployedUrl[] {
  const names = new Set(urls.flatMap((url) => (url.kind === "environment" ? [url.name] : [])));
  const named = deployment.urls.filter(({ name }) => names.has(name));
  const productive = named.filter(({ forDevelopment }) => !forDevelopment);
  return productive.length === 0 ? named : productive;
}

/**
 * The pools that the program makes, one for each place that makes one: how many client connections a process opens, how many processes
 * there are, and where they lead. Without a file that says how often the program runs, one process is the least.
 */
export function clientPoolsOf(
  { connections, libraryUses }: Pick<Analysis, "connections" | "libraryUses">,
  deployment: Deployment,
): readonly ClientPool[] {
  const made = connections.filter(
    ({ from, known, size, location }) =>
      from.length === 0 && known === "created" && size !== undefined && !isTestFile(location.file),
  );
  const seen = new Map<string, ClientPool>();
  for (const connection of made) {
    const found = urlsOf(connection, deployment);
    const destinations = found.flatMap((url) => destinationOf(url, deployment) ?? []);
    const pooler = only(destinations.flatMap((found) => (found.to === "pooler" ? [found.pooler] : [])));
    const server = only(destinations.flatMap((found) => (found.to === "server" ? [found.server] : [])));
    const address = connection.urls.map(shownUrl).filter((words) => words !== "…");
    const { file, range } = connection.location;
    const key = `${file}:${String(range.start)} ${address.join(" ")}`;
    const isDirect = connection.route === "direct" || (server !== undefined && pooler === undefined);
    seen.set(key, {
      name: `${connection.driver}${address.length === 0 ? "" : ` with ${address.join(" or ")}`}`,
      size: (connection.driver.startsWith("@prisma/") ? limitIn(found) : undefined) ?? sizeOf(connection),
      processes: processesOf(found.flatMap(({ container }) => container ?? [])),
      ...(pooler === undefined ? {} : { pooler }),
      ...(server === undefined ? {} : { server }),
      isDirect,
    });
  }
  return [...seen.values(), ...toolSessions(libraryUses)];
}

/** Tools and packages that are given a direct URL, such as migrations: each has a session of its own while it runs. */
function toolSessions(uses: Analysis["libraryUses"]): readonly ClientPool[] {
  const direct = uses.filter(({ status }) => status === "direct");
  return [...new Map(direct.map((use) => [use.library, use])).values()].map(({ library, location }) => ({
    name: library,
    size: exactly(library, 1, "a session of its own", { location, words: library }),
    processes: exactly("processes", 1, "runs once"),
    isDirect: true,
  }));
}

const only = <T>(items: readonly T[]): T | undefined => {
  const [first, ...others] = new Set(items);
  return others.length === 0 ? first : undefined;
};

/** Prisma's `connection_limit`, which other drivers pass over, where every URL says the same (Prisma documentation, connection pool). */
function limitIn(urls: readonly DeployedUrl[]): Amount | undefined {
  const limits = urls.flatMap(({ query, origin }) => {
    const text = query.get("connection_limit");
    return text !== undefined && /^\d+$/.test(text) ? [{ value: Number(text), origin }] : [];
  });
  const [first] = limits;
  if (first === undefined || limits.some(({ value }) => value !== first.value)) return undefined;
  return exactly("connection_limit", first.value, first.origin.words, first.origin);
}

/** Client connections of one process, as the settings of the connection say. */
function sizeOf({ size, location, driver }: Connection): Amount {
  const name = `pool of ${driver}`;
  if (size === undefined || size.kind === "unknown") return notKnown(name, size?.because ?? "nothing says it");
  const origin = { location, words: size.words };
  if (size.kind === "known") return exactly(name, size.value, size.words, origin);
  return size.fallback === undefined
    ? notKnown(name, `${size.name} says it`, origin)
    : { ...exactly(name, size.fallback, size.words, origin), isLeast: true };
}

/** How many processes hold a pool: the replicas of the containers that are given its URL. */
function processesOf(containers: readonly Container[]): Amount {
  const distinct = [...new Set(containers)].filter(({ platform }) => platform !== "dockerfile");
  const name = "processes";
  if (distinct.length === 0) return { ...exactly(name, 1, HOW_MANY), isLeast: true };
  // The same variable in another deployment of the project is another program, or the same in another place.
  const deployments = new Map<string, Container[]>();
  for (const container of distinct) {
    const key = `${container.platform} ${container.group} ${container.project ?? ""}`;
    deployments.set(key, [...(deployments.get(key) ?? []), container]);
  }
  const sums = [...deployments.values()].map((members) =>
    sumOf(
      name,
      members.map((container) =>
        container.replicas === undefined
          ? exactly(name, 1, container.title, container.origin)
          : statedAmount(name, container.replicas),
      ),
      members.map(({ title }) => title).join(", "),
    ),
  );
  return sums.reduce((most, sum) => ((sum.value ?? 0) > (most.value ?? 0) ? sum : most));
}

/** The URLs that lead to poolers, with the line of `[databases]` that serves each. */
export const aliasUses = (
  deployment: Deployment,
): (Extract<Destination, { readonly to: "pooler" }> & { readonly url: DeployedUrl })[] =>
  deployment.urls.flatMap((url) => {
    const destination = destinationOf(url, deployment);
    return destination?.to === "pooler" ? [{ ...destination, url }] : [];
  });
