import type { TestProject } from "vitest/node";
import { availablePgBouncers, availablePostgres } from "./servers/binaries.ts";

/** What the witness lacks on this machine, in words; absent when it can run. */
function lacking(): string | undefined {
  if (availablePgBouncers().length === 0)
    return "no PgBouncer was found. Install it (Debian: apt-get install pgbouncer), or name it in PGBOUNCER_BIN";
  return availablePostgres().length === 0 ? "no PostgreSQL was found" : undefined;
}

/** Says once, before any test, that the examples cannot be run here; in `npm run witness` that is an error. */
export default function setup(project: TestProject): void {
  const lack = lacking();
  if (lack === undefined) return;
  if (project.vite.config.mode === "witness") throw new Error(`The witness cannot run: ${lack}.`);
  console.log(`The witness was skipped: ${lack}; then run it with \`npm run witness\`.`);
}
