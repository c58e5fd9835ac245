import { optionsIn } from "../../../analyzers/source/startup-options.ts";
import type { RecordedConnection, SentStatement } from "../wire/recording.ts";
import { addMarked, type MarkedStatement, marksIn, type Parameter, type RunsIn } from "./marks.ts";
import { isTransactionControl, readText, sessionEffectOf } from "./session-effects.ts";

/** What was seen of a program on the wire. */
export interface Recorded {
  readonly statements: ReadonlyMap<string, MarkedStatement>;
  /** In the startup packets of all its client connections, those of every session (`user`, `database`) left out. */
  readonly parameters: readonly Parameter[];
  /** Texts that no statement of the program is in, in the order of their first appearance, without those that control transactions. */
  readonly ownTexts: readonly string[];
  /** What those leave on a server connection, sorted. */
  readonly ownEffects: readonly string[];
  /** Every name under which a statement was prepared and executed. */
  readonly names: ReadonlySet<string>;
}

const runsIn = ({ status, completed, protocol }: SentStatement): RunsIn => {
  if (status === undefined) return "unknown";
  if (status !== "I") return "transaction";
  return protocol === "simple" && completed > 1 ? "implicit" : "autocommit";
};

function parametersOf({ startupParameters }: RecordedConnection): readonly Parameter[] {
  return Object.entries(startupParameters).flatMap(([name, value]): readonly Parameter[] => {
    if (name === "user" || name === "database") return [];
    if (name === "options") return optionsIn(value).map((option) => ({ name: option.name, value: option.value }));
    return [{ name: name.toLowerCase(), value }];
  });
}

const inOrder = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** Sums up the client connections of one run. */
export function summarize(connections: readonly RecordedConnection[]): Recorded {
  const statements = new Map<string, MarkedStatement>();
  const sent = connections.flatMap((connection) => connection.statements);
  for (const statement of sent) {
    for (const mark of marksIn(statement.text)) {
      addMarked(statements, mark, {
        runsIn: runsIn(statement),
        protocol: statement.protocol,
        name: statement.name,
      });
    }
  }
  const unmarked = inOrder(sent.map(({ text }) => text).filter((text) => marksIn(text).length === 0));
  const ownTexts = unmarked.filter((text) => text.trim() !== "" && !isTransactionControl(text));
  const parameters = new Map(
    connections.flatMap(parametersOf).map((found) => [`${found.name}=${found.value ?? ""}`, found]),
  );
  return {
    statements,
    parameters: [...parameters.keys()].sort().flatMap((key) => parameters.get(key) ?? []),
    ownTexts,
    ownEffects: inOrder(
      ownTexts
        .flatMap((text) => readText(text).statements)
        .flatMap(({ actions }) => actions.flatMap((action) => sessionEffectOf(action) ?? [])),
    ).toSorted(),
    names: new Set(sent.flatMap(({ name }) => (name === "" ? [] : [name]))),
  };
}
