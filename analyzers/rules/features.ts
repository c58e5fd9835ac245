import type { LibraryUse, SessionFeature, SqlAction } from "../model.ts";

/** The feature of the session that an action relies on; undefined for what needs none. */
export function featureOfAction(action: SqlAction): SessionFeature | undefined {
  switch (action.kind) {
    case "set-parameter":
    case "reset-parameter":
      return "session-set";
    case "set-identity":
    case "reset-identity":
      return "session-identity";
    case "advisory-lock":
      return "session-advisory-lock";
    case "prepared-statement":
      return "sql-prepare";
    case "create-temporary":
      return "temp-table";
    case "notification":
      return "listen";
    case "cursor":
      return "hold-cursor";
    case "load-library":
      return "load-library";
    case "discard":
      return "discard";
    case "session-function":
      return "session-function";
    default:
      return undefined;
  }
}

/** What packages and tools need, in the words of their rows; the first that fits is the one that is hardest to do without. */
const NEEDS: readonly (readonly [RegExp, SessionFeature])[] = [
  [/\bLISTEN\b/, "listen"],
  [/advisory lock/, "session-advisory-lock"],
  [/named statement|names? (?:the|its) statements/, "named-statement"],
  [/replication/, "replication"],
];

/** The feature of the session that a package or tool relies on. */
export const featureOfLibrary = ({ onlyNeeds, needs }: LibraryUse): SessionFeature =>
  onlyNeeds ?? NEEDS.find(([words]) => words.test(needs))?.[1] ?? "session-set";
