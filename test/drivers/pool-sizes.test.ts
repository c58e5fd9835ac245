import { describe, expect, it } from "vitest";
import { analyzeProject, type PoolSize } from "../../analyzers/index.ts";
import { parseSource } from "../support/parse.ts";

const shown = (size: PoolSize | undefined): string => {
  if (size === undefined) return "none";
  if (size.kind === "known") return `${String(size.value)} (${size.words})`;
  return size.kind === "setting"
    ? `${size.name}${size.fallback === undefined ? "" : ` or ${String(size.fallback)}`}`
    : "unknown";
};

/** The sizes of the connections that a program makes, by the source. */
function sizes(code: string, other?: string): string[] {
  const files = new Map([["a.ts", code], ...(other === undefined ? [] : [["other.ts", other] as const])]);
  return analyzeProject({
    sourceFiles: [...files.keys()],
    sqlFiles: [],
    load: (name) => {
      const text = files.get(name);
      return text === undefined ? undefined : parseSource(name, text);
    },
    resolve: (_, specifier) => (specifier === "./other.ts" ? "other.ts" : undefined),
  })
    .connections.filter(({ from, known, size }) => from.length === 0 && known === "created" && size !== undefined)
    .map(({ size }) => shown(size));
}

describe("the default of each driver", () => {
  it.each([
    ["pg", `import { Pool } from "pg"; export const p = new Pool();`, "10 (default of pg-pool 3.14)"],
    ["pg, one client", `import { Client } from "pg"; export const p = new Client();`, "1 (one client)"],
    [
      "postgres",
      `import postgres from "postgres"; export const p = postgres("postgres://h/d");`,
      "10 (default of postgres 3.4)",
    ],
    [
      "pg-promise",
      `import pgp from "pg-promise"; export const p = pgp()("postgres://h/d");`,
      "10 (default of pg-pool 3.14)",
    ],
    ["knex", `import knex from "knex"; export const p = knex({ client: "pg" });`, "10 (default of knex 3.3)"],
    [
      "sequelize",
      `import { Sequelize } from "sequelize"; export const p = new Sequelize("postgres://h/d");`,
      "5 (default of sequelize 6)",
    ],
    [
      "typeorm",
      `import { DataSource } from "typeorm"; export const p = new DataSource({ type: "postgres" });`,
      "10 (default of typeorm with pg-pool 3.14)",
    ],
    [
      "drizzle on pg",
      `import { drizzle } from "drizzle-orm/node-postgres"; export const p = drizzle("postgres://h/d");`,
      "10 (default of pg-pool 3.14)",
    ],
    [
      "drizzle on postgres",
      `import { drizzle } from "drizzle-orm/postgres-js"; export const p = drizzle("postgres://h/d");`,
      "10 (default of postgres 3.4)",
    ],
    ["prisma", `import { PrismaClient } from "@prisma/client"; export const p = new PrismaClient();`, "unknown"],
    [
      "@databases/pg",
      `import createPool from "@databases/pg"; export const p = createPool();`,
      "10 (default of @databases/pg 5)",
    ],
    [
      "neon",
      `import { Pool } from "@neondatabase/serverless"; export const p = new Pool();`,
      "10 (default of pg-pool 3.14)",
    ],
  ])("%s", (_, code, expected) => {
    expect(sizes(code)).toEqual([expected]);
  });
});

describe("the option of each driver", () => {
  it.each([
    ["pg", `import { Pool } from "pg"; export const p = new Pool({ max: 20 });`, "20 (max: 20)"],
    [
      "postgres",
      `import postgres from "postgres"; export const p = postgres("postgres://h/d", { max: 3 });`,
      "3 (max: 3)",
    ],
    ["pg-promise", `import pgp from "pg-promise"; export const p = pgp()({ host: "h", max: 4 });`, "4 (max: 4)"],
    [
      "knex",
      `import knex from "knex"; export const p = knex({ client: "pg", pool: { min: 0, max: 7 } });`,
      "7 (pool.max: 7)",
    ],
    [
      "sequelize",
      `import { Sequelize } from "sequelize"; export const p = new Sequelize("postgres://h/d", { pool: { max: 8 } });`,
      "8 (pool.max: 8)",
    ],
    [
      "typeorm, extra",
      `import { DataSource } from "typeorm"; export const p = new DataSource({ type: "postgres", extra: { max: 9 } });`,
      "9 (extra.max: 9)",
    ],
    [
      "typeorm",
      `import { DataSource } from "typeorm"; export const p = new DataSource({ type: "postgres", poolSize: 9 });`,
      "9 (poolSize: 9)",
    ],
    [
      "drizzle",
      `import { drizzle } from "drizzle-orm/node-postgres"; export const p = drizzle({ connection: { connectionString: "postgres://h/d", max: 6 } });`,
      "6 (connection.max: 6)",
    ],
    [
      "drizzle over a pool",
      `import { Pool } from "pg"; import { drizzle } from "drizzle-orm/node-postgres"; export const p = drizzle(new Pool({ max: 6 }));`,
      "6 (max: 6)",
    ],
    [
      "prisma over a pool",
      `import { PrismaPg } from "@prisma/adapter-pg"; import { PrismaClient } from "@prisma/client"; export const p = new PrismaClient({ adapter: new PrismaPg({ connectionString: "postgres://h/d", max: 6 }) });`,
      "6 (max: 6)",
    ],
  ])("%s", (_, code, expected) => {
    expect(sizes(code)).toEqual([expected]);
  });
});

describe("what an option may be", () => {
  const pool = (max: string, before = ""): string =>
    `import { Pool } from "pg";\n${before}\nexport const p = new Pool({ max: ${max} });\n`;

  it.each([
    ["10 * 2", "unknown"],
    ["process.env.POOL_MAX", "POOL_MAX"],
    ["Number(process.env.POOL_MAX)", "POOL_MAX"],
    ["parseInt(process.env.POOL_MAX, 10)", "POOL_MAX"],
    ["Number(process.env.POOL_MAX ?? 15)", "POOL_MAX or 15"],
    ['parseInt(process.env.POOL_MAX || "15", 10)', "POOL_MAX or 15"],
    ["Number(process.env.POOL_MAX) || 15", "POOL_MAX or 15"],
    ["process.env.NODE_ENV === 'production' ? 25 : 5", "25 (max: 25)"],
    ["undefined", "10 (default of pg-pool 3.14)"],
    ["0", "10 (default of pg-pool 3.14)"],
    ["size()", "unknown"],
  ])("%s", (max, expected) => {
    expect(sizes(pool(max, "declare function size(): number;"))).toEqual([expected]);
  });

  it("comes from other files and spread settings", () => {
    const code = `import { Pool } from "pg";\nimport { MAX, common } from "./other.ts";\nexport const p = new Pool({ ...common, host: "h" });\nexport const q = new Pool({ max: MAX });\n`;
    expect(sizes(code, `export const MAX = 12;\nexport const common = { max: 13 };\n`)).toEqual([
      "13 (max: 13)",
      "12 (max: 12)",
    ]);
  });

  it("is not known where settings are not", () => {
    expect(
      sizes(`import { Pool } from "pg";\nexport const make = (options: object) => new Pool({ ...options });\n`),
    ).toEqual(["unknown"]);
  });
});
