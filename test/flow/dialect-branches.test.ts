import { describe, expect, test } from "vitest";
import { callSitesIn } from "../support/call-sites.ts";

const sites = (body: string): string[] =>
  callSitesIn(
    `import { Pool } from "pg"; const pool = new Pool(); export async function f(config: any) { ${body} }`,
  ).map((site) => site.split(" | ")[0] ?? "");

describe("a program that serves several databases is judged on its PostgreSQL branch", () => {
  test.each([
    [
      "else",
      `if (config.dialect === "postgres") await pool.query("select 1"); else await pool.query("select 2");`,
      ["select 1"],
    ],
    [
      "not equal, with an early return",
      `if (config.client !== "pg") { await pool.query("select 2"); return; } await pool.query("select 1");`,
      ["select 1"],
    ],
    [
      "another name",
      `if (config.db.type === "sqlite") await pool.query("select 2"); else await pool.query("select 1");`,
      ["select 1"],
    ],
    [
      "switch",
      `switch (config.provider) { case "mysql": await pool.query("select 2"); break; case "postgresql": await pool.query("select 1"); }`,
      ["select 1"],
    ],
    ["a method that tells", `if (config.getDialect() === "mssql") await pool.query("select 2");`, []],
    [
      "and what comes after is PostgreSQL's again",
      `if (config.dialect === "mysql") { await pool.query("select 2"); } await pool.query("select 1");`,
      ["select 1"],
    ],
    [
      "what is called later",
      `if (config.dialect === "postgres") queue.add(() => pool.query("select 1")); else queue.add(() => pool.query("select 2"));`,
      ["select 1"],
    ],
    [
      "no other question decides",
      `if (config.mode === "mysql") await pool.query("select 1"); if (config.type === "admin") await pool.query("select 2");`,
      ["select 1", "select 2"],
    ],
  ])("%s", (_, body, expected) => {
    expect(sites(body)).toEqual(expected);
  });

  test("a function that both branches call is PostgreSQL's as well", () => {
    expect(
      callSitesIn(`import { Pool } from "pg"; const pool = new Pool();
        const load = () => pool.query("select 1");
        export async function f(config: any) { if (config.dialect === "mysql") { await load(); return; } await load(); }`),
    ).toEqual(["select 1 | pool | autocommit | simple"]);
  });
});
