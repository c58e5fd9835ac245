import { HOLE, PARAMETER, type PoolerProfile } from "../model.ts";

/** What a profile says of a parameter that a client sets. */
export type Tracking =
  { readonly is: "tracked" } | { readonly is: "sometimes"; readonly condition: string } | { readonly is: "untracked" };

export function tracking(name: string, profile: PoolerProfile): Tracking {
  if (profile.trackedParameters.has(name)) return { is: "tracked" };
  const condition = profile.conditionallyTrackedParameters.get(name);
  return condition === undefined ? { is: "untracked" } : { is: "sometimes", condition };
}

/** Prefixes of settings that belong to extensions and procedural languages, not to an application (PostgreSQL 18 contrib and common extensions). */
const EXTENSION_PREFIXES = new Set(
  "auto_explain pg_stat_statements pg_trgm plpgsql plperl pltcl plpython pg_prewarm postgres_fdw dblink hnsw ivfflat postgis timescaledb citus cron pgaudit pg_hint_plan vchordrq basic_archive passwordcheck sepgsql isn auth_delay".split(
    " ",
  ),
);

/** Built-in parameters that decide which rows a session sees or which checks it passes. */
const SECURITY_PARAMETERS = new Set(["row_security", "session_replication_role"]);

/**
 * Whether a setting says who the session acts for: an application's own setting (`app.tenant_id`), which row-level security policies
 * read, or a built-in that switches policies and triggers off. Settings of extensions are ordinary ones.
 */
export function isIdentitySetting(name: string): boolean {
  if (SECURITY_PARAMETERS.has(name)) return true;
  const [prefix, ...rest] = name.split(".");
  return rest.length > 0 && prefix !== undefined && !EXTENSION_PREFIXES.has(prefix);
}

/** True for a parameter name of which no letter is known. */
export const isUnknownName = (name: string): boolean =>
  name
    .replaceAll(HOLE, "")
    .replaceAll(PARAMETER, "")
    .replace(/[$\d"]/g, "") === "";
