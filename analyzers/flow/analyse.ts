import type { TSESTree } from "@typescript-eslint/types";
import type { DriverCatalogue } from "../drivers/catalogue.ts";
import type {
  Connection,
  ConnectionUrl,
  DeclaredRoutes,
  LibraryUse,
  SourceLocation,
  SqlCallSite,
  SqlReading,
  SqlText,
  StartupParameter,
  StatementNaming,
  StatementUse,
} from "../model.ts";
import { urlsOfArguments } from "../source/connection-url.ts";
import type { ParsedFile, SqlFile } from "../source/parsed-file.ts";
import type { PackageFacts } from "../source/packages.ts";
import { isTestFile } from "../source/test-file.ts";
import { type FunctionPlace, locate, makeSourceUnit, type SourceUnit } from "../source/source-unit.ts";
import type {
  ClassValue,
  Frame,
  FunctionNode,
  FunctionValue,
  HandleValue,
  InstanceValue,
  Value,
} from "../source/values.ts";
import { assign } from "./assignments.ts";
import { call, construct, evaluateCall } from "./calls.ts";
import { noteDefaults } from "./connection-defaults.ts";
import { evaluate } from "./expressions.ts";
import { conventionalArguments } from "./conventions.ts";
import { makeFunctions, unseenArguments } from "./functions.ts";
import { makeClosures } from "./closures.ts";
import { makeDecorations } from "./decorations.ts";
import { HandleRegistry } from "./handles.ts";
import { onPostgres } from "./installed-dialects.ts";
import { Ledger } from "./ledger.ts";
import { type Activation, type Budget, type Machine, noExits, type PackageUse, withinSteps } from "./machine.ts";
import { makeGlobalObject } from "./global-object.ts";
import { makeModules } from "./modules.ts";
import { freshConnection, PathState } from "./path-state.ts";
import { notePassedUp } from "./passed-up.ts";
import { makePendingQueries, sendUnused } from "./pending-queries.ts";
import { classMemberNamed, superClassOf } from "./class-members.ts";
import { property } from "./properties.ts";
import { connectBySettings, holdsSettings } from "./settings-files.ts";
import { makeSqlFiles } from "./sql-files.ts";
import { execute } from "./statements.ts";
import { lower } from "./transactions.ts";
import { unreachedIn } from "./unreached.ts";
import { lazyFrame, lookUp, makeLazyValues, selfOfPlace } from "./variables.ts";
import { makeWrittenTypes } from "./written-types.ts";

/** Steps one entry point may take: a few times what the longest functions of real backends need. */
const STEPS_PER_ENTRY = 8_000;

/**
 * Steps that all callbacks may take together which the code of one file leads to: more than files of a thousand tests take. Callbacks that
 * register callbacks, each in the activation of every run of the one above it, would have no end otherwise.
 */
const CALLBACK_STEPS_PER_FILE = 1_000_000;

/** Calls nested deeper are not followed by a look-up out of order. */
const LOOKUP_DEPTH = 8;

/** Steps one look-up out of order may take. */
const STEPS_PER_LOOKUP = 4_000;

/** What the flow analysis is given. */
export interface FlowInput {
  readonly sourceFiles: readonly string[];
  readonly sqlFiles: readonly SqlFile[];
  readonly load: (filename: string) => ParsedFile | undefined;
  readonly resolve: (from: string, specifier: string) => string | undefined;
  readonly catalogue: DriverCatalogue;
  readonly readSql: (text: SqlText) => SqlReading;
  /** `urls` is where the connections lead that the arguments make or are. */
  readonly libraryUseOf: (
    use: PackageUse & { readonly urls: () => readonly ConnectionUrl[] },
    location: SourceLocation,
  ) => LibraryUse | undefined;
  /** What the user says of where connections lead. */
  readonly declaredRoutes: DeclaredRoutes;
  /** What is installed beside the files. */
  readonly packages: PackageFacts;
  /** Steps that all callbacks may take together which the code of one file leads to. Default: more than real files need. */
  readonly callbackSteps?: number;
}

