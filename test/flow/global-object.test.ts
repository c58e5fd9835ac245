import { describe, expect, test } from "vitest";
import { callSitesIn } from "../support/call-sites.ts";

describe("a connection that is kept in a property of the global object", () => {
  test.each([
    [
      "is made when it is missing",
      `const g = globalThis as unknown as { db?: Pool }; if (!g.db) g.db = new Pool(); export const db = g.db;`,
    ],
    ["with ??=", `const g = globalThis as any; g.db ??= new Pool(); export const db = g.db;`],
    [
      "with ||, under another name of the object",
      `(global as any).db = (global as any).db || new Pool(); export const db = (global as any).db;`,
    ],
    [
      "and is read where it is used",
      `const g = globalThis as any; g.db = new Pool(); const db = (globalThis as any).db;`,
    ],
    ["or kept after it was made", `const g = globalThis as any; const db = g.db ?? new Pool(); g.db = db;`],
  ])("%s", (_, code) => {
    const sites = callSitesIn(
      `import { Pool } from "pg";\n${code}\nexport const f = () => db.query("select pg_advisory_lock(1)");`,
    );
    expect(sites).toEqual(["select pg_advisory_lock(1) | pool | autocommit | simple"]);
  });

  test("but not what the program never puts there", () => {
    expect(
      callSitesIn(
        `import "pg"; const g = globalThis as any; export const f = () => g.db.query("select pg_advisory_lock(1)");`,
      ),
    ).toEqual([]);
  });
});

describe("methods that only one package has", () => {
  test("say what an unknown receiver is", () => {
    const code = `
      export const f = async (context: any) => {
        await context.db.$executeRaw\`set lock_timeout = 7\`;
        await context.db.$transaction(async (tx) => { await tx.$executeRawUnsafe("set local lock_timeout = 8"); });
      };`;
    expect(callSitesIn(code)).toEqual([
      "set lock_timeout = 7 | unknown | unknown | unknown",
      "set local lock_timeout = 8 | transaction | in-transaction | unknown",
    ]);
  });
});
