import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RuleExample, rules } from "../../../analyzers/index.ts";
import { availablePgBouncers, availablePostgres } from "../servers/binaries.ts";
import { directDisagreements, pooledDisagreements } from "./contract.ts";
import { isUpdate, readObservations, writeObservations } from "./observations.ts";
import { inWords } from "./outcome.ts";
import { openPlaces, type Place, type Places } from "./place.ts";
import { witness } from "./witness.ts";

/** Name of a place in the table. */
const nameOf = (place: Place): string => place.pooler ?? "directly";

/**
 * Defines the tests that run every example of every rule directly on one PostgreSQL and behind each PgBouncer there is, and hold what was
 * seen against what the analysis says, and against the table of what was seen before.
 */
export function witnessExamples(major: number): void {
  const binaries = availablePostgres().find((candidate) => candidate.major === major);
  const poolers = availablePgBouncers();
  const why =
    poolers.length === 0 ? "no PgBouncer on PATH or in PGBOUNCER_BIN" : `no binaries of PostgreSQL ${String(major)}`;
  if (binaries === undefined || poolers.length === 0) {
    it.skip(`the witness was skipped: ${why}; \`npm run witness\` tells what it needs`, () => undefined);
    return;
  }
  const before = readObservations(major);
  const seen: Record<string, Record<string, Record<string, string>>> = {};
  let places: Places | undefined;
  beforeAll(async () => {
    places = await openPlaces(binaries, poolers);
  });
  afterAll(async () => {
    await places?.close();
    if (isUpdate) await writeObservations(major, { postgres: binaries.version, examples: seen });
  });

  for (const rule of rules) {
    describe(rule.id, () => {
      const isPoolBusy = rule.failsWithoutPooler === true;
      const run = async (example: RuleExample): Promise<void> => {
        if (places === undefined) throw new Error("the places were not opened");
        const disagreements: string[] = [];
        const lines: Record<string, string> = {};
        for (const place of [places.directly, ...places.pooled]) {
          const outcome = await witness(example, place, isPoolBusy);
          lines[nameOf(place)] = inWords(outcome);
          disagreements.push(
            ...(place.pooler === undefined
              ? directDisagreements(example, outcome)
              : pooledDisagreements(example, place.pooler, outcome)),
          );
        }
        (seen[rule.id] ??= {})[example.title] = lines;
        expect(disagreements).toEqual([]);
        if (!isUpdate) expect(before.examples[rule.id]?.[example.title]).toMatchObject(lines);
      };
      for (const example of [...rule.examples.reported, ...rule.examples.unreported]) {
        if (example.notRun === undefined) it(example.title, () => run(example));
        else it.skip(`${example.title} (not run: ${example.notRun})`, () => undefined);
      }
    });
  }
}
