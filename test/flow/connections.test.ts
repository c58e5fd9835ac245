import { describe, expect, it } from "vitest";
import { type Analysis, analyzeFile, analyzeProject, shownUrl } from "../../analyzers/index.ts";
import { parseSource } from "../support/parse.ts";

/** Connections in the order in which they were met: `driver scope | addresses | route`. */
const describeAll = ({ connections }: Analysis): string[] =>
  connections.map(
    ({ driver, scope, urls, route }) => `${driver} ${scope} | ${urls.map(shownUrl).join(" or ")} | ${route}`,
  );

const connectionsIn = (code: string): string[] => describeAll(analyzeFile(parseSource("a.ts", code)));

/** `rule: text under the finding`. */
function findingsIn(code: string, routes?: { direct: string[]; pooled: string[] }): string[] {
  const options = routes === undefined ? {} : { routes };
  return analyzeFile(parseSource("a.ts", code), options).findings.map(
    ({ ruleId, location: { range } }) => `${ruleId}: ${code.slice(range.start, range.end)}`,
  );
}

/** The addresses of the connection that `new Pool(…)` makes with these options, in a module with this before it. */
const addressOf = (options: string, before = ""): string | undefined =>
  connectionsIn(`import { Pool } from "pg";\n${before}\nexport const pool = new Pool(${options});\n`)
    .map((line) => line.split(" | ")[1])
    .at(-1);

