/**
 * Each statement of a program carries a mark, a literal such as `'pool-1'` that nothing else has: by it the call site that the analysis
 * saw and the statement that went over the wire are known to be the same.
 */
const MARK = /'([a-z]+(?:-[a-z]+)*-\d+)'/g;

/** The marks in a text, in order. */
export const marksIn = (text: string): readonly string[] => [...text.matchAll(MARK)].map(([, mark = ""]) => mark);

/** How a statement ran. `implicit`: in a message of several statements, which share a transaction. */
export type RunsIn = "autocommit" | "transaction" | "implicit" | "unknown";

/** What is known of a marked statement. Several values mean that it was seen in several ways. */
export interface MarkedStatement {
  readonly runsIn: ReadonlySet<RunsIn>;
  readonly protocol: ReadonlySet<"simple" | "extended" | "unknown">;
  /** Names under which it is prepared; empty text for none, undefined for one that is not known. */
  readonly names: ReadonlySet<string | undefined>;
}

/** A startup parameter as `name=value`; without value where that is not known. */
export interface Parameter {
  readonly name: string;
  readonly value: string | undefined;
}

/** Adds to a map of statements, which grow with each sighting. */
export function addMarked(
  statements: Map<string, MarkedStatement>,
  mark: string,
  seen: {
    readonly runsIn: RunsIn;
    readonly protocol: "simple" | "extended" | "unknown";
    readonly name: string | undefined;
  },
): void {
  const known = statements.get(mark);
  statements.set(mark, {
    runsIn: new Set([...(known?.runsIn ?? []), seen.runsIn]),
    protocol: new Set([...(known?.protocol ?? []), seen.protocol]),
    names: new Set([...(known?.names ?? []), seen.name]),
  });
}
