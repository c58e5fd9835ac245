/**
 * The nouns of the analysis. Every other room of `analyzers/` speaks in these types; this file imports nothing.
 *
 * Ranges are half-open UTF-16 offsets into the text of a file. Nothing here carries lines or columns: the faces compute them.
 */

/** A half-open range of UTF-16 offsets in one text. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

/** A range in a named file. `file` is the name under which the face handed the file to the core. */
export interface SourceLocation {
  readonly file: string;
  readonly range: SourceRange;
}

/**
 * A piece of SQL text as the analysed program builds it.
 *
 * - `text`: known characters. When `value.length` equals the length of the location's range the two correspond offset by offset;
 *   otherwise the piece is atomic (an escape such as `\n`, or text computed from something else) and stands for its whole range.
 * - `parameter`: a bind value. It cannot change which statement this is.
 * - `hole`: SQL text the analysis could not resolve; `reason` says why, for a reader ("`where` is a parameter of `find`"). `setting` is
 *   the environment variable or setting that it is, where it is one.
 */
export type SqlSegment =
  | { readonly kind: "text"; readonly value: string; readonly location: SourceLocation }
  | { readonly kind: "parameter"; readonly location: SourceLocation }
  | { readonly kind: "hole"; readonly reason: string; readonly location: SourceLocation; readonly setting?: string };

/** One way the text of a message can look, in order. */
export type SqlText = readonly SqlSegment[];

/** Stands for one hole in the joined text of a `SqlText`; lexed as a letter of an identifier. */
export const HOLE = "\uE000";
/** Stands for one bind parameter in the joined text of a `SqlText`; lexed as a parameter (`$1`). */
export const PARAMETER = "\uE001";

/** What one statement does to the session or the transaction it runs in. A statement has any number of them. */
export type SqlAction =
  | SetParameter
  | ResetParameter
  | SetIdentity
  | ResetIdentity
  | SetTransaction
  | SetConstraints
  | AdvisoryLock
  | PreparedStatement
  | CreateTemporary
  | DropRelation
  | Notification
  | Cursor
  | LoadLibrary
  | Discard
  | SessionFunction
  | SequenceAdvance
  | TransactionControl;

/** What all actions share. */
interface ActionBase {
  /** The token that does it: the first keyword of a statement, or the function name of a call. Findings point here. */
  readonly location: SourceLocation;
  /**
   * Where the action stands.
   * - `statement`: it runs when the statement runs;
   * - `do-body`: inside the body of a DO block, runs when the DO runs;
   * - `routine-body`: inside the body of CREATE FUNCTION / PROCEDURE, runs in whatever session and transaction calls the routine;
   */
  readonly place: "statement" | "do-body" | "routine-body";
  /** Ranges a proved edit may need; absent where the text there is not one-to-one with the source. */
  readonly anchors?: Readonly<Partial<Record<ActionAnchor, SourceLocation>>>;
}

/**
 * - `scope`: the SESSION keyword of `SET SESSION x`, or the empty range just before the parameter name of `SET x`: where LOCAL goes;
 * - `isLocal`: the third argument of set_config();
 * - `functionName`: the bare name of the called function, without schema;
 * - `onCommit`: the ON COMMIT clause of CREATE TEMP TABLE, or the empty range where it would be written.
 */
export type ActionAnchor = "scope" | "isLocal" | "functionName" | "onCommit";

/**
 * `session`: lasts until the server connection ends or resets it. `local`: until the end of the transaction.
 * `unknown`: decided by text or a value that is not known (`set_config(a, b, $3)`).
 */
export type SettingScope = "session" | "local" | "unknown";

