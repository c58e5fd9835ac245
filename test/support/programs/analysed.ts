import { dirname, join } from "node:path";
import {
  type Analysis,
  analyzeProject,
  type Connection,
  poolerProfile,
  type Finding,
} from "../../../analyzers/index.ts";
import { readable } from "../call-sites.ts";
import { parseSource } from "../parse.ts";
import { addMarked, type MarkedStatement, marksIn, type Parameter, type RunsIn } from "./marks.ts";
import { packagesOf, type Program } from "./programs.ts";
import { sessionEffectOf } from "./session-effects.ts";

/** What the analysis says of a program. */
export interface Analysed {
  readonly statements: ReadonlyMap<string, MarkedStatement>;
  readonly parameters: readonly Parameter[];
  /** What the driver sends by itself and leaves on a server connection, sorted. */
  readonly ownEffects: readonly string[];
  /** Every name that a statement of the program is said to have. */
  readonly givenNames: ReadonlySet<string | undefined>;
  /** Whether it uses a package that needs session state for what it does itself. */
  readonly needsSession: boolean;
  /** Whether a connection of the program gives its statements names of the driver's. */
  readonly names: boolean;
  /** Marks of statements on such a connection. */
  readonly onNaming: ReadonlySet<string>;
  /** What the user is told behind this pooler; what is for the audit only is left out. */
  readonly findings: (pooler: string) => readonly Finding[];
}

/** A program in a project whose package.json has the versions that are run. */
function analyse(program: Program, pooler?: string): Analysis {
  const dependencies = Object.fromEntries(
    packagesOf(program).map((words): [string, string] => {
      const end = words.lastIndexOf(" ");
      return [words.slice(0, end), words.slice(end + 1)];
    }),
  );
  const file = parseSource(program.file, program.code);
  const path = join(dirname(program.file), "package.json");
  return analyzeProject(
    {
      sourceFiles: [program.file],
      sqlFiles: [],
      deploymentFiles: [{ filename: path, path, text: JSON.stringify({ dependencies }) }],
      load: (name) => (name === program.file ? file : undefined),
      resolve: () => undefined,
    },
    { profile: poolerProfile(pooler) },
  );
}

/** A connection and those it is taken from, however far. */
function withRoots(connection: Connection, all: readonly Connection[]): readonly Connection[] {
  return [
    connection,
    ...connection.from.flatMap((id) => all.filter((other) => other.id === id)).flatMap((from) => withRoots(from, all)),
  ];
}

/** Analyses a program as it stands. */
export function analyseProgram(program: Program): Analysed {
  const analysis = analyse(program);
  const statements = new Map<string, MarkedStatement>();
  const named = new Set(analysis.statementNamings.flatMap(({ connection }) => connection?.id ?? []));
  const onNaming = new Set<string>();
  const ownEffects = new Set<string>();
  for (const site of analysis.callSites) {
    const text = readable(site.text);
    const marks = marksIn(text);
    if (marks.length === 0) {
      for (const action of site.reading.statements.flatMap(({ actions }) => actions)) {
        const effect = sessionEffectOf(action);
        if (effect !== undefined) ownEffects.add(effect);
      }
    }
    const reaches = analysis.statementUses.filter((use) => use.site === site).flatMap((use) => use.reaches);
    const name = site.statementName === undefined ? "" : site.statementName.name;
    for (const mark of marks) {
      if (withRoots(site.connection, analysis.connections).some(({ id }) => named.has(id))) onNaming.add(mark);
      for (const reach of reaches)
        addMarked(statements, mark, { runsIn: RUNS_IN[reach.transaction], protocol: site.protocol, name });
    }
  }
  return {
    statements,
    parameters: analysis.startupParameters.map(({ name, value }) => ({ name, value })),
    ownEffects: [...ownEffects].sort(),
    needsSession: analysis.libraryUses.some(({ status }) => status === "needs-session"),
    givenNames: new Set(
      analysis.callSites.flatMap(({ statementName }) => (statementName === undefined ? [] : [statementName.name])),
    ),
    names: named.size > 0,
    onNaming,
    findings: (pooler) => analyse(program, pooler).findings.filter(({ severity }) => severity !== "info"),
  };
}

const RUNS_IN: Readonly<Record<"explicit" | "implicit" | "none" | "unknown", RunsIn>> = {
  explicit: "transaction",
  implicit: "implicit",
  none: "autocommit",
  unknown: "unknown",
};
