import type { Effect, SessionNeed } from "../model.ts";
import type { VersionSpan } from "../source/packages.ts";

/** A tool that is run from a command line and reaches PostgreSQL. */
export interface ToolCommand {
  /** As a reader calls it: `prisma migrate`. Rows of one name are one tool. */
  readonly tool: string;
  /** The npm package that holds it; absent for what is installed otherwise. */
  readonly package?: string;
  /** True for a tool that serves several kinds of database: which one it is, only the packages beside it tell. */
  readonly severalDialects?: boolean;
  /** Names of the program, without path and extension. */
  readonly programs: readonly string[];
  /** The words behind the program, in order, options between them passed over: `migrate deploy`. Absent: whatever they are. */
  readonly subcommands?: readonly string[];
  /** Those among `subcommands` that are meant for a developer's machine. */
  readonly development?: readonly string[];
  /** Options with which the command does not reach the database. */
  readonly harmlessWith?: readonly string[];
  /** What it needs of the session; `null` for a tool that is fine, and `because` says why. */
  readonly needs: string | null;
  readonly because?: string;
  readonly symptom?: string;
  readonly effect?: Effect;
  readonly remedy?: string;
  readonly onlyNeeds?: SessionNeed;
  /** Where only some versions of a package need it. */
  readonly versions?: { readonly of: string; readonly affected: readonly VersionSpan[] };
  /** Options that make it do without. */
  readonly fixedByOptions?: readonly string[];
  /** Environment variables that make it do without, whatever their value unless it is `false` or `0`. */
  readonly fixedByEnvironment?: readonly string[];
  /** Keys of the URL's query that make it do without. */
  readonly fixedByQuery?: readonly string[];
  /** How it is told where to connect. */
  readonly url: UrlSource;
  /** A client that comes with PostgreSQL: run inside a container, it is in that of the server. */
  readonly isServersOwn?: boolean;
  readonly source: string;
}

export interface UrlSource {
  /** Options whose value is a URL, or settings with a host. */
  readonly options?: readonly string[];
  /** Options whose value is the name of an environment variable that holds the URL. */
  readonly variableOptions?: readonly string[];
  /** Options whose value is a host. */
  readonly hostOptions?: readonly string[];
  /** A word that is no option and holds a URL is one. */
  readonly positional?: boolean;
  /** Environment variables that are read when no option says anything, the first that is set. */
  readonly environment: readonly string[];
  /** The schema or configuration of Prisma says which. */
  readonly prisma?: boolean;
}
