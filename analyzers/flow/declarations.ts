import type { TSESTree } from "@typescript-eslint/types";
import { undefinedValue, unknown, type Value } from "../source/values.ts";
import { type Activation, type Machine } from "./machine.ts";
import { type PathState } from "./path-state.ts";

/** Runs a declaration of variables. */
export function declare(
  machine: Machine,
  node: TSESTree.VariableDeclaration,
  state: PathState,
  activation: Activation,
): PathState[] {
  // Declared for the types only: what it is, code that is not seen decides.
  if (node.declare) return [state];
  let paths = [state];
  for (const declarator of node.declarations) {
    paths = paths.flatMap((path) => {
      if (declarator.init === null) {
        machine.assign(declarator.id, declaredOnly(declarator), path, activation);
        return [path];
      }
      return machine.evaluate(declarator.init, path, activation).map((outcome) => {
        machine.assign(declarator.id, outcome.value, outcome.state, activation);
        return outcome.state;
      });
    });
  }
  return paths;
}

/** `let client: PoolClient;` holds nothing yet; what it will hold is assigned later on the path or by a closure. */
const declaredOnly = (declarator: TSESTree.VariableDeclarator): Value =>
  declarator.id.type === "Identifier" ? undefinedValue : unknown("an empty pattern");
