import { type ConnectionRoute, isOftenDirect, shownUrl } from "../../analyzers/index.ts";
import { UNNAMED } from "../report/connection-map.ts";
import type { Report, ReportedConnection } from "../report/schema.ts";
import { plural } from "../words.ts";

/** More addresses of one route than these are counted. */
const MAX_ADDRESSES = 8;

const ROUTES = ["pooled", "direct", "unknown"] as const satisfies readonly ConnectionRoute[];

const MEANINGS: Readonly<Record<ConnectionRoute, string>> = {
  pooled: "",
  direct: "past the pooler; keep it so",
  unknown: "taken to be pooled; --direct NAME says which is not",
};

/** A small map of where connections lead, by route and address, with no more than the names of variables and hosts. */
export function connectionLines({ connections }: Report): readonly string[] {
  if (!connections.some(({ urls, route }) => route !== "unknown" || urls.some((url) => url.kind !== "unknown")))
    return [];
  const lines = ROUTES.flatMap((route) =>
    routeLines(
      route,
      connections.filter((found) => found.route === route),
    ),
  );
  const asked = [...new Set(connections.filter(({ route }) => route === "unknown").flatMap(({ urls }) => urls))]
    .filter(isOftenDirect)
    .map(shownUrl);
  if (asked.length === 0) return lines;
  return [...lines, `           names like ${[...new Set(asked)].sort().join(", ")} often are direct`];
}

function routeLines(route: ConnectionRoute, connections: readonly ReportedConnection[]): string[] {
  if (connections.length === 0) return [];
  const groups = new Map<string, ReportedConnection[]>();
  for (const connection of connections) {
    const words = connection.name;
    groups.set(words, [...(groups.get(words) ?? []), connection]);
  }
  const counted = [...groups].map(([words, members]) => {
    const callSites = members.reduce((sum, member) => sum + member.callSites, 0);
    return { words, isNamed: words !== UNNAMED, members: members.length, callSites };
  });
  // What has a name first, then what is used most.
  counted.sort(
    (left, right) =>
      Number(right.isNamed) - Number(left.isNamed) ||
      right.callSites - left.callSites ||
      (left.words < right.words ? -1 : 1),
  );
  const shown = counted
    .slice(0, MAX_ADDRESSES)
    .map(
      ({ words, members, callSites }) =>
        `${words} (${plural(members, "connection")}, ${plural(callSites, "call site")})`,
    );
  const rest = counted.length - shown.length;
  const meaning = MEANINGS[route] === "" ? "" : `: ${MEANINGS[route]}`;
  const [first = "", ...others] = [
    ...shown,
    ...(rest > 0 ? [`… and ${plural(rest, "other address", "other addresses")}`] : []),
  ];
  return [
    `  ${route.padEnd(7)}  ${first}${others.length === 0 ? meaning : ""}`,
    ...others.map((words, index) => `           ${words}${index === others.length - 1 ? meaning : ""}`),
  ];
}
