import type { ConnectionRoute, Effect } from "../../analyzers/index.ts";
import type { Verdict } from "../report/schema.ts";

/** Verdicts as reports show them. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  ready: "READY",
  "ready-with-conditions": "READY WITH CONDITIONS",
  "not-ready": "NOT READY",
  inconclusive: "INCONCLUSIVE",
};

/** What the user sees of a finding. */
export const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  error: "error",
  silent: "silent: no error shows",
  leak: "leak: other clients get it",
  pin: "pin: holds a server connection",
};

export const ROUTE_WORDS: Readonly<Record<ConnectionRoute, string>> = {
  pooled: "pooled",
  direct: "direct",
  unknown: "unknown, taken to be pooled",
};
