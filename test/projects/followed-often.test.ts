import { describe, expect, it } from "vitest";
import { project } from "../command/run-in.ts";

/** Long enough that it is not followed for its brevity. */
const FACTORY = `import { Pool } from "pg";
export function createPool(settings, name) {
${Array.from({ length: 12 }, (_, index) => `  if (name === "pool-${String(index)}") console.log("a pool for the part of the program that is called", name);`).join("\n")}
  return new Pool({ ...settings, application_name: name });
}
`;

const callers = (count: number, last: string): string =>
  [
    'import { createPool } from "./factory";',
    ...Array.from(
      { length: count },
      (_, index) => `export const pool${String(index)} = createPool({ user: "u" }, "n${String(index)}");`,
    ),
    `export const slow = createPool(${last}, "slow");`,
  ].join("\n");

describe("a function that makes connections", () => {
  it("is followed with settings that decide something, however often it was followed before", () => {
    const given = project({ "factory.ts": FACTORY, "pools.ts": callers(30, "{ statement_timeout: 5_000 }") });
    expect(given.report().findings.map(({ ruleId, path, line }) => `${ruleId} ${path}:${String(line)}`)).toEqual([
      "no-startup-parameter pools.ts:32",
    ]);
  });

  it("is followed with what a test gives it", () => {
    const given = project({
      "factory.ts": FACTORY,
      "app.ts": 'import { createPool } from "./factory";\nexport const pool = createPool({ user: "u" }, "app");',
      "app.test.ts": callers(0, "{ statement_timeout: 5_000 }"),
    });
    expect(given.report().findings.map(({ ruleId, path, line }) => `${ruleId} ${path}:${String(line)}`)).toEqual([
      "no-startup-parameter app.test.ts:2",
    ]);
  });
});

describe("a program's function that a test calls", () => {
  const REPOSITORY = `import { pool } from "./db";
export async function find(filter) {
${Array.from({ length: 12 }, (_, index) => `  if (filter.kind === "kind-${String(index)}") console.log("the kind of what is looked for", filter.kind);`).join("\n")}
  await pool.query("SET work_mem = '64MB'");
  return pool.query(filter.sql ?? "SELECT 1");
}
`;
  const DB = 'import { Pool } from "pg";\nexport const pool = new Pool();\n';

  it("is followed with SQL that the test gives it, and shows what it does without", () => {
    const given = project({
      "db.ts": DB,
      "find.ts": REPOSITORY,
      "find.test.ts": `import { find } from "./find";
it("finds", async () => {
  await find({ kind: "a" });
  await find({ kind: "b", sql: "LISTEN jobs" });
});
`,
    });
    expect(given.report().findings.map(({ ruleId, path, line }) => `${ruleId} ${path}:${String(line)}`)).toEqual([
      "no-listen find.test.ts:4",
      "no-session-set find.ts:15",
    ]);
  });
});
