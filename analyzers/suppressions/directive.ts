import type { SourceLocation } from "../model.ts";

/** A comment that accepts findings of some rules. */
export interface Directive {
  /** `eslint` is ESLint's own comment: its meaning is ESLint's, down to the line. */
  readonly by: "pgbouncer-ignore" | "eslint-disable";
  /** Ids as written, without the plugin's prefix; empty when the comment names none. */
  readonly rules: readonly string[];
  /** Absent when the comment gives none. */
  readonly reason: string | undefined;
  /** The last day on which it holds, `2027-01-31`; absent when it says none. */
  readonly expires: string | undefined;
  readonly reach: DirectiveReach;
  /** The comment, or the part of it that is the directive. */
  readonly location: SourceLocation;
}

/**
 * - `file`: everywhere in it;
 * - `line`: on the line of the comment; `next-line`: on the next line; `here`: on its own line where code stands before it, else on the next;
 * - `from` and `to`: ESLint's blocks.
 */
export type DirectiveReach = "file" | "line" | "next-line" | "here" | "from" | "to";

const OURS = /pgbouncer-ignore(-next-line|-line|-file)?(?=[\s,:]|$)([^\n]*)/;
const ESLINTS = /^\s*eslint-(disable-next-line|disable-line|disable|enable)(?=\s|$)([\s\S]*)/;
const UNTIL = /\buntil (\d{4}-\d{2}-\d{2})\b/;

const REACHES: Readonly<Record<string, DirectiveReach>> = {
  "-next-line": "next-line",
  "-line": "line",
  "-file": "file",
  "disable-next-line": "next-line",
  "disable-line": "line",
  disable: "from",
  enable: "to",
};

/** Rule ids before ` -- `, the reason after it. */
function parts(words: string): Pick<Directive, "rules" | "reason" | "expires"> {
  const dashes = /(?:^|\s)--(?:\s|$)/.exec(words);
  const names = dashes === null ? words : words.slice(0, dashes.index);
  const reason = dashes === null ? "" : words.slice(dashes.index + dashes[0].length).trim();
  const expires = UNTIL.exec(reason)?.[1];
  return {
    rules: names
      .split(/[\s,]+/)
      .map((name) => name.replace(/^:/, "").replace(/^pgbouncer\//, ""))
      .filter((name) => name !== ""),
    reason: reason === "" ? undefined : reason.replace(/\s+/g, " "),
    expires,
  };
}

/**
 * The directive of a comment; undefined for any other comment. `content` is what stands between the marks of the comment. Of ESLint's own
 * comments only those count that name a rule of the plugin: switching all rules off is no decision about a pooler.
 */
export function directiveIn(content: string, location: SourceLocation): Directive | undefined {
  const own = OURS.exec(content);
  // What only speaks of it (`see pgbouncer-ignore`) begins with other words.
  if (own !== null && /^[\s*/#;!-]*$/.test(content.slice(0, own.index)))
    return {
      by: "pgbouncer-ignore",
      reach: REACHES[own[1] ?? ""] ?? "here",
      ...parts((own[2] ?? "").replace(/\*\/\s*$/, "")),
      location,
    };
  const eslints = ESLINTS.exec(content);
  if (!eslints?.[2]?.includes("pgbouncer/")) return undefined;
  const named = eslints[2].split(/\s--\s/)[0]?.split(/[\s,]+/) ?? [];
  const { reason, expires } = parts(eslints[2]);
  return {
    by: "eslint-disable",
    reach: REACHES[eslints[1] ?? ""] ?? "line",
    rules: named.filter((name) => name.startsWith("pgbouncer/")).map((name) => name.slice("pgbouncer/".length)),
    reason,
    expires,
    location,
  };
}

/** Whether a text may hold a directive at all. */
export const mayHoldDirective = (text: string): boolean =>
  text.includes("pgbouncer-ignore") || (text.includes("eslint-") && text.includes("pgbouncer/"));
