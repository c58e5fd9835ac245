import { testDriver } from "../support/driver-cases.ts";

testDriver("drizzle-orm", [
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
      "select pg_try_advisory_lock(1) | pool | autocommit | unknown",
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
  {
    title: "columns, tables, names and lists in a text; parts of built queries",
    code: `
        import { sql, and, eq } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/node-postgres";
        import { users } from "./schema";
        const db = drizzle(process.env.DATABASE_URL!);
        export async function f(id: string, order: "asc" | "desc", table: string, ids: string[]) {
          await db.execute(sql\`select \${users.id}, pg_advisory_lock(1) from \${users} where \${eq(users.id, id)}\`);
          await db.execute(sql\`select * from t order by id \${sql.raw(order)}\`);
          await db.execute(sql.raw(\`create temp table \${table} (a int)\`));
          await db.execute(sql\`lock table \${sql.identifier(table)} in share mode\`);
          await db.execute(sql\`select 1 where id in \${sql.join(ids.map((one) => sql\`\${one}\`), sql\`, \`)}\`);
          const query = sql.empty();
          query.append(sql\`select pg_advisory_lock(2)\`);
          query.append(sql\` from t\`);
          await db.execute(query);
          await db.execute<{ a: number }>(sql\`set role app\`.inlineParams());
          const rows = await db.select({ a: sql<number>\`pg_try_advisory_lock(3)\`.as("a") }).from(users).where(and(eq(users.id, id), sql\`true\`));
          await db.query.users.findFirst({ extras: { locked: sql\`pg_try_advisory_lock(4)\`.as("locked") } });
          await db.select().from(users).where(and(sql\`pg_try_advisory_lock(5)\`, eq(users.id, id)));
          await db.query.users.findMany({ where: (table, { sql: tag }) => sql\`pg_try_advisory_lock(6)\` });
        }`,
    sites: [
      "select $, pg_advisory_lock(1) from $ where … | pool | autocommit | extended",
      "select * from t order by id … | pool | autocommit | simple",
      "create temp table … (a int) | pool | autocommit | simple",
      "lock table … in share mode | pool | autocommit | simple",
      "select 1 where id in … | pool | autocommit | unknown",
      "select pg_advisory_lock(2) from t | pool | autocommit | simple",
      "set role app | pool | autocommit | simple",
      "select pg_try_advisory_lock(3) | pool | autocommit | unknown",
      "select pg_try_advisory_lock(4) | pool | autocommit | unknown",
      "select …, pg_try_advisory_lock(5), … | pool | autocommit | unknown",
      "select pg_try_advisory_lock(6) | pool | autocommit | unknown",
    ],
  },
  {
    title: "rollback throws; nested transactions; settings of a transaction",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/node-postgres";
        import { Pool } from "pg";
        import * as schema from "./schema";
        export const pool = new Pool();
        export const db = drizzle(pool, { schema, logger: true });
        export const move = (from: string, to: string) => db.transaction(async (tx) => {
          const [account] = await tx.select().from(schema.accounts);
          if (account === undefined) tx.rollback();
          await tx.execute(sql\`set local lock_timeout = '1s'\`);
          await tx.setTransaction({ isolationLevel: "serializable" });
          return await tx.transaction(async (inner) => {
            await inner.execute(sql\`select pg_advisory_xact_lock(\${from})\`);
            if (to === "") { inner.rollback(); }
          });
        }, { isolationLevel: "repeatable read", accessMode: "read write" });`,
    sites: [
      "set local lock_timeout = '1s' | transaction | in-transaction | simple",
      "set transaction … | transaction | in-transaction | simple",
      "select pg_advisory_xact_lock($) | transaction | in-transaction | extended",
    ],
  },
  {
    title: "made from a client, settings, replicas",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/node-postgres";
        import { withReplicas } from "drizzle-orm/pg-core";
        import { Client } from "pg";
        const client = new Client({ connectionString: process.env.DIRECT });
        const one = drizzle({ client });
        const two = drizzle({ connection: { host: "db", max: 3, onConnect: async (c) => { await c.query("set role app"); } }, casing: "snake_case" });
        const three = withReplicas(drizzle("postgres://a"), [drizzle("postgres://b")]);
        const mock = drizzle.mock();
        export async function f() {
          await client.connect();
          await one.execute("begin");
          await one.execute(sql\`set local role app\`);
          await one.execute("commit");
          await one.transaction(async (tx) => { await tx.execute(sql\`select 1\`); });
          await two.$client.query("select 2");
          const lent = await two.$client.connect();
          await lent.query("select 3");
          lent.release();
          await three.execute(sql\`select 4\`);
          await three.$primary.transaction(async (tx) => { await tx.execute(sql\`select 5\`); });
          await mock.execute(sql\`select 6\`);
        }`,
    sites: [
      "set role app | client | autocommit | simple | on onConnect",
      "begin | client | unknown | simple",
      "set local role app | client | in-transaction | simple",
      "commit | client | in-transaction | simple",
      "select 1 | client | in-transaction | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | client | autocommit | simple",
      "select 4 | pool | autocommit | simple",
      "select 5 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a repository that takes a transaction or has a database",
    code: `
        import { sql, type ExtractTablesWithRelations } from "drizzle-orm";
        import { drizzle, type NodePgDatabase, type NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
        import type { PgTransaction } from "drizzle-orm/pg-core";
        import * as schema from "./schema";
        export const db = drizzle(process.env.DATABASE_URL!, { schema });
        export type Database = typeof db;
        export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
        type Wide = PgTransaction<NodePgQueryResultHKT, typeof schema, ExtractTablesWithRelations<typeof schema>>;
        export class Accounts {
          constructor(private readonly database: Database) {}
          count(tx?: Transaction) { return (tx ?? this.database).execute(sql\`select 1\`); }
          async lock(tx: Wide, id: string) { await tx.execute(sql\`select pg_advisory_xact_lock(\${id})\`); }
          list(on: NodePgDatabase<typeof schema>) { return on.execute(sql\`select 2\`); }
        }
        export const withTenant = <T>(id: string, work: (tx: Transaction) => Promise<T>, on: Database | Transaction = db) =>
          on.transaction(async (tx) => {
            await tx.execute(sql\`select set_config('app.tenant', \${id}, true)\`);
            return work(tx);
          });
        export const balances = (id: string) => withTenant(id, (tx) => tx.execute(sql\`select 3\`));`,
    sites: [
      "select 1 | transaction | in-transaction | simple",
      "select 1 | pool | autocommit | simple",
      "select pg_advisory_xact_lock($) | transaction | in-transaction | extended",
      "select 2 | unknown | unknown | simple",
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select 3 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "statements that prepare names",
    code: `
        import { eq, sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/node-postgres";
        import { drizzle as overSockets } from "drizzle-orm/neon-serverless";
        import { drizzle as overHttp } from "drizzle-orm/neon-http";
        import { drizzle as vercel } from "drizzle-orm/vercel-postgres";
        import { users } from "./schema";
        const db = drizzle(process.env.DATABASE_URL!);
        const sockets = overSockets(process.env.DATABASE_URL!);
        const web = overHttp(process.env.DATABASE_URL!);
        const host = vercel();
        export const byId = db.select().from(users).where(eq(users.id, sql.placeholder("id"))).prepare("users_by_id");
        export const nameless = db.select().from(users).prepare("");
        export const first = db.query.users.findFirst().prepare("first_user");
        export const insert = sockets.insert(users).values({ id: sql.placeholder("id") }).prepare("insert_user");
        export const none = web.select().from(users).prepare("over_http");
        export const hosted = host.select().from(users).prepare("hosted");
        export const inside = () => db.transaction(async (tx) => tx.select().from(users).prepare("inside").execute());`,
    sites: [
      " | pool |  | extended | named users_by_id",
      " | pool |  | extended | named first_user",
      " | pool |  | extended | named insert_user",
      " | pool |  | extended | named hosted",
      " | transaction |  | extended | named inside",
    ],
  },
  {
    title: "over postgres.js",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle, type PostgresJsDatabase, type PostgresJsTransaction } from "drizzle-orm/postgres-js";
        import postgres from "postgres";
        const client = postgres(process.env.DATABASE_URL!, { prepare: false, connection: { search_path: "app" } });
        export const db = drizzle(client);
        const own = drizzle({ connection: { url: process.env.DATABASE_URL!, prepare: false, connection: { statement_timeout: 5000 } } });
        export async function f(id: number, on: PostgresJsDatabase, tx: PostgresJsTransaction<any, any>) {
          await db.execute(sql\`set role app\`);
          await db.execute(sql\`select \${id}\`);
          await db.$client\`select 1\`;
          await own.transaction(async (t) => { await t.execute(sql\`set local role app\`); await t.transaction(async (u) => { await u.execute("select 2"); }); });
          await on.execute(sql\`select 3\`);
          await tx.execute(sql\`select 4\`);
        }`,
    sites: [
      "set role app | pool | autocommit | simple",
      "select $ | pool | autocommit | extended",
      "select 1 | pool | autocommit | extended",
      "set local role app | transaction | in-transaction | simple",
      "select 2 | transaction | in-transaction | simple",
      "select 3 | unknown | unknown | simple",
      "select 4 | transaction | in-transaction | simple",
    ],
  },
  {
    title: "what a schema file holds is no call site",
    code: `
        import { sql } from "drizzle-orm";
        import { check, index, pgPolicy, pgTable, pgView, text, timestamp, uuid } from "drizzle-orm/pg-core";
        export const notes = pgTable("notes", {
          id: uuid("id").primaryKey().default(sql\`gen_random_uuid()\`),
          at: timestamp("at").default(sql\`now()\`),
          tenant: text("tenant").default(sql\`current_setting('app.tenant', true)\`),
        }, (table) => [
          check("named", sql\`\${table.tenant} <> ''\`),
          index("recent").on(table.at).where(sql\`\${table.at} is not null\`),
          pgPolicy("own", { for: "all", using: sql\`tenant = current_setting('app.tenant')\` }),
        ]);
        export const recent = pgView("recent").as((qb) => qb.select().from(notes).where(sql\`pg_backend_pid() > 0\`));
        export const locked = pgView("locked", { id: uuid("id") }).as(sql\`select pg_try_advisory_lock(1)\`);`,
    sites: [],
  },
  {
    title: "a batch over HTTP",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/neon-http";
        import { neon } from "@neondatabase/serverless";
        const db = drizzle({ client: neon(process.env.DATABASE_URL!) });
        export async function f(id: string) {
          await db.batch([db.execute(sql\`select set_config('app.tenant', \${id}, true)\`), db.execute(sql\`select 1\`)]);
          await db.$withAuth("token").execute(sql\`select 2\`);
          await db.execute(sql\`set role app\`);
        }`,
    sites: [
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select 1 | transaction | in-transaction | simple",
      "select 2 | pool | autocommit | simple",
      "set role app | pool | autocommit | simple",
    ],
  },
  {
    title: "row-level security for the user of a request",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/postgres-js";
        import postgres from "postgres";
        interface Token { sub?: string; role?: string }
        const client = drizzle({ client: postgres(process.env.DATABASE_URL!, { prepare: false }) });
        export function forUser(token: Token) {
          return (async (work, ...rest) =>
            client.transaction(async (tx) => {
              try {
                await tx.execute(sql\`
                  select set_config('request.jwt.claims', '\${sql.raw(JSON.stringify(token))}', true);
                  set local role \${sql.raw(token.role ?? "anon")};\`);
                return await work(tx);
              } finally {
                await tx.execute(sql\`select set_config('request.jwt.claims', null, true); reset role\`);
              }
            }, ...rest)) as typeof client.transaction;
        }
        export const notes = (token: Token) => forUser(token)((tx) => tx.execute(sql\`select * from notes\`));`,
    sites: [
      "select set_config('request.jwt.claims', '…', true); set local role …; | transaction | in-transaction | simple",
      "select set_config('request.jwt.claims', '…', true); set local role anon; | transaction | in-transaction | simple",
      "select set_config('request.jwt.claims', null, true); reset role | transaction | in-transaction | simple",
      "select * from notes | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a Nest provider",
    code: `
        import { Inject, Injectable, Module } from "@nestjs/common";
        import { sql } from "drizzle-orm";
        import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
        import { Pool } from "pg";
        import * as schema from "./schema";
        export const DRIZZLE = Symbol("drizzle");
        @Module({
          providers: [{
            provide: DRIZZLE,
            useFactory: () => drizzle(new Pool({ connectionString: process.env.DATABASE_URL, statement_timeout: 10_000 }), { schema }),
          }],
        })
        export class DatabaseModule {}
        @Injectable()
        export class Invoices {
          constructor(@Inject(DRIZZLE) private readonly db: NodePgDatabase<typeof schema>) {}
          async close(id: string) {
            await this.db.execute(sql\`select pg_advisory_lock(\${id})\`);
            await this.db.transaction(async (tx) => {
              await Promise.all([
                tx.execute(sql\`set local lock_timeout = '1s'\`),
                tx.update(schema.invoices).set({ total: sql\`total + 1\` }),
              ]);
            });
          }
        }`,
    sites: [
      "select pg_advisory_lock($) | unknown | unknown | extended",
      "set local lock_timeout = '1s' | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a class around the database",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/node-postgres";
        import { Pool } from "pg";
        class Database {
          readonly pool = new Pool();
          readonly orm = drizzle(this.pool);
          static instance = new Database();
          async locked<T>(key: number, work: (tx: Parameters<Parameters<typeof this.orm.transaction>[0]>[0]) => Promise<T>) {
            return this.orm.transaction(async (tx) => {
              await tx.execute(sql\`select pg_advisory_xact_lock(\${key})\`);
              return work(tx);
            });
          }
        }
        export const { orm } = Database.instance;
        export const run = () => Database.instance.locked(1, async (tx) => tx.execute(sql\`select 1\`));
        export const direct = () => orm.execute(sql\`select 2\`);`,
    sites: [
      "select pg_advisory_xact_lock($) | transaction | in-transaction | extended",
      "select 1 | transaction | in-transaction | simple",
      "select 2 | pool | autocommit | simple",
    ],
  },
  {
    title: "HTTP interfaces of hosts, and a proxy",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle as rds } from "drizzle-orm/aws-data-api/pg";
        import { drizzle as xata } from "drizzle-orm/xata-http";
        import { drizzle as proxy } from "drizzle-orm/pg-proxy";
        const a = rds({} as any, { database: "d", resourceArn: "r", secretArn: "s" });
        const b = xata({} as any);
        const c = proxy(async (text, params) => ({ rows: await (await fetch("http://db", { body: text })).json() }));
        export async function f() {
          await a.execute(sql\`set role a\`);
          await b.execute(sql\`set role b\`);
          await c.execute(sql\`select 1\`);
        }`,
    sites: ["select 1 | unknown | unknown | simple"],
  },
  {
    title: "a migration script",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/postgres-js";
        import { migrate } from "drizzle-orm/postgres-js/migrator";
        import postgres from "postgres";
        const client = postgres(process.env.MIGRATION_URL!, { max: 1, prepare: false });
        const db = drizzle(client);
        await db.execute(sql\`create extension if not exists pgcrypto\`);
        await db.execute(sql\`select pg_advisory_lock(7)\`);
        await migrate(db, { migrationsFolder: "drizzle" });
        await db.execute(sql\`select pg_advisory_unlock(7)\`);
        await client.end();`,
    sites: [
      "create extension if not exists pgcrypto | client | autocommit | simple",
      "select pg_advisory_lock(7) | client | autocommit | simple",
      "select pg_advisory_unlock(7) | client | autocommit | simple",
    ],
  },
  {
    title: "helpers that take a database or a transaction",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
        import type { PgDatabase, PgTransaction } from "drizzle-orm/pg-core";
        export const db = drizzle(process.env.DATABASE_URL!);
        type Tx = Parameters<Parameters<typeof db.transaction>[0]>[0];
        type Executor = typeof db | Tx;
        export const audit = (on: Executor, what: string) => on.execute(sql\`insert into audit values (\${what})\`);
        export const setTenant = (on: PgDatabase<any> | PgTransaction<any>, id: string) =>
          on.execute(sql\`select set_config('app.tenant', \${id}, true)\`);
        export async function transfer(id: string) {
          await audit(db, "before");
          await db.transaction(async (tx) => {
            await setTenant(tx, id);
            await audit(tx, "within");
            const rows = await tx.execute<{ n: number }>(sql\`select 1 as n\`);
            if (rows.rows.length === 0) throw new Error("none");
          });
        }`,
    sites: [
      "insert into audit values ($) | pool | autocommit | extended",
      "insert into audit values ($) | transaction | in-transaction | extended",
      "select set_config('app.tenant', $, true) | transaction | in-transaction | extended",
      "select 1 as n | transaction | in-transaction | simple",
    ],
  },
  {
    title: "context of a framework",
    code: `
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/node-postgres";
        const db = drizzle(process.env.DATABASE_URL!);
        export const createContext = () => ({ db });
        type Context = Awaited<ReturnType<typeof createContext>>;
        export const list = ({ ctx }: { ctx: Context }) => ctx.db.execute(sql\`select 1\`);
        export const save = async (ctx: Context) => {
          await ctx.db.transaction(async (tx) => { await tx.execute(sql\`set local role app\`); });
        };`,
    sites: ["select 1 | pool | autocommit | simple", "set local role app | transaction | in-transaction | simple"],
  },
  {
    title: "a store with the transaction in it, in a class",
    code: `
        import { AsyncLocalStorage } from "async_hooks";
        import { sql } from "drizzle-orm";
        import { drizzle } from "drizzle-orm/node-postgres";
        const db = drizzle(process.env.DATABASE_URL!);
        type Tx = Parameters<Parameters<typeof db.transaction>[0]>[0];
        interface Context { tx: Tx; user: string }
        export class UnitOfWork {
          private readonly context = new AsyncLocalStorage<Context>();
          get tx() { return this.context.getStore()?.tx ?? db; }
          run<T>(user: string, work: () => Promise<T>) {
            return db.transaction(async (tx) => {
              await tx.execute(sql\`select set_config('app.user', \${user}, true)\`);
              return this.context.run({ tx, user }, work);
            });
          }
        }
        const unit = new UnitOfWork();
        export class Repo {
          constructor(private readonly unit: UnitOfWork) {}
          async save() { await this.unit.tx.execute(sql\`set local role app\`); }
        }
        const repo = new Repo(unit);
        export const handler = (user: string) => unit.run(user, () => repo.save());`,
    sites: [
      "select set_config('app.user', $, true) | transaction | in-transaction | extended",
      "set local role app | pool | autocommit | simple",
      "set local role app | transaction | in-transaction | simple",
    ],
  },
  {
    title: "a database that is spread into an object, and one behind a Proxy",
    code: `
        import { drizzle } from "drizzle-orm/node-postgres";
        import { sql } from "drizzle-orm"; import { Pool } from "pg";
        const primary = drizzle(new Pool());
        const db1 = { ...primary, extra: 1 };
        export const a = async () => { await db1.execute(sql\`SET lock_timeout = 1\`);
          await db1.transaction(async (tx) => { await tx.execute(sql\`SET LOCAL lock_timeout = 2\`); }); };
        const proxied = new Proxy(primary, { get(t, k) { return (t as any)[k]; } });
        export const f = () => proxied.execute(sql\`SET lock_timeout = 11\`);`,
    sites: [
      "SET lock_timeout = 1 | pool | autocommit | simple",
      "SET LOCAL lock_timeout = 2 | transaction | in-transaction | simple",
      "SET lock_timeout = 11 | pool | autocommit | simple",
    ],
  },
]);