/** SET, SET SESSION, SET LOCAL, set_config(), UPDATE pg_settings, setseed(), SET SESSION CHARACTERISTICS. */
export interface SetParameter extends ActionBase {
  readonly kind: "set-parameter";
  /**
   * Canonical lower-case name: `SET TIME ZONE` is `timezone`, `SET SCHEMA` is `search_path`, `SET NAMES` is `client_encoding`,
   * `SET SEED` and `setseed()` are `seed`, SESSION CHARACTERISTICS is `default_transaction_*`. May contain HOLE or PARAMETER characters.
   */
  readonly name: string;
  readonly scope: SettingScope;
  readonly via: "set" | "set_config" | "pg_settings" | "setseed" | "session-characteristics";
  /** The SQL text of the value where the statement shows it, trimmed. */
  readonly value?: string;
  /** See StatementShape: whether the rest of the statement can make use of a `local` effect. */
  readonly shape: StatementShape;
}

/** RESET x, RESET ALL, SET x TO DEFAULT. `name` is `all` for RESET ALL. */
export interface ResetParameter extends ActionBase {
  readonly kind: "reset-parameter";
  readonly name: string;
  readonly scope: SettingScope;
}

/** SET ROLE, SET SESSION AUTHORIZATION, set_config('role', …). */
export interface SetIdentity extends ActionBase {
  readonly kind: "set-identity";
  readonly identity: "role" | "session_authorization";
  readonly scope: SettingScope;
  readonly value?: string;
  readonly shape: StatementShape;
  readonly via: "set" | "set_config";
}

/** RESET ROLE, SET ROLE NONE, RESET SESSION AUTHORIZATION, SET SESSION AUTHORIZATION DEFAULT. */
export interface ResetIdentity extends ActionBase {
  readonly kind: "reset-identity";
  readonly identity: "role" | "session_authorization";
}

/** SET TRANSACTION …. */
export interface SetTransaction extends ActionBase {
  readonly kind: "set-transaction";
}

/** SET CONSTRAINTS …. */
export interface SetConstraints extends ActionBase {
  readonly kind: "set-constraints";
}

/** A call of pg_advisory_*(). */
export interface AdvisoryLock extends ActionBase {
  readonly kind: "advisory-lock";
  readonly operation: "lock" | "try-lock" | "unlock" | "unlock-all";
  readonly scope: "session" | "transaction";
  readonly shared: boolean;
  /** Lower-case function name without schema. */
  readonly function: string;
  /** The argument text, whitespace normalised; absent for unlock-all. */
  readonly key?: string;
  readonly shape: StatementShape;
}

/** SQL-level PREPARE, EXECUTE (also EXPLAIN EXECUTE and CREATE TABLE AS EXECUTE), DEALLOCATE. */
export interface PreparedStatement extends ActionBase {
  readonly kind: "prepared-statement";
  readonly operation: "prepare" | "execute" | "deallocate" | "deallocate-all";
  /** As PostgreSQL folds it; absent for deallocate-all. */
  readonly name?: string;
}

/** CREATE TEMP TABLE / VIEW / SEQUENCE, CREATE TEMP TABLE AS, SELECT INTO TEMP, anything created in schema pg_temp. */
export interface CreateTemporary extends ActionBase {
  readonly kind: "create-temporary";
  readonly object: "table" | "view" | "sequence" | "function" | "type";
  /** Unqualified, as PostgreSQL folds it; may contain HOLE. */
  readonly name: string;
  readonly onCommit: "preserve" | "delete" | "drop";
  readonly ifNotExists: boolean;
  readonly via: "keyword" | "pg_temp" | "select-into";
}

/** DROP TABLE/VIEW/SEQUENCE/FUNCTION/TYPE and TRUNCATE, one action for each named object. */
export interface DropRelation extends ActionBase {
  readonly kind: "drop-relation";
  readonly operation: "drop" | "truncate";
  /** Unqualified, as PostgreSQL folds it. */
  readonly name: string;
  /** The schema as written, folded; absent when unqualified. */
  readonly schema?: string;
  readonly ifExists: boolean;
}

/** LISTEN, UNLISTEN, NOTIFY, pg_notify(). */
export interface Notification extends ActionBase {
  readonly kind: "notification";
  readonly operation: "listen" | "unlisten" | "unlisten-all" | "notify";
  readonly channel?: string;
}

