import type { ConnectionScope, Effect } from "../model.ts";
import type { VersionSpan } from "../source/packages.ts";
import type {
  MessageProtocol,
  PlaceholderStyle,
  QueryOperation,
  SameOperation,
  SwitchOperation,
} from "./query-operation.ts";

export type {
  MessageProtocol,
  PendingOperation,
  PlaceholderStyle,
  QueryOperation,
  SameOperation,
  SwitchOperation,
} from "./query-operation.ts";

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
  /**
   * For a package that serves several kinds of database: which one it is, only its settings tell, and which package for that kind is
   * installed beside it (`by-package`), or a schema (`by-schema`).
   */
  readonly severalDialects?: "by-package" | "by-schema";
  /** Names that stand for exports of `module` when they are imported from a module that was generated and is not there. */
  readonly generated?: { readonly module: string; readonly exports: readonly string[] };
  /** Methods that no other package has, with the kind of handle that whatever has them is. */
  readonly knownByMethods?: { readonly names: readonly string[]; readonly kind: string };
  /** The driver by which its connections are made, where it makes none. */
  readonly over?: string;
  /** The method by which a program says that all transactions follow the flow of control: `Sequelize.useCLS(namespace)`. */
  readonly flowDeclaredBy?: string;
  /** Files of settings that a tool of the package reads, by their name without extension, with the export of the package that takes such. */
  readonly settingsFiles?: readonly { readonly name: string; readonly module: string; readonly maker: string }[];
  /** It is the user who says what its modules do: their own sources are not asked. */
  readonly declared?: true;
  /** What a tool passes to functions that only the tool calls. */
  readonly conventions?: readonly Convention[];
}

/**
 * A function that a tool calls by its name: the first parameter is a handle of this kind when it is annotated with a type of the driver,
 * or is named so and has no annotation.
 */
export interface Convention {
  readonly functions: readonly string[];
  readonly parameters: readonly string[];
  /** The property of the first parameter that holds it, where that is an object. */
  readonly property?: string;
  readonly gives: string;
  /**
   * Where `false` says that the tool begins no transaction: a field of the class, or an export of the module and a property of that. The
   * handle is of this kind then.
   */
  readonly unless?: { readonly path: readonly string[]; readonly gives: string };
  /** For parameter names that say little (`db`): what the file must hold besides, an import of the driver or this text in the function. */
  readonly shownBy?: "import" | { readonly text: string };
}

/** What a module gives. */
export interface ModuleShape {
  /** By exported name; `default` is also what `require()` of the module is, unless it is a `namespace`. */
  readonly exports: Readonly<Record<string, ExportShape>>;
  /** Type names (`Pool`, `Knex.Transaction`) and the handle kind a value of that type is. */
  readonly types?: Readonly<Record<string, string>>;
  /** Types that are what their first argument is, or what a property of that is: `TransactionHost<Adapter>`. */
  readonly wrappers?: Readonly<Record<string, { readonly property?: string }>>;
  /** A global name that stands for the module: `Bun`. */
  readonly global?: string;
}

/** What every exported thing may have besides: members, and what calling it gives (`sql.type(schema)` is a tag). */
export interface ExportMembers {
  readonly exports?: Readonly<Record<string, ExportShape>>;
  readonly call?: ExportShape;
}

