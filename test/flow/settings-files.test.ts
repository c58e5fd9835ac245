import { expect, test } from "vitest";
import { findingsOf } from "../support/deployment.ts";

const production = `{
  client: "pg",
  connection: { connectionString: process.env.DATABASE_URL, statement_timeout: 5000 },
  searchPath: ["app"],
  pool: { afterCreate(client: any, done: any) { client.query("SET lock_timeout = 1", done); } },
}`;

const expected = (line: number, path = "/p/knexfile.ts"): string[] => [
  `no-startup-parameter ${path}:${String(line + 2)} statement_timeout: 5000 | certain`,
  `no-connect-hook ${path}:${String(line + 3)} sea | certain`,
  `no-connect-hook ${path}:${String(line + 4)} SET | certain`,
];

test("settings that only the command of knex reads make connections", () => {
  expect(
    findingsOf({
      "/p/knexfile.ts": `import type { Knex } from "knex";
const config: Record<string, Knex.Config> = { test: { client: "sqlite3" }, production: ${production} };
export default config;`,
    }),
  ).toEqual(expected(2));
  expect(findingsOf({ "/p/knexfile.ts": `module.exports = ${production};` })).toEqual(expected(1));
});

test("those of another database do not, nor does another file", () => {
  const other = production.replace('"pg"', '"mysql2"');
  expect(findingsOf({ "/p/knexfile.ts": `module.exports = ${other};` })).toEqual([]);
  expect(
    findingsOf({ "/p/settings.ts": `module.exports = ${production};` }).filter((line) => !line.includes("SET")),
  ).toEqual([]);
});

test("with a program that uses the same settings nothing is said twice", () => {
  const code = `import { knex } from "knex";
const config = { production: ${production} };
export default config;
export const db = knex(config.production);`;
  expect(findingsOf({ "/p/knexfile.ts": code })).toEqual(expected(2));
});
