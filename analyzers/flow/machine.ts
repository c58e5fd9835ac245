import type { Variable } from "@typescript-eslint/scope-manager";
import type { TSESTree } from "@typescript-eslint/types";
import type { DriverCatalogue } from "../drivers/catalogue.ts";
import type { QueryOperation } from "../drivers/driver.ts";
import type { Confidence, ConnectHook, Evidence, SqlReading, SqlText } from "../model.ts";
import type { PackageFacts } from "../source/packages.ts";
import type { SourceUnit } from "../source/source-unit.ts";
import type {
  ClassValue,
  Frame,
  FunctionNode,
  FunctionValue,
  HandleValue,
  InstanceValue,
  Value,
  WrittenType,
} from "../source/values.ts";
import type { Closures } from "./closures.ts";
import type { HandleRegistry } from "./handles.ts";
import type { Ledger } from "./ledger.ts";
import type { Message } from "./messages.ts";
import type { PathState } from "./path-state.ts";

/** A path after an expression, with the expression's value on that path. */
export interface Outcome {
  readonly state: PathState;
  readonly value: Value;
}

/** Ways out of the code that runs, other than its end. */
export interface Exits {
  readonly returns: Outcome[];
  readonly throws: PathState[];
  readonly jumps: {
    readonly kind: "break" | "continue";
    readonly label: string | undefined;
    readonly state: PathState;
  }[];
}

/** Deeper calls are not followed. */
const MAX_DEPTH = 10;
/** Deeper calls are not followed the second time, when following them used up the steps. */
const SHALLOW_DEPTH = 2;

/** Steps that are left to something that runs, and to the callbacks it registers, which run by themselves. */
export interface Budget {
  steps: number;
  /** Shared by all callbacks that the code of one file leads to, however deep they register further ones. */
  readonly callbacks: { steps: number };
}

/**
 * Runs something within a number of steps. Where they do not suffice it is run once more with calls followed less deep, so that at
 * least its own statements are all seen. Returns how many steps it took.
 */
export function withinSteps(
  { steps, callbacks }: Readonly<Budget>,
  depth: number,
  run: (limits: Pick<Activation, "budget" | "maxDepth" | "pathConfidence">) => void,
): number {
  const deep: Budget = { steps, callbacks };
  run({ budget: deep, maxDepth: MAX_DEPTH, pathConfidence: "certain" });
  if (deep.steps > 0) return steps - deep.steps;
  const shallow: Budget = { steps, callbacks };
  run({ budget: shallow, maxDepth: depth + SHALLOW_DEPTH, pathConfidence: "possible" });
  return steps + (steps - Math.max(shallow.steps, 0));
}

export const noExits = (): Exits => ({ returns: [], throws: [], jumps: [] });

/** A call, or a tag that is called, may throw: whoever catches sees the state from before it. */
export function mayThrow(state: PathState, activation: Activation): void {
  if (!activation.catching) return;
  const { throws } = activation.exits;
  if (throws.at(-1)?.handlesTable !== state.handlesTable) throws.push(state.fork());
}

/** The circumstances in which code runs. */
export interface Activation {
  readonly frame: Frame;
  readonly exits: Exits;
  /** How it came to run, oldest first. */
  readonly path: readonly Evidence[];
  /** Functions being run, innermost last. */
  readonly stack: readonly FunctionNode[];
  /** Shared by everything that one entry point runs. */
  readonly budget: Budget;
  /** Calls nested deeper than this are not followed. */
  readonly maxDepth: number;
  /**
   * How sure it is that the path is taken with the receivers it is followed with. `possible` where one of several objects was chosen (a
   * condition that was not understood may exclude it), and the second time, when calls that decide conditions are not followed.
   */
  readonly pathConfidence: Confidence;
  /** True while a value is looked up out of order: nothing is noted in the ledger. */
  readonly silent: boolean;
  readonly hook?: ConnectHook;
  /** Names of drivers in whose transactions everything runs that follows the flow of control. */
  readonly ambient?: ReadonlySet<string>;
  /** Names of drivers of which that may be so, if a file that was not seen says it. */
  readonly perhapsAmbient?: ReadonlySet<string>;
  /**
   * Set while a function, or with `owner` undefined a module body, is run for its parts that no path came to: its conditions decide
   * nothing, whatever is known of what they test.
   */
  readonly undecided?: { readonly owner: FunctionNode | undefined };
  /** True in a callback that runs in whatever transaction the program is in: which one is not known. */
  readonly inWhateverTransaction?: true;
  /** True inside a try block, its own or a caller's: somebody sees the state in which a call throws. */
  readonly catching: boolean;
}

