import type { SourceLocation, SqlAction, StatementUse } from "../../analyzers/index.ts";
import { compareText } from "../words.ts";
import type { Report, ReportedPlace } from "./schema.ts";

type SafeFeature = Report["safeFeatures"][number];

/** How many places of each are named. */
const MAX_PLACES = 5;

/**
 * What of the session and the transaction was seen and is right, in the order in which it is shown. `is` looks at one action and the
 * statement that it stands in; what a rule has reported is never asked about.
 */
const FEATURES: readonly {
  readonly id: string;
  readonly title: string;
  readonly is: (action: SqlAction) => boolean;
}[] = [
  {
    id: "set-local",
    title: "SET LOCAL and set_config(…, true) inside a transaction",
    is: (action) => (action.kind === "set-parameter" || action.kind === "set-identity") && action.scope === "local",
  },
  {
    id: "tracked-parameter",
    title: "SET of a parameter that the pooler keeps for each client (time zone, encoding, application name)",
    is: (action) => action.kind === "set-parameter" && action.scope === "session",
  },
  {
    id: "transaction-lock",
    title: "advisory locks of the transaction (pg_advisory_xact_lock)",
    is: (action) => action.kind === "advisory-lock" && action.scope === "transaction",
  },
  {
    id: "temporary-dropped",
    title: "temporary tables that end with their transaction (ON COMMIT DROP, or dropped before COMMIT)",
    is: (action) => action.kind === "create-temporary",
  },
  { id: "notify", title: "NOTIFY and pg_notify()", is: (action) => action.kind === "notification" },
  {
    id: "cursor",
    title: "cursors without HOLD, inside a transaction",
    is: (action) => action.kind === "cursor" && action.operation === "declare" && !action.hold,
  },
  {
    id: "set-transaction",
    title: "SET TRANSACTION and SET CONSTRAINTS inside a transaction",
    is: (action) => action.kind === "set-transaction" || action.kind === "set-constraints",
  },
  {
    id: "transaction",
    title: "transactions that are begun on one client",
    is: (action) => action.kind === "transaction" && action.operation === "begin",
  },
];

/** Counts places, each once for a feature, but for those where a rule reports something, and those past the pooler. */
export function listSafeFeatures(
  uses: readonly StatementUse[],
  isReported: (location: SourceLocation) => boolean,
  placeOf: (location: SourceLocation) => ReportedPlace,
): SafeFeature[] {
  const places = new Map<string, Map<string, ReportedPlace>>();
  for (const { statement, site } of uses) {
    if (site.connection.route === "direct") continue;
    for (const action of statement.actions) {
      const feature = FEATURES.find(({ is }) => is(action));
      if (feature === undefined || action.place === "routine-body" || isReported(action.location)) continue;
      const place = placeOf(action.location);
      const known = places.get(feature.id) ?? new Map<string, ReportedPlace>();
      places.set(feature.id, known.set(`${place.path}:${String(place.line)}:${String(place.column)}`, place));
    }
  }
  return FEATURES.flatMap(({ id, title }): SafeFeature[] => {
    const found = [...(places.get(id)?.values() ?? [])].sort(
      (left, right) => compareText(left.path, right.path) || left.line - right.line,
    );
    if (found.length === 0) return [];
    return [
      { id, title, count: found.length, places: found.slice(0, MAX_PLACES).map(({ path, line }) => ({ path, line })) },
    ];
  });
}
