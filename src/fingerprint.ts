import { createHash } from "node:crypto";

/** What a finding is recognised by when the code around it moves. */
export interface Identity {
  readonly ruleId: string;
  readonly path: string;
  /** The function or class it stands in; empty at the top of a file. */
  readonly symbol: string;
  /** The statement; for an option the text of the option. */
  readonly sql: string;
}

/** Gives fingerprints: the same identity again gets the next ordinal. No line number goes into one. */
export function makeFingerprints(): (identity: Identity) => string {
  const ordinals = new Map<string, number>();
  return ({ ruleId, path, symbol, sql }) => {
    const identity = [ruleId, path, symbol, sql.replace(/\s+/g, " ").trim().toLowerCase()].join("\n");
    const ordinal = ordinals.get(identity) ?? 0;
    ordinals.set(identity, ordinal + 1);
    return createHash("sha256")
      .update(`${identity}\n${String(ordinal)}`)
      .digest("hex")
      .slice(0, 32);
  };
}