/** A use of a package that the libraries table knows, as the flow engine sees it. */
export interface PackageUse {
  readonly module: string;
  readonly path: readonly string[];
  readonly as: "call" | "new";
  readonly arguments: readonly Value[];
  readonly node: TSESTree.Node;
  readonly unit: SourceUnit;
}

/** A query that is sent when somebody waits for it: a tagged template of postgres.js, a raw query of Prisma or knex. */
export interface PendingQuery {
  readonly handle: HandleValue;
  /** True when the handle it runs on is only one of those it may run on. */
  readonly uncertain: boolean;
  readonly operation: QueryOperation;
  readonly messages: readonly Message[];
  /** True for a part of what a query builder makes, which goes on to be built. */
  readonly isPart?: true;
  /** Another pending query that is sent before it, on the same connection. */
  readonly after?: number;
  readonly site: CallSite;
  /** Where it was made. */
  readonly activation: Activation;
  readonly state: PathState;
}

/** The queries that were made and may still be sent. */
export interface PendingQueries {
  readonly add: (query: PendingQuery) => number;
  readonly get: (id: number) => PendingQuery;
  /** Notes that something became of the query: it was sent, or became a part of another one. */
  readonly use: (id: number) => void;
  /** Queries of which nothing was seen to become: somebody who was not seen waits for them. */
  readonly unused: readonly PendingQuery[];
}

/**
 * The parts of the interpreter, each in a file of its own, as they see one another. Functions that may fork the path return every
 * outcome; the state that is passed in is used up.
 */
export interface Machine {
  readonly ledger: Ledger;
  readonly catalogue: DriverCatalogue;
  readonly handles: HandleRegistry;
  readonly pending: PendingQueries;
  readonly readSql: (text: SqlText) => SqlReading;
  /** The text of the `.sql` file of the project that a path in this file means. */
  readonly sqlFile: (path: Value, from: string) => Value | undefined;
  readonly packages: PackageFacts;
  /**
   * Names of drivers with which the program makes connections: to PostgreSQL as far as is known, to PostgreSQL by its own word, and to
   * other kinds of database.
   */
  readonly connects: {
    readonly here: Set<string>;
    readonly asPostgres: Set<string>;
    readonly elsewhere: Set<string>;
  };
  /** Names of drivers whose transactions follow the flow of control, as the program says somewhere. */
  readonly declaredAmbient: Set<string>;
  /** False when one file is all that is seen of the program: another one may say what this one does not. */
  readonly seesProgram: boolean;
  /** Classes of which somebody was seen to make an instance. */
  readonly constructed: Set<ClassValue["node"]>;
  /** How much was done so far, for those who ask whether it is bounded. */
  readonly effort: { steps: number };
  /** How much of that the entry points of each file took, and may take at most. */
  readonly stepsOf: Map<SourceUnit, number>;
  readonly stepsPerFile: number;
  /** What is left to the callbacks that the code of a file leads to. */
  readonly callbacksOf: (unit: SourceUnit) => Budget["callbacks"];
  /** Functions that ran in some context that was seen. */
  readonly covered: Set<FunctionNode>;
  /** Functions that are somebody else's to call: those among the settings of another kind of database. */
  readonly leftOut: Set<FunctionNode>;
  /** Calls and tags that a path came to, with something to call. */
  readonly evaluated: Set<TSESTree.Node>;
  /** Functions that a call was seen to give to its caller, with what they close over. */
  readonly closures: Closures;
  /** Looks at assignments that configure connections made later. */
  readonly onAssignment: (
    node: TSESTree.AssignmentExpression,
    value: Value,
    state: PathState,
    activation: Activation,
  ) => void;
  readonly onPackageUse: (use: PackageUse) => void;