/** What an exported name is. */
export type ExportShape = ExportMembers &
  /** `new X(options)`, or a function of the same signature, makes a connection handle. */
  (
    | HandleMaker
    /** A handle that the module keeps ready, or a class whose static members are one; it has the settings that go without saying. */
    | ({ readonly is: "handle"; readonly makes: string } & Pick<ConnectOptions, "environment" | "namesStatements">)
    /** `new X(text, values)` or `x(text)` makes an object that carries SQL to a query call, or into a larger query. */
    | {
        readonly is: "message";
        readonly sql: number;
        readonly values?: number;
        readonly protocol: MessageProtocol;
        readonly placeholders?: PlaceholderStyle;
        /** The position of the path of the file that holds the SQL, which `sql` then does not. */
        readonly file?: number;
        /** SQL that it stands for by itself; as `text` of a query. */
        readonly text?: string;
        /** The position of the name of a named statement. */
        readonly name?: number;
        readonly sentBy?: SentBy;
      }
    /** A template tag whose result carries text and bind values; `namedBy` is a method of the result that makes it a named statement. */
    | { readonly is: "tag"; readonly sentBy?: SentBy; readonly named?: boolean; readonly namedBy?: string }
    /** A function that fills `%I`, `%L` and `%s` into its first argument. */
    | { readonly is: "format" }
    /** A function or tag whose argument becomes SQL text as it stands. */
    | { readonly is: "raw" }
    /** A function whose result stands for a name in a query: `sql.ref("a.b")`. */
    | { readonly is: "identifier" }
    /** A function that writes its argument into the text as a literal: `sql.lit(true)`. */
    | { readonly is: "literal" }
    /** A function that joins the queries of an array into one: `sql.join(parts, separator)`. */
    | { readonly is: "join" }
    /** A function that makes a larger part of a query of its arguments: `and(a, b)`. */
    | { readonly is: "parts" }
    /** A part of a query without text. */
    | { readonly is: "empty" }
    /** A decorator that says what is injected: `@InjectEntityManager() manager: EntityManager`. */
    | { readonly is: "injector"; readonly gives: string }
    /** A function that gives back what it is given: `addTransactionalDataSource(dataSource)`. */
    | { readonly is: "same" }
    /** A function that calls another one with a handle: `Prisma.defineExtension((client) => …)`. */
    | { readonly is: "extension"; readonly gives: string }
    /** Options that every connection made later starts from: `pg.defaults`. */
    | { readonly is: "defaults"; readonly options: ConnectOptions }
    /** An object with exports of its own: `pg.native`. */
    | { readonly is: "namespace" }
    /** Makes a connection to a database that is not PostgreSQL. */
    | { readonly is: "other-database" }
    /**
     * A decorator of methods, or a function with a callback, which then run in a transaction that follows the flow of control: see
     * `followsFlow`.
     */
    | { readonly is: "decorator" }
  );

/** `new Pool(options)`. */
export interface HandleMaker {
  readonly is: "handle-maker";
  readonly makes: string;
  readonly options?: ConnectOptions;
  /** Where a handle of another driver may be given, over which this one works: the argument itself, or one of its properties. */
  readonly over?: { readonly argument: number; readonly properties: readonly string[] };
  /** It sends nothing under a name, even over a driver that would: `sometimes` when its version decides. */
  readonly namesNothing?: "always" | "sometimes";
  /** The kind it makes where an option says that there is one client connection only: `max: 1`. */
  readonly single?: { readonly option: string; readonly value: number; readonly makes: string };
  /** The kind of what is only known by a written type to be made so: `ReturnType<typeof postgres>`. Default: `makes`. */
  readonly typed?: string;
}

/** A method of a query that sends it on the handle given as this argument: ``sql`…`.execute(db)``. */
export interface SentBy {
  readonly method: string;
  readonly argument: number;
}

/** How a driver is told the size of its pool. */
export interface PoolSizeShape {
  /** Options that say it, with dots into nested ones; the first that is given counts. */
  readonly options: readonly string[];
  /** Client connections; absent where it depends on the machine. */
  readonly default?: number;
  /** For a reader: "pg-pool 3.14". */
  readonly source: string;
}

