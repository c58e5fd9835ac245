import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Analysed, analyseProgram } from "../support/programs/analysed.ts";
import { disagreements, pooledDisagreements } from "../support/programs/compare.ts";
import { withoutKnownGaps } from "../support/programs/known-gaps.ts";
import { observationOf, pooledInWords, readRows, type Row, writeRows } from "../support/programs/observations.ts";
import { drivers, type Program, programsOf } from "../support/programs/programs.ts";
import { startProgramThread, type ProgramThread } from "../support/programs/program-thread.ts";
import { prepareDatabase, type DirectRun, runDirectly, runPooled } from "../support/programs/runs.ts";
import { availablePgBouncers, availablePostgres } from "../support/servers/binaries.ts";
import { startPostgres, type PostgresServer } from "../support/servers/postgres.ts";
import { isUpdate } from "../support/witness/update.ts";

const postgresBinaries = availablePostgres().at(-1);
const poolers = availablePgBouncers();
let postgres: PostgresServer;
let folder: string;
const known = readRows();
const seen: Record<string, Row> = {};

beforeAll(async () => {
  if (postgresBinaries === undefined) return;
  postgres = await startPostgres(postgresBinaries);
  await prepareDatabase(postgres);
  folder = mkdtempSync(join(tmpdir(), "programs-"));
});

afterAll(async () => {
  if (postgresBinaries === undefined) return;
  if (isUpdate) await writeRows({ ...known, ...seen });
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("each row of drivers.json is of a program that is there", () => {
  const names = drivers.flatMap(programsOf).map(({ name }) => name);
  expect(Object.keys(known).filter((name) => !names.includes(name))).toEqual([]);
});

describe.runIf(postgresBinaries).each(drivers)("%s", (driver) => {
  const programs = programsOf(driver);
  const direct = new Map<string, Promise<DirectRun>>();
  const analyses = new Map<string, Analysed>();
  let thread: ProgramThread;
  beforeAll(() => {
    thread = startProgramThread(join(folder, driver));
  });
  afterAll(() => thread.stop());

  const directly = (program: Program): Promise<DirectRun> => {
    const run = direct.get(program.name) ?? runDirectly(program, thread, postgres);
    direct.set(program.name, run);
    return run;
  };

  const analysed = (program: Program): Analysed => {
    const analysis = analyses.get(program.name) ?? analyseProgram(program);
    analyses.set(program.name, analysis);
    return analysis;
  };

  test.each(programs)("$name: what is said of it went over the wire", async (program) => {
    const { ending, recorded } = await directly(program);
    expect(ending).toHaveProperty("value");
    expect(withoutKnownGaps(driver, disagreements(analysed(program), recorded))).toEqual([]);
    const { behindPgBouncer = {}, ...before } = known[program.name] ?? {};
    const observation = observationOf(program, recorded);
    seen[program.name] = { ...observation, behindPgBouncer };
    if (!isUpdate) expect(observation).toEqual(before);
  });

  describe.each(poolers)("behind PgBouncer $version", (pgbouncer) => {
    test.each(programs)("$name: it is reported when it fails or harms, and not when it works", async (program) => {
      const { ending } = await directly(program);
      const run = await runPooled(program, thread, { postgres, pgbouncer }, ending);
      const findings = analysed(program).findings(`pgbouncer@${pgbouncer.version}`);
      expect(withoutKnownGaps(driver, pooledDisagreements(findings, run))).toEqual([]);
      const row = seen[program.name];
      const words = pooledInWords(run);
      if (row !== undefined)
        seen[program.name] = { ...row, behindPgBouncer: { ...row.behindPgBouncer, [pgbouncer.version]: words } };
      const before = known[program.name]?.behindPgBouncer[pgbouncer.version];
      if (!isUpdate && before !== undefined) expect(words).toBe(before);
    });
  });
});
