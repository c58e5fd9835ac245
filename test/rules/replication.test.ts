import { expect, test } from "vitest";
import { analyzeFile, poolerProfile } from "../../analyzers/index.ts";
import { parseSource } from "../support/parse.ts";

const rulesFor = (code: string, pooler?: string): string[] =>
  analyzeFile(parseSource("a.ts", code), { profile: poolerProfile(pooler) }).findings.map(({ ruleId }) => ruleId);

const drivers = [
  [
    "pg",
    `import { Client } from "pg";
export async function follow() {
  const client = new Client({ replication: "database" });
  await client.connect();
  await client.query("SET lock_timeout = 1");
  await client.query("IDENTIFY_SYSTEM");
}`,
  ],
  [
    "postgres.js",
    `import postgres from "postgres";
const session = postgres({ max: 1, connection: { replication: "database" } });
export const follow = async () => {
  await session.unsafe("SET lock_timeout = 1");
  await session\`select pg_advisory_lock(1)\`;
};`,
  ],
] as const;

test.each(drivers)("%s: a connection for replication is nobody else's, where it is accepted at all", (_, code) => {
  expect(rulesFor(code)).toEqual(["no-startup-parameter"]);
  expect(rulesFor(code, "pgbouncer@1.25")).toEqual([]);
});

test("the others of the program are shared", () => {
  const code = `import postgres from "postgres";
const sql = postgres({ prepare: false });
export async function run() {
  await sql.subscribe("*", () => {});
  await sql.unsafe("SET lock_timeout = 1");
}`;
  expect(rulesFor(code, "pgbouncer@1.25")).toEqual(["no-session-set"]);
  expect(rulesFor(drivers[0][1].replace('"database"', "false"))).toEqual(["no-session-set"]);
});