/** Where the settings of a new connection are found. */
export interface ConnectOptions {
  /** Position of the options argument, or several of which each may be it; an object or a connection string. */
  readonly argument: number | readonly number[];
  /**
   * Option keys (and URL query keys) that become startup parameters, with the parameter's name. `every` when all keys do, but those of
   * `notSent`.
   */
  readonly startupParameters: Readonly<Record<string, string>> | "every";
  /** What is 0, false or empty is sent too; only what is undefined is not. */
  readonly sendsEmpty?: true;
  /** Keys of a URL query that are options of the driver, where every other one becomes a startup parameter. */
  readonly urlOptions?: readonly string[];
  /** The option that holds `-c name=value` text; also a URL query key. */
  readonly optionsText?: string;
  /** The option that holds the connection string. */
  readonly connectionString?: string;
  /** The environment variable that the driver reads where no setting says where the server is. */
  readonly environment?: string;
  /** How many client connections the pool opens at most. */
  readonly poolSize?: PoolSizeShape;
  /** What the keys of a URL's query mean, where that is not what the options of the same name mean. */
  readonly inUrl?: ConnectOptions;
  /** Options that are functions called with each new client connection. */
  readonly hooks?: Readonly<Record<string, HookShape>>;
  /** The option that names the class of the pool's clients; its `connect()` runs once per client connection. */
  readonly clientClass?: string;
  /**
   * Options that are objects with settings of their own: `extra: { … }`; `*` for each option. Their `argument` means nothing. A function
   * stands for the settings that it gives.
   */
  readonly nested?: Readonly<Record<string, ConnectOptions>>;
  /** The method that gives the settings, where a class may be named in their place: `useClass: DatabaseSettings`. */
  readonly givenBy?: string;
  /** Options that make the driver itself send SQL on each new connection, perhaps with one value only; `…` for what the option says. */
  readonly connectStatements?: Readonly<Record<string, string | { readonly sql: string; readonly value: string }>>;
  /** SQL that the driver sends between two users of a connection unless this option is given, in these versions. */
  readonly statementsByDefault?: readonly {
    readonly sql: string;
    readonly unless: string;
    readonly versions?: readonly VersionSpan[];
  }[];
  /** Startup parameters that are sent unless an option says otherwise, in these versions. */
  readonly sentByDefault?: readonly {
    readonly parameter: string;
    readonly value: string;
    readonly option: string;
    readonly offBy: string;
    readonly versions?: readonly VersionSpan[];
  }[];
  /**
   * The option that says which kind of database it is, with its values for PostgreSQL; without it, options and beginnings of connection
   * strings that lead to another kind.
   */
  readonly dialect?: {
    readonly option: string;
    readonly postgres: readonly string[];
    readonly otherOptions?: readonly string[];
    readonly otherUrls?: readonly string[];
  };
  /** The driver names the statements it prepares. */
  readonly namesStatements?: NamesStatements;
}

/** Statements travel under names of the driver's own unless `option` is false. */
export interface NamesStatements {
  readonly option: string;
  /** The option that holds the settings, when they are not the options themselves. */
  readonly inside?: string;
  /** What goes wrong behind a pooler that does not track names, and how it shows. */
  readonly symptom: string;
  readonly effect: Effect;
  /** It names them only when the option is given. */
  readonly onlyWith?: true;
}

/** A callback that gets a new client connection. */
export interface HookShape {
  readonly parameter: number;
  /** The property of that parameter that holds the connection; absent when it is the parameter itself. */
  readonly property?: string;
  readonly gives: string;
  /** It is called each time a connection is handed out or given back, and not only with new ones. */
  readonly repeats?: true;
}

