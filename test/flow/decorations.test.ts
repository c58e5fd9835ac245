import { describe, expect, test } from "vitest";
import { analyzeFile } from "../../analyzers/index.ts";
import { callSitesIn } from "../support/call-sites.ts";
import { parseSource } from "../support/parse.ts";

describe("a connection that is hung on what web frameworks hand to every handler", () => {
  const pool = 'import { Pool } from "pg";\nconst pool = new Pool();\n';
  test.each([
    [
      "the application, by decorate()",
      `import Fastify from "fastify";
       const app = Fastify();
       app.decorate("db", pool);
       app.get("/", async (request) => { await request.server.db.query("SET lock_timeout = 1"); });`,
    ],
    [
      "the application, by a plugin",
      `import fp from "fastify-plugin";
       export const plugin = fp(async (fastify) => { fastify.decorate("db", pool); });
       export const routes = async (fastify) => { fastify.get("/", async () => { await fastify.db.query("SET lock_timeout = 1"); }); };`,
    ],
    [
      "what is there for the handlers of an application",
      `import express from "express";
       const app = express();
       app.locals.db = pool;
       app.get("/", async (req, res) => { await req.app.locals.db.query("SET lock_timeout = 1"); res.end(); });`,
    ],
    [
      "settings of the application",
      `import express from "express";
       const app = express();
       app.set("db", pool);
       app.get("/", async (req, res) => { await req.app.get("db").query("SET lock_timeout = 1"); res.end(); });`,
    ],
    [
      "the request, by a middleware",
      `export const middleware = (req, res, next) => { req.db = pool; next(); };
       export const handler = async ({ db }, res) => { await db.query("SET lock_timeout = 1"); res.end(); };`,
    ],
    [
      "the context",
      `export const middleware = async (c, next) => { c.set("db", pool); await next(); };
       export const handler = async (c) => { await c.get("db").query("SET lock_timeout = 1"); };
       export const other = async (c) => { await c.var.db.connect(); };`,
    ],
  ])("%s", (_, code) => {
    expect(callSitesIn(pool + code)).toEqual(["SET lock_timeout = 1 | pool | autocommit | simple"]);
    const { findings } = analyzeFile(parseSource("example.ts", pool + code));
    expect(findings.map(({ ruleId, confidence }) => `${ruleId} ${confidence}`)).toEqual(["no-session-set likely"]);
  });

  test("is used as what it is", () => {
    const code = `import { drizzle } from "drizzle-orm/node-postgres"; import { sql } from "drizzle-orm";
      export const middleware = (req, res, next) => { req.db = drizzle(process.env.DATABASE_URL!); next(); };
      export const handler = (req) => req.db.transaction(async (tx) => { await tx.execute(sql\`SET LOCAL lock_timeout = 1\`); });`;
    expect(callSitesIn(code)).toEqual(["SET LOCAL lock_timeout = 1 | transaction | in-transaction | simple"]);
  });

  test("has the state that a middleware left it in, which is not known", () => {
    const code = `${pool}
      export const middleware = async (req, res, next) => { req.client = await pool.connect(); await req.client.query("BEGIN"); next(); };
      export const handler = async (req) => { await req.client.query("SET LOCAL lock_timeout = 1"); };`;
    expect(callSitesIn(code)).toContain("SET LOCAL lock_timeout = 1 | client | unknown | simple");
  });

  test("is nothing that another kind of object keeps under the same name", () => {
    const code = `${pool}
      export const plugin = (app) => { app.decorate("db", pool); };
      export const run = (cache) => cache.db.get("SET lock_timeout = 1");`;
    expect(callSitesIn(code)).toEqual([]);
  });
});
