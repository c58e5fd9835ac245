import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Rule, type RuleExample, rules as allRules } from "../../../analyzers/index.ts";
import { availablePgBouncers, availablePostgres } from "../servers/binaries.ts";
import { type Analyse, analyse as analyseReally, directDisagreements, pooledDisagreements } from "./contract.ts";
import { readObservations, writeObservations } from "./observations.ts";
import { inWords } from "./outcome.ts";
import { openPlaces, type Place, type Places } from "./place.ts";
import { isUpdate } from "./update.ts";
import { witness } from "./witness.ts";

/** What was seen of one example, and where it does not agree with what is said of it; all in words. */
interface Testimony {
  readonly seen: Readonly<Record<string, string>>;
  readonly disagreements: readonly string[];
}

/** Name of a place in the table. */
const nameOf = (place: Place): string => place.pooler ?? "directly";

/** Runs an example directly and behind every pooler, and compares what was seen with what the analysis says. */
async function testify(example: RuleExample, rule: Rule, places: Places, analyse: Analyse): Promise<Testimony> {
  const seen: Record<string, string> = {};
  const disagreements: string[] = [];
  for (const place of [places.directly, ...places.pooled]) {
    const outcome = await witness(example, place, rule.failsWithoutPooler === true);
    seen[nameOf(place)] = inWords(outcome);
    disagreements.push(
      ...(place.pooler === undefined
        ? directDisagreements(example, outcome, analyse)
        : pooledDisagreements(example, place.pooler, outcome, analyse)),
    );
  }
  return { seen, disagreements };
}

/** What is witnessed in place of this project's rules and its table of what was seen: in tests of the witness itself. */
export interface Trial {
  readonly rules: readonly Rule[];
  readonly analyse: Analyse;
}

/**
 * Defines the tests that run every example of every rule directly on one PostgreSQL and behind each PgBouncer there is, and hold what was
 * seen against what the analysis says, and against the table of what was seen before.
 */
export function witnessExamples(major: number, trial?: Trial): void {
  const binaries = availablePostgres().find((candidate) => candidate.major === major);
  const poolers = availablePgBouncers();
  const canRun = binaries !== undefined && poolers.length > 0;
  it.skipIf(!canRun)("there are a PgBouncer and binaries of PostgreSQL", () => {
    expect(binaries?.major).toBe(major);
  });
  if (!canRun) return;
  const { rules, analyse } = trial ?? {
    rules: allRules.filter(({ judges }) => judges !== "deployment"),
    analyse: analyseReally,
  };
  const before = readObservations(major).examples;
  // A PgBouncer of a version that the table does not have is held against the analysis alone.
  const measuredPlaces = new Set([
    "directly",
    ...Object.values(before).flatMap((titles) => Object.values(titles).flatMap((places) => Object.keys(places))),
  ]);
  const seen: Record<string, Record<string, Readonly<Record<string, string>>>> = {};
  let places: Places | undefined;
  beforeAll(async () => {
    places = await openPlaces(binaries, poolers);
  });
  afterAll(async () => {
    await places?.close();
    if (isUpdate && trial === undefined) await writeObservations(major, { postgres: binaries.version, examples: seen });
  });

  for (const rule of rules) {
    describe(rule.id, () => {
      for (const example of [...rule.examples.reported, ...rule.examples.unreported]) {
        const { notRun } = example;
        const title = notRun === undefined ? example.title : `${example.title} (not run: ${notRun})`;
        it.skipIf(notRun !== undefined)(title, async () => {
          if (places === undefined) throw new Error("the servers were not started");
          const testimony = await testify(example, rule, places, analyse);
          (seen[rule.id] ??= {})[example.title] = testimony.seen;
          expect(testimony.disagreements).toEqual([]);
          if (isUpdate || trial !== undefined) return;
          const known = Object.entries(testimony.seen).filter(([place]) => measuredPlaces.has(place));
          expect(Object.fromEntries(known), "what was seen before is in test/witness/observed").toEqual(
            Object.fromEntries(known.map(([place]) => [place, before[rule.id]?.[example.title]?.[place]])),
          );
        });
      }
    });
  }
}