/** A kind of connection handle, or of something that leads to one: a query builder, a repository, a schema builder. */
export interface HandleShape {
  /** What it is called in explanations: "pool", "checked-out client". */
  readonly title: string;
  readonly scope: ConnectionScope;
  readonly methods: Readonly<Record<string, Operation>>;
  /** Properties that lead to the same connection, with the kind they are; an empty name for the handle of the driver below. */
  readonly views?: Readonly<Record<string, string>>;
  /** Properties that lead to another connection of the same settings, with the kind they are: `queryRunner.connection`. */
  readonly outside?: Readonly<Record<string, string>>;
  /** Properties that are exports of a module: `pgp.PreparedStatement`. */
  readonly exports?: { readonly module: string; readonly names: readonly string[] };
  /** The kind of the handle of the driver below, where the driver made that itself. */
  readonly below?: string;
  /** What using it as a template tag does. */
  readonly tag?: QueryOperation;
  /** What calling it does. */
  readonly call?: Operation;
  /** Nobody began a transaction on it before it is handed over. */
  readonly isFresh?: true;
  /** By AsyncLocalStorage it is in the transaction in whose callback it is used, whichever handle that was begun on. */
  readonly followsFlow?: true;
  /** The kind that instances of a class are which extends this one, when a field or method of the class says so. */
  readonly ofClass?: { readonly member: string; readonly says: boolean; readonly gives: string };
  /** Properties and methods that say which kind of database it is, with the names they have for PostgreSQL. */
  readonly saysDialect?: Readonly<Record<string, readonly string[]>>;
  /** What every other method and property gives: the next step of a query builder. */
  readonly others?: string;
  /** Properties that say whether it is in a transaction: `db.isTransaction`. */
  readonly asksForTransaction?: readonly string[];
}

/** What a method of a handle does. Arguments are counted from 0. */
export type Operation =
  /** Sends SQL. */
  | QueryOperation
  /** Gives a client connection of its own: as the result (a promise), or as the parameter `callbackParameter` of a callback. */
  | { readonly does: "checkout"; readonly gives: string; readonly callbackParameter: number }
  /** Runs a callback in a transaction of the driver's, or begins one. */
  | TransactionOperation
  /** Runs a callback on the same connection, in the state it is in: a savepoint, a nested task. */
  | { readonly does: "nested"; readonly parameter: number; readonly gives: string }
  /** Begins a transaction on this handle. */
  | { readonly does: "begin" }
  /** Ends the transaction of this handle; `throws` when what follows the call does not run. */
  | { readonly does: "end"; readonly how: "commit" | "rollback"; readonly throws?: true }
  /**
   * Gives something that works on the same connection: `db.withSchema("x")`, `manager.getRepository(User)`. Callbacks among the arguments
   * run at once and are given it too, or `later`: those of an extension.
   */
  | SameOperation
  /** Goes on with the connection that is given as this argument: `.transacting(trx)`. */
  | SwitchOperation
  /** Gives a handle over another connection: `pgp(connection)`. */
  | { readonly does: "make"; readonly maker: HandleMaker }
  /** Makes a part of a query, or a query that something else sends, from this text. */
  | {
      readonly does: "message";
      readonly sql: number;
      readonly placeholders?: PlaceholderStyle;
      /** SQL that it stands for by itself; as `text` of a query. */
      readonly text?: string;
    }
  /** Makes a part of a query that is a name or a list of values: `sql("column")`. */
  | { readonly does: "identifier" }
  /** Registers callbacks by event name (-1: for the only event of the table); `events` are those that get a new client connection, the others run whenever. */
  | { readonly does: "subscribe"; readonly event: number; readonly events: Readonly<Record<string, HookShape>> }
  /** Gives the client connection back or closes it. */
  | { readonly does: "release" }
  /** Opens a connection of its own with these startup parameters besides the usual ones. */
  | { readonly does: "connect"; readonly startupParameters: Readonly<Record<string, string>> }
  /** Nothing that matters here; the result is unknown. */
  | { readonly does: "nothing" };

/**
 * Runs the callback among its arguments in a transaction, on a handle given as the callback's parameter `parameter`. Without a callback:
 * a list of queries that are not sent yet runs in the transaction, when `lists`; else the result is a handle in a transaction, when
 * `manual`.
 */
export interface TransactionOperation {
  readonly does: "transaction";
  readonly parameter: number;
  readonly gives: string;
  readonly lists?: boolean;
  readonly manual?: boolean;
  /**
   * Handles of the driver that follow the flow of control are in the transaction too, while the callback runs; `declared`: where the
   * program says so once for all.
   */
  readonly ambient?: boolean | "declared";
}