/** DECLARE, FETCH/MOVE, CLOSE. */
export interface Cursor extends ActionBase {
  readonly kind: "cursor";
  readonly operation: "declare" | "fetch" | "close" | "close-all";
  readonly name?: string;
  /** DECLARE … WITH HOLD. */
  readonly hold: boolean;
}

/** LOAD 'library'. */
export interface LoadLibrary extends ActionBase {
  readonly kind: "load-library";
  readonly library: string;
}

/** DISCARD ALL | PLANS | SEQUENCES | TEMP. */
export interface Discard extends ActionBase {
  readonly kind: "discard";
  readonly target: "all" | "plans" | "sequences" | "temp";
}

/**
 * A call of a function whose result or effect belongs to one server connection: currval, lastval, pg_backend_pid, pg_cancel_backend,
 * pg_terminate_backend, pg_listening_channels, pg_my_temp_schema, pg_export_snapshot, dblink_connect…, pg_replication_origin_session_*,
 * pg_create_*_replication_slot with temporary = true, lo_open …. Which of them matter, and when, is the rule's business.
 */
export interface SessionFunction extends ActionBase {
  readonly kind: "session-function";
  /** Lower-case, without schema. */
  readonly function: string;
  /** Argument texts, whitespace normalised. */
  readonly arguments: readonly string[];
  readonly shape: StatementShape;
}

/** nextval(), setval(): makes currval() and lastval() of the same transaction well defined. INSERT counts, with `sequence` absent. */
export interface SequenceAdvance extends ActionBase {
  readonly kind: "sequence-advance";
  readonly function: "nextval" | "setval" | "insert";
  /** The argument text, whitespace normalised. */
  readonly sequence?: string;
}

/** BEGIN … ROLLBACK PREPARED. */
export interface TransactionControl extends ActionBase {
  readonly kind: "transaction";
  readonly operation:
    | "begin"
    | "commit"
    | "rollback"
    | "savepoint"
    | "release-savepoint"
    | "rollback-to-savepoint"
    | "prepare-transaction"
    | "commit-prepared"
    | "rollback-prepared";
  /** COMMIT AND CHAIN, ROLLBACK AND CHAIN. */
  readonly chain: boolean;
  readonly name?: string;
}

/**
 * How an effect that ends with the transaction can still be used by the statement that causes it.
 * - `alone`: the statement reads at most; a `local` effect in autocommit is over before anyone can use it;
 * - `cte`: caused in a WITH query (or FROM sub-select) of a statement that does something else with it;
 * - `write`: part of an INSERT, UPDATE, DELETE or MERGE, whose own work the effect covers.
 */
export type StatementShape = "alone" | "cte" | "write";

/** One statement of a message, as rules see it. */
export interface SqlStatement {
  /** First keyword that says what it is, lower-case: `select`, `set`, `create table`, `do`, …; `unknown` when it begins with a hole or is not SQL. */
  readonly kind: string;
  /** The statement's text, holes as HOLE and parameters as PARAMETER, comments kept, no trailing semicolon. */
  readonly text: string;
  readonly location: SourceLocation;
  readonly actions: readonly SqlAction[];
  /**
   * - `resolved`: holes at most where PostgreSQL wants a name or a value;
   * - `partial`: a hole may add a clause or a call;
   * - `unresolved`: it is not known which statement this is.
   */
  readonly resolution: Resolution;
  /**
   * Who vouches for the actions: `grammar` (a full match of the statement), `parser` (pgsql-ast-parser), `lexer` (token shapes only).
   * `none` where the text is no PostgreSQL statement.
   */
  readonly readBy: "grammar" | "parser" | "lexer" | "none";
}

/** How much of something is known. */
export type Resolution = "resolved" | "partial" | "unresolved";

/** A comment in SQL text. `text` is without the comment marks. */
export interface SqlComment {
  readonly text: string;
  readonly location: SourceLocation;
}

/** What `sql/` returns for one text. */
export interface SqlReading {
  readonly statements: readonly SqlStatement[];
  readonly comments: readonly SqlComment[];
  /** Lexical errors (unterminated string, …), each with a place; the reading goes on as far as it can. */
  readonly problems: readonly { readonly message: string; readonly location: SourceLocation }[];
}

