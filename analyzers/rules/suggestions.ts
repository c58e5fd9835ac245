import type { SetIdentity, SetParameter, StatementUse, Suggestion } from "../model.ts";

/** True when every way that leads to the statement has an open transaction: only then may an effect be made to end with it. */
export const alwaysInTransaction = (use: StatementUse): boolean =>
  use.reaches.length > 0 &&
  use.reaches.every((reach) => reach.transaction === "explicit" && reach.stateConfidence === "certain");

/** SET -> SET LOCAL, set_config(…, false) -> true, inside a transaction that is provably open. */
export function localSuggestions(action: SetParameter | SetIdentity, use: StatementUse): readonly Suggestion[] {
  if (!alwaysInTransaction(use) || action.place !== "statement") return [];
  if (action.via === "set" && action.anchors?.scope !== undefined) {
    const { file, range } = action.anchors.scope;
    const text = range.start === range.end ? "LOCAL " : "LOCAL";
    return [{ message: "Use SET LOCAL, which ends with the transaction.", edits: [{ file, range, text }] }];
  }
  if (action.via === "set_config" && action.scope === "session" && action.anchors?.isLocal !== undefined) {
    const { file, range } = action.anchors.isLocal;
    return [
      { message: "Pass true, so that the setting ends with the transaction.", edits: [{ file, range, text: "true" }] },
    ];
  }
  return [];
}
