/** A difference between the analysis and what is seen that is meant to be there. */
export interface KnownGap {
  readonly driver: string;
  /** The disagreement in its own words. */
  readonly says: string;
  readonly because: string;
}

export const knownGaps: readonly KnownGap[] = [
  {
    driver: "sequelize",
    says: "the driver by itself: said ; sent set-parameter client_min_messages",
    because:
      "it hides notices of clients that come after it, and nothing else; every program with Sequelize would be reported",
  },
  {
    driver: "sequelize",
    says: "not reported, and leaves client_min_messages = warning",
    because: "as above",
  },
  {
    driver: "objection",
    says: "instance-1: the analysis sees no call site",
    because: "of what a query gives nothing is known: which connection a row is on, its class says",
  },
  { driver: "objection", says: "instance-2: the analysis sees no call site", because: "as above" },
];

/** Leaves out the differences that are known. */
export const withoutKnownGaps = (driver: string, disagreements: readonly string[]): readonly string[] =>
  disagreements.filter((words) => !knownGaps.some((gap) => gap.driver === driver && words === gap.says));