/** Belongs to a connection handle, never to a function. */
export type TransactionState = "autocommit" | "in-transaction" | "unknown";

/**
 * - `pool`: each call may use another client connection;
 * - `client`: one checked-out client connection; the server connection may still change after each transaction;
 * - `transaction`: a handle that a driver passes into its own transaction callback;
 * - `direct`: declared to bypass the pooler;
 * - `unknown`: what the call runs on could not be told.
 */
export type ConnectionScope = "pool" | "client" | "transaction" | "direct" | "unknown";

/** How sure the analysis is. `possible` is for the audit, not for the editor. */
export type Confidence = "certain" | "likely" | "possible";

/** One step of the path that explains a finding: "pool created here", "BEGIN here", "called from here". */
export interface Evidence {
  readonly location: SourceLocation;
  readonly message: string;
}

/**
 * Where a connection leads, as far as the program says: never a user, a password, or a value of a URL's query.
 *
 * - `environment`: what an environment variable says: `DATABASE_URL`;
 * - `setting`: what an entry of the program's settings says, of which the variable was not seen: `config.database.url`;
 * - `literal`: written down, at least in part. In each part `$NAME` stands for a variable or setting and `…` for what is not known;
 *   a part that is not given, or of which nothing is known, is absent;
 * - `unknown`: anything else.
 */
export type ConnectionUrl =
  | { readonly kind: "environment" | "setting"; readonly name: string; readonly query: readonly string[] }
  | {
      readonly kind: "literal";
      readonly host?: string;
      readonly port?: string;
      readonly database?: string;
      /** Keys of the URL's query, without those that are said to be `false`. */
      readonly query: readonly string[];
    }
  | { readonly kind: "unknown" };

/** Whether a connection passes the pooler: by a declaration (`direct`), by evidence (`pooled`), or not told by anything. */
export type ConnectionRoute = "direct" | "pooled" | "unknown";

/** Names of environment variables or settings, and hosts (`host` or `host:port`), of which the user says where they lead. */
export interface DeclaredRoutes {
  readonly direct: readonly string[];
  readonly pooled: readonly string[];
  /** What holds in a file in place of that; `via` where all that the file connects with is declared. */
  readonly inFile?: (file: string) => FileRoutes | undefined;
}

/** Declared routes of one file. */
export interface FileRoutes {
  readonly direct: readonly string[];
  readonly pooled: readonly string[];
  readonly via?: "direct" | "pooled";
}

/**
 * How many client connections a pool of the program opens at most, for one process, and in words where that comes from ("max: 20",
 * "default of pg-pool 3.14").
 */
export type PoolSize =
  | { readonly kind: "known"; readonly value: number; readonly words: string; readonly location?: SourceLocation }
  /** An environment variable or setting says it; `fallback` where the program names one. */
  | {
      readonly kind: "setting";
      readonly name: string;
      readonly fallback?: number;
      readonly words: string;
      readonly location?: SourceLocation;
    }
  | { readonly kind: "unknown"; readonly because: string };

/** A connection handle the program makes or receives. */
export interface Connection {
  /** Stable within one analysis. */
  readonly id: number;
  readonly scope: ConnectionScope;
  /** npm name of the driver, or `sql-file`, or `unknown`. */
  readonly driver: string;
  /** How the handle was recognised. `created` is by constructor or driver call, `annotated` by a type, `inferred` by how it is used. */
  readonly known: "created" | "annotated" | "inferred";
  /** Where it was created or received. */
  readonly location: SourceLocation;
  /** Where it may lead, in the order of the source; empty when nothing says so: the schema of Prisma, a type, a parameter. */
  readonly urls: readonly ConnectionUrl[];
  readonly route: ConnectionRoute;
  /** How many client connections one process opens for it at most; only of one that stands by itself. */
  readonly size?: PoolSize;
  /** The connections it is taken from, by their ids: the pool of a client, the database of a transaction. Empty for one that stands by itself. */
  readonly from: readonly number[];
}