/** What it finds. */
export interface FlowFacts {
  readonly callSites: readonly SqlCallSite[];
  readonly statementUses: readonly StatementUse[];
  readonly startupParameters: readonly StartupParameter[];
  readonly statementNamings: readonly StatementNaming[];
  readonly libraryUses: readonly LibraryUse[];
  readonly connections: readonly Connection[];
  readonly limits: readonly { readonly location: SourceLocation; readonly reason: string }[];
  /** How many expressions were evaluated, each as often as it was. */
  readonly steps: number;
}

/**
 * Follows every way control flows through the files: module bodies first, then every function that nothing was seen to call, with
 * arguments nobody was seen to pass.
 */
export function analyseFlow(input: FlowInput): FlowFacts {
  const ledger = new Ledger();
  const machine = assemble(input, ledger);
  const units = testsLast(input.sourceFiles)
    .map((name) => machine.unitOf(name))
    .filter((unit) => unit !== undefined);
  for (const unit of units) noteDeclared(machine, unit);
  for (const unit of units) runModule(machine, unit);
  for (const unit of units) {
    if (!holdsSettings(machine, unit)) continue;
    runWithin(machine, machine.moduleFrame(unit), {}, (activation) => {
      const state = new PathState();
      connectBySettings(machine, unit, state, activation);
      return [state];
    });
  }
  const entered = new Set<FunctionNode>();
  const enterAll = (isDue: (unit: SourceUnit, place: FunctionPlace) => boolean): void => {
    for (const unit of units) {
      for (const place of unit.functions) {
        const isSeen = machine.covered.has(place.node) || machine.leftOut.has(place.node) || entered.has(place.node);
        if (isSeen || !isDue(unit, place)) continue;
        entered.add(place.node);
        runEntry(machine, unit, place);
      }
    }
  };
  enterAll((unit, place) => !isCalledByName(unit, place));
  enterAll(() => true);
  // Once more for those that were left half-way when the steps of their caller were used up.
  enterAll(() => true);
  ledger.settle();
  for (const unit of units) enterUnreached(machine, unit);
  sendUnused(machine);
  const importsPostgres = units.some((unit) => unit.modules.some((module) => machine.catalogue.isForPostgres(module)));
  return {
    ...onPostgres(machine, ledger.close(), importsPostgres),
    connections: machine.handles.connections,
    steps: machine.effort.steps,
  };
}

/**
 * Runs the functions with calls that no path came to once more: with arguments that nobody was seen to pass, and where that does not lead
 * there either, with conditions that decide nothing. What was seen before is not seen again.
 */
function enterUnreached(machine: Machine, unit: SourceUnit): void {
  for (const place of unit.functions) {
    if (machine.leftOut.has(place.node)) continue;
    if (unreachedIn(place.node, machine.evaluated).length === 0) continue;
    runEntry(machine, unit, place, { pathConfidence: "likely" });
    if (unreachedIn(place.node, machine.evaluated).length === 0) continue;
    runEntry(machine, unit, place, { pathConfidence: "possible", undecided: { owner: place.node } });
  }
  if (unreachedIn(unit.ast, machine.evaluated).length > 0)
    runModule(machine, unit, { pathConfidence: "possible", undecided: { owner: undefined } });
  const ours = unit.functions.map(({ node }) => node).filter((node) => !machine.leftOut.has(node));
  for (const root of [unit.ast, ...ours]) {
    for (const call of unreachedIn(root, machine.evaluated))
      machine.ledger.limit(locate(unit, call), "no path leads to what looks like a query");
  }
}

/** Notes the drivers whose transactions follow the flow of control, because this file says so. */
function noteDeclared(machine: Machine, unit: SourceUnit): void {
  for (const module of unit.modules) {
    const driver = machine.catalogue.driverOf(module);
    const call = driver?.flowDeclaredBy;
    if (driver !== undefined && call !== undefined && new RegExp(`\\.${call}\\s*\\(`).test(unit.text))
      machine.declaredAmbient.add(driver.name);
  }
}

