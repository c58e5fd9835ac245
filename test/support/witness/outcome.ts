import { isDeepStrictEqual } from "node:util";
import type { RuleExample } from "../../../analyzers/index.ts";
import type { Ending } from "./run-example.ts";

/** What was seen of an example in one place: directly, or behind a pooler. */
export interface Outcome {
  /** Whether the author's intention held. */
  readonly holds: boolean;
  /** Why it did not, in words; absent when it held. */
  readonly failure?: string;
  /** What it did to other clients, in words, sorted. */
  readonly harm: readonly string[];
}

/** Numbers and names that differ from run to run, in a message of PostgreSQL's or a driver's. */
const masked = (message: string): string =>
  message
    .replaceAll(/prepared statement (?=[a-z0-9]*\d)[a-z0-9]{9,}$/g, "prepared statement …")
    .replaceAll(/\b(PID|pid) \d+/g, "$1 …")
    .replaceAll(/"[0-9A-F]{8}-[0-9A-F]{8}-\d+"/g, '"…"')
    .replaceAll(/prepared statement "(?=[a-z0-9]*\d)[a-z0-9]{6,}"/g, 'prepared statement "…"')
    .replaceAll(/"[0-9A-F]{8}-[0-9A-F]{8}-\d+"/g, '"…"')
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:…");

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