describe("the settings of a connection", () => {
  it.each([
    ["a variable", "{ connectionString: process.env.DATABASE_URL }", "", "DATABASE_URL"],
    ["a variable that must be there", "{ connectionString: process.env.DATABASE_URL! }", "", "DATABASE_URL"],
    ["a computed name", "{ connectionString: process.env[`DATABASE_URL`] }", "", "DATABASE_URL"],
    [
      "a destructured environment",
      "{ connectionString: DATABASE_URL }",
      "const { DATABASE_URL } = process.env;",
      "DATABASE_URL",
    ],
    [
      "a default for developers",
      '{ connectionString: process.env.DATABASE_URL ?? "postgres://app:app@localhost/app" }',
      "",
      "DATABASE_URL or localhost/app",
    ],
    [
      "a fallback to another variable",
      "{ connectionString: process.env.DIRECT_URL || process.env.DATABASE_URL }",
      "",
      "DIRECT_URL or DATABASE_URL",
    ],
    [
      "a template",
      "{ connectionString: `postgres://${process.env.DB_USER}:${process.env.DB_PASSWORD}@${process.env.DB_HOST}:6432/app` }",
      "",
      "$DB_HOST:6432/app",
    ],
    [
      "parts",
      "{ host: process.env.DB_HOST, port: Number(process.env.DB_PORT ?? 5432), database: 'app' }",
      "",
      "$DB_HOST:$DB_PORT/app or $DB_HOST:5432/app",
    ],
    [
      "parts of a URL",
      "{ host: url.hostname, port: Number(url.port) }",
      "const url = new URL(process.env.DATABASE_URL);",
      "$DATABASE_URL:$DATABASE_URL",
    ],
    ["what libpq reads", "", "", "PGHOST"],
    ["what libpq reads, beside other options", "{ max: 5 }", "", "PGHOST"],
    ["options of somebody else", "options", "declare const options: object;", "…"],
    [
      "an object of settings",
      "settings.database",
      "const settings = { database: { connectionString: process.env.DATABASE_URL } };",
      "DATABASE_URL",
    ],
    [
      "a module of settings that was not seen",
      "{ connectionString: env.DATABASE_URL }",
      'import { env } from "./env.js";',
      "DATABASE_URL",
    ],
    [
      "a module of settings that was not seen, under names of its own",
      "{ connectionString: config.database.url }",
      'import { config } from "./config.js";',
      "config.database.url",
    ],
    [
      "a schema that checks the environment",
      "{ connectionString: env.DATABASE_URL }",
      'import { z } from "zod";\nconst env = z.object({ DATABASE_URL: z.string().url() }).parse(process.env);',
      "DATABASE_URL",
    ],
    [
      "a library that checks the environment",
      "{ connectionString: env.DATABASE_URL }",
      'import { cleanEnv, url } from "envalid";\nconst env = cleanEnv(process.env, { DATABASE_URL: url() });',
      "DATABASE_URL",
    ],
    [
      "a chain of checks",
      '{ connectionString: env.get("DATABASE_URL").required().asString() }',
      'import env from "env-var";',
      "DATABASE_URL",
    ],
    [
      "a look-up by key",
      '{ connectionString: config.get("database.url") }',
      'import config from "config";',
      "database.url",
    ],
    [
      "a look-up of the program's own",
      '{ connectionString: required("DATABASE_URL") }',
      "function required(name: string): string { const value = process.env[name]; if (!value) throw new Error(name); return value; }",
      "DATABASE_URL",
    ],
    ["a text without an address", '{ connectionString: "s3cret" }', "", "…"],
  ])("are told by %s", (_, options, before, expected) => {
    expect(addressOf(options, before)).toBe(expected);
  });

  it("are told by a typed look-up of an injected service, and kept in a field", () => {
    expect(
      connectionsIn(`
import { ConfigService } from "@nestjs/config";
import { Pool } from "pg";

export class Database {
  private readonly pool: Pool;
  constructor(private readonly config: ConfigService) {
    const connectionString: string = this.config.getOrThrow<string>("DIRECT_URL") as string;
    this.pool = new Pool({ connectionString });
  }
}
`),
    ).toEqual(["pg pool | DIRECT_URL | direct"]);
  });

  it("are told by the constructor's argument", () => {
    expect(
      connectionsIn(`
import { Pool } from "pg";

class Database {
  readonly pool = new Pool({ connectionString: this.url });
  constructor(private readonly url: string) {}
}
export const database = new Database(process.env.DIRECT_URL);
export const ask = () => database.pool.query("SELECT 1");
`),
    ).toEqual(["pg pool | DIRECT_URL | direct"]);
  });

  it("are told by what a class that extends the driver's passes up", () => {
    expect(
      connectionsIn(`
import { Client } from "pg";

class Listener extends Client {
  constructor() {
    super({ connectionString: process.env.DIRECT_URL });
  }
}
export const listener = new Listener();
`),
    ).toContain("pg client | DIRECT_URL | direct");
  });

  it.each([
    [
      "postgres",
      'import postgres from "postgres";\nexport const sql = postgres(process.env.DATABASE_URL);',
      "postgres pool | DATABASE_URL | unknown",
    ],
    [
      "pg-promise",
      'import pgPromise from "pg-promise";\nexport const db = pgPromise()({ host: "pgbouncer", port: 6432 });',
      "pg-promise pool | pgbouncer:6432 | pooled",
    ],
    [
      "slonik",
      'import { createPool } from "slonik";\nexport const pool = await createPool(process.env.DATABASE_URL);',
      "slonik pool | DATABASE_URL | unknown",
    ],
    [
      "knex",
      'import knex from "knex";\nexport const db = knex({ client: "pg", connection: process.env.DIRECT_URL });',
      "knex pool | DIRECT_URL | direct",
    ],
    [
      "knex with parts",
      'import knex from "knex";\nexport const db = knex({ client: "pg", connection: { host: process.env.DB_HOST } });',
      "knex pool | $DB_HOST | unknown",
    ],
    [
      "drizzle with a URL",
      'import { drizzle } from "drizzle-orm/node-postgres";\nexport const db = drizzle({ connection: process.env.DATABASE_URL });',
      "drizzle-orm pool | DATABASE_URL | unknown",
    ],
    [
      "drizzle over pg",
      'import { drizzle } from "drizzle-orm/node-postgres";\nimport { Pool } from "pg";\nexport const db = drizzle(new Pool({ connectionString: process.env.DIRECT_URL }));',
      "pg pool | DIRECT_URL | direct",
    ],
    [
      "kysely over pg",
      'import { Kysely, PostgresDialect } from "kysely";\nimport { Pool } from "pg";\nexport const db = new Kysely({ dialect: new PostgresDialect({ pool: new Pool({ connectionString: process.env.DIRECT_URL }) }) });',
      "pg pool | DIRECT_URL | direct",
    ],
    [
      "prisma",
      'import { PrismaClient } from "@prisma/client";\nexport const prisma = new PrismaClient({ datasources: { db: { url: process.env.DIRECT_URL } } });',
      "@prisma/client pool | DIRECT_URL | direct",
    ],
    [
      "prisma with an adapter",
      'import { PrismaPg } from "@prisma/adapter-pg";\nimport { PrismaClient } from "@prisma/client";\nexport const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }) });',
      "@prisma/client pool | DATABASE_URL | unknown",
    ],
    [
      "prisma with its schema's URL",
      'import { PrismaClient } from "@prisma/client";\nexport const prisma = new PrismaClient();',
      "@prisma/client pool |  | unknown",
    ],
    [
      "typeorm",
      'import { DataSource } from "typeorm";\nexport const source = new DataSource({ type: "postgres", url: process.env.DATABASE_URL });',
      "typeorm pool | DATABASE_URL | unknown",
    ],
    [
      "sequelize with name, user and password",
      'import { Sequelize } from "sequelize";\nexport const db = new Sequelize(process.env.DB_NAME, process.env.DB_USER, process.env.DB_PASSWORD, { dialect: "postgres", host: process.env.DB_HOST, port: 6432 });',
      "sequelize pool | $DB_HOST:6432 | pooled",
    ],
    [
      "mikro-orm",
      'import { MikroORM } from "@mikro-orm/postgresql";\nexport const orm = await MikroORM.init({ clientUrl: process.env.DATABASE_URL });',
      "@mikro-orm/postgresql pool | DATABASE_URL | unknown",
    ],
    [
      "neon",
      'import { neon } from "@neondatabase/serverless";\nexport const sql = neon(process.env.DATABASE_URL_UNPOOLED);',
      "@neondatabase/serverless pool | DATABASE_URL_UNPOOLED | direct",
    ],
    [
      "vercel's pool",
      'import { createPool } from "@vercel/postgres";\nexport const pool = createPool();',
      "@vercel/postgres pool | POSTGRES_URL | unknown",
    ],
    [
      "vercel's client",
      'import { createClient } from "@vercel/postgres";\nexport const client = createClient();',
      "@vercel/postgres direct | POSTGRES_URL_NON_POOLING | direct",
    ],
    [
      "databases-pg",
      'import createConnectionPool from "@databases/pg";\nexport const db = createConnectionPool();',
      "@databases/pg pool | DATABASE_URL | unknown",
    ],
  ])("are read for %s", (_, code, expected) => {
    expect(connectionsIn(code)).toContain(expected);
  });

  it("are shared by what is taken from a connection", () => {
    const code = `
import { Pool } from "pg";

const pool = new Pool({ connectionString: process.env.DIRECT_URL });
export async function run() {
  const client = await pool.connect();
  await client.query("SELECT 1");
}
`;
    const { connections } = analyzeFile(parseSource("a.ts", code));
    const [pool, client] = connections;
    expect(describeAll({ connections } as Analysis)).toEqual([
      "pg pool | DIRECT_URL | direct",
      "pg client | DIRECT_URL | direct",
    ]);
    expect(client?.from).toEqual([pool?.id]);
    expect(pool?.from).toEqual([]);
  });

  it("of a type or a receiver that is only inferred are not known", () => {
    expect(
      connectionsIn(
        `import type { Pool } from "pg";\nexport const ask = (pool: Pool, other: any) => [pool.query("SELECT 1"), other.query("SELECT set_config('a.b', 'c', true)")];`,
      ),
    ).toEqual(["pg pool |  | unknown", "unknown unknown |  | unknown"]);
  });

  it("come from another file", () => {
    const files = new Map(
      Object.entries({
        "env.ts": 'import { z } from "zod";\nexport const env = z.object({}).passthrough().parse(process.env);\n',
        "pools.ts":
          'import { Pool } from "pg";\nexport const makePool = (connectionString: string) => new Pool({ connectionString });\n',
        "app.ts":
          'import { env } from "./env";\nimport { makePool } from "./pools";\nexport const pool = makePool(env.DATABASE_URL);\nexport const direct = makePool(env.DIRECT_URL);\n',
      }).map(([name, code]) => [name, parseSource(name, code)]),
    );
    const analysis = analyzeProject({
      sourceFiles: [...files.keys()],
      sqlFiles: [],
      load: (name) => files.get(name),
      resolve: (_, specifier) => (specifier.startsWith("./") ? `${specifier.slice(2)}.ts` : undefined),
    });
    expect(describeAll(analysis)).toEqual(["pg pool | DATABASE_URL | unknown", "pg pool | DIRECT_URL | direct"]);
  });
});

