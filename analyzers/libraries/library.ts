import type { Effect, SessionNeed } from "../model.ts";
import type { VersionSpan } from "../source/packages.ts";

/** A package that needs session state of its own, or that looks as if it did. */
export type Library = NeedyLibrary | FineLibrary;

interface LibraryName {
  /** As it is imported: `graphile-worker`, `openworkflow/postgres`. */
  readonly package: string;
  /** What is called or constructed, by its path from the module: `run`, `DBOS.launch`, `default` for the default export; `*` for anything. */
  readonly exports: readonly string[];
  /** What was run or read, with its version. */
  readonly source: string;
}

/** Listed so that a reader sees that it was looked at. */
export interface FineLibrary extends LibraryName {
  readonly needs: null;
  /** Why it is fine, as the end of "fine: …". */
  readonly because: string;
}

export interface NeedyLibrary extends LibraryName {
  readonly needs: string;
  /** What happens through the pooler, as the end of "through the pooler …". */
  readonly symptom: string;
  readonly effect: Effect;
  readonly remedy: string;
  /** Where only some versions need it: which. */
  readonly versions?: {
    /** The package whose version decides, where it is not this one. */
    readonly of?: string;
    readonly affected: readonly VersionSpan[];
  };
  /** Any of these makes the package fine behind the pooler. */
  readonly fixedBy?: readonly Fix[];
  /** The option that alone makes the package need session state; any value where none is given. */
  readonly onlyWith?: { readonly option: string; readonly value?: OptionValue };
  /** Fine as soon as the pooler can do this; absent: every PgBouncer in transaction mode breaks it. */
  readonly onlyNeeds?: SessionNeed;
}

export type OptionValue = boolean | number | string;

/** What makes a package do without: an option of the call (a path: `preset.worker.x`), or an environment variable. */
export type Fix =
  | { readonly option: string; readonly values: readonly OptionValue[]; readonly then?: string }
  | { readonly environment: string; readonly values: readonly string[] };

export const direct = "Give it a direct connection that bypasses the pooler.";

/** A package that waits for notifications. */
export const listens = {
  needs: "LISTEN on a connection of its own",
  symptom: "no notification arrives, and there is no error",
  effect: "silent",
  remedy: `${direct} NOTIFY may stay pooled.`,
} as const;

/** A package that holds a lock of its session for as long as it works. */
export const locks = {
  needs: "a session advisory lock for the whole run",
  symptom: "the lock stays on a server connection that nobody can release, and the next run waits or fails",
  effect: "leak",
  remedy: direct,
} as const;
