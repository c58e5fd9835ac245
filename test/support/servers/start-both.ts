import { availablePgBouncers, availablePostgres } from "./binaries.ts";
import { startPgBouncer } from "./pgbouncer.ts";
import { startPostgres } from "./postgres.ts";

/**
 * A program: starts the newest PostgreSQL and, where there is one, the newest PgBouncer, prints on one line of JSON what must be gone
 * after its end, and ends as its argument says. It never stops its servers.
 */
const ending = process.argv[2];

const postgresBinaries = availablePostgres().at(-1);
if (!postgresBinaries) throw new Error("no PostgreSQL to start");
const postgres = await startPostgres(postgresBinaries);
const pgbouncerBinary = availablePgBouncers().at(-1);
const servers = [postgres, ...(pgbouncerBinary ? [await startPgBouncer(pgbouncerBinary, { postgres })] : [])];

const line = JSON.stringify(
  servers.map(({ folder, port, processId, guardianId }) => ({ folder, port, processId, guardianId })),
);
process.stdout.write(`${line}\n`, () => {
  if (ending === "exit") process.exit(0);
  if (ending === "throw") throw new Error("an uncaught exception, as asked");
  if (ending === "wait") setInterval(() => undefined, 1000);
});