/** How the message travels. Only a `simple` message may hold several statements, which then share one implicit transaction. */
export type Protocol = "simple" | "extended" | "unknown";

/** A place where SQL is sent to PostgreSQL, with one text and the connection it runs on. */
export interface SqlCallSite {
  /** The call (or the whole file for a `.sql` file). */
  readonly location: SourceLocation;
  /** As the user would name it: `pool.query`, `client.query`, `migrations/001.sql`. */
  readonly sink: string;
  readonly connection: Connection;
  readonly protocol: Protocol;
  readonly text: SqlText;
  readonly reading: SqlReading;
  readonly resolution: Resolution;
  /** A protocol-level statement name the driver will Parse under; see NamedStatement. */
  readonly statementName?: NamedStatement;
  /** Set when the call runs once per client connection, when the pool opens it. */
  readonly hook?: ConnectHook;
  /** Set when the process id that a driver was told by its connection is read in the file, or is what the driver itself sends. */
  readonly readsProcessId?: true;
}

/** A protocol-level prepared statement. `name` absent: there is one, but its text is not known. */
export interface NamedStatement {
  readonly name?: string;
  readonly location: SourceLocation;
  /** The whole property or argument, with its separating comma, whose removal drops the name; absent when no edit is proved. */
  readonly removal?: SourceRange;
}

/** A callback the driver runs for each new client connection. */
export interface ConnectHook {
  readonly event: string;
  readonly location: SourceLocation;
}

/** How the transaction that holds a statement ends on one continuation of the path. */
export interface TransactionEnding {
  /** `open`: the path ends (function returns, handle escapes) with the transaction still open or its state unknown. */
  readonly how: "commit" | "rollback" | "open";
  /** Actions of the same transaction between the statement and this ending, in order. */
  readonly then: readonly SqlAction[];
}

/** One way a statement is reached. Reaches are kept apart, never joined: the path is the evidence. */
export interface Reach {
  readonly state: TransactionState;
  /**
   * What holds the statement: a transaction opened by BEGIN or the driver, the implicit transaction of a several-statement simple
   * message, nothing (`none`: it is its own transaction), or not known.
   */
  readonly transaction: "explicit" | "implicit" | "none" | "unknown";
  /** Actions earlier in the same transaction on this path, in order; earlier actions of the same statement are not among them. */
  readonly before: readonly SqlAction[];
  /** At least one. For `none` a single `commit` without actions between. */
  readonly endings: readonly TransactionEnding[];
  /** Upper bound on the confidence of any finding here: how sure it is that the statement is sent on this connection. */
  readonly confidence: Confidence;
  /** Upper bound on the confidence of a finding that rests on `state` and `transaction`. */
  readonly stateConfidence: Confidence;
  /** Oldest step first; the call site itself is not part of it. */
  readonly path: readonly Evidence[];
}

/** A statement at a call site, with every way it is reached. Rules judge each reach by itself. */
export interface StatementUse {
  readonly site: SqlCallSite;
  readonly statement: SqlStatement;
  readonly reaches: readonly Reach[];
}

/** A parameter the driver sends in the startup packet of a connection. */
export interface StartupParameter {
  /** Lower-case name: `statement_timeout`, `search_path`, `options`. For `options: "-c a=b"` one entry for each `-c`, with `via: "options"`. */
  readonly name: string;
  readonly via: "option" | "url" | "options" | "defaults" | "environment";
  /** Text of the value where known. */
  readonly value?: string;
  readonly location: SourceLocation;
  readonly connection: Connection;
  readonly confidence: Confidence;
  /** The -c / --name=value syntax used, for `via: "options"`. `other` is anything PgBouncer cannot parse. */
  readonly syntax?: "-c" | "--" | "other";
  /** On what it depends that it is sent. */
  readonly evidence?: readonly Evidence[];
}

/** A driver or engine that gives the statements it prepares names of its own, unless a setting turns that off. */
export interface StatementNaming {
  /** npm name. */
  readonly driver: string;
  /** What goes wrong behind a pooler that does not track names. */
  readonly symptom: string;
  readonly effect: Effect;
  /** The setting that turns it off: "prepare: false". */
  readonly fix: string;
  readonly location: SourceLocation;
  readonly confidence: Confidence;
  /** Absent where a tool makes the connection. */
  readonly connection?: Connection;
}

