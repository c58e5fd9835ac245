import type {
  ConnectOptions,
  Convention,
  Driver,
  ExportMembers,
  ExportShape,
  HandleMaker,
  ModuleShape,
} from "./driver.ts";

/** How the flow engine asks about packages. */
export interface DriverCatalogue {
  /** What `path` of a module is: `("pg", ["Pool"])`, `("pg", ["default", "native", "Client"])`; `()` in a path is a call. */
  readonly exportOf: (
    module: string,
    path: readonly string[],
  ) => { readonly driver: Driver; readonly shape: ExportShape } | undefined;
  /** The handle kind of a type imported from a module. */
  readonly typeOf: (
    module: string,
    path: readonly string[],
  ) => { readonly driver: Driver; readonly kind: string } | undefined;
  /** Whether the user says what this export does. */
  readonly isDeclared: (module: string, name: string) => boolean;
  /** How a type of a module wraps that of its first argument. */
  readonly wrapperOf: (module: string, path: readonly string[]) => { readonly property?: string } | undefined;
  /** The module that an import of this name means when the module it names is not there. */
  readonly generatedModule: (name: string) => string | undefined;
  /** The module that a global name stands for. */
  readonly globalModule: (name: string) => string | undefined;
  /** Whether a driver has an option of this name that decides something when a connection is made: `statement_timeout`, `connectionString`. */
  readonly isConnectOption: (name: string) => boolean;
  /** What tools pass to a function of this name. */
  readonly conventions: (
    functionName: string,
  ) => readonly { readonly driver: Driver; readonly convention: Convention }[];
  /** The drivers whose tool reads settings from a file of this name, with what makes a connection of them. */
  readonly settingsIn: (fileName: string) => readonly { readonly driver: Driver; readonly maker: HandleMaker }[];
  /** The driver that alone has a method of this name. */
  readonly driverOfMethod: (name: string) => { readonly driver: Driver; readonly kind: string } | undefined;
  /** The driver by which the connections of this one are made, where that is another one. */
  readonly under: (driver: string) => string | undefined;
  /** The driver that a module belongs to. */
  readonly driverOf: (module: string) => Driver | undefined;
  /** True for modules through which a program reaches PostgreSQL. */
  readonly isDriverModule: (module: string) => boolean;
  /** True for modules through which a program reaches a database that is not PostgreSQL. */
  readonly isOtherDialect: (module: string) => boolean;
  /** True for a driver that reaches each kind of database through a package for that kind. */
  readonly isByPackage: (driver: string) => boolean;
  /** True for packages that are for PostgreSQL and no other kind of database, as far as their names say. */
  readonly isForPostgres: (name: string) => boolean;
  /** True for packages through which such a driver reaches another kind of database. */
  readonly isRelationalPackage: (name: string) => boolean;
  /** True for modules of other kinds of database, and for entry points of a driver of several databases that make nothing but connections to others. */
  readonly isOfOthers: (module: string) => boolean;
}

const own = <Item>(table: Readonly<Record<string, Item>> | undefined, key: string): Item | undefined =>
  table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;

/** What a path leads to inside an export. */
function follow(module: ModuleShape, path: readonly string[]): ExportShape | undefined {
  let members: ExportMembers = { exports: module.exports };
  let shape = own(module.exports, "default");
  // A CommonJS module's default is the module: `import knexModule from "knex"; const { knex } = knexModule`.
  let isModule = true;
  for (const step of path) {
    const next: ExportShape | undefined =
      step === "()" ? members.call : (own(members.exports, step) ?? (isModule ? own(module.exports, step) : undefined));
    if (next === undefined) {
      // `import pg from "pg"` and `require("pg").default` are the module itself where it has no default of its own.
      if (step === "default") continue;
      return undefined;
    }
    shape = next;
    members = next;
    isModule = step === "default";
  }
  return shape;
}

/** Names so common that a package under a scope is hardly a fork of the driver of that name: `@acme/pg` is somebody's own module. */
const COMMON_NAMES: ReadonlySet<string> = new Set(["postgres", "pg", "bun", "kysely", "knex"]);

const bareName = (name: string): string => /^@[^/]+\/(.+)$/.exec(name)?.[1] ?? name;

/** Whether a package of this name under a scope (`@acme/slonik`) may be taken for a fork, which exports the same. */
export const mayBeForked = (name: string): boolean => !name.startsWith("@") && !COMMON_NAMES.has(name);

/** The options by which a way to make connections decides what is sent, or where to. */
function optionNames(shape: ExportShape): string[] {
  const own = shape.is === "handle-maker" && shape.options !== undefined ? namesOfOptions(shape.options) : [];
  return [...own, ...Object.values(shape.exports ?? {}).flatMap(optionNames)];
}

