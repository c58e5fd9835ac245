import type { Amount, Origin, PoolerProfile, ProjectAnalysis, SourceLocation } from "../../analyzers/index.ts";
import type { Report, ReportedAmount, ReportedPlace } from "./schema.ts";

type PlaceOf = (location: SourceLocation) => ReportedPlace;

const nowhere = { path: null, line: null } as const;

const placeIn = (origin: Origin | undefined, placeOf: PlaceOf): Pick<ReportedAmount, "path" | "line"> => {
  if (origin === undefined) return nowhere;
  const { path, line } = placeOf(origin.location);
  return { path, line };
};

/** The profile as reports show it. */
export function reportProfile(
  profile: PoolerProfile,
  { facts, doubts }: ProjectAnalysis["resolved"],
  placeOf: PlaceOf,
): Report["profile"] {
  return {
    pooler: profile.pooler,
    version: profile.version,
    poolMode: profile.poolMode,
    maxPreparedStatements: profile.maxPreparedStatements,
    facts: facts.map(({ name, value, from, origin }) => ({ name, value, from, ...placeIn(origin, placeOf) })),
    doubts: doubts.map(({ words, origin }) => ({ words, ...placeIn(origin, placeOf) })),
    sources: profile.sources,
    date: profile.date,
  };
}

/** The budget as reports show it. */
export function reportBudget(budget: ProjectAnalysis["budget"], placeOf: PlaceOf): Report["budget"] {
  const amount = ({ name, value, isLeast, words, origin }: Amount): ReportedAmount => ({
    name,
    value: value ?? null,
    isLeast,
    words,
    ...placeIn(origin, placeOf),
  });
  return budget.map(({ kind, title, arithmetic, verdict, unknowns, forDevelopment, needed, limit, terms }) => ({
    kind,
    title,
    verdict,
    needed: amount(needed),
    limit: amount(limit),
    arithmetic,
    terms: terms.map(amount),
    unknowns,
    forDevelopment,
  }));
}
