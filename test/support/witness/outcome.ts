import { isDeepStrictEqual } from "node:util";
import type { RuleExample } from "../../../analyzers/index.ts";
import type { Ending } from "./ending.ts";
import { masked } from "./masked.ts";

/** What was seen of an example in one place: directly, or behind a pooler. */
export interface Outcome {
  /** Whether the author's intention held. */
  readonly holds: boolean;
  /** Why it did not, in words; absent when it held. */
  readonly failure?: string;
  /** What it did to other clients, in words, sorted. */
  readonly harm: readonly string[];
}

const written = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

function failureOf(example: RuleExample, ending: Ending): string | undefined {
  if ("unfinished" in ending) return "does not end";
  if ("error" in ending) {
    const { code, message } = ending.error;
    if (code !== undefined && code === example.intendsError) return undefined;
    return masked([code, message].filter((part) => part !== undefined && part !== "").join(" "));
  }
  if (example.intendsError !== undefined) return `ends without error ${example.intendsError}`;
  if (example.intends === undefined || isDeepStrictEqual(ending.value, example.intends)) return undefined;
  return masked(`gives ${written(ending.value)} in place of ${written(example.intends)}`);
}

/** Compares how an example ended with what its author intends. */
export function outcomeOf(example: RuleExample, ending: Ending, harm: readonly string[]): Outcome {
  const failure = failureOf(example, ending);
  const done = [...new Set(harm.map(masked))].sort();
  return failure === undefined ? { holds: true, harm: done } : { holds: false, failure, harm: done };
}

/** An outcome as one line, the same whenever it is seen again: `holds`, `fails: …`, `holds; leaves LISTEN jobs`. */
export function inWords(outcome: Outcome): string {
  return [outcome.failure === undefined ? "holds" : `fails: ${outcome.failure}`, ...outcome.harm].join("; ");
}