const namesOfOptions = (options: ConnectOptions): string[] => [
  ...(options.startupParameters === "every" ? [] : Object.keys(options.startupParameters)),
  ...Object.keys(options.hooks ?? {}),
  ...Object.keys(options.connectStatements ?? {}),
  ...[options.optionsText, options.connectionString, options.namesStatements?.option].filter(
    (name) => name !== undefined,
  ),
  ...Object.values(options.nested ?? {}).flatMap(namesOfOptions),
];

/** Words in the names of packages that are for PostgreSQL only. A name too many costs nothing: what it says is only that all is as usual. */
const postgresNames =
  /(?:^|[@/_-])(?:pg|pgtyped|postgres\w*|neon\w*|cockroach\w*|timescale\w*|supabase|redshift|slonik|vercel-postgres)(?:$|[/_-])/i;

/** Kinds of database that drivers for several kinds work with. */
const relational = /mysql|mariadb|sqlite|libsql|mssql|tedious|oracle|snowflake|db2|planetscale|d1\b/i;

/** Makes the look-ups over these drivers. */
export function makeDriverCatalogue(drivers: readonly Driver[], otherDialects: ReadonlySet<string>): DriverCatalogue {
  const modules = new Map<string, { driver: Driver; shape: ModuleShape }>();
  const generated = new Map<string, string>();
  const globals = new Map<string, string>();
  for (const driver of drivers) {
    for (const [module, shape] of Object.entries(driver.modules)) {
      modules.set(module, { driver, shape });
      if (shape.global !== undefined && !globals.has(shape.global)) globals.set(shape.global, module);
    }
    for (const name of driver.generated?.exports ?? []) generated.set(name, driver.generated?.module ?? "");
  }
  const byMethod = new Map(
    drivers.flatMap((driver) =>
      (driver.knownByMethods?.names ?? []).map(
        (name) => [name, { driver, kind: driver.knownByMethods?.kind ?? "" }] as const,
      ),
    ),
  );
  const moduleOf = (name: string): { driver: Driver; shape: ModuleShape } | undefined =>
    modules.get(name) ?? (mayBeForked(bareName(name)) ? modules.get(bareName(name)) : undefined);
  const conventions = drivers.flatMap((driver) =>
    (driver.conventions ?? []).map((convention) => ({ driver, convention })),
  );

  const options = new Set(
    [...modules.values()].flatMap(({ shape }) => Object.values(shape.exports)).flatMap(optionNames),
  );

  return {
    isConnectOption: (name) => options.has(name),
    exportOf: (module, path) => {
      const found = moduleOf(module);
      const shape = found === undefined ? undefined : follow(found.shape, path);
      return found === undefined || shape === undefined ? undefined : { driver: found.driver, shape };
    },
    isDeclared: (module, name) => {
      const found = modules.get(module);
      return found?.driver.declared === true && own(found.shape.exports, name) !== undefined;
    },
    typeOf: (module, path) => {
      const found = moduleOf(module);
      const names = path.filter((step) => step !== "default" && step !== "native");
      const kind = own(found?.shape.types, names.length === 0 ? "default" : names.join("."));
      return found === undefined || kind === undefined ? undefined : { driver: found.driver, kind };
    },
    wrapperOf: (module, path) => own(moduleOf(module)?.shape.wrappers, path.join(".")),
    generatedModule: (name) => generated.get(name),
    globalModule: (name) => globals.get(name),
    conventions: (functionName) => conventions.filter(({ convention }) => convention.functions.includes(functionName)),
    settingsIn: (fileName) =>
      drivers.flatMap((driver) =>
        (driver.settingsFiles ?? []).flatMap(({ name, module, maker }) => {
          const shape = own(own(driver.modules, module)?.exports, maker);
          return name === fileName && shape?.is === "handle-maker" ? [{ driver, maker: shape }] : [];
        }),
      ),
    driverOfMethod: (name) => byMethod.get(name),
    under: (name) => drivers.find((driver) => driver.name === name)?.over,
    driverOf: (module) => moduleOf(module)?.driver,
    isOtherDialect: (module) => otherDialects.has(module),
    isByPackage: (name) => drivers.some((driver) => driver.name === name && driver.severalDialects === "by-package"),
    isForPostgres: (name) => postgresNames.test(name) && !otherDialects.has(name),
    isRelationalPackage: (name) => otherDialects.has(name) && relational.test(name),
    isOfOthers: (module) => {
      const exports = Object.values(moduleOf(module)?.shape.exports ?? {});
      return otherDialects.has(module) || (exports.length > 0 && exports.every(({ is }) => is === "other-database"));
    },
    isDriverModule: (module) => Object.keys(moduleOf(module)?.driver.handles ?? {}).length > 0,
  };
}
