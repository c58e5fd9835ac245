import type {
  ActionAnchor,
  SettingScope,
  SetParameter,
  SetIdentity,
  SourceLocation,
  SqlAction,
  StatementShape,
} from "../model.ts";
import type { JoinedText } from "./joined-text.ts";
import type { Token } from "./lexer.ts";

type Anchors = Readonly<Partial<Record<ActionAnchor, SourceLocation>>>;
type Place = SqlAction["place"];

/** An action without what the maker adds. */
type Facts = SqlAction extends infer Action
  ? Action extends SqlAction
    ? Omit<Action, "location" | "place" | "anchors">
    : never
  : never;

/** Makes the actions of one statement: gives them their place in the source. */
export interface ActionMaker {
  readonly place: Place;
  /** An action at the token of that index. */
  readonly action: (index: number, facts: Facts, anchors?: Anchors) => SqlAction;
  /** A setting, or a change of identity where the parameter is one. */
  readonly setting: (
    index: number,
    name: string,
    scope: SettingScope,
    via: SetParameter["via"],
    value: string | undefined,
    shape: StatementShape,
    anchors?: Anchors,
  ) => SqlAction;
  readonly identity: (
    index: number,
    identity: SetIdentity["identity"],
    scope: SettingScope,
    via: SetIdentity["via"],
    value: string | undefined,
    shape: StatementShape,
    anchors?: Anchors,
  ) => SqlAction;
  /** Where LOCAL goes: over the SESSION keyword, or just before the parameter. */
  readonly scopeAnchor: (session: Token | undefined, parameter: Token | undefined) => Anchors;
  readonly anchor: (name: ActionAnchor, start: number, end: number) => Anchors;
  /** The text from one token up to another, by index; undefined when empty. */
  readonly textBetween: (from: number, to: number) => string | undefined;
}

export function makeActions(joined: JoinedText, tokens: readonly Token[], place: Place): ActionMaker {
  const locate = (index: number): SourceLocation => {
    const token = tokens[index];
    return token === undefined ? joined.locate(0, 0) : joined.locate(token.start, token.end);
  };
  const anchor: ActionMaker["anchor"] = (name, start, end) => {
    const location = joined.exact(start, end);
    return location === undefined ? {} : { [name]: location };
  };
  const maker: ActionMaker = {
    place,
    action: (index, facts, anchors) => ({
      ...facts,
      location: locate(index),
      place,
      ...(anchors === undefined || Object.keys(anchors).length === 0 ? {} : { anchors }),
    }),
    setting: (index, name, scope, via, value, shape, anchors) => {
      if ((name === "role" || name === "session_authorization") && via !== "setseed") {
        return maker.identity(index, name, scope, via === "set_config" ? "set_config" : "set", value, shape, anchors);
      }
      return maker.action(
        index,
        { kind: "set-parameter", name, scope, via, shape, ...(value === undefined ? {} : { value }) },
        anchors,
      );
    },
    identity: (index, identity, scope, via, value, shape, anchors) =>
      maker.action(
        index,
        { kind: "set-identity", identity, scope, via, shape, ...(value === undefined ? {} : { value }) },
        anchors,
      ),
    scopeAnchor: (session, parameter) => {
      if (session !== undefined) return anchor("scope", session.start, session.end);
      return parameter === undefined ? {} : anchor("scope", parameter.start, parameter.start);
    },
    anchor,
    textBetween: (from, to) => {
      const first = tokens[from];
      const last = tokens[to - 1];
      if (first === undefined || last === undefined || to <= from) return undefined;
      return joined.text.slice(first.start, last.end).trim();
    },
  };
  return maker;
}
