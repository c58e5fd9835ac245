import { describe, expect, it } from "vitest";
import { commands } from "../../analyzers/libraries/commands.ts";
import { libraries } from "../../analyzers/libraries/libraries.ts";
import { analyseFiles, usesOf } from "../support/deployment.ts";

/** The uses in a module, as `name status | url`, with the confidence of those that need a session. */
function uses(
  code: string,
  manifest: Readonly<Record<string, unknown>> = {},
  other: Readonly<Record<string, string>> = {},
): string[] {
  const files = { ...other, "package.json": JSON.stringify(manifest), "src/a.ts": code };
  return analyseFiles(files).libraryUses.map((use) =>
    [
      use.library,
      use.status,
      ...(use.status === "needs-session" ? [use.confidence] : [use.because]),
      ...(use.url === undefined ? [] : ["|", use.url]),
    ].join(" "),
  );
}

describe("the table of libraries", () => {
  it("says of every row what was run or read", () => {
    for (const row of libraries) expect(row.source, row.package).toMatch(/\d|documentation/);
    for (const row of commands) expect(row.source, row.tool).toMatch(/\d|docs|read/);
  });

  it("has words for every row that needs a session, and a reason for every other", () => {
    for (const row of libraries) {
      if (row.needs === null) expect(row.because, row.package).not.toBe("");
      else
        expect(
          [row.needs, row.symptom, row.remedy].every((words) => words !== ""),
          row.package,
        ).toBe(true);
    }
    for (const row of commands) {
      if (row.needs === null) expect(row.because, row.tool).toBeTruthy();
      else
        expect(
          [row.symptom, row.effect, row.remedy].every((words) => words !== undefined),
          row.tool,
        ).toBe(true);
    }
  });

  it("names no export of a package twice", () => {
    const names = libraries.flatMap((row) => row.exports.map((name) => `${row.package} ${name}`));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe("a listener", () => {
  it("names the URL that it is given", () => {
    expect(uses(`import listen from "pg-listen";\nlisten({ connectionString: process.env.QUEUE_URL });\n`)).toEqual([
      "pg-listen needs-session certain | QUEUE_URL",
    ]);
  });

  it("on a connection that is declared direct is listed and not reported", () => {
    const code = `import listen from "pg-listen";\nlisten({ connectionString: process.env.DIRECT_URL });\n`;
    expect(uses(code)).toEqual(["pg-listen direct it is given DIRECT_URL, which is declared direct | DIRECT_URL"]);
    expect(analyseFiles({ "src/a.ts": code }).findings).toEqual([]);
  });

  it("is where a pool says that leads there", () => {
    expect(
      uses(`import { Pool } from "pg";
import { createAdapter } from "@socket.io/postgres-adapter";
const pooled = new Pool({ connectionString: process.env.DATABASE_URL });
const direct = new Pool({ connectionString: process.env.DATABASE_URL_UNPOOLED });
createAdapter(pooled);
createAdapter(direct);
`),
    ).toEqual([
      "@socket.io/postgres-adapter needs-session certain | DATABASE_URL",
      "@socket.io/postgres-adapter direct it is given DATABASE_URL_UNPOOLED, which is declared direct | DATABASE_URL_UNPOOLED",
    ]);
  });

  it("and a sender are told apart", () => {
    expect(
      uses(`import { PgPubSub } from "@imqueue/pg-pubsub";
import { Emitter } from "@socket.io/postgres-emitter";
new PgPubSub({ connectionString: process.env.DATABASE_URL });
new Emitter(pool);
`),
    ).toEqual([
      "@imqueue/pg-pubsub needs-session certain | DATABASE_URL",
      "@socket.io/postgres-emitter fine it only sends NOTIFY",
    ]);
  });

  it("of Agenda can be turned off", () => {
    const code = (options: string): string =>
      `import { PostgresBackend } from "@agendajs/postgres-backend";\nnew PostgresBackend({ ${options} });\n`;
    expect(uses(code(""))).toEqual(["@agendajs/postgres-backend needs-session certain"]);
    expect(uses(code("disableNotifications: true"))).toEqual([
      "@agendajs/postgres-backend switched-off disableNotifications is true",
    ]);
    expect(uses(code("...settings"))).toEqual(["@agendajs/postgres-backend needs-session possible"]);
  });
});

describe("graphile-worker", () => {
  it("is switched off by an option of its preset", () => {
    expect(
      uses(`import { run } from "graphile-worker";\nrun({ preset: { worker: { preparedStatements: false } } });\n`),
    ).toEqual([
      "graphile-worker switched-off preset.worker.preparedStatements is false: without named statements jobs start by polling alone",
    ]);
    expect(uses(`import { run } from "graphile-worker";\nrun({ preset: { worker: {} } });\n`)).toEqual([
      "graphile-worker needs-session certain",
    ]);
  });

  it("may add jobs anywhere, and run once where names are tracked", () => {
    expect(
      uses(`import { quickAddJob, runOnce } from "graphile-worker";\nquickAddJob({}, "a");\nrunOnce({});\n`),
    ).toEqual([
      "graphile-worker fine adding jobs and installing the schema use transactions and unnamed statements only",
      "graphile-worker needs-session certain",
    ]);
  });
});

describe("kysely's Migrator", () => {
  const code = `import { Migrator } from "kysely";\nnew Migrator({ db, provider });\n`;
  const withKysely = (range: string): string[] => uses(code, { dependencies: { kysely: range } });

  it("locks its session in some versions", () => {
    expect(withKysely("0.29.9")).toEqual(["kysely needs-session certain"]);
    expect(withKysely("~0.28.18")).toEqual(["kysely needs-session certain"]);
  });

  it("locks in a transaction in others", () => {
    expect(withKysely("0.28.17")).toEqual([
      "kysely fine kysely 0.28.17 is a version that needs nothing of the session",
    ]);
  });

  it("may be either where the range or nothing says which", () => {
    expect(withKysely("^0.28.2")).toEqual(["kysely needs-session possible"]);
    expect(uses(code)).toEqual(["kysely needs-session possible"]);
  });

  it("asks the nearest package.json", () => {
    expect(
      usesOf({
        "package.json": JSON.stringify({ dependencies: { kysely: "0.29.9" } }),
        "apps/a/package.json": JSON.stringify({ dependencies: { kysely: "0.28.17" } }),
        "apps/a/src/a.ts": code,
        "apps/b/src/a.ts": code,
      }),
    ).toEqual([
      "kysely fine apps/a/src/a.ts:2 new Migrator({ db, provider })",
      "kysely needs-session apps/b/src/a.ts:2 new Migrator({ db, provider })",
    ]);
  });
});

describe("PostGraphile", () => {
  const code = `import { makePgService } from "postgraphile/adaptors/pg";\nmakePgService({ connectionString: process.env.DATABASE_URL });\n`;

  it("is switched off by the environment of its container", () => {
    expect(uses(code)).toEqual(["postgraphile/adaptors/pg needs-session certain | DATABASE_URL"]);
    const set = (value: string) => ({
      Dockerfile: `ENV DATAPLAN_PG_PREPARED_STATEMENT_CACHE_SIZE=${value}\nCMD node a\n`,
    });
    expect(uses(code, {}, set("0"))).toEqual([
      "postgraphile/adaptors/pg switched-off DATAPLAN_PG_PREPARED_STATEMENT_CACHE_SIZE is 0 | DATABASE_URL",
    ]);
    expect(uses(code, {}, set("100"))).toEqual(["postgraphile/adaptors/pg needs-session certain | DATABASE_URL"]);
  });
});

describe("postgrator", () => {
  it("needs its session only with a schema", () => {
    const code = (options: string): string =>
      `import Postgrator from "postgrator";\nnew Postgrator({ driver: "pg", ${options} });\n`;
    expect(uses(code(`currentSchema: "app"`))).toEqual(["postgrator needs-session certain"]);
    expect(uses(code(""))).toEqual([]);
  });
});

describe("what needs only a newer pooler", () => {
  it("says so in what it breaks on", () => {
    const { findings } = analyseFiles({
      "a.ts": `import { LogicalReplicationService } from "pg-logical-replication";
import { RateLimiterPostgres } from "rate-limiter-flexible";
new LogicalReplicationService({ connectionString: process.env.DATABASE_URL });
new RateLimiterPostgres({ storeClient: pool });
`,
    });
    expect(findings.map(({ breaksOn }) => breaksOn)).toEqual([
      ["PgBouncer older than 1.23"],
      ["PgBouncer older than 1.21 or with max_prepared_statements = 0"],
    ]);
  });
});

describe("packages that are no PostgreSQL server or reach none", () => {
  it("are listed as looked at", () => {
    expect(
      uses(
        `import { newDb } from "pg-mem";\nimport { ShapeStream } from "@electric-sql/client";\nnewDb();\nnew ShapeStream({});\n`,
      ),
    ).toEqual([
      "pg-mem fine it runs inside the program, without a PostgreSQL server",
      "@electric-sql/client fine it speaks HTTP to the Electric service",
    ]);
  });
});
