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
import { locate, makeSourceUnit, type SourceUnit } from "../source/source-unit.ts";
import type { ClassValue, Frame, FunctionNode, InstanceValue, Value } from "../source/values.ts";
import { assign } from "./assignments.ts";
import { call, construct, evaluateCall } from "./calls.ts";
import { noteDefaults } from "./connection-defaults.ts";
import { evaluate } from "./expressions.ts";
import { makeFunctions } from "./functions.ts";
import { makeClosures } from "./closures.ts";
import { makeDecorations } from "./decorations.ts";
import { HandleRegistry } from "./handles.ts";
import { onPostgres } from "./installed-dialects.ts";
import { Ledger } from "./ledger.ts";
import { type Budget, type Machine, noExits, type PackageUse } from "./machine.ts";
import { makeGlobalObject } from "./global-object.ts";
import { makeModules } from "./modules.ts";
import { notePassedUp } from "./passed-up.ts";
import { makePendingQueries, sendUnused } from "./pending-queries.ts";
import { property } from "./properties.ts";
import { makeSqlFiles } from "./sql-files.ts";
import { execute } from "./statements.ts";
import { lookUp, makeLazyValues } from "./variables.ts";
import { makeWrittenTypes } from "./written-types.ts";
import { baseHandle } from "./class-connections.ts";
import { runProgram, STEPS_PER_FILE, testsLast } from "./entries.ts";

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
  /** Steps that all entry points of one file may take together. Default: more than real files need. */
  readonly stepsPerFile?: number;
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
  runProgram(machine, units);
  sendUnused(machine);
  const importsPostgres = units.some((unit) => unit.modules.some((module) => machine.catalogue.isForPostgres(module)));
  return {
    ...onPostgres(machine, ledger.close(), importsPostgres),
    connections: machine.handles.connections,
    steps: machine.effort.steps,
  };
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
    stepsOf: new Map<SourceUnit, number>(),
    stepsPerFile: input.stepsPerFile ?? STEPS_PER_FILE,
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