/** Files in order, tests last: what a program does is shown by its own callers before its tests. */
const testsLast = (files: readonly string[]): string[] => [
  ...files.filter((file) => !isTestFile(file)),
  ...files.filter((file) => isTestFile(file)),
];

/** True when the function has a name that its own file uses: its callers show with what it is called. */
function isCalledByName(unit: SourceUnit, place: FunctionPlace): boolean {
  if (place.node.type !== "FunctionDeclaration" && place.class !== undefined) return false;
  return (
    unit.scopeManager
      .getDeclaredVariables(place.node)
      .some(
        (variable) => variable.references.length > 0 && variable.defs.some(({ type }) => type === "FunctionName"),
      ) ||
    isUsedConstant(unit, place.node) ||
    place.enclosing !== undefined
  );
}

/** Whether a function is what a constant of the module is set to, which its own file uses: `const load = async () => …`. */
const isUsedConstant = (unit: SourceUnit, node: FunctionNode): boolean =>
  unit.scopeManager.scopes.some(
    (scope) =>
      (scope.type === "module" || scope.type === "global") &&
      scope.variables.some(
        (variable) =>
          variable.defs.some(
            (definition) => definition.node.type === "VariableDeclarator" && definition.node.init === node,
          ) && variable.references.some((reference) => reference.isRead()),
      ),
  );

/** What is to be doubted of an entry point that is run for what no path came to. */
type Doubts = Partial<Pick<Activation, "pathConfidence" | "undecided">>;

/**
 * Runs an entry point: everything it leads to, within its steps. Code nested so deep that following it overflows the stack is given up
 * and named; the other entry points are still run.
 */
function runWithin(
  machine: Machine,
  frame: Frame,
  doubts: Doubts,
  run: (activation: Activation) => readonly PathState[],
): void {
  try {
    const budget: Budget = { steps: STEPS_PER_ENTRY, callbacks: machine.callbacksOf(frame.unit) };
    withinSteps(budget, 0, (limits) => {
      const pathConfidence = lower(doubts.pathConfidence ?? "certain", limits.pathConfidence);
      const circumstances = { exits: noExits(), path: [], stack: [], silent: false, catching: false };
      const ends = run({ frame, ...circumstances, ...limits, ...doubts, pathConfidence });
      for (const state of ends) state.endOpen();
    });
  } catch (error) {
    if (!(error instanceof RangeError && error.message.includes("call stack"))) throw error;
    machine.ledger.limit(locate(frame.unit, frame.owner ?? frame.unit.ast), "code nested too deep to follow");
  }
}

function runModule(machine: Machine, unit: SourceUnit, doubts: Doubts = {}): void {
  runWithin(machine, machine.moduleFrame(unit), doubts, (activation) =>
    machine.execute(unit.ast.body, [new PathState()], activation),
  );
}

function runEntry(machine: Machine, unit: SourceUnit, place: FunctionPlace, doubts: Doubts = {}): void {
  const closures = machine.closures.of(place.node);
  for (const { called, state } of closures) {
    runWithin(machine, called.frame, doubts, (activation) =>
      machine
        .enter(called, called.self, unseenArguments(called, true), state.fork(), activation)
        .map((outcome) => outcome.state),
    );
  }
  if (closures.length > 0) return;
  const frame = lazyFrame(machine, unit, place.enclosing);
  const self = selfOfPlace(machine, unit, place.node, frame);
  const called: FunctionValue = {
    kind: "function",
    node: place.node,
    unit,
    frame,
    ...(self === undefined ? {} : { self }),
    ...(place.class === undefined ? {} : { homeClass: { kind: "class", node: place.class, unit, frame } }),
  };
  const hook = connectOverride(machine, unit, place, self);
  // The entry point is no call, so no step of the path says so: it starts inside the function.
  runWithin(machine, frame, doubts, (activation) => {
    const hooked = hook === undefined ? activation : { ...activation, hook };
    const state = new PathState();
    if (hook !== undefined && self?.kind === "instance" && self.base !== undefined)
      state.setHandle(self.base.handle, freshConnection);
    return machine
      .enter(called, self, conventionalArguments(machine, called, unseenArguments(called, true)), state, hooked)
      .map((outcome) => outcome.state);
  });
}