  readonly evaluate: (node: TSESTree.Node, state: PathState, activation: Activation) => Outcome[];
  readonly evaluateCall: (
    node: TSESTree.CallExpression | TSESTree.NewExpression,
    state: PathState,
    activation: Activation,
    /** True when nobody waits for the result. */
    detached: boolean,
  ) => Outcome[];
  readonly execute: (
    nodes: readonly TSESTree.Statement[],
    states: readonly PathState[],
    activation: Activation,
  ) => PathState[];
  readonly assign: (target: TSESTree.Node, value: Value, state: PathState, activation: Activation) => void;
  readonly lookUp: (
    identifier: TSESTree.Identifier | TSESTree.JSXIdentifier,
    state: PathState,
    activation: Activation,
  ) => Value;
  /** What a variable is, whatever path led here: the union of everything it is ever given. */
  readonly lazyValue: (unit: SourceUnit, variable: Variable) => Value;
  readonly property: (
    value: Value,
    name: string,
    node: TSESTree.Node,
    state: PathState,
    activation: Activation,
  ) => Outcome[];
  readonly invoke: (
    called: FunctionValue,
    self: Value | undefined,
    values: readonly Value[],
    state: PathState,
    activation: Activation,
    site: TSESTree.Node,
    options?: { readonly hook?: ConnectHook },
  ) => Outcome[];
  /** Runs a function as an entry point, without a call that leads to it. */
  readonly enter: (
    called: FunctionValue,
    self: Value | undefined,
    values: readonly Value[],
    state: PathState,
    activation: Activation,
  ) => Outcome[];
  /** Runs a function that is called some time later, in a state of its own. */
  readonly invokeLater: (
    called: FunctionValue,
    values: readonly Value[],
    state: PathState,
    activation: Activation,
    site: TSESTree.Node,
  ) => void;
  readonly call: (
    callee: Value,
    self: Value | undefined,
    values: readonly Value[],
    state: PathState,
    activation: Activation,
    site: CallSite,
  ) => Outcome[];
  readonly construct: (
    made: ClassValue,
    values: readonly Value[],
    state: PathState,
    activation: Activation,
    site: TSESTree.Node,
  ) => Outcome[];
  /** What a module of the project exports under a name; `*` for its namespace. */
  readonly exported: (unit: SourceUnit, name: string) => Value;
  /** What an import specifier in a file means. */
  readonly imported: (unit: SourceUnit, specifier: string, name: string) => Value;
  readonly valueOfType: (type: WrittenType, reason: string, identity: string | undefined, fromCaller: boolean) => Value;
  readonly propertyOfType: (type: WrittenType, name: string) => WrittenType | undefined;
  /** What calling something of this type gives, where it is the type of a function. */
  readonly resultOfType: (type: WrittenType) => WrittenType | undefined;
  /** The type of a parameter of such a function, counted from 0. */
  readonly parameterOfType: (type: WrittenType, index: number) => WrittenType | undefined;
  /** What an array, set, record or map of this type holds. */
  readonly elementOfType: (type: WrittenType) => WrittenType | undefined;
  /** What the program keeps in a property of the global object, or leaves there empty; undefined for what it does not set. */
  readonly globalValue: (path: readonly string[]) => Value | undefined;
  /** What the program hangs under a name on what web frameworks hand to every handler; undefined where that is no connection. */
  readonly decoration: (name: string) => Value | undefined;
  readonly moduleFrame: (unit: SourceUnit) => Frame;
  /** An activation that only looks values up. */
  readonly lazyActivation: (frame: Frame) => Activation;
  readonly instanceOf: (made: ClassValue, key: string) => InstanceValue;
  readonly unitOf: (filename: string) => SourceUnit | undefined;
  readonly nextFrameId: () => number;
}

/** The call as it is written. */
export interface CallSite {
  /** A whole module where a tool makes a connection with the settings that it exports. */
  readonly node:
    TSESTree.CallExpression | TSESTree.NewExpression | TSESTree.TaggedTemplateExpression | TSESTree.Program;
  readonly detached: boolean;
  /** Argument nodes; a spread argument stands for the values it gives. */
  readonly argumentNodes: readonly TSESTree.Node[];
}

/** The node a call evidence points at: the callee rather than the whole call, which may span a page. */
export const calleeOf = (node: CallSite["node"]): TSESTree.Node =>
  node.type === "TaggedTemplateExpression" ? node.tag : node.type === "Program" ? node : node.callee;