describe("code on a direct connection", () => {
  const helper = (calls: string): string => `
import { Pool } from "pg";

const makePool = (connectionString: string | undefined) => new Pool({ connectionString, statement_timeout: 5000 });
const listen = (pool: Pool) => pool.query("LISTEN jobs");
${calls}
`;
  const direct = "export const a = listen(makePool(process.env.DIRECT_URL));";
  const pooled = "export const b = listen(makePool(process.env.DATABASE_URL));";
  const both = ["no-startup-parameter: statement_timeout: 5000", "no-listen: LISTEN"];

  it("is not reported: statements and startup parameters", () => {
    expect(findingsIn(helper(direct))).toEqual([]);
    expect(findingsIn(helper(pooled))).toEqual(both);
  });

  it("is reported when the same code runs on another one too, in whatever order", () => {
    expect(findingsIn(helper(`${direct}\n${pooled}`))).toEqual(both);
    expect(findingsIn(helper(`${pooled}\n${direct}`))).toEqual(both);
  });

  it("is reported with the address of the other one", () => {
    const code = helper(`${direct}\n${pooled}`);
    const finding = analyzeFile(parseSource("a.ts", code)).findings.find(({ ruleId }) => ruleId === "no-listen");
    expect(finding?.confidence).toBe("certain");
    expect(finding?.evidence[0]?.message).toBe("pool created with DATABASE_URL here");
  });

  it("is not reported: hooks, and what is taken from a pool", () => {
    const code = (variable: string): string => `
import { Pool } from "pg";

const pool = new Pool({ connectionString: process.env.${variable} });
pool.on("connect", (client) => client.query("SET search_path TO app"));
export async function lock() {
  const client = await pool.connect();
  await client.query("SELECT pg_advisory_lock(1)");
}
`;
    expect(findingsIn(code("DIRECT_URL"))).toEqual([]);
    expect(findingsIn(code("DATABASE_URL"))).toEqual([
      "no-connect-hook: SET",
      "no-session-advisory-lock: pg_advisory_lock",
    ]);
  });

  it("is not reported: a class that extends the driver's, whoever is given it", () => {
    const code = (variable: string): string => `
import { Pool } from "pg";

export class Jobs {
  constructor(private readonly database: Database) {}
  listen() {
    return this.database.query("LISTEN jobs");
  }
}

export class Database extends Pool {
  constructor() {
    const connectionString = process.env.${variable};
    super({ connectionString });
  }
}
`;
    expect(findingsIn(code("DIRECT_URL"))).toEqual([]);
    expect(findingsIn(code("DATABASE_URL"))).toEqual(["no-listen: LISTEN"]);
  });

  it("is not reported: what an unseen function made of a direct URL", () => {
    const code = (variable: string): string => `
import type { Client } from "pg";
import { connect } from "./connect.js";

export async function listen() {
  const client: Client = await connect(process.env.${variable});
  await client.query("LISTEN jobs");
}
`;
    expect(findingsIn(code("DIRECT_URL"))).toEqual([]);
    expect(findingsIn(code("DATABASE_URL"))).toEqual(["no-listen: LISTEN"]);
  });

  it("is reported when something else that may be the connection is given too", () => {
    const code = `
import { connect } from "./connect.js";

export async function listen(pool: unknown) {
  const client = await connect(process.env.DIRECT_URL, pool);
  await client.query("LISTEN jobs");
}
`;
    expect(findingsIn(code)).toEqual(["no-listen: LISTEN"]);
  });

  it("is reported when a loop makes connections of which only one is known", () => {
    const code = (urls: string): string => `
import { Pool } from "pg";

export const listen = (url: string | undefined) => {
  for (const connectionString of [${urls}]) {
    const pool = new Pool({ connectionString });
    void pool.query("LISTEN jobs");
  }
};
`;
    expect(findingsIn(code("url, process.env.DIRECT_URL"))).toEqual(["no-listen: LISTEN"]);
    expect(findingsIn(code("process.env.DIRECT_URL, url"))).toEqual(["no-listen: LISTEN"]);
    expect(findingsIn(code("process.env.DIRECT_URL"))).toEqual([]);
  });

  it("is reported when a class is constructed with a direct URL and with another one", () => {
    const code = (urls: string): string => `
import { Client } from "pg";

class Listener extends Client {
  constructor(url: string | undefined) {
    super({ connectionString: url });
  }
}
export const listen = (url: string | undefined) => {
  for (const next of [${urls}]) void new Listener(next).query("LISTEN jobs");
};
`;
    expect(findingsIn(code("url, process.env.DIRECT_URL"))).toEqual(["no-listen: LISTEN"]);
    expect(findingsIn(code("process.env.DIRECT_URL, url"))).toEqual(["no-listen: LISTEN"]);
    expect(findingsIn(code("process.env.DIRECT_URL"))).toEqual([]);
  });

  it("is what the user declares", () => {
    expect(findingsIn(helper(pooled), { direct: ["DATABASE_URL"], pooled: [] })).toEqual([]);
    expect(findingsIn(helper(direct), { direct: [], pooled: ["DIRECT_URL"] })).toEqual(both);
  });

  it("is as sure as before where one place makes both connections", () => {
    const code = `
import { Pool } from "pg";

class Store {
  private readonly pool: Pool;
  constructor(url: string | undefined) {
    this.pool = new Pool({ connectionString: url });
  }
  remember() {
    return this.pool.query("SET search_path TO app");
  }
}
export const stores = [new Store(process.env.DATABASE_URL), new Store(process.env.REPORTS_URL)];
`;
    expect(analyzeFile(parseSource("a.ts", code)).findings.map(({ confidence }) => confidence)).toEqual(["certain"]);
  });
});
