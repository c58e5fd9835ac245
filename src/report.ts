import type { Confidence, Effect, Severity } from "../analyzers/index.ts";

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

/** A connection that bypasses the pooler. */
export interface DirectConnection {
  readonly path: string;
  readonly line: number;
  readonly driver: string;
}

/** The whole result of an audit; every reporter is a function of it. Paths are relative to `root`, with `/`. */
export interface Report {
  /** Absolute; only for reading source lines, never printed in machine formats. */
  readonly root: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly profile: {
    readonly pooler: string;
    readonly version: string;
    readonly maxPreparedStatements: number | "unknown";
    readonly sources: readonly string[];
  };
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
  readonly directConnections: readonly DirectConnection[];
  readonly deployment: readonly never[];
  readonly exit: { readonly code: 0 | 1; readonly reasons: readonly string[] };
  /** The text of a file that has findings, for code frames. */
  readonly textOf: (path: string) => string | undefined;
}
