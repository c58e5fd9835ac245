import { describe, expect, it } from "vitest";
import { analyzeProject } from "../../analyzers/index.ts";
import { parseSource } from "../support/parse.ts";

const COMPOSE = `services:
  pgbouncer:
    image: bitnami/pgbouncer:1.24.1
    environment: { POSTGRESQL_HOST: db, PGBOUNCER_DATABASE: app, PGBOUNCER_POOL_MODE: transaction }
  db:
    image: postgres:17
  api:
    image: api:1
    deploy: { replicas: 3 }
    environment:
      DATABASE_URL: postgres://app@pgbouncer:6432/app?connection_limit=5
      DIRECT_URL: postgres://app@db:5432/app
`;

/** The client side of the budget of a program behind that pooler: `needed of limit verdict`, and its figures. */
const clientSide = (code: string, compose = COMPOSE): string[] =>
  analyzeProject({
    sourceFiles: ["src/db.ts"],
    sqlFiles: [],
    deploymentFiles: [{ filename: "docker-compose.yml", path: "docker-compose.yml", text: compose }],
    load: (name) => (name === "src/db.ts" ? parseSource(name, code) : undefined),
    resolve: () => undefined,
  }).budget.flatMap(({ kind, needed, limit, verdict, arithmetic }) =>
    kind === "client-connections"
      ? [`${String(needed.value)} of ${String(limit.value)} ${verdict}`, ...arithmetic]
      : [],
  );

const pool = (options: string): string =>
  `import { Pool } from "pg";\nexport const pool = new Pool({ connectionString: process.env.DATABASE_URL${options} });\n`;

describe("the pools of a program", () => {
  it("are as large as their settings say, in every process", () => {
    expect(clientSide(pool(", max: 20"))).toEqual(["60 of 100 fits", "20 × 3 = 60"]);
    expect(clientSide(pool(", max: 50"))).toEqual(["150 of 100 exceeds", "50 × 3 = 150"]);
  });

  it("are as large as the driver makes them", () => {
    expect(clientSide(pool(""))).toEqual(["30 of 100 fits", "10 × 3 = 30"]);
  });

  it("of Prisma are as large as the URL says, which others pass over", () => {
    const prisma = `import { PrismaClient } from "@prisma/client";\nexport const prisma = new PrismaClient({ datasourceUrl: process.env.DATABASE_URL });\n`;
    expect(clientSide(prisma)).toEqual(["15 of 100 fits", "5 × 3 = 15"]);
  });

  it("that lead past the pooler are no part of it", () => {
    const both = `${pool(", max: 20")}export const direct = new Pool({ connectionString: process.env.DIRECT_URL, max: 90 });\n`;
    expect(clientSide(both)).toEqual(["60 of 100 fits", "20 × 3 = 60"]);
  });

  it("that lead nowhere that is known prove no excess", () => {
    const other = `import { Pool } from "pg";\nexport const pool = new Pool({ connectionString: process.env.OTHER_URL, max: 500 });\n`;
    expect(clientSide(other)).toEqual(["500 of 100 unknown", "500 × at least 1 = at least 500"]);
  });

  it("are counted once for each deployment of the same program", () => {
    const twice = `${COMPOSE}  worker:\n    image: api:1\n    environment:\n      DATABASE_URL: postgres://app@pgbouncer:6432/app\n`;
    expect(clientSide(pool(", max: 10"), twice)).toEqual(["40 of 100 fits", "10 × 4 = 40"]);
  });
});
