import { testDriver } from "../support/driver-cases.ts";

testDriver("slonik", [
  {
    title: "tokens, connect and transaction; a text without values is a simple query",
    code: `
        import { createPool, sql } from "slonik";
        import { z } from "zod";
        export async function main() {
          const pool = await createPool("postgres://db", { resetConnection: async () => undefined });
          await pool.query(sql.unsafe\`select \${1}\`);
          await pool.one(sql.type(z.object({}))\`select \${sql.identifier(["a"])} from t\`);
          await pool.connect(async (connection) => { await connection.query(sql.unsafe\`set role app\`); });
          await pool.transaction(async (tx) => { await tx.query(sql.typeAlias("void")\`set local role app\`); });
          await pool.any(sql.prepared("p", z.any())\`select 3\`);
        }`,
    sites: [
      "select $ | pool | autocommit | extended",
      "select … from t | pool | autocommit | simple",
      "set role app | client | autocommit | simple",
      "set local role app | transaction | in-transaction | simple",
      "select 3 | pool | autocommit | extended | named …",
    ],
  },
  {
    title: "every method that sends a query",
    code: `
        import { type DatabasePool, sql } from "slonik";
        export async function all(pool: DatabasePool, id: number) {
          await pool.any(sql.unsafe\`select 1\`);
          await pool.anyFirst(sql.unsafe\`select 2\`);
          await pool.exists(sql.unsafe\`select 3\`);
          await pool.many(sql.unsafe\`select 4\`);
          await pool.manyFirst(sql.unsafe\`select 5\`);
          await pool.maybeOne(sql.unsafe\`select 6 where \${id} = 1\`);
          await pool.maybeOneFirst(sql.unsafe\`select 7\`);
          await pool.one(sql.unsafe\`select 8\`);
          await pool.oneFirst(sql.unsafe\`select 9\`);
          await pool.record(sql.unsafe\`select 10\`);
          await pool.stream(sql.unsafe\`select 11\`, (stream) => { stream.pipe(process.stdout); });
        }`,
    sites: [
      "select 1 | pool | autocommit | simple",
      "select 2 | pool | autocommit | simple",
      "select 3 | pool | autocommit | simple",
      "select 4 | pool | autocommit | simple",
      "select 5 | pool | autocommit | simple",
      "select 6 where $ = 1 | pool | autocommit | extended",
      "select 7 | pool | autocommit | simple",
      "select 8 | pool | autocommit | simple",
      "select 9 | pool | autocommit | simple",
      "select 10 | pool | autocommit | simple",
      "select 11 | pool | autocommit | extended",
    ],
  },
  {
    title: "the tag of earlier versions, and their types",
    code: `
        import { createPool, sql, type DatabasePoolType, type DatabaseTransactionConnectionType } from "slonik";
        const pool = createPool("postgres://db", { resetConnection: undefined });
        export const find = (id: number) => pool.one(sql\`select * from t where id = \${id}\`);
        export const save = (tx: DatabaseTransactionConnectionType) => tx.query(sql\`set local role app\`);
        export const count = (db: DatabasePoolType) => db.oneFirst(sql\`select count(*) from t\`);`,
    sites: [
      "select * from t where id = $ | pool | autocommit | extended",
      "set local role app | transaction | in-transaction | simple",
      "select count(*) from t | pool | autocommit | simple",
    ],
  },
  {
    title: "fragments, joins and lists of values are part of the text",
    code: `
        import { createSqlTag, type DatabasePool, sql } from "slonik";
        const typed = createSqlTag({ typeAliases: {} });
        export async function find(pool: DatabasePool, name: string | undefined, ids: number[]) {
          const where = name === undefined ? sql.fragment\`true\` : sql.fragment\`name = \${name}\`;
          await pool.any(sql.unsafe\`select * from t where id = \${ids[0]} and \${where}\`);
          await pool.any(typed.typeAlias("id")\`select id from t where \${sql.join([sql.fragment\`a = \${1}\`, sql.fragment\`b\`], sql.fragment\` and \`)}\`);
          await pool.query(sql.unsafe\`insert into t (id) select * from \${sql.unnest([ids], ["int4"])}\`);
          await pool.any(sql.unsafe\`select * from t where id = any(\${sql.array(ids, "int4")})\`);
        }`,
    sites: [
      "select * from t where id = $ and true | pool | autocommit | extended",
      "select * from t where id = $ and name = $ | pool | autocommit | extended",
      "select id from t where a = $ and b | pool | autocommit | extended",
      "insert into t (id) select * from … | pool | autocommit | extended",
      "select * from t where id = any($) | pool | autocommit | extended",
    ],
  },
  {
    title: "a connection is no transaction; one inside it is",
    code: `
        import { type DatabasePool, type DatabasePoolConnection, sql } from "slonik";
        export const work = (pool: DatabasePool) => pool.connect(async (connection) => {
          await connection.query(sql.unsafe\`select pg_advisory_lock(1)\`);
          await connection.transaction(async (tx) => {
            await tx.query(sql.unsafe\`set local lock_timeout = '1s'\`);
            await tx.transaction(async (nested) => { await nested.query(sql.unsafe\`select 2\`); });
          });
          await unlock(connection);
        });
        const unlock = (connection: DatabasePoolConnection) => connection.query(sql.unsafe\`select pg_advisory_unlock(1)\`);`,
    sites: [
      "select pg_advisory_lock(1) | client | autocommit | simple",
      "set local lock_timeout = '1s' | client | in-transaction | simple",
      "select 2 | client | in-transaction | simple",
      "select pg_advisory_unlock(1) | client | autocommit | simple",
    ],
  },
  {
    title: "interceptors and resetConnection get a connection each time one is handed out or given back",
    code: `
        import { createPool, type Interceptor, sql } from "slonik";
        const prepareSession: Interceptor = {
          name: "session",
          afterPoolConnection: async (context, connection) => {
            await connection.query(sql.unsafe\`set statement_timeout = 5000\`);
            return null;
          },
          beforePoolConnectionRelease: async (context, connection) => {
            await connection.query(sql.unsafe\`reset statement_timeout\`);
            return null;
          },
        };
        export const connect = () => createPool("postgres://db", {
          interceptors: [prepareSession],
          resetConnection: async ({ query }) => { await query("discard plans"); },
        });`,
    sites: [
      "set statement_timeout = 5000 | client | autocommit | simple",
      "reset statement_timeout | client | autocommit | simple",
      "discard plans | client | autocommit | simple",
    ],
  },
  {
    title: "by default DISCARD ALL follows each use of a connection",
    code: `
        import { createPool, sql } from "slonik";
        const pool = await createPool(process.env.DATABASE_URL!, { maximumPoolSize: 5, statementTimeout: "DISABLE_TIMEOUT" });
        export const ping = () => pool.oneFirst(sql.unsafe\`select 1\`);`,
    sites: ["DISCARD ALL | client | autocommit | simple | on resetConnection", "select 1 | pool | autocommit | simple"],
  },
  {
    title: "a function over pool, connection or transaction",
    code: `
        import { type CommonQueryMethods, createPool, type DatabasePool, sql } from "slonik";
        export class Orders {
          constructor(private readonly pool: DatabasePool) {}
          private async cancel(id: string, db: CommonQueryMethods = this.pool) {
            await db.query(sql.unsafe\`update orders set cancelled = true where id = \${id}\`);
          }
          cancelPair = (a: string, b: string) => this.pool.transaction(async (tx) => {
            await this.cancel(a, tx);
            await this.cancel(b, tx);
          });
          async cancelAll(ids: string[]) {
            await this.pool.transaction(async (tx) => {
              await tx.query(sql.unsafe\`select pg_advisory_xact_lock(1)\`);
              await Promise.all(ids.map((id) => tx.query(sql.unsafe\`delete from orders where id = \${id}\`)));
            });
          }
        }
        export const touch = (db: CommonQueryMethods) => db.query(sql.unsafe\`select set_config('a.b', 'c', true)\`);`,
    sites: [
      "update orders set cancelled = true where id = $ | transaction | in-transaction | extended",
      "select pg_advisory_xact_lock(1) | transaction | in-transaction | simple",
      "delete from orders where id = $ | transaction | in-transaction | extended",
      "select set_config('a.b', 'c', true) | unknown | unknown | simple",
    ],
  },
]);
