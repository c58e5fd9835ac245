import {
  type Analysis,
  type Connection,
  type ConnectionUrl,
  namesOfUrl,
  shownUrl,
  type SourceLocation,
} from "../../analyzers/index.ts";
import type { DirectConnection, Report, ReportedConnection, ReportedPlace } from "./schema.ts";
import { compareText } from "../words.ts";

type PlaceOf = (location: SourceLocation) => ReportedPlace;

/** A connection that stands by itself, with the places that send SQL on it or on what is taken from it. */
export interface MappedConnection {
  readonly connection: Connection;
  readonly place: ReportedPlace;
  readonly callSites: readonly ReportedPlace[];
}

/**
 * The connections that a program makes or is given, sorted by place. Clients and transactions are no entries: they belong to the
 * connection they are taken from. Of what is only known by its type or by the way it is used, what sends no SQL is left out.
 */
export function mapConnections(
  { connections, callSites }: Pick<Analysis, "connections" | "callSites">,
  isAudited: (found: { readonly location: SourceLocation }) => boolean,
  placeOf: PlaceOf,
): readonly MappedConnection[] {
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  const places = new Map<Connection, Map<string, ReportedPlace>>();
  const configured = configuredConnections(connections.filter(isAudited));
  for (const site of callSites.filter(isAudited)) {
    const place = placeOf(site.location);
    for (const root of rootsOf(site.connection, byId).map((found) => configured(found) ?? found)) {
      const known = places.get(root) ?? new Map<string, ReportedPlace>();
      places.set(root, known.set(`${place.path}:${String(place.line)}:${String(place.column)}`, place));
    }
  }
  const isTold = ({ urls }: Connection): boolean => urls.some((url) => url.kind !== "unknown");
  const toldPlaces = new Set(connections.filter(isTold).map(({ location }) => placeKey(location)));
  return connections
    .filter((connection) => {
      if (connection.from.length > 0 || connection.driver === "sql-file" || !isAudited(connection)) return false;
      if (places.has(connection)) return true;
      // What nothing was known of when it was first met, at a place where the same is known better.
      const isTwin = !isTold(connection) && toldPlaces.has(placeKey(connection.location));
      // A class that a package keeps ready, such as the base of models, is made nowhere.
      const { start, end } = connection.location.range;
      return connection.known === "created" && connection.scope !== "unknown" && !isTwin && end > start;
    })
    .map((connection) => ({
      connection,
      place: placeOf(connection.location),
      callSites: [...(places.get(connection)?.values() ?? [])].sort(byPlace),
    }))
    .sort(
      (left, right) =>
        byPlace(left.place, right.place) ||
        compareText(left.connection.driver, right.connection.driver) ||
        compareText(JSON.stringify(left.connection.urls), JSON.stringify(right.connection.urls)),
    );
}

/** Whether a package keeps it ready: no place makes it. */
const isKeptReady = ({ known, urls, location: { range } }: Connection): boolean =>
  known === "created" && urls.length === 0 && range.end === range.start;

/**
 * For a connection that a package keeps ready, the only one that the program configures for that package: settings in one file, queries on
 * what the package gives in the others.
 */
function configuredConnections(connections: readonly Connection[]): (ready: Connection) => Connection | undefined {
  const made = connections.filter(
    (connection) => connection.from.length === 0 && connection.known === "created" && connection.urls.length > 0,
  );
  return (ready) => {
    if (!isKeptReady(ready)) return undefined;
    const [only, ...others] = made.filter(({ driver }) => driver === ready.driver);
    return others.length === 0 && only?.route === ready.route ? only : undefined;
  };
}

const placeKey = ({ file, range }: SourceLocation): string => `${file}:${String(range.start)}-${String(range.end)}`;

const byPlace = (left: ReportedPlace, right: ReportedPlace): number =>
  compareText(left.path, right.path) || left.line - right.line || left.column - right.column;

/** The connections that one is taken from in the end; itself when it stands by itself. */
export function rootsOf(
  connection: Connection,
  byId: ReadonlyMap<number, Connection>,
  seen = new Set<number>(),
): Connection[] {
  if (seen.has(connection.id)) return [];
  seen.add(connection.id);
  const above = connection.from.flatMap((id) => byId.get(id) ?? []);
  return above.length === 0 ? [connection] : above.flatMap((next) => rootsOf(next, byId, seen));
}

/** What else is said of a connection. */
export interface ConnectionContext {
  readonly workspaceOf: (path: string) => string;
  /** What the user calls it. */
  readonly nameOf: (connection: Connection) => string | null;
  readonly reasonFor: (connection: Connection) => string | null;
  readonly doubtOf: (connection: Connection) => string | null;
}

/** The map as reports show it. */
export const reportConnections = (
  mapped: readonly MappedConnection[],
  { workspaceOf, nameOf, reasonFor, doubtOf }: ConnectionContext,
): readonly ReportedConnection[] =>
  mapped.map(({ connection, place: { path, line }, callSites }) => ({
    path,
    line,
    name: nameOf(connection) ?? addressWords(connection.urls),
    driver: connection.driver,
    known: connection.known,
    urls: connection.urls,
    route: connection.route,
    reason: reasonFor(connection),
    callSites: callSites.length,
    workspace: workspaceOf(path),
    doubt: doubtOf(connection),
  }));

/** What a connection is called of which no address is known. */
export const UNNAMED = "of no known address";

/** The addresses of a connection in words: `DATABASE_URL`, `DIRECT_URL or DATABASE_URL`. */
export function addressWords(urls: readonly ConnectionUrl[]): string {
  const known = urls.filter((url) => url.kind !== "unknown").map(shownUrl);
  if (known.length === 0) return UNNAMED;
  return [...new Set(known), ...(known.length < urls.length ? ["something else"] : [])].join(" or ");
}

/** The connections that bypass the pooler, with every place that relies on it. */
export const reportDirect = (mapped: readonly MappedConnection[]): readonly DirectConnection[] =>
  mapped
    .filter(({ connection }) => connection.route === "direct")
    .map(({ connection: { driver, urls }, place: { path, line }, callSites }) => ({
      path,
      line,
      driver,
      urls,
      callSites: callSites.map((site) => ({ path: site.path, line: site.line })),
    }));

/** The addresses of several connections, each once, in order of their first connection. */
export const addressesOf = (connections: readonly { readonly urls: readonly ConnectionUrl[] }[]): ConnectionUrl[] => [
  ...new Map(connections.flatMap(({ urls }) => urls).map((url) => [JSON.stringify(url), url])).values(),
];

/** Declared names that no connection and no library was seen to use: a slip, or something that was not understood. */
export function unseenNames(
  declared: readonly string[],
  connections: Report["connections"],
  libraries: Report["libraries"],
): readonly string[] {
  const seen = new Set([
    ...addressesOf(connections).flatMap(namesOfUrl),
    ...libraries.flatMap(({ url }) => url?.split(" or ") ?? []),
  ]);
  return declared.filter((name) => !seen.has(name));
}
