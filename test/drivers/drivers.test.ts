import { describe, expect, test } from "vitest";
import { callSitesIn } from "../support/call-sites.ts";

/** One module for each way a driver is used, and what the analysis makes of it. */
const cases: Readonly<
  Record<string, readonly { readonly title: string; readonly code: string; readonly sites: readonly string[] }[]>
> = {
  postgres: [
    {
      title: "tagged templates run on the pool, fragments in other templates",
      code: `
        import postgres from "postgres";
        const sql = postgres(process.env.DATABASE_URL);
        const active = sql\`and active\`;
        export async function find(id: string, table: string) {
          return await sql\`select * from \${sql(table)} where id = \${id} \${active}\`;
        }`,
      sites: ["select * from … where id = $ and active | pool | autocommit | extended"],
    },
    {
      title: "begin, savepoint and a list that begin waits for",
      code: `
        import postgres from "postgres";
        const sql = postgres({ host: "db" });
        export async function move() {
          await sql.begin(async (tx) => {
            await tx\`set local app.tenant = 'a'\`;
            await tx.savepoint(async (sp) => { await sp\`select 1\`; });
            await sql\`select 2\`;
          });
          await sql.begin("read only", (tx) => [tx\`select 3\`, tx\`select 4\`]);
        }`,
      sites: [
        "set local app.tenant = 'a' | transaction | in-transaction | extended",
        "select 1 | transaction | in-transaction | extended",
        "select 2 | pool | autocommit | extended",
        "select 3 | transaction | in-transaction | extended",
        "select 4 | transaction | in-transaction | extended",
      ],
    },
    {
      title: "unsafe, reserve and listen",
      code: `
        import postgres from "postgres";
        const sql = postgres();
        async function run() {
          await sql.unsafe("select 1; select 2");
          const own = await sql.reserve();
          await own\`select 3\`;
          own.release();
          await sql.listen("jobs", () => undefined);
        }
        run();`,
      sites: [
        "select 1; select 2 | pool | implicit | simple",
        "select 3 | client | autocommit | extended",
        'listen "jobs" | pool | autocommit | simple',
      ],
    },
    {
      title: "a query that is returned is sent in the state of whoever waits",
      code: `
        import postgres, { type TransactionSql } from "postgres";
        const sql = postgres();
        const setTenant = (tx: TransactionSql, id: string) => tx\`select set_config('app.tenant', \${id}, true)\`;
        export const save = (id: string) => sql.begin(async (tx) => { await setTenant(tx, id); });`,
      sites: ["select set_config('app.tenant', $, true) | transaction | in-transaction | extended"],
    },
  ],
  "pg-promise": [
    {
      title: "methods, formatting, task and tx",
      code: `
        import pgPromise from "pg-promise";
        const pgp = pgPromise();
        const db = pgp(process.env.DATABASE_URL!);
        export async function work(id: number, channel: string) {
          await db.any("select * from t where id = $1 and name = $<name>", [id]);
          await db.task(async (t) => { await t.none("set x.y = 1"); });
          await db.tx("move", async (t) => { await t.one("select \${id}"); await t.tx((s) => s.none("select 2")); });
          const own = await db.connect({ direct: true });
          await own.none("LISTEN $1~", channel);
          own.done();
        }`,
      sites: [
        "select * from t where id = $ and name = $ | pool | autocommit | simple",
        "set x.y = 1 | client | autocommit | simple",
        "select $ | transaction | in-transaction | simple",
        "select 2 | transaction | in-transaction | simple",
        "LISTEN … | client | autocommit | simple",
      ],
    },
    {
      title: "named statements and the connect hook",
      code: `
        const pgPromise = require("pg-promise");
        const { PreparedStatement: PS } = pgPromise;
        const pgp = pgPromise({ schema: "tenant", connect({ client }) { client.query("set role app"); } });
        const db = pgp({ host: "db" });
        const find = new PS({ name: "find", text: "select 1" });
        module.exports = { find: () => db.one(find), other: () => db.one({ name: "b", text: "select 2" }) };`,
      sites: [
        "SET search_path TO … | client | autocommit | simple | on schema",
        "set role app | client | autocommit | simple | on connect",
        "select 1 | pool | autocommit | extended | named find",
        "select 2 | pool | autocommit | extended | named b",
      ],
    },
  ],
  slonik: [
    {
      title: "tokens, connect and transaction",
      code: `
        import { createPool, sql } from "slonik";
        import { z } from "zod";
        export async function main() {
          const pool = await createPool("postgres://db", { statementTimeout: "DISABLE_TIMEOUT" });
          await pool.query(sql.unsafe\`select \${1}\`);
          await pool.one(sql.type(z.object({}))\`select \${sql.identifier(["a"])} from t\`);
          await pool.connect(async (connection) => { await connection.query(sql.unsafe\`set role app\`); });
          await pool.transaction(async (tx) => { await tx.query(sql.typeAlias("void")\`set local role app\`); });
          await pool.any(sql.prepared("p", z.any())\`select 3\`);
        }`,
      sites: [
        "select $ | pool | autocommit | extended",
        "select … from t | pool | autocommit | extended",
        "set role app | client | autocommit | extended",
        "set local role app | transaction | in-transaction | extended",
        "select 3 | pool | autocommit | extended | named …",
      ],
    },
  ],
  knex: [
    {
      title: "raw, transactions of all kinds",
      code: `
        import knex, { type Knex } from "knex";
        const db = knex({ client: "pg", connection: process.env.DATABASE_URL, searchPath: ["app"],
          pool: { afterCreate(conn: any, done: any) { conn.query("set role app", done); } } });
        export async function work(id: string) {
          await db.raw("select ?? from t where id = ?", ["a", id]);
          await db.transaction(async (trx) => { await trx.raw("set local role app"); await db.raw("select 2"); });
          await db.transaction((trx) => db.raw("select 3").transacting(trx));
          const trx = await db.transaction();
          await trx.raw("select 4");
          await trx.commit();
          await db("t").where({ id }).select(db.raw("1"));
          await db.schema.raw("select 5");
        }
        export const inside = (trx: Knex.Transaction) => trx.raw("select 6");`,
      sites: [
        "SET search_path TO … | client | autocommit | simple | on searchPath",
        "set role app | client | autocommit | unknown | on afterCreate",
        "select … from t where id = $ | pool | autocommit | extended",
        "set local role app | transaction | in-transaction | simple",
        "select 2 | pool | autocommit | simple",
        "select 3 | transaction | in-transaction | simple",
        "select 4 | transaction | in-transaction | simple",
        "select 5 | pool | autocommit | simple",
        "select 6 | transaction | in-transaction | simple",
      ],
    },
    {
      title: "migrations by convention",
      code: `exports.up = function (knex) { return knex.raw("set role app"); };`,
      sites: ["set role app | transaction | in-transaction | simple"],
    },
    {
      title: "another database is none of our business",
      code: `
        import knex from "knex";
        const db = knex({ client: "mysql2" });
        export const f = () => db.raw("SET SESSION x = 1");`,
      sites: [],
    },
    {
      title: "objection",
      code: `
        import { Model, transaction, raw } from "objection";
        class User extends Model {}
        export async function f() {
          await User.knex().raw("select 1");
          await User.transaction(async (trx) => { await trx.raw("select 2"); });
          await transaction(User.knex(), async (trx) => { await trx.raw("select 3"); });
          await User.query().where(raw("pg_try_advisory_lock(1)"));
        }`,
      sites: [
        "select 1 | pool | autocommit | simple",
        "select 2 | transaction | in-transaction | simple",
        "select 3 | transaction | in-transaction | simple",
        "select pg_try_advisory_lock(1) | pool | autocommit | extended",
      ],
    },
    {
      title: "lucid",
      code: `
        import db from "@adonisjs/lucid/services/db";
        import { BaseSchema } from "@adonisjs/lucid/schema";
        export async function f() {
          await db.rawQuery("select ?", [1]);
          await db.transaction(async (trx) => { await trx.rawQuery("select 2"); });
          const trx = await db.transaction();
          await trx.rawQuery("select 3");
          await trx.rollback();
        }
        export default class extends BaseSchema {
          async up() { this.schema.raw("set role app"); this.defer(async (db) => { await db.rawQuery("select 4"); }); }
        }`,
      sites: [
        "select $ | pool | autocommit | extended",
        "select 2 | transaction | in-transaction | simple",
        "select 3 | transaction | in-transaction | simple",
        "set role app | transaction | in-transaction | simple",
        "select 4 | transaction | in-transaction | simple",
      ],
    },
  ],
  kysely: [
    {
      title: "who executes decides",
      code: `
        import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
        import { Pool } from "pg";
        const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool({ max: 3 }),
          onCreateConnection: async (c) => { await c.executeQuery(CompiledQuery.raw("set role app")); } }) });
        export async function work(id: string, table: string) {
          await sql\`select \${id} from \${sql.table(table)}\`.execute(db);
          await sql.raw("select 1").execute(db);
          await db.transaction().setIsolationLevel("serializable").execute(async (trx) => {
            await sql\`set local role app\`.execute(trx);
          });
          await db.connection().execute(async (c) => { await sql\`set role app\`.execute(c); });
          const trx = await db.startTransaction().execute();
          await sql\`select 3\`.execute(trx);
          await trx.commit().execute();
          await db.executeQuery(CompiledQuery.raw("select 4"));
          await db.selectNoFrom(sql\`pg_advisory_lock(1)\`.as("l")).execute();
          await db.schema.createTable("t").temporary().addColumn("a", "text").onCommit("drop").execute();
        }`,
      sites: [
        "set role app | client | autocommit | simple | on onCreateConnection",
        "select $ from … | pool | autocommit | extended",
        "select 1 | pool | autocommit | simple",
        "set local role app | transaction | in-transaction | simple",
        "set role app | client | autocommit | simple",
        "select 3 | transaction | in-transaction | simple",
        "select 4 | pool | autocommit | simple",
        "select pg_advisory_lock(1) | pool | autocommit | extended",
        "create temporary table … () on commit drop | pool | autocommit | simple",
      ],
    },
    {
      title: "a parameter of the database's type may be a transaction",
      code: `
        import { type Kysely, sql, type Transaction } from "kysely";
        export async function up(db: Kysely<any>) { await sql\`set local role app\`.execute(db); }
        export const inside = (trx: Transaction<any>) => sql\`select 1\`.execute(trx);`,
      sites: ["set local role app | unknown | unknown | simple", "select 1 | transaction | in-transaction | simple"],
    },
    {
      title: "another database is none of our business",
      code: `
        import { Kysely, MysqlDialect, sql } from "kysely";
        const db = new Kysely<any>({ dialect: new MysqlDialect({}) });
        export const f = () => sql\`set x = 1\`.execute(db);`,
      sites: [],
    },
  ],
  "drizzle-orm": [
    {
      title: "execute, transaction, raw and prepare",
      code: `
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/node-postgres";
        import { Pool } from "pg";
        const db = drizzle(new Pool());
        type Tx = Parameters<Parameters<typeof db.transaction>[0]>[0];
        export async function work(id: string) {
          await db.execute(sql\`select \${id}\`);
          await db.transaction(async (tx) => {
            await tx.execute(sql.raw(\`set local role app\`));
            await tx.transaction(async (inner) => { await inner.execute("select 2"); });
          });
          await db.select().from(users).where(sql\`pg_try_advisory_lock(1)\`);
          await db.$client.query("select 3");
        }
        export const find = db.select().from(users).prepare("find");
        export const inside = (tx: Tx) => tx.execute(sql\`select 4\`);
        declare const users: any;`,
      sites: [
        "select $ | pool | autocommit | extended",
        "set local role app | transaction | in-transaction | simple",
        "select 2 | transaction | in-transaction | simple",
        "select pg_try_advisory_lock(1) | pool | autocommit | extended",
        "select 3 | pool | autocommit | simple",
        " | pool |  | extended | named find",
        "select 4 | transaction | in-transaction | simple",
      ],
    },
    {
      title: "on postgres.js a name is no name; PGlite is no server",
      code: `
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/postgres-js";
        import { drizzle as lite } from "drizzle-orm/pglite";
        import postgres from "postgres";
        const db = drizzle(postgres("postgres://db", { prepare: false }));
        const local = lite();
        export const find = db.select().from(users).prepare("find");
        export const f = () => local.execute(sql\`set role app\`);
        export const g = () => db.execute(sql\`set role app\`);
        declare const users: any;`,
      sites: ["set role app | pool | autocommit | simple"],
    },
  ],
  "@prisma/client": [
    {
      title: "raw queries, both kinds of transaction",
      code: `
        import { Prisma, PrismaClient } from "@prisma/client";
        const prisma = new PrismaClient();
        export async function work(id: string) {
          await prisma.$queryRaw\`select \${id}\`;
          await prisma.$executeRawUnsafe("set role app");
          await prisma.$queryRaw(Prisma.sql\`select 1 where \${Prisma.raw("true")}\`);
          await prisma.$transaction([prisma.$executeRaw\`select set_config('a.b', \${id}, true)\`, prisma.user.findMany()]);
          await prisma.$transaction(async (tx) => { await tx.$executeRaw\`set local role app\`; await prisma.$queryRaw\`select 2\`; });
        }
        export const inside = (tx: Prisma.TransactionClient) => tx.$queryRaw\`select 3\`;
        export const omitted = (tx: Omit<PrismaClient, "$connect" | "$transaction">) => tx.$queryRaw\`select 4\`;`,
      sites: [
        "select $ | pool | autocommit | extended",
        "set role app | pool | autocommit | extended",
        "select 1 where true | pool | autocommit | extended",
        "select set_config('a.b', $, true) | transaction | in-transaction | extended",
        "set local role app | transaction | in-transaction | extended",
        "select 2 | pool | autocommit | extended",
        "select 3 | transaction | in-transaction | extended",
        "select 4 | transaction | in-transaction | extended",
      ],
    },
    {
      title: "a generated client, a Nest service, an extension",
      code: `
        import { PrismaClient } from "../generated/prisma/client";
        export class PrismaService extends PrismaClient {
          async tenant(id: string) { await this.$executeRaw\`select set_config('a', \${id}, false)\`; }
        }
        export class Repo {
          constructor(private readonly prisma: PrismaService) {}
          lock() { return this.prisma.$queryRaw\`select pg_advisory_lock(1)\`; }
        }
        const forGlobal = globalThis as unknown as { prisma?: PrismaClient };
        export const prisma = forGlobal.prisma ?? new PrismaClient().$extends({});
        export const f = () => prisma.$queryRaw\`select 1\`;`,
      sites: [
        "select set_config('a', $, false) | pool | autocommit | extended",
        "select pg_advisory_lock(1) | pool | autocommit | extended",
        "select 1 | pool | autocommit | extended",
      ],
    },
  ],
  typeorm: [
    {
      title: "data source, manager, query runner, repository",
      code: `
        import { DataSource, EntityManager, Repository } from "typeorm";
        const source = new DataSource({ type: "postgres", extra: { max: 1 } });
        export async function work() {
          await source.query("select $1", [1]);
          await source.manager.query("select 2");
          await source.transaction("SERIALIZABLE", async (m) => {
            await m.query("set local role app");
            await m.getRepository(User).query("select 3");
          });
          const runner = source.createQueryRunner();
          await runner.query("select 4");
          await runner.startTransaction();
          await runner.manager.query("select 5");
          await runner.commitTransaction();
          await runner.query("select 6");
          await runner.release();
        }
        export class Users {
          constructor(private readonly users: Repository<User>) {}
          lock(em: EntityManager) { return [this.users.query("select 7"), em.query("select 8")]; }
        }
        class User {}`,
      sites: [
        "select $1 | pool | autocommit | extended",
        "select 2 | pool | autocommit | simple",
        "set local role app | transaction | in-transaction | simple",
        "select 3 | transaction | in-transaction | simple",
        "select 4 | client | autocommit | simple",
        "select 5 | client | in-transaction | simple",
        "select 6 | client | autocommit | simple",
        "select 7 | unknown | unknown | simple",
        "select 8 | unknown | unknown | simple",
      ],
    },
    {
      title: "MySQL is none of our business",
      code: `
        import { DataSource } from "typeorm";
        const source = new DataSource({ type: "mysql" });
        export const f = () => source.query("SET SESSION x = 1");`,
      sites: [],
    },
  ],
  sequelize: [
    {
      title: "options decide",
      code: `
        import { QueryTypes, Sequelize } from "sequelize";
        const db = new Sequelize("postgres://db", { dialect: "postgres", hooks: { afterConnect: async (c: any) => { await c.query("set role app"); } } });
        export async function work(id: string, options: any) {
          await db.query("select :id", { replacements: { id } });
          await db.transaction(async (transaction) => {
            await db.query("select 2", { transaction });
            await db.query("set local role app");
          });
          const t = await db.transaction();
          await db.query({ query: "select 3", values: [] }, { transaction: t });
          await t.commit();
          await db.query("select 4", options);
        }`,
      sites: [
        "set role app | client | autocommit | simple | on afterConnect",
        "select $ | pool | autocommit | unknown",
        "select 2 | transaction | in-transaction | unknown",
        "set local role app | pool | autocommit | simple",
        "select 3 | transaction | in-transaction | unknown",
        "select 4 | pool | unknown | unknown",
      ],
    },
    {
      title: "migrations",
      code: `
        module.exports = {
          async up(queryInterface) { await queryInterface.sequelize.query("set role app"); },
          async down(queryInterface, Sequelize) {
            await queryInterface.sequelize.transaction((transaction) => queryInterface.sequelize.query("select 1", { transaction }));
          },
        };`,
      sites: ["set role app | pool | autocommit | simple", "select 1 | transaction | in-transaction | unknown"],
    },
  ],
  "mikro-orm": [
    {
      title: "entity manager, transactional, begin, hook",
      code: `
        import { MikroORM } from "@mikro-orm/postgresql";
        export async function main() {
          const orm = await MikroORM.init({ onCreateConnection: async (c: any) => { await c.query("set role app"); } });
          const em = orm.em.fork();
          await em.execute("select ?", [1]);
          await em.transactional(async (inner) => { await inner.execute("set local role app"); await em.execute("select 2"); });
          await em.begin();
          await em.getConnection().execute("select 3");
          await em.commit();
          await em.execute("select 4");
        }`,
      sites: [
        "set role app | client | autocommit | simple | on onCreateConnection",
        "select $ | pool | autocommit | simple",
        "set local role app | pool | in-transaction | simple",
        "select 2 | pool | in-transaction | simple",
        "select 3 | pool | in-transaction | simple",
        "select 4 | pool | autocommit | simple",
      ],
    },
  ],
  "hosted drivers": [
    {
      title: "neon over HTTP and WebSockets, Vercel",
      code: `
        import { neon, Pool } from "@neondatabase/serverless";
        import { sql as vercel, createPool } from "@vercel/postgres";
        const sql = neon(process.env.DATABASE_URL!);
        const pool = new Pool();
        export async function work(id: string) {
          await sql\`select \${id}\`;
          await sql.transaction([sql\`select set_config('a.b', \${id}, true)\`, sql\`select 2\`]);
          await pool.query("select 3");
          await vercel\`select 4\`;
          await createPool().sql\`select 5\`;
        }`,
      sites: [
        "select $ | pool | autocommit | extended",
        "select set_config('a.b', $, true) | pool | in-transaction | extended",
        "select 2 | pool | in-transaction | extended",
        "select 3 | pool | autocommit | simple",
        "select 4 | pool | autocommit | extended",
        "select 5 | pool | autocommit | extended",
      ],
    },
    {
      title: "@databases/pg",
      code: `
        import connect, { sql } from "@databases/pg";
        const db = connect({ connectionString: "postgres://db", schema: "app" });
        export async function work(id: string) {
          await db.query(sql\`select \${id} from \${sql.ident("t")}\`);
          await db.tx(async (tx) => { await tx.query(sql\`set local role app\`); });
          await db.task(async (t) => { await t.query(sql\`set role app\`); });
        }`,
      sites: [
        "SET search_path TO … | client | autocommit | simple | on schema",
        "select $ from … | pool | autocommit | extended",
        "set local role app | transaction | in-transaction | extended",
        "set role app | client | autocommit | extended",
      ],
    },
    {
      title: "Bun",
      code: `
        import { sql, SQL } from "bun";
        const db = new SQL("postgres://db");
        export async function work() {
          await sql\`select 1\`;
          await db.begin(async (tx) => { await tx\`set local role app\`; });
        }`,
      sites: [
        "select 1 | pool | autocommit | extended",
        "set local role app | transaction | in-transaction | extended",
      ],
    },
    {
      title: "node-pg-migrate",
      code: `
        export const up = (pgm) => {
          pgm.sql("set role app");
          pgm.createTable("t", { id: "id" }, { temporary: true });
          pgm.createTable("u", { id: "id" });
        };`,
      sites: [
        "set role app | transaction | in-transaction | simple",
        'create temporary table "t" () | transaction | in-transaction | simple',
      ],
    },
  ],
};

describe.each(Object.entries(cases))("%s", (_, examples) => {
  test.each(examples)("$title", ({ code, sites }) => {
    expect(callSitesIn(code)).toEqual(sites);
  });
});