/** `connect()` of a class that extends a driver's client runs once for each client connection of the pool that is given the class. */
function connectOverride(machine: Machine, unit: SourceUnit, place: FunctionPlace, self: unknown): Activation["hook"] {
  if (place.class === undefined || !place.name.endsWith(".connect") || place.isStatic) return undefined;
  const instance = self as InstanceValue | undefined;
  if (instance?.kind !== "instance" || instance.base === undefined) return undefined;
  return machine.handles.get(instance.base).shape.scope === "client"
    ? { event: "connect() of the client class", location: locate(unit, place.node) }
    : undefined;
}

function assemble(input: FlowInput, ledger: Ledger): Machine {
  const units = new Map<string, SourceUnit | undefined>();
  const frames = new Map<SourceUnit, Frame>();
  const callbacks = new Map<SourceUnit, Budget["callbacks"]>();
  const instances = new Map<string, InstanceValue>();
  const readings = new Map<string, SqlReading>();
  let nextFrame = 1;
  let nextInstance = 1;

  const unitOf = (filename: string): SourceUnit | undefined => {
    if (!units.has(filename)) {
      const file = input.load(filename);
      units.set(filename, file === undefined ? undefined : makeSourceUnit(file));
    }
    return units.get(filename);
  };

  const instanceOf = (made: ClassValue, key: string): InstanceValue => {
    const whole = `${made.unit.filename}:${String(made.node.range[0])}@${key}`;
    let instance = instances.get(whole);
    if (instance === undefined) {
      const general = key === "any" ? undefined : instanceOf(made, "any");
      const base = baseHandle(machine, made, whole);
      // All instances of a class share what is known of their fields: methods are also run for an instance nobody was seen to make.
      instance = {
        kind: "instance",
        id: nextInstance++,
        class: made,
        fields: general?.fields ?? new Map<string, Value>(),
        ...(base === undefined ? {} : { base }),
      };
      instances.set(whole, instance);
      if (base !== undefined) notePassedUp(machine, made, base);
    }
    return instance;
  };

  const parts: Partial<Machine> = {};
  const machine = parts as Machine;
  const modules = makeModules(machine, input.resolve);
  const types = makeWrittenTypes(machine, input.resolve);
  const functions = makeFunctions(machine);
  const assembled: Machine = {
    ledger,
    catalogue: input.catalogue,
    handles: new HandleRegistry(input.declaredRoutes),
    pending: makePendingQueries(),
    readSql: (text) => {
      const key = text
        .map(
          (segment) =>
            `${segment.location.file}:${String(segment.location.range.start)}${segment.kind === "text" ? segment.value : `\uE000${segment.kind}`}`,
        )
        .join("\n");
      let reading = readings.get(key);
      if (reading === undefined) {
        reading = input.readSql(text);
        readings.set(key, reading);
      }
      return reading;
    },
    sqlFile: makeSqlFiles(input.sqlFiles),
    packages: input.packages,
    connects: { here: new Set<string>(), elsewhere: new Set<string>(), asPostgres: new Set<string>() },
    declaredAmbient: new Set<string>(),
    seesProgram: input.sourceFiles.length > 1,
    constructed: new Set<ClassValue["node"]>(),
    effort: { steps: 0 },
    callbacksOf: (unit) => {
      let left = callbacks.get(unit);
      if (left === undefined) {
        left = { steps: input.callbackSteps ?? CALLBACK_STEPS_PER_FILE };
        callbacks.set(unit, left);
      }
      return left;
    },
    covered: new Set<FunctionNode>(),
    leftOut: new Set<FunctionNode>(),
    evaluated: new Set<TSESTree.Node>(),
    closures: makeClosures(),
    globalValue: makeGlobalObject(machine, () => [...units.values()].filter((unit) => unit !== undefined)),
    decoration: makeDecorations(machine, () => [...units.values()].filter((unit) => unit !== undefined)),
    onPackageUse: (use) => {
      const urls = (): readonly ConnectionUrl[] =>
        urlsOfArguments(use.arguments, (handle) => machine.handles.get(handle).connection.urls);
      const found = input.libraryUseOf({ ...use, urls }, locate(use.unit, use.node));
      if (found !== undefined) ledger.libraryUse(found);
    },
    onAssignment: (node, value, state, activation) => {
      noteDefaults(machine, node, value, state, activation);
    },
    evaluate: (node, state, activation) => evaluate(machine, node, state, activation),
    evaluateCall: (node, state, activation, detached) => evaluateCall(machine, node, state, activation, detached),
    execute: (nodes, states, activation) => execute(machine, nodes, states, activation),
    assign: (target, value, state, activation) => {
      assign(machine, target, value, state, activation);
    },
    lookUp: (identifier, state, activation) => lookUp(machine, identifier, state, activation),
    lazyValue: makeLazyValues(machine),
    property: (value, name, node, state, activation) => property(machine, value, name, node, state, activation),
    call: (callee, self, values, state, activation, site) =>
      call(machine, callee, self, values, state, activation, site),
    construct: (made, values, state, activation, site) => construct(machine, made, values, state, activation, site),
    moduleFrame: (unit) => {
      let frame = frames.get(unit);
      if (frame === undefined) {
        frame = { id: nextFrame++, unit };
        frames.set(unit, frame);
      }
      return frame;
    },
    lazyActivation: (frame) => ({
      frame,
      exits: noExits(),
      path: [],
      stack: [],
      budget: { steps: STEPS_PER_LOOKUP, callbacks: { steps: 0 } },
      maxDepth: LOOKUP_DEPTH,
      pathConfidence: "certain",
      silent: true,
      catching: false,
    }),
    instanceOf,
    unitOf,
    nextFrameId: () => nextFrame++,
    ...modules,
    ...types,
    ...functions,
  };
  return Object.assign(machine, assembled);
}

