import { describe, expect, test } from "vitest";
import { analyzeFile } from "../../analyzers/index.ts";
import { callSitesIn } from "../support/call-sites.ts";
import { parseSource } from "../support/parse.ts";

const imports = 'import { Pool } from "pg";\nconst pool = new Pool();\n';

/** How well the SQL of each call site of a module is known. */
const resolutionsIn = (code: string): string[] =>
  analyzeFile(parseSource("example.ts", imports + code)).callSites.map(({ resolution }) => resolution);

describe("texts that are made one for each element and joined", () => {
  test("are statements of one kind, however many there are", () => {
    const code =
      "export const run = (names: string[]) => pool.query(names.map((name) => `UPDATE t SET a = 1 WHERE n = '${name}';`).join(\"\\n\"));";
    expect(resolutionsIn(code)).toEqual(["resolved"]);
  });

  test("may hold what belongs to a session, also behind the first one", () => {
    const code =
      "export const run = (names: string[]) => pool.query(names.map((name) => `SET app.a = '${name}'`).join(\"; \"));";
    expect(callSitesIn(imports + code)).toEqual(["SET app.a = '…'; SET app.a = '…' | pool | implicit | simple"]);
  });

  test("are not all that is known of an array that is given further ones", () => {
    const code = 'export const run = (more: string[]) => pool.query(["SELECT 1", ...more].join("; "));';
    expect(resolutionsIn(code)).toEqual(["unresolved"]);
  });
});
