import { testDriver } from "../support/driver-cases.ts";

testDriver("kysely", [
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
      "select pg_advisory_lock(1) | pool | autocommit | unknown",
      "create temporary table … () on commit drop | pool | autocommit | simple",
    ],
  },
  {
    title: "a parameter of the database's type may be a transaction",
    code: `
        import { type Kysely, sql, type Transaction } from "kysely";
        export async function prepare(db: Kysely<any>) { await sql\`set local role app\`.execute(db); }
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
  {
    title: "a database that is declared only, and what may be executed on it",
    code: `
        import { CompiledQuery, Kysely, sql, type Transaction } from "kysely";
        import { db } from "./db";
        declare const someDb: Kysely<any>;
        export async function f(id: string) {
          await sql\`select set_config('app.t', \${id}, true)\`.execute(someDb);
          await sql<{ a: number }>\`select 1 as a\`.execute(someDb);
          const q = sql\`select 2\`.compile(someDb);
          await someDb.executeQuery(q);
          await someDb.executeQuery(CompiledQuery.raw("select $1", [1]));
        }`,
    sites: [
      "select set_config('app.t', $, true) | unknown | unknown | extended",
      "select 1 as a | unknown | unknown | simple",
      "select 2 | unknown | unknown | simple",
      "select $1 | unknown | unknown | extended",
    ],
  },
  {
    title: "a helper that asks whether it is in a transaction already",
    code: `
        import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
        import { Pool } from "pg";
        export const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool() }) });
        export async function inTransaction<T>(on: Kysely<any>, work: (trx: Transaction<any>) => Promise<T>): Promise<T> {
          if (on.isTransaction) return work(on as Transaction<any>);
          return on.transaction().execute(work);
        }
        export const rename = (name: string) => inTransaction(db, async (trx) => {
          await sql\`set local role app\`.execute(trx);
        });`,
    sites: ["set local role app | transaction | in-transaction | simple"],
  },
  {
    title: "a controlled transaction with savepoints, over a pool that is made on demand",
    code: `
        import { Kysely, PostgresDialect, sql } from "kysely";
        import { Pool } from "pg";
        const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: async () => new Pool() }) });
        export async function f() {
          const trx = await db.startTransaction().setIsolationLevel("serializable").execute();
          try {
            await sql\`set local lock_timeout = '1s'\`.execute(trx);
            const inner = await trx.savepoint("a").execute();
            await inner.executeQuery(sql\`select 1\`.compile(db));
            const back = await inner.rollbackToSavepoint("a").execute();
            await sql\`select 2\`.execute(back);
            await back.releaseSavepoint("a").execute();
            await trx.commit().execute();
          } catch (error) {
            await trx.rollback().execute();
            throw error;
          }
          await sql\`select 3\`.execute(db);
        }`,
    sites: [
      "set local lock_timeout = '1s' | transaction | in-transaction | simple",
      "select 1 | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | pool | autocommit | simple",
    ],
  },
  {
    title: "literals, names, values, lists and raw parts of a query",
    code: `
        import { Kysely, PostgresDialect, sql } from "kysely";
        import { Pool } from "pg";
        const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool() }) });
        export async function f(tenant: string, ids: string[], active?: boolean) {
          await db.transaction().execute(async (trx) => {
            await sql\`set local app.tenant = \${sql.lit(tenant)}\`.execute(trx);
            await sql\`set local search_path to \${sql.id(tenant)}, public\`.execute(trx);
            await sql\`select set_config(\${sql.lit("app.tenant")}, \${sql.val(tenant)}, \${sql.lit(true)})\`.execute(trx);
            await sql\`select * from t where id in (\${sql.join(ids)}) \${active ? sql\`and active\` : sql\`\`}\`.execute(trx);
            await sql.raw(\`set local app.x = '\${tenant}'\`).execute(trx);
            await sql\`select \${sql.join([sql\`pg_advisory_xact_lock(1)\`, sql.ref("a")])}\`.execute(trx);
          });
        }`,
    sites: [
      "set local app.tenant = … | transaction | in-transaction | simple",
      "set local search_path to …, public | transaction | in-transaction | simple",
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select * from t where id in (…) and active | transaction | in-transaction | unknown",
      "select * from t where id in (…) | transaction | in-transaction | unknown",
      "set local app.x = '…' | transaction | in-transaction | simple",
      "select pg_advisory_xact_lock(1), … | transaction | in-transaction | simple",
    ],
  },
  {
    title: "parts of built queries that do something to the session, in callbacks too",
    code: `
        import { Kysely, PostgresDialect, sql } from "kysely";
        import { Pool } from "pg";
        const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool() }) });
        export async function f(id: string) {
          await db.selectFrom("job").select(sql<boolean>\`pg_try_advisory_lock(\${id})\`.as("locked")).executeTakeFirst();
          await db.selectFrom("job").select((eb) => [sql<boolean>\`pg_try_advisory_lock(2)\`.as("locked")]).execute();
          await db.selectFrom("job").where(({ eb }) => eb("a", "=", sql\`pg_advisory_lock(3)\`)).execute();
          await db.selectFrom("job").$if(id !== "", (qb) => qb.where(sql<boolean>\`pg_try_advisory_lock(4)\`)).execute();
          await db.insertInto("job").values({ at: sql\`now()\`, lock: sql\`pg_advisory_lock(5)\` }).execute();
          await db.withSchema("x").selectNoFrom([sql\`pg_advisory_lock(6)\`.as("a")]).execute();
          await db.with("l", (qb) => qb.selectNoFrom(sql\`pg_advisory_lock(7)\`.as("a"))).selectFrom("l").execute();
        }`,
    sites: [
      "select pg_try_advisory_lock($) | pool | autocommit | unknown",
      "select pg_try_advisory_lock(2) | pool | autocommit | unknown",
      "select pg_advisory_lock(3) | pool | autocommit | unknown",
      "select pg_try_advisory_lock(4) | pool | autocommit | unknown",
      "select pg_advisory_lock(5) | pool | autocommit | unknown",
      "select pg_advisory_lock(6) | pool | autocommit | unknown",
      "select pg_advisory_lock(7) | pool | autocommit | unknown",
    ],
  },
  {
    title: "classes that extend the database and the dialect",
    code: `
        import { Kysely, PostgresDialect, sql } from "kysely";
        import { Pool } from "pg";
        interface DB { users: { id: string } }
        class AppDialect extends PostgresDialect { constructor() { super({ pool: new Pool({ statement_timeout: 1000 }) }); } }
        export class Database extends Kysely<DB> {}
        export const db = new Database({ dialect: new AppDialect() });
        export class Jobs {
          constructor(private readonly db: Database) {}
          lock(id: number) { return sql\`select pg_advisory_lock(\${id})\`.execute(this.db); }
          run() { return this.db.transaction().execute((trx) => sql\`set local role app\`.execute(trx)); }
        }
        export const ping = () => sql\`select 1\`.execute(db);`,
    sites: [
      "select pg_advisory_lock($) | pool | autocommit | extended",
      "set local role app | transaction | in-transaction | simple",
      "select 1 | pool | autocommit | simple",
    ],
  },
  {
    title: "migrations of the tool, in its transaction",
    code: `
        import { type Kysely, sql } from "kysely";
        export async function up(db: Kysely<any>): Promise<void> {
          await sql\`set local lock_timeout = '2s'\`.execute(db);
          await db.schema.createTable("users").addColumn("id", "uuid", (col) => col.primaryKey().defaultTo(sql\`gen_random_uuid()\`)).execute();
          await db.schema.alterTable("users").addColumn("at", "timestamptz").execute();
          await sql\`create index concurrently i on users (id)\`.execute(db);
        }
        export async function down(db: Kysely<any>): Promise<void> { await sql.raw("drop table users").execute(db); }`,
    sites: [
      "set local lock_timeout = '2s' | transaction | in-transaction | simple",
      "create index concurrently i on users (id) | transaction | in-transaction | simple",
      "drop table users | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a migration in JavaScript",
    code: `
        const { sql } = require("kysely");
        exports.up = async (db) => { await sql\`set search_path to app\`.execute(db); };
        exports.down = async function (db) { await sql\`reset search_path\`.execute(db); };`,
    sites: [
      "set search_path to app | transaction | in-transaction | simple",
      "reset search_path | transaction | in-transaction | simple",
    ],
  },
  {
    title: "helpers that take a database or a transaction",
    code: `
        import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
        import { Pool } from "pg";
        interface DB { users: { id: string } }
        export const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool: new Pool() }) });
        export async function withTenant<T>(tenant: string, work: (trx: Transaction<DB>) => Promise<T>): Promise<T> {
          return db.transaction().execute(async (trx) => {
            await sql\`select set_config('app.tenant', \${tenant}, true)\`.execute(trx);
            return work(trx);
          });
        }
        export async function count(on: Kysely<DB> | Transaction<DB> = db) {
          const { rows } = await sql<{ n: number }>\`select count(*) n from users\`.execute(on);
          return rows[0]?.n;
        }
        export class Users {
          constructor(private readonly db: Kysely<DB>) {}
          private on(trx?: Transaction<DB>) { return trx ?? this.db; }
          async all(trx?: Transaction<DB>) { return sql\`select 1\`.execute(this.on(trx)); }
        }
        export const users = (tenant: string) => withTenant(tenant, (trx) => Promise.all([
          sql\`select 2\`.execute(trx),
          trx.selectFrom("users").selectAll().execute(),
        ]));`,
    sites: [
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select count(*) n from users | unknown | unknown | simple",
      "select 1 | unknown | unknown | simple",
      "select 2 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a connection of its own, and what executors give",
    code: `
        import { Kysely, PostgresDialect, sql } from "kysely";
        import { Pool } from "pg";
        const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool(), cursor: {} as any }) });
        export async function f() {
          await db.connection().execute(async (conn) => {
            await sql\`select pg_advisory_lock(1)\`.execute(conn);
            try {
              await conn.transaction().setAccessMode("read only").execute(async (trx) => { await sql\`set local role app\`.execute(trx); });
              await conn.connection().execute((same) => sql\`select 2\`.execute(same));
              const trx = await conn.startTransaction().execute();
              await sql\`select 3\`.execute(trx);
              await trx.rollback().execute();
            } finally {
              await sql\`select pg_advisory_unlock(1)\`.execute(conn);
            }
          });
          for await (const row of db.getExecutor().stream(sql\`select 4\`.compile(db), 10)) console.log(row);
          await db.getExecutor().provideConnection(async (connection) => connection.executeQuery(sql\`select 5\`.compile(db)));
        }`,
    sites: [
      "select pg_advisory_lock(1) | client | autocommit | simple",
      "set local role app | client | in-transaction | simple",
      "select 2 | client | autocommit | simple",
      "select 3 | client | in-transaction | simple",
      "select pg_advisory_unlock(1) | client | autocommit/in-transaction | simple",
      "select 4 | pool | autocommit | simple",
      "select 5 | client | autocommit | simple",
    ],
  },
  {
    title: "embedded PostgreSQL and other kinds of database are none of our business",
    code: `
        import { Kysely, MssqlDialect, PGliteDialect, SqliteDialect, sql } from "kysely";
        import { KyselyPGlite } from "kysely-pglite";
        import { PGliteDialect as Embedded } from "kysely-pglite-dialect";
        import { D1Dialect } from "kysely-d1";
        import { LibsqlDialect } from "@libsql/kysely-libsql";
        import { BunSqliteDialect } from "kysely-bun-sqlite";
        import { PlanetScaleDialect } from "kysely-planetscale";
        const { dialect } = await KyselyPGlite.create();
        const all = [
          new Kysely<any>({ dialect }), new Kysely<any>({ dialect: new KyselyPGlite().dialect }),
        ];
        const a = new Kysely<any>({ dialect });
        const b = new Kysely<any>({ dialect: new Embedded({} as any) });
        const c = new Kysely<any>({ dialect: new D1Dialect({} as any) });
        const d = new Kysely<any>({ dialect: new LibsqlDialect({ url: "file:x" }) });
        const e = new Kysely<any>({ dialect: new BunSqliteDialect({} as any) });
        const g = new Kysely<any>({ dialect: new PGliteDialect({} as any) });
        const h = new Kysely<any>({ dialect: new PlanetScaleDialect({} as any) });
        export const f = async () => { for (const db of [a, b, c, d, e, g, h]) await sql\`set x = 1\`.execute(db); };`,
    sites: [],
  },
  {
    title: "a dialect that a setting chooses",
    code: `
        import { Kysely, PostgresDialect, SqliteDialect, sql } from "kysely";
        import { Pool } from "pg";
        const dialect = process.env.DB === "sqlite" ? new SqliteDialect({} as any) : new PostgresDialect({ pool: new Pool() });
        export const db = new Kysely<any>({ dialect });
        export const f = () => sql\`set role app\`.execute(db);`,
    sites: ["set role app | pool | autocommit | simple"],
  },
  {
    title: "dialects over postgres.js and Neon",
    code: `
        import { Kysely, sql } from "kysely";
        import { PostgresJSDialect } from "kysely-postgres-js";
        import { NeonDialect } from "kysely-neon";
        import { neon } from "@neondatabase/serverless";
        import postgres from "postgres";
        const a = new Kysely<any>({ dialect: new PostgresJSDialect({ postgres: postgres(process.env.DATABASE_URL!) }) });
        const b = new Kysely<any>({ dialect: new NeonDialect({ neon: neon(process.env.DATABASE_URL!) }) });
        const c = new Kysely<any>({ dialect: new NeonDialect({ connectionString: process.env.DATABASE_URL }) });
        export async function f(id: string) {
          await sql\`set role a\`.execute(a);
          await a.transaction().execute((trx) => sql\`select \${id}\`.execute(trx));
          await sql\`set role b\`.execute(b);
          await sql\`set role c\`.execute(c);
        }`,
    sites: [
      "set role a | pool | autocommit | simple",
      "select $ | transaction | in-transaction | extended",
      "set role b | pool | autocommit | simple",
      "set role c | pool | autocommit | simple",
    ],
  },
  {
    title: "temporary tables and views of the schema builder",
    code: `
        import { Kysely, PostgresDialect, sql } from "kysely";
        import { Pool } from "pg";
        const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool() }) });
        export async function f() {
          await db.schema.createTable("a").ifNotExists().temporary().addColumn("id", "integer").execute();
          await db.schema.createTable("b").addColumn("id", "integer").execute();
          await db.transaction().execute(async (trx) => {
            await trx.schema.createTable("c").temporary().onCommit("drop").addColumn("id", "integer").execute();
            await trx.schema.withSchema("x").createView("v").temporary().as(trx.selectFrom("c").selectAll()).execute();
          });
        }`,
    sites: [
      "create temporary table … () | pool | autocommit | simple",
      "create temporary table … () on commit drop | transaction | in-transaction | simple",
      "create temporary view … as select 1 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a transaction that a request holds",
    code: `
        import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
        import { Pool } from "pg";
        const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool() }) });
        interface Request { trx: Transaction<any>; db: Kysely<any> }
        export async function handler(request: Request) {
          await sql\`set local role app\`.execute(request.trx);
          await sql\`select 1\`.execute(request.db);
        }
        export async function middleware(request: { trx?: Transaction<any> }, next: () => Promise<void>) {
          await db.transaction().execute(async (trx) => {
            request.trx = trx;
            await sql\`select set_config('app.user', \${"x"}, true)\`.execute(trx);
            await next();
          });
        }`,
    sites: [
      "set local role app | transaction | in-transaction | simple",
      "select 1 | unknown | unknown | simple",
      "select set_config('app.user', $, true) | transaction | in-transaction | extended",
    ],
  },
  {
    title: "queries that are compiled by hand",
    code: `
        import { Kysely, PostgresDialect } from "kysely";
        import { Pool } from "pg";
        const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool(), onCreateConnection: async (c) => { await c.executeQuery({ sql: "set role a", parameters: [] } as any); } }) });
        export const f = (id: string) => db.executeQuery({ sql: "select $1", parameters: [id] } as any);`,
    sites: [
      "set role a | client | autocommit | simple | on onCreateConnection",
      "select $1 | pool | autocommit | extended",
    ],
  },
]);