/** A feature of newer poolers that is all a package needs. */
export type SessionNeed = "named-statement" | "replication";

/** A use of a package, or of a tool's command, that needs session state itself or looks as if it did. */
export interface LibraryUse {
  /** npm name, or the command: `prisma migrate`, `pg_dump`. */
  readonly library: string;
  /**
   * - `needs-session`: it does, and nothing says that its connection bypasses the pooler;
   * - `direct`: it does, and its connection is declared direct;
   * - `switched-off`: a setting makes it do without;
   * - `fine`: it needs nothing of the session.
   */
  readonly status: "needs-session" | "direct" | "switched-off" | "fine";
  /** Why, for every status but `needs-session`; empty for that. */
  readonly because: string;
  /** What it needs: "LISTEN on a connection of its own", "a session advisory lock for the whole run". Empty when `fine`. */
  readonly needs: string;
  /** What the user sees behind the pooler. */
  readonly symptom: string;
  readonly effect: Effect;
  /** What fixes it: an option or a direct URL. */
  readonly remedy: string;
  readonly location: SourceLocation;
  readonly confidence: Confidence;
  /** All that it needs, where newer poolers have it. */
  readonly onlyNeeds?: SessionNeed;
  /** The URL it is given, in words: `DATABASE_URL`. Absent when that is not known. */
  readonly url?: string;
  /** Other places of the same use: where else a command is run. */
  readonly evidence: readonly Evidence[];
  /** Source of the row, with version. */
  readonly source: string;
}

/** What a pooler does with something that belongs to a session. */
export type Capability = "ok" | "breaks" | "leaks" | "lost" | "pins" | "rejected" | "depends";

/** How sure a cell of the pooler table is; `unknown`: nobody says it, the cell is a guess that errs on the side of a finding. */
export type Certainty = "high" | "medium" | "low" | "unknown";

/** Session features a pooler may or may not keep. */
export type SessionFeature =
  | "session-set"
  | "session-identity"
  | "session-advisory-lock"
  | "sql-prepare"
  | "named-statement"
  | "temp-table"
  | "listen"
  | "hold-cursor"
  | "load-library"
  | "discard"
  | "session-function"
  | "startup-parameter"
  | "startup-options"
  | "replication";

/** The pooler that findings are judged against. Made by `pooler-profile.ts`. */
export interface PoolerProfile {
  /** As on the command line: `pgbouncer`, `rds-proxy`. */
  readonly pooler: string;
  /** For a reader: "PgBouncer 1.25", "Amazon RDS Proxy". */
  readonly poolerName: string;
  /** Whether it is PgBouncer, also under a vendor's name. */
  readonly isPgBouncer: boolean;
  /** `unknown`, or as given: `1.25`, `1.18.0`. */
  readonly version: string;
  readonly poolMode: "transaction" | "session" | "statement";
  readonly maxPreparedStatements: number | "unknown";
  /** Lower-case names of parameters that the pooler keeps per client, whatever the version within this profile. */
  readonly trackedParameters: ReadonlySet<string>;
  /** Lower-case names tracked by some versions within this profile only; `condition` is for the reader ("PgBouncer 1.20 or newer"). */
  readonly conditionallyTrackedParameters: ReadonlyMap<string, string>;
  /** Lower-case names in ignore_startup_parameters; empty when not known. */
  readonly ignoredStartupParameters: ReadonlySet<string>;
  /** Lower-case names in track_extra_parameters that PostgreSQL does not report: accepted in the startup packet, and dropped. */
  readonly untrackableParameters: ReadonlySet<string>;
  /** Spellings of a setting in the startup parameter `options` that the pooler parses; none: it refuses `options` itself. */
  readonly startupOptionSyntaxes: readonly ("-c" | "--")[] | "unknown";
  readonly capabilities: Readonly<Record<SessionFeature, Capability>>;
  readonly certainties: Readonly<Record<SessionFeature, Certainty>>;
  /** On what a capability depends, where it does: "max_prepared_statements above 0". */
  readonly conditions: ReadonlyMap<SessionFeature, string>;
  /** When the row of the table was last compared with its sources: `2026-11`. */
  readonly date: string;
  /** Where each fact came from. */
  readonly sources: readonly string[];
}

