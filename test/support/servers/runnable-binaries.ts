import { chmodSync, copyFileSync, cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { PgBouncerBinary, PostgresBinaries } from "./binaries.ts";
import { startGuardian } from "./guardian.ts";
import { temporaryFolder } from "./temporary-folders.ts";
import { runAs, unprivilegedUser } from "./unprivileged-user.ts";

const postgresPrograms = ["initdb", "postgres"];
const copies = new Map<string, string>();

/**
 * The folder with an `initdb` and a `postgres` that the unprivileged user can run: where they are, else a copy that lives as long as this
 * process. A checkout may be readable for root alone, and an npm that blocks install scripts leaves out the libraries' links. Throws what
 * the programs say when they run in neither place.
 */
export function runnablePostgres({ bin, relocatable }: PostgresBinaries): string {
  return runnable(bin, postgresPrograms, (folder) => {
    if (relocatable === undefined) return undefined;
    // As they are: relative links, which would otherwise lead back to where they were.
    cpSync(relocatable, join(folder, "native"), { recursive: true, verbatimSymlinks: true });
    makeLinks(folder);
    return join(folder, "native", "bin");
  });
}

/** The path of a PgBouncer that the unprivileged user can run, as for PostgreSQL. */
export function runnablePgBouncer({ path }: PgBouncerBinary): string {
  const program = basename(path);
  const folder = runnable(dirname(path), [program], (copy) => {
    copyFileSync(path, join(copy, program));
    chmodSync(join(copy, program), 0o755);
    return copy;
  });
  return join(folder, program);
}

function runnable(home: string, programs: readonly string[], copyInto: (folder: string) => string | undefined): string {
  const key = [home, ...programs].join("\n");
  const known = copies.get(key);
  if (known !== undefined) return known;
  const place = problemWith(home, programs) === undefined ? home : copied(home, programs, copyInto);
  copies.set(key, place);
  return place;
}

function copied(home: string, programs: readonly string[], copyInto: (folder: string) => string | undefined): string {
  // Ours, not the unprivileged user's: the copies belong to us, and so does removing them.
  const folder = temporaryFolder(undefined);
  const guardian = startGuardian({ folder, user: undefined });
  const copy = copyInto(folder);
  const problem = problemWith(copy ?? home, programs);
  if (copy === undefined || problem !== undefined) void guardian.stop();
  if (problem !== undefined) throw new Error(`${home} has binaries that do not run here: ${problem}`);
  return copy ?? home;
}

function problemWith(folder: string, programs: readonly string[]): string | undefined {
  try {
    for (const program of programs) runAs(unprivilegedUser(), join(folder, program), "--version");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What the packages' install script does: npm packages cannot contain links, so the package lists them. */
function makeLinks(folder: string): void {
  const listed: unknown = JSON.parse(readFileSync(join(folder, "native", "pg-symlinks.json"), "utf8"));
  if (!Array.isArray(listed)) return;
  for (const link of listed) {
    if (!isLink(link) || existsSync(join(folder, link.target))) continue;
    symlinkSync(relative(dirname(link.target), link.source), join(folder, link.target));
  }
}

function isLink(value: unknown): value is { readonly source: string; readonly target: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "source" in value &&
    typeof value.source === "string" &&
    "target" in value &&
    typeof value.target === "string"
  );
}
