import type { Analysis, SourceLocation } from "../../analyzers/index.ts";
import type { NotAnalysed } from "../discovery/walk.ts";
import type { Report } from "./schema.ts";
import { compareText, plural } from "../words.ts";

type CallSiteCounts = Report["coverage"]["callSites"];
type ConnectionCounts = Report["coverage"]["connections"];

/** Counts places in the source, each as well known as the worst of the texts that are sent from it. */
export function countCallSites(sites: Analysis["callSites"]): CallSiteCounts {
  const order = ["resolved", "partial", "unresolved"] as const;
  const worst = new Map<string, number>();
  for (const { location, resolution } of sites) {
    const place = `${location.file}:${String(location.range.start)}`;
    worst.set(place, Math.max(worst.get(place) ?? 0, order.indexOf(resolution)));
  }
  const counts = { resolved: 0, partial: 0, unresolved: 0 };
  for (const level of worst.values()) counts[order[level] ?? "unresolved"]++;
  return counts;
}

/** Share of call sites of which it is known which statement runs there; holes may be left in it. 100 when there is none. */
export function resolvedPercent({ resolved, partial, unresolved }: CallSiteCounts): number {
  const total = resolved + partial + unresolved;
  return total === 0 ? 100 : ((resolved + partial) / total) * 100;
}

/** Counts connection handles by what they are; those that bypass the pooler apart. */
export function countConnections(connections: Analysis["connections"]): ConnectionCounts {
  const counts = { pool: 0, client: 0, transaction: 0, direct: 0, unknown: 0 };
  for (const { scope, route } of connections) counts[route === "direct" ? route : scope]++;
  return counts;
}

/** SQL files that could not be read to the end, each by its first problem. */
export function unreadSql(
  sites: Analysis["callSites"],
  lineOf: (location: SourceLocation) => number,
): readonly NotAnalysed[] {
  return sites.flatMap((site): NotAnalysed[] => {
    const [problem] = site.reading.problems;
    if (site.connection.driver !== "sql-file" || problem === undefined) return [];
    const reason = `read in part only: ${problem.message} at line ${String(lineOf(problem.location))}`;
    return [{ path: site.location.file, reason, failed: true }];
  });
}

/** Everything that was left out, wholly or in part, by path; reasons why the flow analysis stopped in a file are given once each. */
export function listNotAnalysed(
  problems: readonly NotAnalysed[],
  limits: Analysis["limits"],
  nameOf: (path: string) => string,
): { readonly path: string; readonly reason: string }[] {
  const places = new Map<string, { readonly path: string; readonly reason: string; count: number }>();
  for (const { location, reason } of limits) {
    const path = nameOf(location.file);
    const known = places.get(`${path}\n${reason}`);
    if (known === undefined) places.set(`${path}\n${reason}`, { path, reason, count: 1 });
    else known.count++;
  }
  return [
    ...problems.map(({ path, reason }) => ({ path: nameOf(path), reason })),
    ...[...places.values()].map(({ path, reason, count }) => ({
      path,
      reason: `followed in part only: ${reason} (${plural(count, "place")})`,
    })),
  ].sort((left, right) => compareText(left.path, right.path) || compareText(left.reason, right.reason));
}
