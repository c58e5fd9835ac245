import type { ConnectionScope } from "../model.ts";

/**
 * What the analysis must know of a package through which programs reach PostgreSQL: a table. The flow engine reads it; nothing in the
 * engine names a package. Rows cite the version they were read or measured on.
 */
export interface Driver {
  /** As on npm. */
  readonly name: string;
  /** Version(s) the table was checked against. */
  readonly source: string;
  /** By module specifier, as it is imported. */
  readonly modules: Readonly<Record<string, ModuleShape>>;
  /** Kinds of connection handle, by a name of the table's own. */
  readonly handles: Readonly<Record<string, HandleShape>>;
}

/** What a module gives. */
export interface ModuleShape {
  /** By exported name; `default` is also what `require()` of the module is, unless it is a `namespace`. */
  readonly exports: Readonly<Record<string, ExportShape>>;
  /** Type names and the handle kind a value of that type is. */
  readonly types?: Readonly<Record<string, string>>;
}

/** What an exported name is. */
export type ExportShape =
  /** `new X(options)`, or a function of the same signature, makes a connection handle. */
  | { readonly is: "handle-maker"; readonly makes: string; readonly options?: ConnectOptions }
  /** `new X(text, values)` or `x(text)` makes an object that carries SQL to a query call. */
  | { readonly is: "message"; readonly sql: number; readonly values?: number; readonly protocol: MessageProtocol }
  /** A template tag whose result carries text and bind values. */
  | { readonly is: "tag" }
  /** A function that fills `%I`, `%L` and `%s` into its first argument. */
  | { readonly is: "format" }
  /** A function or tag whose argument becomes SQL text as it stands. */
  | { readonly is: "raw" }
  /** Options that every connection made later starts from: `pg.defaults`. */
  | { readonly is: "defaults"; readonly options: ConnectOptions }
  /** An object with exports of its own: `pg.native`. */
  | { readonly is: "namespace"; readonly exports: Readonly<Record<string, ExportShape>> };

/** `by-values`: extended when bind values are given, else simple. */
export type MessageProtocol = "simple" | "extended" | "by-values";

/** Where the settings of a new connection are found. */
export interface ConnectOptions {
  /** Position of the options argument; it may be an object or a connection string. */
  readonly argument: number;
  /** Option keys (and URL query keys) that become startup parameters, with the parameter's name. */
  readonly startupParameters: Readonly<Record<string, string>>;
  /** The option that holds `-c name=value` text; also a URL query key. */
  readonly optionsText?: string;
  /** The option that holds the connection string. */
  readonly connectionString?: string;
  /** Options that are functions called with each new client connection. */
  readonly hooks?: Readonly<Record<string, HookShape>>;
  /** The option that names the class of the pool's clients; its `connect()` runs once per client connection. */
  readonly clientClass?: string;
}

/** A callback that gets a new client connection. */
export interface HookShape {
  readonly parameter: number;
  readonly gives: string;
}

/** A kind of connection handle. */
export interface HandleShape {
  /** What it is called in explanations: "pool", "checked-out client". */
  readonly title: string;
  readonly scope: ConnectionScope;
  readonly methods: Readonly<Record<string, Operation>>;
}

/** What a method of a handle does. Arguments are counted from 0. */
export type Operation =
  /** Sends SQL. */
  | QueryOperation
  /** Gives a client connection of its own: as the result (a promise), or as the parameter `parameter` of a callback. */
  | { readonly does: "checkout"; readonly gives: string; readonly callbackParameter: number }
  /** Runs a callback in a transaction of the driver's, on a handle given as its parameter `parameter`. */
  | { readonly does: "transaction"; readonly callback: number; readonly parameter: number; readonly gives: string }
  /** Registers callbacks by event name; `events` are those that get a new client connection, the others run whenever. */
  | { readonly does: "subscribe"; readonly event: number; readonly events: Readonly<Record<string, HookShape>> }
  /** Gives the client connection back or closes it. */
  | { readonly does: "release" }
  /** Nothing that matters here; the result is unknown. */
  | { readonly does: "nothing" };

export interface QueryOperation {
  readonly does: "query";
  /** The argument with the SQL: a text, a message object, or a configuration object with the fields below. */
  readonly sql: number;
  /** The argument with the bind values. */
  readonly values?: number;
  readonly config?: {
    readonly text: string;
    readonly values: string;
    /** The field whose non-empty value makes it a named statement. */
    readonly name?: string;
    /** Fields that force the extended protocol when truthy. */
    readonly extended?: readonly string[];
  };
}

/** How the flow engine asks about packages. */
export interface DriverCatalogue {
  /** What `path` of a module is: `("pg", ["Pool"])`, `("pg", ["default", "native", "Client"])`. */
  readonly exportOf: (
    module: string,
    path: readonly string[],
  ) => { readonly driver: Driver; readonly shape: ExportShape } | undefined;
  /** The handle kind of a type imported from a module. */
  readonly typeOf: (
    module: string,
    path: readonly string[],
  ) => { readonly driver: Driver; readonly kind: string } | undefined;
  /** True for modules through which a program reaches PostgreSQL. */
  readonly isDriverModule: (module: string) => boolean;
  /** True for modules through which a program reaches a database that is not PostgreSQL. */
  readonly isOtherDialect: (module: string) => boolean;
}

/** Makes the look-ups over these drivers. */
export function makeDriverCatalogue(drivers: readonly Driver[], otherDialects: ReadonlySet<string>): DriverCatalogue {
  const modules = new Map<string, { driver: Driver; shape: ModuleShape }>();
  for (const driver of drivers) {
    for (const [module, shape] of Object.entries(driver.modules)) modules.set(module, { driver, shape });
  }
  const own = <Item>(table: Readonly<Record<string, Item>> | undefined, key: string): Item | undefined =>
    table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;

  return {
    exportOf: (module, path) => {
      const found = modules.get(module);
      if (found === undefined) return undefined;
      let exports: Readonly<Record<string, ExportShape>> = found.shape.exports;
      let shape: ExportShape | undefined = own(exports, "default");
      for (const step of path) {
        const next = own(exports, step);
        if (next === undefined) {
          // `import pg from "pg"` and `require("pg").default` are the module itself where it has no default of its own.
          if (step === "default") continue;
          return undefined;
        }
        shape = next;
        exports = next.is === "namespace" ? next.exports : {};
      }
      return shape === undefined ? undefined : { driver: found.driver, shape };
    },
    typeOf: (module, path) => {
      const found = modules.get(module);
      const name = path.find((step) => step !== "default" && step !== "native") ?? "default";
      const kind = own(found?.shape.types, name);
      return found === undefined || kind === undefined ? undefined : { driver: found.driver, kind };
    },
    isOtherDialect: (module) => otherDialects.has(module),
    isDriverModule: (module) => Object.keys(modules.get(module)?.driver.handles ?? {}).length > 0,
  };
}
