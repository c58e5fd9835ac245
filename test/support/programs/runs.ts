import { isDeepStrictEqual } from "node:util";
import { type PgBouncerBinary } from "../servers/binaries.ts";
import { startPgBouncer } from "../servers/pgbouncer.ts";
import { type PostgresServer } from "../servers/postgres.ts";
import { rowsOf } from "../servers/readiness.ts";
import { startRecordingProxy } from "../wire/recording-proxy.ts";
import type { Ending } from "../witness/ending.ts";
import { masked } from "../witness/masked.ts";
import { arrive, lookAfterwards, SERVER_CONNECTIONS } from "../witness/strangers.ts";
import type { Program } from "./programs.ts";
import type { ProgramThread } from "./program-thread.ts";
import { type Recorded, summarize } from "./recorded.ts";

/** What was seen of a program directly on PostgreSQL. */
export interface DirectRun {
  readonly ending: Ending;
  readonly recorded: Recorded;
}

/** What was seen of a program behind a pooler, in words. */
export interface PooledRun {
  /** Why it did not do what it does directly; absent when it did. */
  readonly failure?: string;
  /** What it did to other clients, sorted. */
  readonly harm: readonly string[];
}

/** The database that programs run in, which is there once a server. */
const DATABASE = "postgres";

/** Settings of programs that a stranger looks for on the server connections. */
const SETTINGS = ["stranger.mark", "app.mark"];

/** Makes what programs find. Once a server. */
export async function prepareDatabase(postgres: PostgresServer): Promise<void> {
  await rowsOf(
    postgres.url(DATABASE),
    `CREATE TABLE notes (mark text);
    CREATE PUBLICATION all_notes FOR TABLE notes WITH (publish = 'insert');
    CREATE SEQUENCE stranger_sequence`,
  );
}

/** Runs a program directly on PostgreSQL, and gives what went over the wire. */
export async function runDirectly(
  program: Program,
  thread: ProgramThread,
  postgres: PostgresServer,
): Promise<DirectRun> {
  await rowsOf(postgres.url(DATABASE), "TRUNCATE notes");
  const proxy = await startRecordingProxy(postgres);
  try {
    const ending = await thread.run(program, urlAt(proxy.port));
    return { ending, recorded: summarize(proxy.connections) };
  } finally {
    await proxy.stop();
  }
}

/**
 * Runs a program behind a PgBouncer of its own in transaction mode, whose server connections a stranger used before and looks at
 * afterwards; each transaction is on another one than the last. `direct` is how the program ends without pooler.
 */
export async function runPooled(
  program: Program,
  thread: ProgramThread,
  place: { readonly postgres: PostgresServer; readonly pgbouncer: PgBouncerBinary },
  direct: Ending,
): Promise<PooledRun> {
  await rowsOf(place.postgres.url(DATABASE), "TRUNCATE notes");
  const pooler = await startPgBouncer(place.pgbouncer, {
    postgres: place.postgres,
    settings: { default_pool_size: SERVER_CONNECTIONS },
  });
  const proxy = await startRecordingProxy(pooler);
  try {
    const before = await arrive(pooler.url(DATABASE), SETTINGS);
    const ending = await thread.run(program, urlAt(proxy.port));
    // What a program that does not end still holds would keep the stranger waiting.
    await proxy.stop();
    const harm = await lookAfterwards(pooler.url(DATABASE), SETTINGS, before);
    const failure = failureOf(ending, direct);
    return { ...(failure === undefined ? {} : { failure }), harm: [...new Set(harm.map(maskedHarm))].sort() };
  } finally {
    await proxy.stop();
    await pooler.stop();
  }
}

const urlAt = (port: number): string => `postgres://postgres@127.0.0.1:${String(port)}/${DATABASE}`;

/** Which of the stranger's locks is taken away depends on how many statements the driver sends by itself. */
const maskedHarm = (words: string): string =>
  masked(words).replaceAll(/advisory lock (\d+)\/\d+/g, "advisory lock $1/…");

function failureOf(ending: Ending, direct: Ending): string | undefined {
  if ("unfinished" in ending) return "does not end";
  if ("error" in ending) {
    const { code, message } = ending.error;
    return masked([code, message.split("\n").at(-1)].filter((part) => part !== undefined && part !== "").join(" "));
  }
  return "value" in direct && isDeepStrictEqual(ending.value, direct.value) ? undefined : "gives another result";
}
