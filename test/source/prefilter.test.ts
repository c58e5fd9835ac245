import { describe, expect, it } from "vitest";
import { makePrefilter } from "../../analyzers/prefilter.ts";

const isRead = makePrefilter([]);

describe("a file is read", () => {
  it.each([
    ["with a call that has type arguments", "await trx.raw<{ rows: { a: boolean }[] }>(text, [1]);"],
    ["with a call of a function that has them", "await pool.query<Row>(text);"],
    ["with a tag that has type arguments", "const rows = await sql<Row[]>`update t set a = 1`;"],
    ["with a tag of any name", "const rows = await client`SELECT 1`;"],
    ["with a lock that is only tried", "const text = 'select pg_try_advisory_lock(1)';"],
    ["with a driver's import", 'import { Pool } from "pg";'],
  ])("%s", (_, text) => {
    expect(isRead(text)).toBe(true);
  });
});

describe("a file is passed over", () => {
  it.each([
    ["with nothing of a database", "export const add = (a: number, b: number) => a + b;"],
    ["with types that are compared", "if (a.raw < b && c > (d)) throw new Error();"],
    ["with another template", "const page = html`<p>Set the table</p>`;"],
  ])("%s", (_, text) => {
    expect(isRead(text)).toBe(false);
  });
});
