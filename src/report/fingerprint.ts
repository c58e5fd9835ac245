import { createHash } from "node:crypto";

/** What a finding is recognised by when the code around it moves. */
export interface Identity {
  readonly ruleId: string;
  /** The function or class it stands in; empty at the top of a file. */
  readonly symbol: string;
  /** The statement; for an option the text of the option. */
  readonly sql: string;
}

/**
 * Gives fingerprints, `identity:ordinal`: the same identity again gets the next ordinal, from 1. Neither a line nor a path goes into one, so
 * that it stays when lines move and files are renamed; nor do blanks, quotes, commas and semicolons, so that it stays when code is formatted anew.
 */
export function makeFingerprints(): (identity: Identity) => string {
  const ordinals = new Map<string, number>();
  return ({ ruleId, symbol, sql }) => {
    const identity = createHash("sha256")
      .update([ruleId, symbol, normalised(sql)].join("\n"))
      .digest("hex")
      .slice(0, 32);
    const ordinal = (ordinals.get(identity) ?? 0) + 1;
    ordinals.set(identity, ordinal);
    return `${identity}:${String(ordinal)}`;
  };
}

const normalised = (sql: string): string => sql.replace(/[\s"'`,;]+/g, "").toLowerCase();

/** The part of a fingerprint that findings of the same kind in other files share. */
export const identityOf = (fingerprint: string): string => fingerprint.split(":")[0] ?? fingerprint;

/**
 * Pairs findings with what was noted of them before. Of those of one identity, each first takes what was noted for its own path; what is left
 * is paired in order: a file that was renamed. So one more finding of a kind in another file is the new one, whichever its ordinal.
 */
export function pairByFingerprint<
  Left extends { readonly fingerprint: string; readonly path: string },
  Right extends { readonly fingerprint: string; readonly path: string },
>(findings: readonly Left[], noted: readonly Right[]): ReadonlyMap<Left, Right> {
  const pairs = new Map<Left, Right>();
  const byIdentity = new Map<string, Set<Right>>();
  for (const item of noted) {
    const identity = identityOf(item.fingerprint);
    byIdentity.set(identity, (byIdentity.get(identity) ?? new Set<Right>()).add(item));
  }
  const take = (finding: Left, fits: (item: Right) => boolean): void => {
    const left = byIdentity.get(identityOf(finding.fingerprint));
    const item = [...(left ?? [])].find(fits);
    if (item === undefined || pairs.has(finding)) return;
    pairs.set(finding, item);
    left?.delete(item);
  };
  for (const finding of findings)
    take(finding, (item) => item.path === finding.path && item.fingerprint === finding.fingerprint);
  for (const finding of findings) if (!pairs.has(finding)) take(finding, (item) => item.path === finding.path);
  const paths = new Set(findings.map(({ path }) => path));
  for (const finding of findings) if (!pairs.has(finding)) take(finding, (item) => !paths.has(item.path));
  for (const finding of findings) if (!pairs.has(finding)) take(finding, () => true);
  return pairs;
}
