/** Versions from `from` on, up to but not including `below`; without a bound, all in that direction. Plain `1.2.3`. */
export interface VersionSpan {
  readonly from?: string;
  readonly below?: string;
}

/** What package.json files say of the packages that a file can use. */
export interface PackageFacts {
  /**
   * Packages that the package.json files above a file ask for, and those that the packages of the workspace among them ask for: true for
   * what is installed where the program runs, false for what is there for development or left to others. Undefined where no package.json
   * was seen.
   */
  readonly dependenciesOf: (file: string) => ReadonlyMap<string, boolean> | undefined;
  /** Whether the versions of a package, or of a fork of it under a scope, that the nearest package.json allows are among these. */
  readonly among: (file: string, name: string, spans: readonly VersionSpan[]) => "all" | "none" | "depends";
}

/** One file by itself: nothing is known of what is installed. */
export const noPackages: PackageFacts = { dependenciesOf: () => undefined, among: () => "depends" };
