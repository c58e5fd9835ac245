import type { JSX } from "preact";
import type { Effect, Severity } from "../../../analyzers/index.ts";
import type { Report, Verdict } from "../../report/schema.ts";
import { VERDICT_WORDS } from "../words.ts";

const EFFECTS: Readonly<Record<Effect, string>> = {
  silent: "silent",
  leak: "leaks",
  error: "fails",
  pin: "pins",
};

/** What the user sees, in a sentence. */
export const EFFECT_SENTENCES: Readonly<Record<Effect, string>> = {
  silent: "Nothing shows: no error, and not what was meant.",
  leak: "Other clients of the server connection get it.",
  error: "An error shows.",
  pin: "A server connection is held and not given back.",
};

const SHAPES: Readonly<Record<string, string>> = {
  error: "●",
  warning: "▲",
  info: "○",
  silent: "∅",
  leak: "⤳",
  pin: "⚲",
  ready: "✓",
  "ready-with-conditions": "◐",
  "not-ready": "✕",
  inconclusive: "?",
  pooled: "⇉",
  direct: "→",
  unknown: "?",
  passed: "✓",
  found: "✕",
  fits: "✓",
  exceeds: "✕",
};

/** A sign that says with a shape what the word beside it says. */
export const Sign = ({ of }: { readonly of: string }): JSX.Element => (
  <span class="sign" aria-hidden="true">
    {SHAPES[of] ?? "•"}
  </span>
);

/** A word in a box, with its sign; colour is never all that tells. */
export const Badge = ({ kind, children }: { readonly kind: string; readonly children: string }): JSX.Element => (
  <span class={`badge ${kind}`}>
    <Sign of={kind} /> {children}
  </span>
);

export const SeverityBadge = ({ severity }: { readonly severity: Severity }): JSX.Element => (
  <Badge kind={severity}>{severity === "info" ? "note" : severity}</Badge>
);

export const EffectBadge = ({ effect }: { readonly effect: Effect }): JSX.Element => (
  <Badge kind={effect === "error" ? "fails" : effect}>{EFFECTS[effect]}</Badge>
);

export const VerdictBadge = ({ verdict }: { readonly verdict: Verdict | null }): JSX.Element =>
  verdict === null ? (
    <span class="badge idle">no database</span>
  ) : (
    <Badge kind={verdict}>{VERDICT_WORDS[verdict]}</Badge>
  );

export const RouteBadge = ({ route }: { readonly route: Report["connections"][number]["route"] }): JSX.Element => (
  <Badge kind={route}>{route}</Badge>
);
