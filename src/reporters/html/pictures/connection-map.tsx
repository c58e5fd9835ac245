import type { JSX } from "preact";
import { inert } from "../../../report/inert.ts";
import type { Report } from "../../../report/schema.ts";
import { plural } from "../../../words.ts";

const WIDTH = 880;
const BOX = 330;
const ROW = 40;
const GAP = 14;
/** More addresses than these are drawn as one box. */
const MAX_ROWS = 9;
const MAX_NAME = 40;

type Route = Report["connections"][number]["route"];

interface Row {
  readonly route: Route;
  readonly name: string;
  readonly count: number;
  readonly callSites: number;
}

const ROUTES: readonly Route[] = ["pooled", "unknown", "direct"];

/** The program's addresses, and which of them lead through the pooler. */
export function ConnectionMap({ report }: { readonly report: Report }): JSX.Element {
  const rows = ROUTES.flatMap((route) => rowsOf(report, route));
  const height = rows.length * (ROW + GAP) + GAP;
  const pooled = rows.filter(({ route }) => route !== "direct").length;
  const top = GAP;
  const poolerHeight = Math.max(pooled * (ROW + GAP) - GAP, 0);
  const middle = top + poolerHeight / 2;
  const words = rows.map(({ route, name, count }) => `${name}: ${route}, ${plural(count, "connection")}`).join("; ");
  return (
    <figure>
      <figcaption>Where the connections lead</figcaption>
      <div class="scroll" role="region" aria-label="Map of the connections" tabIndex={0}>
        <svg
          class="map"
          viewBox={`0 0 ${String(WIDTH)} ${String(height)}`}
          role="img"
          aria-label={`Connections: ${words}`}
        >
          {rows.map((row, index) => {
            const y = top + index * (ROW + GAP);
            const center = y + ROW / 2;
            return (
              <g key={index} class={row.route}>
                <rect class="box" x={2} y={y} width={BOX} height={ROW} rx={6} />
                <text x={14} y={y + 17} class="name">
                  {cut(row.name)}
                </text>
                <text x={14} y={y + 32} class="small">
                  {row.route} · {plural(row.count, "connection")}, {plural(row.callSites, "call site")}
                </text>
                <line
                  class="wire"
                  x1={BOX + 2}
                  y1={center}
                  x2={row.route === "direct" ? WIDTH - 172 : 450}
                  y2={center}
                />
              </g>
            );
          })}
          {pooled > 0 && (
            <g>
              <rect class="box pooler" x={450} y={top} width={160} height={poolerHeight} rx={6} />
              <text x={530} y={middle - 2} text-anchor="middle" class="name">
                {cut(report.profile.pooler)}
              </text>
              <text x={530} y={middle + 14} text-anchor="middle" class="small">
                {report.profile.poolMode} mode
              </text>
              <line class="wire" x1={610} y1={middle} x2={WIDTH - 172} y2={middle} />
            </g>
          )}
          <rect class="box server" x={WIDTH - 172} y={top} width={170} height={height - 2 * GAP} rx={6} />
          <text x={WIDTH - 87} y={height / 2 + 4} text-anchor="middle" class="name">
            PostgreSQL
          </text>
        </svg>
      </div>
    </figure>
  );
}

function rowsOf({ connections }: Report, route: Route): Row[] {
  const groups = new Map<string, Row>();
  for (const connection of connections.filter((candidate) => candidate.route === route)) {
    const known = groups.get(connection.name);
    groups.set(connection.name, {
      route,
      name: connection.name,
      count: (known?.count ?? 0) + 1,
      callSites: (known?.callSites ?? 0) + connection.callSites,
    });
  }
  const sorted = [...groups.values()].sort(
    (left, right) => right.callSites - left.callSites || (left.name < right.name ? -1 : 1),
  );
  const rest = sorted.slice(MAX_ROWS);
  if (rest.length < 2) return sorted;
  return [
    ...sorted.slice(0, MAX_ROWS),
    {
      route,
      name: `${String(rest.length)} more addresses`,
      count: rest.reduce((sum, { count }) => sum + count, 0),
      callSites: rest.reduce((sum, { callSites }) => sum + callSites, 0),
    },
  ];
}

const cut = (name: string): string => {
  const shown = inert(name);
  return shown.length > MAX_NAME ? `${shown.slice(0, MAX_NAME - 1)}…` : shown;
};
