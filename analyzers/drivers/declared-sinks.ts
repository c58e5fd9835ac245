import type { Driver, ExportShape, HandleShape, Operation, QueryOperation } from "./driver.ts";
import { pgClient, pgPool } from "./pg.ts";

/** A function of the user's own packages that the user says sends SQL, opens a transaction or gives a connection. */
export interface DeclaredSink {
  /** The module as it is imported: `@acme/db`. */
  readonly import: string;
  /** The export; `default`, and dots into an exported object: `db.run`. */
  readonly name: string;
  /** Position of the SQL text among the arguments, from 0; a template tag takes it as its text. */
  readonly sqlArg?: number | undefined;
  /** Position of the bind values. */
  readonly valuesArg?: number | undefined;
  /** Position of a callback, and of the connection among the parameters of that. */
  readonly callbackArg?: number | undefined;
  readonly clientParameter?: number | undefined;
  /** What the callback runs in; of no meaning without one. */
  readonly opens?: "transaction" | "client" | undefined;
  /** What calling it gives. */
  readonly gives?: "pool" | "client" | undefined;
}

/** Methods that somebody's own handle may have, whichever driver is below it. */
const anyQuery: QueryOperation = { does: "query", sql: 0, values: 1 };
const ownMethods: HandleShape["methods"] = {
  ...pgClient.methods,
  execute: anyQuery,
  raw: anyQuery,
  unsafe: anyQuery,
};

const handles = {
  pool: { ...pgPool, methods: { ...pgPool.methods, execute: anyQuery, raw: anyQuery, unsafe: anyQuery } },
  client: { ...pgClient, methods: ownMethods, tag: anyQuery, call: anyQuery },
  transaction: {
    ...pgClient,
    title: "transaction",
    scope: "transaction",
    methods: ownMethods,
    tag: anyQuery,
    call: anyQuery,
  },
} as const satisfies Readonly<Record<string, HandleShape>>;

function operationOf(sink: DeclaredSink): Operation {
  const { sqlArg, valuesArg, callbackArg, clientParameter = 0, opens = "transaction", gives } = sink;
  if (gives !== undefined) return { does: "same", gives };
  if (sqlArg !== undefined)
    return { does: "query", sql: sqlArg, ...(valuesArg === undefined ? {} : { values: valuesArg }) };
  if (callbackArg === undefined) return { does: "nothing" };
  return opens === "client"
    ? { does: "checkout", gives: "client", callbackParameter: clientParameter }
    : { does: "transaction", parameter: clientParameter, gives: "transaction" };
}

/** The functions that the user declares, as the tables of drivers: one for each module. */
export function declaredDrivers(sinks: readonly DeclaredSink[]): readonly Driver[] {
  const modules = [...new Set(sinks.map((sink) => sink.import))];
  return modules.map((module) => {
    const own = sinks.filter((sink) => sink.import === module);
    const shapes = own.map((sink): readonly [string, HandleShape] => {
      const call = operationOf(sink);
      return [
        `sink ${sink.name}`,
        {
          title: sink.name,
          scope: "pool",
          methods: {},
          call,
          ...(sink.sqlArg === 0 ? { tag: { does: "query", sql: 0 } satisfies QueryOperation } : {}),
        },
      ];
    });
    let exports: Readonly<Record<string, ExportShape>> = {};
    for (const { name } of own) exports = withExport(exports, name.split("."), `sink ${name}`);
    return {
      name: module,
      source: "the project's configuration",
      declared: true,
      handles: { ...handles, ...Object.fromEntries(shapes) },
      modules: { [module]: { exports } },
    };
  });
}

function withExport(
  exports: Readonly<Record<string, ExportShape>>,
  [first = "", ...rest]: readonly string[],
  makes: string,
): Readonly<Record<string, ExportShape>> {
  if (rest.length === 0) return { ...exports, [first]: { is: "handle", makes } };
  const inner = withExport(exports[first]?.exports ?? {}, rest, makes);
  return { ...exports, [first]: { ...(exports[first] ?? { is: "namespace" }), exports: inner } };
}

/** Whether a file's text imports one of the modules that the user declares. */
export const importsSink = (text: string, sinks: readonly DeclaredSink[]): boolean =>
  sinks.some(({ import: module }) => text.includes(`"${module}"`) || text.includes(`'${module}'`));