/** What the user will see: an error, nothing at all, another client affected, or a pinned server connection. */
export type Effect = "error" | "silent" | "leak" | "pin";

export type Severity = "error" | "warning" | "info";

/** A replacement in one file. */
export interface Edit {
  readonly file: string;
  readonly range: SourceRange;
  readonly text: string;
}

/** A proved change: applying all edits removes the finding and keeps what the author intended. */
export interface Suggestion {
  readonly message: string;
  readonly edits: readonly Edit[];
}

/** What a rule says about one thing it was shown. */
export interface Problem {
  readonly messageId: string;
  readonly data: Readonly<Record<string, string>>;
  readonly location: SourceLocation;
  readonly effect: Effect;
  /** `error` when it fails whatever the settings; `warning` when it depends on version or settings, or only adds risk; `info` for the audit. */
  readonly severity: Severity;
  /** Upper bound; the engine lowers it to what connection, state and text allow. Default `certain`. */
  readonly confidence?: Confidence;
  /** True when it would be right in another transaction state: then it is no surer than the state. */
  readonly restsOnState?: boolean;
  /** The feature of the session that it is about, where that is not the rule's. */
  readonly feature?: SessionFeature;
  /** Poolers or versions it breaks on: "PgBouncer < 1.21", "every version". */
  readonly breaksOn: readonly string[];
  /** Evidence the rule adds itself, after that of the path. */
  readonly evidence?: readonly Evidence[];
  readonly suggestions?: readonly Suggestion[];
}

/** A problem as the faces show it. */
export interface Finding {
  readonly ruleId: string;
  readonly messageId: string;
  readonly location: SourceLocation;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly effect: Effect;
  /** What happens, one or two sentences. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
  /** The same as a condition of switching the pooler on, which stands by itself: findings of one condition share it. */
  readonly condition: string;
  /** The statement, holes shown as `…` and parameters as `$n`; absent for options and libraries. */
  readonly sql?: string;
  readonly breaksOn: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly suggestions: readonly Suggestion[];
  /** The connection that it is about, where there is one. */
  readonly connection?: Connection;
  /** Who accepts it, and why: a comment in the code. */
  readonly suppressed?: {
    readonly by: "pgbouncer-ignore" | "eslint-disable";
    readonly reason: string;
    /** The last day on which it holds. */
    readonly expires?: string;
    readonly location: SourceLocation;
  };
}

/** What a rule may ask while it checks. */
export interface RuleContext {
  readonly profile: PoolerProfile;
  /** Every action of the statements in that file, in order: for rules that look for the other end of a pair. */
  readonly actionsIn: (file: string) => readonly SqlAction[];
  /** Every statement in that file. */
  readonly statementsIn: (file: string) => readonly SqlStatement[];
}

/**
 * One example of a rule: a program and what its author intends. `code` is a whole module (TypeScript unless `language` says otherwise) that
 * exports `run`, or a whole .sql file, which is run as one text. The witness (test/witness) runs it directly on PostgreSQL, where the
 * intention must hold, and behind PgBouncers, where it must fail or harm another client exactly when the example is reported at error or
 * warning.
 */
