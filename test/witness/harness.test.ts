import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { availablePgBouncers, availablePostgres } from "../support/servers/binaries.ts";
import { inWords } from "../support/witness/outcome.ts";
import { openPlaces, type Place, type Places } from "../support/witness/place.ts";
import { SERVER_CONNECTIONS } from "../support/witness/strangers.ts";
import { witness } from "../support/witness/witness.ts";

const root = join(import.meta.dirname, "..", "..");
const binaries = availablePostgres().at(-1);
const poolers = availablePgBouncers();

const program = (body: string): string => `import { Client, Pool } from "pg";
const pool = new Pool();
export async function run() {
${body}
}`;

const statement = (sql: string): string => program(`await pool.query(${JSON.stringify(sql)});`);

describe.skipIf(binaries === undefined || poolers.length === 0)("the witness", () => {
  let places: Places | undefined;
  beforeAll(async () => {
    if (binaries !== undefined) places = await openPlaces(binaries, poolers);
  });
  afterAll(() => places?.close());

  const pooled = (): Place => {
    const place = places?.pooled[0];
    if (place === undefined) throw new Error("there is no pooler");
    return place;
  };
  const directly = (): Place => {
    if (places === undefined) throw new Error("there is no PostgreSQL");
    return places.directly;
  };
  const seen = async (code: string, place: Place, more: object = {}): Promise<string> =>
    inWords(await witness({ title: "", code, ...more }, place, false));

  it("gives each transaction of a client another server connection than the one before", async () => {
    const code = program(`const client = new Client();
await client.connect();
const pids = [];
for (let turn = 0; turn < 12; turn += 1) pids.push((await client.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
await client.query("BEGIN");
const inside = [];
for (let turn = 0; turn < 3; turn += 1) inside.push((await client.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
await client.query("COMMIT");
await client.end();
return {
  changes: pids.slice(1).every((pid, index) => pid !== pids[index]),
  connections: new Set(pids).size,
  inTransaction: new Set(inside).size,
};`);
    const intends = { changes: true, connections: SERVER_CONNECTIONS, inTransaction: 1 };
    expect(await seen(code, pooled(), { intends })).toBe("holds");
    expect(await seen(code, directly(), { intends: { ...intends, changes: false, connections: 1 } })).toBe("holds");
  });

  it.each([
    ["SET work_mem = '64MB'", "leaves work_mem = 64MB"],
    ["SET app.tenant = '42'", "leaves app.tenant = 42"],
    ["SET ROLE reporting", "leaves role reporting"],
    ["SELECT pg_advisory_lock(7)", "leaves advisory lock 0/7"],
    ["CREATE TEMP TABLE rows (id int)", "leaves temporary table rows"],
    ["CREATE TYPE pg_temp.mood AS ENUM ('good')", "leaves temporary type mood"],
    ["PREPARE find AS SELECT 1", "leaves prepared statement find"],
    ["LISTEN jobs", "leaves LISTEN jobs"],
    ["DECLARE c CURSOR WITH HOLD FOR SELECT 1", "leaves cursor c"],
    ["SELECT pg_create_logical_replication_slot('slot', 'pgoutput', true)", "leaves temporary replication slot slot"],
    ["DISCARD TEMP", "takes away temporary table stranger_rows"],
    ["DISCARD SEQUENCES", "takes away value of sequence stranger_sequence"],
    ["CLOSE ALL", "takes away cursor stranger_cursor"],
    ["UNLISTEN *", "takes away LISTEN stranger_channel"],
    ["DEALLOCATE ALL", "takes away prepared statement stranger_statement"],
    ["RESET ALL", "takes away stranger.mark"],
  ])("sees what %s does to others, and nothing directly", async (sql, harm) => {
    expect(await seen(statement(sql), pooled())).toBe(`holds; ${harm}`);
    expect(await seen(statement(sql), directly())).toBe("holds");
  });

  it("sees a lock that is taken away", async () => {
    expect(await seen(statement("SELECT pg_advisory_unlock_all()"), pooled())).toMatch(
      /^holds; takes away advisory lock 424242\/\d$/,
    );
  });

  it("sees a transaction that nobody ends", async () => {
    const code = statement("BEGIN");
    expect(await seen(code, directly())).toBe("holds; leaves a transaction open");
    expect(await seen(code, pooled())).toContain("leaves a transaction open");
  });

  it("says how an example ended that gave no value, an error, another value, or did not end", async () => {
    expect(await seen(statement("SELECT 1/0"), directly())).toBe("fails: 22012 division by zero");
    expect(await seen(statement("SELECT 1/0"), directly(), { intendsError: "22012" })).toBe("holds");
    expect(await seen(statement("SELECT 1"), directly(), { intendsError: "22012" })).toBe(
      "fails: ends without error 22012",
    );
    expect(await seen(program("return 1;"), directly(), { intends: 2 })).toBe("fails: gives 1 in place of 2");
    expect(await seen(program("return await new Promise((resolve) => setTimeout(resolve, 1e6));"), directly())).toBe(
      "fails: does not end",
    );
    expect(await seen("export const other = 1;", directly())).toBe("fails: the example exports no function run");
  });

  it("sets the scene anew for each example", async () => {
    await seen(
      statement("CREATE TABLE once (id int); CREATE SCHEMA other; ALTER ROLE app SET work_mem = '1MB'"),
      directly(),
    );
    expect(await seen(statement("CREATE TABLE once (id int); CREATE SCHEMA other"), directly())).toBe("holds");
    const settings = program(`return await pool.query("SELECT rolconfig FROM pg_roles WHERE rolname = 'app'");`);
    expect(await seen(settings, directly(), { intends: [{ rolconfig: null }] })).toBe("holds");
  });

  it("fails on a safe example listed as reported, on a leaking one listed as safe, and on one that does not work directly", async () => {
    const script = `
      import { startVitest } from "vitest/node";
      await startVitest("test", [], {
        watch: false, config: false, root: ${JSON.stringify(root)}, testTimeout: 60000, hookTimeout: 60000,
        include: ["test/support/witness/deliberately-wrong.ts"], reporters: ["json"],
      });`;
    const { code, stdout } = await new Promise<{ code: unknown; stdout: string }>((resolve) => {
      execFile(process.execPath, ["--input-type=module", "-e", script], { cwd: root }, (error, out) => {
        resolve({ code: error?.code ?? 0, stdout: out });
      });
    });
    const report = JSON.parse(stdout.slice(stdout.indexOf("{"))) as {
      testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
    };
    const results = report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ title, status }) => `${status}: ${title}`),
    );
    expect(code).toBe(1);
    expect(results).toEqual([
      "passed: there are a PgBouncer and binaries of PostgreSQL",
      "failed: a safe one that is listed as reported",
      "passed: a leaking one that is listed as reported",
      "passed: a safe one that is listed as not reported",
      "failed: a leaking one that is listed as not reported",
      "failed: one whose intention does not hold directly",
    ]);
  });
});
