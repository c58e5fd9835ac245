import type { TSESTree } from "@typescript-eslint/types";
import { type Value } from "../source/values.ts";
import { type Activation, type Machine, type Outcome } from "./machine.ts";
import type { PathState } from "./path-state.ts";

/** Evaluates expressions in a row; each outcome has all their values. */
export function evaluateAll(
  machine: Machine,
  nodes: readonly TSESTree.Node[],
  state: PathState,
  activation: Activation,
): { state: PathState; values: Value[] }[] {
  let paths: { state: PathState; values: Value[] }[] = [{ state, values: [] }];
  for (const node of nodes) {
    paths = paths.flatMap((path) =>
      machine.evaluate(node, path.state, activation).map((outcome, index, { length }) => {
        // Each path has a list of its own; the last one goes on with the list that is there.
        const values = index === length - 1 ? path.values : [...path.values];
        values.push(outcome.value);
        return { state: outcome.state, values };
      }),
    );
  }
  return paths;
}

/** A path that does not fork, with its value. */
export const only = (state: PathState, value: Value): Outcome[] => [{ state, value }];
