import { describe, expect, it } from "vitest";
import { drivers } from "../../analyzers/drivers/all-drivers.ts";
import { makeDriverCatalogue } from "../../analyzers/drivers/catalogue.ts";
import { otherDialects } from "../../analyzers/drivers/other-dialects.ts";
import { analyseFlow, type FlowFacts, type FlowInput } from "../../analyzers/flow/analyse.ts";
import { noPackages } from "../../analyzers/source/packages.ts";
import { readSql } from "../../analyzers/sql/read-sql.ts";
import { parseSource } from "../support/parse.ts";

/** What the flow analysis finds in one file, with how many steps it took. */
function follow(code: string, limits: Pick<FlowInput, "callbackSteps" | "stepsPerFile"> = {}): FlowFacts {
  const file = parseSource("a.ts", code);
  return analyseFlow({
    sourceFiles: [file.filename],
    sqlFiles: [],
    load: () => file,
    resolve: () => undefined,
    catalogue: makeDriverCatalogue(drivers, otherDialects),
    readSql,
    libraryUseOf: () => undefined,
    declaredRoutes: { direct: [], pooled: [] },
    packages: noPackages,
    ...limits,
  });
}

const POOL = `import { Pool } from "pg";
const pool = new Pool();
`;

/** Functions of which each registers `width` callbacks that call the next one: every run of one registers its callbacks anew. */
const registering = (depth: number, width: number, given: (callback: number) => string): string =>
  Array.from({ length: depth }, (_, level) => {
    const callbacks = Array.from(
      { length: width },
      (__, callback) => `bus.on("event", () => step${String(level + 1)}(${given(callback)}));`,
    );
    return `function step${String(level)}(sql) { ${callbacks.join(" ")} }`;
  }).join("\n") + `\nfunction step${String(depth)}(sql) { pool.query(sql); }\nstep0("SET a.b = 1");\n`;

describe("how much is followed", () => {
  it("is bounded where callbacks register callbacks", () => {
    const { steps, callSites } = follow(POOL + registering(8, 8, () => "sql"));
    expect(callSites.length).toBeGreaterThan(0);
    expect(steps).toBeLessThan(100_000);
  });

  it("is bounded, and says so, where each of them works on a text of its own", () => {
    const code = POOL + registering(6, 8, (callback) => `sql + "${String(callback)}"`);
    const { steps, callSites, limits } = follow(code, { callbackSteps: 10_000 });
    expect(callSites.length).toBeGreaterThan(0);
    expect(limits.map(({ reason }) => reason)).toContain("too many callbacks from one file");
    expect(steps).toBeLessThan(30_000);
  });

  it("is bounded for a file, which is named then", () => {
    const functions = Array.from(
      { length: 50 },
      (_, index) =>
        `export function f${String(index)}(a) { for (const b of a) { pool.query("SET a.b${String(index)} = 1"); } }`,
    );
    const { callSites, limits, steps } = follow(POOL + functions.join("\n"), { stepsPerFile: 100 });
    expect(callSites.length).toBeGreaterThan(0);
    expect(callSites.length).toBeLessThan(50);
    expect(steps).toBeLessThan(400);
    expect(limits.map(({ reason }) => reason)).toContain("it takes too long");
    expect(follow(POOL + functions.join("\n")).callSites).toHaveLength(50);
  });

  it("takes in every text that a callback is registered with", () => {
    const texts = Array.from({ length: 40 }, (_, index) => `register("SET a.b${String(index)} = 1");`);
    const { callSites } = follow(
      `${POOL}function register(sql: string) { bus.on("event", () => { pool.query(sql); }); }\n${texts.join("\n")}`,
    );
    expect(callSites).toHaveLength(40);
  });
});
