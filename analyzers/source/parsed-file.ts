import type { ScopeManager } from "@typescript-eslint/scope-manager";
import type { TSESTree } from "@typescript-eslint/types";

/**
 * A JavaScript or TypeScript file as the core reads it. Any ESTree producer serves: only `type`, `range` and the fields of
 * TS-ESTree nodes are read, never `loc`, `parent`, tokens or type information.
 */
export interface ParsedFile {
  /** The name under which locations in this file are reported. */
  readonly filename: string;
  readonly text: string;
  readonly ast: TSESTree.Program;
  readonly scopeManager: ScopeManager;
}

/** A `.sql` file as the core reads it. */
export interface SqlFile {
  readonly filename: string;
  readonly text: string;
}