export interface RuleExample {
  /** What it shows, in a few words; unique within the rule. */
  readonly title: string;
  readonly code: string;
  /** `ini`, `compose`: a pgbouncer.ini or a compose file, which is analysed by itself. */
  readonly language?: "ts" | "js" | "sql" | "ini" | "compose";
  /** Profile it is judged under; default PgBouncer of unknown version. `pgbouncer@1.25`, `pgbouncer@1.18`. */
  readonly pooler?: string;
  /** SQL that was run before, beside the tables that all examples have: the scene. */
  readonly given?: string;
  /**
   * A module that exports `run` and uses what `code` makes: for a .sql file, which was run before, or a module that only exports a
   * connection or a function.
   */
  readonly caller?: string;
  /** What `run` is called with. */
  readonly args?: readonly unknown[];
  /** Environment variables beside or in place of those of every example (DATABASE_URL is the pooler's, DIRECT_URL is PostgreSQL's own). */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What `run` gives when the author's intention holds, results of queries as their rows; absent: it ends without an error. */
  readonly intends?: unknown;
  /** SQLSTATE of the error that `run` ends with when the author's intention holds. */
  readonly intendsError?: string;
  /** Why no run can witness it, in words: "reaches no database", "needs Bun". */
  readonly notRun?: string;
}

/** An example that must be reported. */
export interface ReportedExample extends RuleExample {
  /** Each expected finding in source order: the message id and the exact text under its range. */
  readonly reports: readonly {
    readonly messageId: string;
    readonly at: string;
    readonly confidence?: Confidence;
    readonly severity?: Severity;
    /** What the code looks like after the n-th suggestion, when the rule offers one. */
    readonly suggestion?: string;
  }[];
}

/** The words of a message; `{{name}}` is replaced from the data of the problem. */
export interface RuleWords {
  /** What happens. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
  /** What has to be done before a pooler is switched on, as an instruction that stands by itself; default the remedy. */
  readonly condition?: string;
}

/** A rule: one file in `rules/`. Its id is its file name. */
export interface Rule {
  readonly id: string;
  /** One line for tables: "SET that outlives its transaction". */
  readonly summary: string;
  /** Markdown: what happens behind the pooler, why nobody sees it in development, measured messages, with sources. */
  readonly explanation: string;
  /** Markdown: what to do instead. */
  readonly remedies: string;
  /** By message id. `{{name}}` is replaced from Problem.data. */
  readonly messages: Readonly<Record<string, RuleWords>>;
  readonly feature?: SessionFeature;
  /** In ESLint's `recommended`. */
  readonly recommended: boolean;
  /** `deployment`: deployment files only, which an editor does not have; `suppressions`: what accepts findings. Default: source. */
  readonly judges?: "source" | "deployment" | "suppressions";
  /** What it reports fails directly on PostgreSQL too: the driver's pool or autocommit is enough to break it. */
  readonly failsWithoutPooler?: boolean;
  /** Judges one statement on one reach. */
  readonly checkStatement?: (use: StatementUse, reach: Reach, context: RuleContext) => readonly Problem[];
  /** Judges a call site once, whatever its reaches. */
  readonly checkCallSite?: (site: SqlCallSite, context: RuleContext) => readonly Problem[];
  readonly checkStartupParameter?: (parameter: StartupParameter, context: RuleContext) => readonly Problem[];
  readonly checkStatementNaming?: (naming: StatementNaming, context: RuleContext) => readonly Problem[];
  readonly checkLibraryUse?: (use: LibraryUse, context: RuleContext) => readonly Problem[];
  readonly examples: {
    readonly reported: readonly ReportedExample[];
    readonly unreported: readonly RuleExample[];
  };
}

/** Everything one analysis found out. Nothing is sorted for display; order is deterministic (file, then position). */
export interface Analysis {
  readonly findings: readonly Finding[];
  /** Every statement at every call site, with its reaches. A call site with several possible texts appears once for each. */
  readonly statementUses: readonly StatementUse[];
  /** Every call site, one entry for each possible text. */
  readonly callSites: readonly SqlCallSite[];
  readonly connections: readonly Connection[];
  readonly startupParameters: readonly StartupParameter[];
  readonly statementNamings: readonly StatementNaming[];
  readonly libraryUses: readonly LibraryUse[];
  /** Parts that were given up, with the reason: "more than 40000 steps", "recursion". */
  readonly limits: readonly { readonly location: SourceLocation; readonly reason: string }[];
  /** Deployment files that could not be read, or in part only. */
  readonly unreadFiles: readonly { readonly file: string; readonly reason: string }[];
}