/** What a class extends, or what it is by its own word: a migration that runs outside a transaction. */
function asClassSays(machine: Machine, made: ClassValue, parent: HandleValue, key: string): HandleValue {
  const { driver, shape } = machine.handles.get(parent);
  const { ofClass } = shape;
  const other = ofClass === undefined ? undefined : driver?.handles[ofClass.gives];
  if (ofClass === undefined || other === undefined || saidByClass(machine, made, ofClass.member) !== ofClass.says)
    return parent;
  const location = locate(made.unit, made.node);
  return machine.handles.make(`base:${key}`, { driver, shape: other, known: "created", location, fromCaller: false });
}

/** The literal that a field of a class holds, or that a method of it returns. */
function saidByClass(machine: Machine, made: ClassValue, name: string): unknown {
  const { member } = classMemberNamed(machine, made, name, true) ?? classMemberNamed(machine, made, name, false) ?? {};
  const statement = member?.type === "MethodDefinition" ? member.value.body?.body[0] : undefined;
  const said =
    member?.type === "PropertyDefinition"
      ? member.value
      : statement?.type === "ReturnStatement"
        ? statement.argument
        : undefined;
  return said?.type === "Literal" ? said.value : undefined;
}

/** The connection that instances of a class are, when it extends a driver's class, directly or through classes of the program. */
function baseHandle(machine: Machine, made: ClassValue, key: string): HandleValue | undefined {
  let current = made;
  for (let hops = 0; hops < 8; hops++) {
    const parent = superClassOf(machine, current);
    if (parent?.kind === "class") {
      current = parent;
      continue;
    }
    if (parent?.kind === "handle") return asClassSays(machine, made, parent, key);
    if (parent?.kind !== "external") return undefined;
    const found = machine.catalogue.exportOf(parent.module, parent.path);
    if (found?.shape.is !== "handle-maker") return undefined;
    const shape = found.driver.handles[found.shape.makes];
    return shape === undefined
      ? undefined
      : machine.handles.make(`base:${key}`, {
          driver: found.driver,
          shape,
          known: "created",
          location: locate(made.unit, made.node),
          fromCaller: false,
        });
  }
  return undefined;
}
