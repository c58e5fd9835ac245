import type {
  BudgetLine,
  CheckOutcome,
  Confidence,
  Connection,
  Effect,
  LibraryUse,
  ProfileFact,
  Severity,
} from "../analyzers/index.ts";

/** A place in a file of the project: lines and columns from 1, `endColumn` exclusive. */
export interface ReportedPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A finding as reports show it. */
export interface ReportedFinding extends ReportedPlace {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly effect: Effect;
  readonly message: string;
  readonly remedy: string;
  readonly sql: string | null;
  readonly breaksOn: readonly string[];
  readonly evidence: readonly { readonly path: string; readonly line: number; readonly message: string }[];
  readonly fingerprint: string;
  readonly suppressed: null | { readonly kind: "inline" | "baseline"; readonly reason: string };
}

export type Verdict = "ready" | "ready-with-conditions" | "not-ready" | "inconclusive";

/** A connection that the program makes or is given, and where it leads; nothing in it is a user or a password. */
export interface ReportedConnection extends Pick<Connection, "driver" | "known" | "urls" | "route"> {
  readonly path: string;
  readonly line: number;
  /** How many places send SQL on it, or on a client or in a transaction that is taken from it. */
  readonly callSites: number;
}

/** A connection that bypasses the pooler, with the places that send SQL on it. */
export interface DirectConnection extends Pick<Connection, "driver" | "urls"> {
  readonly path: string;
  readonly line: number;
  readonly callSites: readonly { readonly path: string; readonly line: number }[];
}

/** A package or tool that needs a session, or looks as if it did, with every place that uses it in this way. */
export interface ReportedLibrary {
  readonly library: string;
  readonly status: LibraryUse["status"];
  /** What it needs of the session; empty for one that is fine. */
  readonly needs: string;
  /** Why it is not reported; empty for one that is. */
  readonly because: string;
  /** The URL it uses, in words: `DATABASE_URL`. */
  readonly url: string | null;
  readonly places: readonly { readonly path: string; readonly line: number }[];
}

/** What the findings were judged by. */
export interface ReportedProfile {
  readonly pooler: string;
  readonly version: string;
  readonly poolMode: string;
  readonly maxPreparedStatements: number | "unknown";
  /** Facts with where each comes from. */
  readonly facts: readonly (Pick<ProfileFact, "name" | "value" | "from"> & PlaceInProject)[];
  /** What files say against one another, or leave open: nothing of it was used. */
  readonly doubts: readonly (PlaceInProject & { readonly words: string })[];
  /** The rows of the pooler table and their sources. */
  readonly sources: readonly string[];
}

/** A place, where there is one. */
interface PlaceInProject {
  readonly path: string | null;
  readonly line: number | null;
}

/** A comparison of the connection budget; `null` for a number of which nothing is known. */
export interface ReportedBudgetLine extends Pick<
  BudgetLine,
  "kind" | "title" | "arithmetic" | "verdict" | "unknowns" | "forDevelopment"
> {
  readonly needed: ReportedAmount;
  readonly limit: ReportedAmount;
  readonly terms: readonly ReportedAmount[];
}

/** A number of the budget; `isLeast` when it may be more. */
export interface ReportedAmount extends PlaceInProject {
  readonly name: string;
  readonly value: number | null;
  readonly isLeast: boolean;
  readonly words: string;
}

/** The whole result of an audit; every reporter is a function of it. Paths are relative to `root`, with `/`. */
export interface Report {
  /** Absolute; only for reading source lines, never printed in machine formats. */
  readonly root: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly profile: ReportedProfile;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly coverage: {
    readonly files: { readonly analysed: number; readonly skipped: number; readonly failed: number };
    readonly callSites: { readonly resolved: number; readonly partial: number; readonly unresolved: number };
    readonly connections: {
      readonly pool: number;
      readonly client: number;
      readonly transaction: number;
      readonly direct: number;
      readonly unknown: number;
    };
    readonly notAnalysed: readonly { readonly path: string; readonly reason: string }[];
  };
  /** Sorted by path, line, column, rule. */
  readonly findings: readonly ReportedFinding[];
  /** Sorted by path and line. Several for one place where a helper makes connections to different addresses. */
  readonly connections: readonly ReportedConnection[];
  readonly directConnections: readonly DirectConnection[];
  /** Sorted by name, then by first place. */
  readonly libraries: readonly ReportedLibrary[];
  /** What every check of the deployment came to, in the order of the checks. */
  readonly deployment: readonly CheckOutcome[];
  readonly budget: readonly ReportedBudgetLine[];
  readonly exit: { readonly code: 0 | 1; readonly reasons: readonly string[] };
  /** The text of a file that has findings, for code frames. */
  readonly textOf: (path: string) => string | undefined;
}
